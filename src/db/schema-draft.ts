import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Raw } from '../domain/charter-draft.ts'

const instant = () => integer({ mode: 'timestamp_ms' })

/** What a steward has written of the next edition and not published yet: one draft for each of them. */
export const drafts = sqliteTable('drafts', {
  steward: integer().primaryKey(),
  /** The edition it was begun from; 0 before there was any. */
  base: integer().notNull(),
  /** Counts up with each change, so that two windows don't undo each other. */
  version: integer().notNull(),
  raw: text({ mode: 'json' }).$type<Raw>().notNull(),
  /** Before the last great change (an item taken out, a file read in, everything thrown away), for the way back. */
  before: text({ mode: 'json' }).$type<Raw>(),
  changedAt: instant().notNull(),
})
