import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Charter } from '../domain/charter.ts'

const instant = () => integer({ mode: 'timestamp_ms' })

/** Facts about this node that are set once or seldom: its public address, the steward's choices. */
export const settings = sqliteTable('settings', { name: text().primaryKey(), value: text().notNull() })

/** The community this node is run for. At most one row. */
export const communities = sqliteTable('communities', {
  id: integer().primaryKey(),
  handle: text().notNull(),
  foundedAt: instant().notNull(),
  approvesFollowers: integer({ mode: 'boolean' }).notNull().default(false),
  themeInName: integer({ mode: 'boolean' }).notNull().default(true),
  listed: integer({ mode: 'boolean' }).notNull().default(true),
})

/** Every edition ever published, as the steward wrote it. Never changed, never deleted. */
export const charters = sqliteTable('charters', {
  edition: integer().primaryKey(),
  document: text({ mode: 'json' }).$type<Charter>().notNull(),
  publishedAt: instant().notNull(),
})

/** Key pairs of the local actors. They stand here and nowhere else. */
export const keys = sqliteTable(
  'keys',
  {
    id: text().primaryKey(),
    actor: text().notNull(),
    algorithm: text({ enum: ['rsa', 'ed25519'] }).notNull(),
    publicKey: text().notNull(),
    privateKey: text().notNull(),
    createdAt: instant().notNull(),
    retiredAt: instant(),
  },
  table => [index('keys_actor').on(table.actor)],
)

export const events = sqliteTable(
  'events',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    kind: text().notNull(),
    subject: text().notNull(),
    data: text({ mode: 'json' }).$type<Record<string, string>>(),
    at: instant().notNull(),
    /** The number of the steward who did it while signed in; null where it was a command, a job or somebody else. */
    steward: integer(),
  },
  table => [index('events_subject').on(table.subject, table.kind)],
)

export const cursors = sqliteTable('cursors', { name: text().primaryKey(), eventId: integer().notNull() })

/** Remote actors: what was last heard of each from its own origin. */
export const actors = sqliteTable(
  'actors',
  {
    id: text().primaryKey(),
    type: text().notNull(),
    handle: text().notNull(),
    host: text().notNull(),
    name: text().notNull(),
    summary: text().notNull(),
    url: text().notNull(),
    inbox: text().notNull(),
    sharedInbox: text(),
    outbox: text(),
    followers: text(),
    featured: text(),
    icon: text(),
    /** Its charter as it publishes it, if it has one and wants to be found. */
    charter: text({ mode: 'json' }).$type<{ edition: number; published: string; charter: Charter }>(),
    fetchedAt: instant().notNull(),
    goneAt: instant(),
  },
  table => [index('actors_host').on(table.host)],
)

/** Public keys of remote actors, as their own documents list them. */
export const actorKeys = sqliteTable(
  'actor_keys',
  {
    id: text().primaryKey(),
    actor: text().notNull(),
    algorithm: text({ enum: ['rsa', 'ed25519'] }).notNull(),
    publicKey: text().notNull(),
    fetchedAt: instant().notNull(),
  },
  table => [index('actor_keys_actor').on(table.actor)],
)

/** Who follows the community. */
export const followers = sqliteTable(
  'followers',
  {
    actor: text().primaryKey(),
    followId: text().notNull(),
    state: text({ enum: ['pending', 'accepted'] }).notNull(),
    since: instant().notNull(),
  },
  table => [index('followers_state').on(table.state)],
)

/** Whom the community follows. */
export const following = sqliteTable(
  'following',
  {
    actor: text().primaryKey(),
    followId: text().notNull(),
    state: text({ enum: ['pending', 'accepted', 'rejected'] }).notNull(),
    since: instant().notNull(),
  },
  table => [index('following_state').on(table.state)],
)

/** Single actors the steward wants nothing to do with. `iri` is the Block that told them, if they were told. */
export const actorBlocks = sqliteTable('actor_blocks', {
  actor: text().primaryKey(),
  iri: text(),
  since: instant().notNull(),
  /** Why, for stewards. */
  comment: text().notNull().default(''),
})

