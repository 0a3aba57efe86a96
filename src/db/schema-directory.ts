import { sql } from 'drizzle-orm'
import { blob, index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Charter } from '../domain/charter.ts'
import type { Place } from '../domain/place.ts'

const instant = () => integer({ mode: 'timestamp_ms' })

/**
 * What can be searched: this community, and every other one that was heard of and wants to be found. A projection of `records`, made to
 * be read fast. Ids stand in order of falling worth (domain/entry-rank.ts); an entry that changes gets a new one.
 */
export const entries = sqliteTable(
  'entries',
  {
    id: integer().primaryKey(),
    actor: text().notNull(),
    host: text().notNull(),
    handle: text().notNull(),
    url: text().notNull(),
    name: text().notNull(),
    /** The name as it is sorted: folded, and cut short. */
    sortName: text().notNull(),
    state: text({ enum: ['vouched', 'confirmed', 'heard', 'forked', 'tombstoned', 'expired'] }).notNull(),
    edition: integer().notNull(),
    source: text({ enum: ['self', 'follow', 'follower', 'lookup', 'network'] }).notNull(),
    publishedAt: instant().notNull(),
    /** When this was last read at its origin, or came signed from it. */
    verifiedAt: instant().notNull(),
    expiresAt: instant(),
    /** The row of `records` whose text says all this; 0 where there is none. */
    record: integer().notNull(),
    /** Digest of the words by which it is found, so that the counts of words are touched only when they change. */
    words: integer().notNull(),
    /** The charter as its community publishes it, place already coarsened; null where the record says exactly the same. */
    charter: text({ mode: 'json' }).$type<Charter>(),
    /** Its place, apart from all else, because a map asks for hundreds. */
    place: text({ mode: 'json' }).$type<Place>(),
  },
  table => [
    index('entries_verified').on(table.verifiedAt),
    index('entries_published').on(table.publishedAt),
    index('entries_name').on(table.sortName),
    uniqueIndex('entries_actor').on(table.actor),
    uniqueIndex('entries_address').on(table.host, table.handle),
  ],
)

/** What a search counts and measures of each entry, packed for reading thousands at a time. */
export const entryFacets = sqliteTable('entry_facets', {
  entry: integer()
    .primaryKey()
    .references(() => entries.id, { onDelete: 'cascade' }),
  /** The numbers of its facet values in `facet_values`, one character each, and a space behind the last. */
  values: text().notNull(),
  latitude: real(),
  longitude: real(),
})

/** Each value of each facet that any entry has, and how many have it: of those that are shown, and of those only heard of. */
export const facetValues = sqliteTable(
  'facet_values',
  {
    id: integer().primaryKey(),
    field: text().notNull(),
    value: text().notNull(),
    shown: integer().notNull().default(0),
    heard: integer().notNull().default(0),
  },
  table => [uniqueIndex('facet_values_value').on(table.field, table.value)],
)

/** Everything known of each community of the network: its entry as it was signed, or its end. An id names one state for ever; the feed counts by it. */
export const records = sqliteTable(
  'records',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** SHA-256 of the actor's id. */
    key: blob({ mode: 'buffer' }).notNull(),
    actor: text().notNull(),
    /** Registrable domain of the actor's host; for quotas. */
    domain: text().notNull(),
    kind: text({ enum: ['entry', 'tombstone', 'fork'] }).notNull(),
    state: text({ enum: ['vouched', 'confirmed', 'heard', 'forked', 'tombstoned', 'expired'] }).notNull(),
    seq: integer().notNull(),
    /** SHA-256 of the canonical text; null where nobody signed it. */
    hash: blob({ mode: 'buffer' }),
    text: text().notNull(),
    /** Keys that may speak for it, as multibase. */
    keys: text({ mode: 'json' }).$type<string[]>().notNull(),
    recovery: text(),
    /** The peer on whose word it stands, or its origin is to be asked; null where that is its origin's own. */
    peer: integer(),
    heardAt: instant().notNull(),
    updatedAt: instant().notNull(),
    expiresAt: instant().notNull(),
    /** When this node last looked at its origin and found it there. */
    seenAt: instant(),
    /** When to look there next on the word of `peer`; null when there is no reason to. */
    checkAt: instant(),
    checks: integer().notNull().default(0),
  },
  table => [
    // One row for each key: who saves one drops the other first. The rest is what a leaf of the tree is made of.
    index('records_key').on(table.key, table.state, table.seq, table.hash),
    index('records_hash').on(table.hash),
    index('records_domain').on(table.domain),
    index('records_check').on(table.checkAt),
    index('records_expiry').on(table.expiresAt),
    index('records_state').on(table.state, table.id),
    // For the page of what this node has seen itself, few among many.
    index('records_seen').on(table.id).where(sql`seen_at is not null`),
  ],
)

