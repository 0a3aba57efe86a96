import { sql } from 'drizzle-orm'
import { index, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Focus } from '../domain/media.ts'
import { posts } from './schema-post.ts'

const instant = () => integer({ mode: 'timestamp_ms' })

/** Pictures of this community, as files of the data directory, and what posts of others carry, as addresses. */
export const attachments = sqliteTable(
  'attachments',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** Null for a picture of ours that no post has taken yet, or that is no post's. */
    post: integer().references(() => posts.id),
    position: integer().notNull().default(0),
    use: text({ enum: ['post', 'avatar', 'header'] })
      .notNull()
      .default('post'),
    kind: text({ enum: ['image', 'video', 'audio', 'unknown'] }).notNull(),
    type: text(),
    /** At its origin; null for our own. */
    url: text(),
    /** Names of our own files. */
    file: text(),
    preview: text(),
    alt: text().notNull(),
    width: integer(),
    height: integer(),
    blurhash: text(),
    focus: text({ mode: 'json' }).$type<Focus>(),
    at: instant().notNull(),
  },
  table => [
    index('attachments_post').on(table.post, table.position),
    uniqueIndex('attachments_file').on(table.file),
    uniqueIndex('attachments_preview').on(table.preview),
    index('attachments_unused').on(table.at).where(sql`${table.post} is null`),
  ],
)

/** How a post stood before each of its edits, until the edit at `until`. */
export const postEdits = sqliteTable(
  'post_edits',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    post: integer()
      .notNull()
      .references(() => posts.id),
    name: text(),
    summary: text(),
    sensitive: integer({ mode: 'boolean' }).notNull(),
    content: text().notNull(),
    /** The options of a question, as they were named. */
    options: text({ mode: 'json' }).$type<string[]>(),
    /** Descriptions and addresses of what it carried: files of ours that it no longer carries are gone. */
    attachments: text({ mode: 'json' }).$type<{ id: number; alt: string }[]>().notNull(),
    /** Since when it stood so. */
    at: instant().notNull(),
  },
  table => [index('post_edits_post').on(table.post, table.id)],
)
