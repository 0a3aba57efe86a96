import { index, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import type { Actor } from '../domain/actor.ts'
import type { Block } from '../domain/block.ts'

const instant = () => integer({ mode: 'timestamp_ms' })

/** Ties that a block has cut, so that it can be undone: who followed, and who was followed. */
export const cutTies = sqliteTable(
  'cut_ties',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    /** The domain or the actor that was blocked. */
    target: text().notNull(),
    tie: text({ enum: ['follower', 'following'] }).notNull(),
    actor: text().notNull(),
    followId: text().notNull(),
    state: text({ enum: ['pending', 'accepted', 'rejected'] }).notNull(),
    since: instant().notNull(),
    /** What was known of the actor, where that was forgotten too. */
    known: text({ mode: 'json' }).$type<Actor>(),
    at: instant().notNull(),
  },
  table => [index('cut_ties_target').on(table.target)],
)

/** Lists of servers that others block, read in to be looked at. Nothing of one acts before it is applied. */
export const blocklists = sqliteTable('blocklists', {
  id: integer().primaryKey({ autoIncrement: true }),
  name: text().notNull(),
  at: instant().notNull(),
  appliedAt: instant(),
  undoneAt: instant(),
})

/** The rows of a list. `before` is the block that stood there already when it was applied. */
export const blocklistRows = sqliteTable(
  'blocklist_rows',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    list: integer()
      .notNull()
      .references(() => blocklists.id),
    domain: text().notNull(),
    severity: text({ enum: ['limit', 'suspend'] }).notNull(),
    rejectMedia: integer({ mode: 'boolean' }).notNull(),
    rejectReports: integer({ mode: 'boolean' }).notNull(),
    comment: text().notNull(),
    obfuscate: integer({ mode: 'boolean' }).notNull(),
    state: text({ enum: ['draft', 'applied'] })
      .notNull()
      .default('draft'),
    before: text({ mode: 'json' }).$type<Omit<Block, 'domain' | 'since'>>(),
  },
  table => [index('blocklist_rows_list').on(table.list)],
)