/** Words by a key nobody knew of, waiting to be believed. */
export const contenders = sqliteTable('contenders', {
  actor: text().primaryKey(),
  text: text().notNull(),
  hash: text().notNull(),
  signer: text().notNull(),
  since: instant().notNull(),
})

/** Looks at origins: those this node wants for reasons of its own, and when it last looked, for as long as that matters. */
export const looks = sqliteTable(
  'looks',
  {
    /** SHA-256 of the actor's id. */
    key: blob({ mode: 'buffer' }).primaryKey(),
    dueAt: instant(),
    lookedAt: instant(),
  },
  table => [index('looks_due').on(table.dueAt), index('looks_looked').on(table.lookedAt)],
)

/** The inner nodes and leaves of the tree. `prefix` is the level (0-4) times 65,536 plus the bits so far. */
export const tree = sqliteTable('tree', { prefix: integer().primaryKey(), hash: blob({ mode: 'buffer' }).notNull() })

/** What other nodes say they have seen at an origin. */
export const confirmations = sqliteTable(
  'confirmations',
  {
    key: blob({ mode: 'buffer' }).notNull(),
    peer: integer().notNull(),
    /** SHA-256 of the signer's multibase key, first 16 bytes. */
    signer: blob({ mode: 'buffer' }).notNull(),
    seq: integer().notNull(),
    at: instant().notNull(),
  },
  table => [primaryKey({ columns: [table.key, table.peer] })],
)

/** Other nodes. */
export const peers = sqliteTable(
  'peers',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** IRI of its node actor. */
    node: text().notNull(),
    origin: text().notNull(),
    domain: text().notNull(),
    /** Where its domain stands in the circle that the view is drawn from: the first 48 bits of the domain's SHA-256. */
    place: integer().notNull().default(0),
    /** Its /16 (IPv6: /32), when its address is known and public. */
    network: text(),
    source: text({ enum: ['steward', 'follow', 'entry', 'hint'] }).notNull(),
    inbox: text(),
    /** Multibase of its node actor's Ed25519 key. */
    signer: text(),
    score: real().notNull().default(0),
    scoredAt: instant(),
    bannedUntil: instant(),
    epoch: text(),
    cursor: integer().notNull().default(0),
    confirmationCursor: integer().notNull().default(0),
    visitAt: instant(),
    reconcileAt: instant(),
    visitedAt: instant(),
    reconciledAt: instant(),
    failures: integer().notNull().default(0),
    /** What it has cost and brought: today's bytes, and the day they count for; entries in all. */
    day: integer().notNull().default(0),
    bytes: integer().notNull().default(0),
    entries: integer().notNull().default(0),
    since: instant().notNull(),
  },
  table => [
    uniqueIndex('peers_node').on(table.node),
    index('peers_origin').on(table.origin),
    index('peers_place').on(table.place),
    index('peers_score').on(table.score),
    index('peers_visit').on(table.visitAt),
    index('peers_domain').on(table.domain),
  ],
)
