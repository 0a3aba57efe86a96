import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { posts } from './schema-post.ts'
import { stewards } from './schema-steward.ts'

const instant = () => integer({ mode: 'timestamp_ms' })

/** Programs that a steward may let act for the community. Kept for ever: they remember what they were called here. */
export const apps = sqliteTable(
  'apps',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** What it is known by, and may tell everybody. */
    clientId: text().notNull(),
    secretHash: text().notNull(),
    name: text().notNull(),
    website: text(),
    /** Where it may be answered, each compared as it stands. */
    redirectUris: text({ mode: 'json' }).$type<string[]>().notNull(),
    /** What it may ask for, parted by spaces. */
    scopes: text().notNull(),
    createdAt: instant().notNull(),
  },
  table => [uniqueIndex('apps_client').on(table.clientId)],
)

/** Answers given to apps, waiting to be turned into tokens. A used one is kept until it would have ended: a second use is a theft. */
export const oauthCodes = sqliteTable(
  'oauth_codes',
  {
    hash: text().primaryKey(),
    app: integer()
      .notNull()
      .references(() => apps.id, { onDelete: 'cascade' }),
    steward: integer()
      .notNull()
      .references(() => stewards.id),
    redirectUri: text().notNull(),
    scopes: text().notNull(),
    /** What the app must know the origin of (RFC 7636, S256). */
    challenge: text(),
    expiresAt: instant().notNull(),
    usedAt: instant(),
  },
  table => [index('oauth_codes_expiry').on(table.expiresAt)],
)

/** What apps show to act. Only the hash is kept. `steward` is null where the app acts for itself. */
export const tokens = sqliteTable(
  'tokens',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    hash: text().notNull(),
    app: integer()
      .notNull()
      .references(() => apps.id, { onDelete: 'cascade' }),
    steward: integer().references(() => stewards.id),
    scopes: text().notNull(),
    /** Hash of the code it was given for. */
    code: text(),
    createdAt: instant().notNull(),
    /** To the hour. */
    usedAt: instant(),
  },
  table => [
    uniqueIndex('tokens_hash').on(table.hash),
    index('tokens_app').on(table.app),
    index('tokens_steward').on(table.steward),
    index('tokens_code').on(table.code),
  ],
)

/** The number by which apps know an actor. It is never given to another. */
export const accounts = sqliteTable(
  'accounts',
  { id: integer().primaryKey({ autoIncrement: true }), actor: text().notNull(), since: instant().notNull() },
  table => [uniqueIndex('accounts_actor').on(table.actor)],
)

/**
 * Posts and boosts in the order in which they came here: what apps page through. A post has one of its own, and one for each boost by
 * somebody followed or by the community.
 */
export const timelineItems = sqliteTable(
  'timeline_items',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    post: integer()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    /** Who wrote it, or boosts it. */
    actor: text().notNull(),
    boost: integer({ mode: 'boolean' }).notNull(),
    /** Whether it is shown to who follows what the community follows. */
    home: integer({ mode: 'boolean' }).notNull(),
    at: instant().notNull(),
  },
  table => [
    uniqueIndex('timeline_items_once').on(table.post, table.actor, table.boost),
    index('timeline_items_home').on(table.id).where(sql`home = 1`),
    index('timeline_items_actor').on(table.actor, table.id),
  ],
)

/** The hashtags of posts, folded, without #. */
export const postTags = sqliteTable(
  'post_tags',
  {
    post: integer()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    name: text().notNull(),
    /** As it was written. */
    shown: text().notNull(),
  },
  table => [primaryKey({ columns: [table.post, table.name] }), index('post_tags_name').on(table.name, table.post)],
)

/** Posts the community wants to find again. */
export const bookmarks = sqliteTable(
  'bookmarks',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    post: integer()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    at: instant().notNull(),
  },
  table => [uniqueIndex('bookmarks_post').on(table.post)],
)

/** Actors the community does not want to read at the moment. Nobody is told. */
export const mutes = sqliteTable('mutes', {
  id: integer().primaryKey({ autoIncrement: true }),
  actor: text().notNull().unique('mutes_actor'),
  /** Whether what they do is not told either. */
  notifications: integer({ mode: 'boolean' }).notNull(),
  since: instant().notNull(),
  /** Null is for ever. */
  until: instant(),
})

/** What a steward wants to remember of an actor. */
export const accountNotes = sqliteTable('account_notes', { actor: text().primaryKey(), text: text().notNull() })

/** How somebody is followed, where it is not as usual. */
export const followOptions = sqliteTable('follow_options', {
  actor: text().primaryKey(),
  /** Whether their boosts are shown. */
  boosts: integer({ mode: 'boolean' }).notNull(),
  /** Whether each of their posts is told. */
  notify: integer({ mode: 'boolean' }).notNull(),
})

/** How far each steward has read. */
export const markers = sqliteTable(
  'markers',
  {
    steward: integer()
      .notNull()
      .references(() => stewards.id),
    timeline: text().notNull(),
    lastRead: text().notNull(),
    version: integer().notNull(),
    updatedAt: instant().notNull(),
  },
  table => [primaryKey({ columns: [table.steward, table.timeline] })],
)

/** What an app sent under which key, so that sending it again says nothing twice. */
export const idempotencyKeys = sqliteTable(
  'idempotency_keys',
  {
    /** SHA-256 of the token's number and the key. */
    hash: text().primaryKey(),
    post: integer()
      .notNull()
      .references(() => posts.id, { onDelete: 'cascade' }),
    at: instant().notNull(),
  },
  table => [index('idempotency_keys_at').on(table.at)],
)
