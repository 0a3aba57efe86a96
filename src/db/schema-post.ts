import { sql } from 'drizzle-orm'
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { PostDetails } from '../domain/post.ts'

const instant = () => integer({ mode: 'timestamp_ms' })

/** Posts: the community's own, and those of others it has reason to keep. `author` is an actor's IRI. */
export const posts = sqliteTable(
  'posts',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    iri: text().notNull(),
    author: text().notNull(),
    local: integer({ mode: 'boolean' }).notNull(),
    type: text({ enum: ['Note', 'Article', 'Question', 'Event'] }).notNull(),
    name: text(),
    summary: text(),
    /** As the steward wrote it, for local posts only. */
    source: text(),
    /** Sanitised HTML. */
    content: text().notNull(),
    url: text().notNull(),
    inReplyTo: text(),
    visibility: text({ enum: ['public', 'unlisted', 'followers', 'direct'] })
      .notNull()
      .default('public'),
    sensitive: integer({ mode: 'boolean' }).notNull().default(false),
    /** BCP 47. */
    language: text(),
    /** What only an event or a question has. */
    details: text({ mode: 'json' }).$type<PostDetails>(),
    pinnedAt: instant(),
    publishedAt: instant().notNull(),
    updatedAt: instant(),
    deletedAt: instant(),
  },
  table => [
    uniqueIndex('posts_iri').on(table.iri),
    index('posts_author').on(table.author, table.publishedAt),
    // Most posts answer nothing.
    index('posts_reply').on(table.inReplyTo).where(sql`${table.inReplyTo} is not null`),
  ],
)

/** Whom a post mentions, by IRI. */
export const mentions = sqliteTable(
  'mentions',
  {
    post: integer()
      .notNull()
      .references(() => posts.id),
    actor: text().notNull(),
  },
  table => [primaryKey({ columns: [table.post, table.actor] }), index('mentions_actor').on(table.actor, table.post)],
)

/** Answers to the community's own questions, by the number of the option from 0. */
export const votes = sqliteTable(
  'votes',
  {
    post: integer()
      .notNull()
      .references(() => posts.id),
    actor: text().notNull(),
    option: integer().notNull(),
  },
  table => [primaryKey({ columns: [table.post, table.actor, table.option] })],
)

/** Quotes of the community's own posts that it agreed to (FEP-044f). `stamp` is the IRI of the agreement. */
export const quotes = sqliteTable(
  'quotes',
  {
    stamp: text().primaryKey(),
    post: integer()
      .notNull()
      .references(() => posts.id),
    actor: text().notNull(),
    /** IRI of the quoting post. */
    quoting: text().notNull(),
    at: instant().notNull(),
    revokedAt: instant(),
  },
  table => [uniqueIndex('quotes_once').on(table.post, table.quoting)],
)

/** Complaints: the community's own about others, and those others sent about it. */
export const reports = sqliteTable(
  'reports',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    iri: text().notNull(),
    reporter: text().notNull(),
    /** The actor complained of. */
    target: text().notNull(),
    /** IRIs of the posts complained of. */
    posts: text({ mode: 'json' }).$type<string[]>().notNull(),
    comment: text().notNull(),
    at: instant().notNull(),
    closedAt: instant(),
  },
  table => [uniqueIndex('reports_iri').on(table.iri), index('reports_reporter').on(table.reporter, table.at)],
)

/** What others think of the community's own posts: at most one like and one boost of each actor. */
export const reactions = sqliteTable(
  'reactions',
  {
    post: integer()
      .notNull()
      .references(() => posts.id),
    actor: text().notNull(),
    kind: text({ enum: ['like', 'boost'] }).notNull(),
    /** Id of the Like or Announce, by which it can be taken back. */
    iri: text().notNull(),
    at: instant().notNull(),
  },
  table => [primaryKey({ columns: [table.post, table.actor, table.kind] }), index('reactions_actor').on(table.actor, table.iri)],
)
