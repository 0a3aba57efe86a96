import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import { FILTER_ACTIONS, FILTER_PLACES, type FilterPlace } from '../domain/filter.ts'
import { NOTICE_KINDS } from '../domain/notice.ts'
import { LIST_REPLIES } from '../domain/reading-list.ts'
import type { ScheduledDraft } from '../domain/scheduled.ts'
import { tokens } from './schema-client.ts'
import { posts } from './schema-post.ts'

const instant = () => integer({ mode: 'timestamp_ms' })
const post = () =>
  integer()
    .notNull()
    .references(() => posts.id, { onDelete: 'cascade' })

/** What the community should hear of: somebody spoke to it, follows it, likes what it says. */
export const notices = sqliteTable(
  'notices',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    kind: text({ enum: NOTICE_KINDS }).notNull(),
    /** Who did it. */
    actor: text().notNull(),
    post: integer().references(() => posts.id, { onDelete: 'cascade' }),
    at: instant().notNull(),
  },
  table => [
    index('notices_post').on(table.post, table.kind),
    index('notices_actor').on(table.actor, table.kind),
    index('notices_kind').on(table.kind, table.id),
  ],
)

/** Some of those the community follows, read by themselves. */
export const readingLists = sqliteTable('reading_lists', {
  id: integer().primaryKey({ autoIncrement: true }),
  title: text().notNull(),
  /** Whose answers are shown in it. */
  replies: text({ enum: LIST_REPLIES }).notNull(),
  /** Whether its members are shown here and not at home. */
  exclusive: integer({ mode: 'boolean' }).notNull().default(false),
})

export const listMembers = sqliteTable(
  'list_members',
  {
    list: integer()
      .notNull()
      .references(() => readingLists.id, { onDelete: 'cascade' }),
    actor: text().notNull(),
  },
  table => [primaryKey({ columns: [table.list, table.actor] }), index('list_members_actor').on(table.actor)],
)

/** Words and posts the steward does not want to see, or only behind a warning. */
export const filters = sqliteTable('filters', {
  id: integer().primaryKey({ autoIncrement: true }),
  title: text().notNull(),
  places: text({ mode: 'json' })
    .$type<FilterPlace[]>()
    .notNull()
    .default([...FILTER_PLACES]),
  action: text({ enum: FILTER_ACTIONS }).notNull(),
  expiresAt: instant(),
})

export const filterWords = sqliteTable(
  'filter_words',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    filter: integer()
      .notNull()
      .references(() => filters.id, { onDelete: 'cascade' }),
    words: text().notNull(),
    whole: integer({ mode: 'boolean' }).notNull(),
  },
  table => [index('filter_words_filter').on(table.filter)],
)

export const filterPosts = sqliteTable(
  'filter_posts',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    filter: integer()
      .notNull()
      .references(() => filters.id, { onDelete: 'cascade' }),
    post: post(),
  },
  table => [uniqueIndex('filter_posts_once').on(table.filter, table.post)],
)

/** Hashtags the community reads, folded; and those it shows on its profile. `shown` is how it was written. */
export const tagFollows = sqliteTable('tag_follows', {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull().unique('tag_follows_name'),
  shown: text().notNull(),
  since: instant().notNull(),
})

export const featuredTags = sqliteTable('featured_tags', {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull().unique('featured_tags_name'),
  shown: text().notNull(),
  since: instant().notNull(),
})

/** How far a private conversation was read, by its first post, and up to which post it was put away. */
export const conversationReads = sqliteTable('conversation_reads', {
  root: integer()
    .primaryKey()
    .references(() => posts.id, { onDelete: 'cascade' }),
  read: integer().notNull(),
  away: integer().notNull().default(0),
})

/** Conversations of which nothing more is to be told, by their first post that is here. */
export const threadMutes = sqliteTable('thread_mutes', {
  root: integer()
    .primaryKey()
    .references(() => posts.id, { onDelete: 'cascade' }),
  since: instant().notNull(),
})

/** Posts to be published later. */
export const scheduledPosts = sqliteTable(
  'scheduled_posts',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    draft: text({ mode: 'json' }).$type<ScheduledDraft>().notNull(),
    dueAt: instant().notNull(),
    /** Who wants it, and why it could not be published, if it could not. */
    steward: integer(),
    fault: text(),
  },
  table => [index('scheduled_posts_due').on(table.dueAt)],
)

/** Where an app wants to be woken (RFC 8030), and by what. It ends with its token. */
export const pushSubscriptions = sqliteTable(
  'push_subscriptions',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    token: integer()
      .notNull()
      .references(() => tokens.id, { onDelete: 'cascade' }),
    endpoint: text().notNull(),
    /** Keys of the app, as it gave them (RFC 8291). */
    p256dh: text().notNull(),
    auth: text().notNull(),
    alerts: text({ mode: 'json' }).$type<Record<string, boolean>>().notNull(),
    policy: text({ enum: ['all', 'followed', 'follower', 'none'] }).notNull(),
    /** RFC 8188 as it was published, or the draft before it. */
    standard: integer({ mode: 'boolean' }).notNull(),
    /** Up to which notice it has been woken. */
    sent: integer().notNull(),
    failures: integer().notNull().default(0),
    dueAt: instant(),
    createdAt: instant().notNull(),
  },
  table => [uniqueIndex('push_subscriptions_token').on(table.token)],
)