/** Relays the community posts through (FEP-ae0c). */
export const relays = sqliteTable('relays', {
  inbox: text().primaryKey(),
  /** Known once it has answered. */
  actor: text(),
  followId: text().notNull(),
  state: text({ enum: ['pending', 'accepted', 'rejected'] }).notNull(),
  since: instant().notNull(),
})

/** Activities this node has made, byte for byte as they are sent and served. `public` ones are in the outbox. */
export const activities = sqliteTable(
  'activities',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    iri: text().notNull(),
    actor: text().notNull(),
    type: text().notNull(),
    public: integer({ mode: 'boolean' }).notNull(),
    body: text().notNull(),
    at: instant().notNull(),
  },
  table => [uniqueIndex('activities_iri').on(table.iri), index('activities_outbox').on(table.actor, table.public, table.id)],
)

/** Ids of every activity ever received, for ever: the same activity never takes effect twice. */
export const received = sqliteTable(
  'received',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    iri: text().notNull(),
    actor: text().notNull(),
    type: text().notNull(),
    at: instant().notNull(),
  },
  table => [uniqueIndex('received_once').on(table.actor, table.iri)],
)

/** Accepted activities whose object must first be fetched from its origin. A row here is a promise that was answered with 202. */
export const errands = sqliteTable(
  'errands',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    actor: text().notNull(),
    object: text().notNull(),
    /** What the object is to the actor: its own word, what it has become, a post it pointed to, its list of followers, what it pinned, an entry it hinted at, somebody the community wants to follow. */
    kind: text({ enum: ['object', 'move', 'post', 'followers', 'pinned', 'relayed', 'entry', 'follow'] })
      .notNull()
      .default('object'),
    /** How many steps this is away from what was received: threads are not followed for ever. */
    depth: integer().notNull().default(0),
    /** The Announce that pointed to it, by which it can be taken back. */
    boost: text(),
    attempts: integer().notNull().default(0),
    dueAt: instant().notNull(),
  },
  table => [index('errands_due').on(table.dueAt), uniqueIndex('errands_once').on(table.actor, table.object)],
)

/** One row for each activity and inbox that has not got it yet. Deleted only when it has arrived or is given up. */
export const deliveries = sqliteTable(
  'deliveries',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    activity: integer()
      .notNull()
      .references(() => activities.id),
    inbox: text().notNull(),
    host: text().notNull(),
    attempts: integer().notNull().default(0),
    queuedAt: instant().notNull(),
    dueAt: instant().notNull(),
    lastError: text(),
  },
  table => [
    index('deliveries_host').on(table.host, table.id),
    index('deliveries_inbox').on(table.inbox, table.id),
    uniqueIndex('deliveries_once').on(table.activity, table.inbox),
  ],
)

/** The queue of each server we send to: one sender at a time holds its lease, so what we say arrives in order. */
export const hosts = sqliteTable(
  'hosts',
  {
    host: text().primaryKey(),
    failures: integer().notNull().default(0),
    failingSince: instant(),
    /** When the next delivery may be tried; null while nothing is queued. */
    nextDueAt: instant(),
    leasedUntil: instant(),
    /** The kind of signature this server is known to accept. */
    signature: text({ enum: ['cavage', 'rfc9421'] }),
  },
  table => [
    index('hosts_due').on(table.nextDueAt),
    // Those that are well are found without passing over those that are not, of which there may be very many.
    index('hosts_well_due').on(table.nextDueAt).where(sql`${table.failures} = 0`),
  ],
)

/** Servers the steward wants nothing to do with, or does not list. A domain stands for its subdomains too. */
export const blocks = sqliteTable('blocks', {
  domain: text().primaryKey(),
  severity: text({ enum: ['limit', 'suspend'] }).notNull(),
  since: instant().notNull(),
  /** Why, as it stands in an exported list. */
  comment: text().notNull().default(''),
  /** For stewards alone. */
  note: text().notNull().default(''),
  /** Kept for lists that go from server to server: nothing is fetched from there anyhow. */
  rejectMedia: integer({ mode: 'boolean' }).notNull().default(false),
  /** Whether complaints from there are not taken, where it is only limited. */
  rejectReports: integer({ mode: 'boolean' }).notNull().default(false),
  /** Whether its name is half hidden where the list is shown. */
  obfuscate: integer({ mode: 'boolean' }).notNull().default(false),
})
