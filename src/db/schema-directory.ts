import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'
import type { Charter } from '../domain/charter.ts'

const instant = () => integer({ mode: 'timestamp_ms' })

/** The directory: this community and every other one whose charter was heard from its own origin. */
export const entries = sqliteTable(
  'entries',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    actor: text().notNull(),
    host: text().notNull(),
    handle: text().notNull(),
    url: text().notNull(),
    name: text().notNull(),
    summary: text().notNull(),
    status: text().notNull(),
    openToMembers: text().notNull(),
    openToVisitors: text().notNull(),
    country: text(),
    latitude: real(),
    longitude: real(),
    edition: integer().notNull(),
    source: text({ enum: ['self', 'follow', 'follower', 'lookup'] }).notNull(),
    publishedAt: instant().notNull(),
    /** When this was last read at its origin, or came signed from it. */
    verifiedAt: instant().notNull(),
    /** The charter as its community publishes it, place already coarsened. Last, because it is long and most readers stop before it. */
    charter: text({ mode: 'json' }).$type<Charter>().notNull(),
  },
  table => [
    index('entries_verified').on(table.verifiedAt),
    uniqueIndex('entries_actor').on(table.actor),
    uniqueIndex('entries_address').on(table.host, table.handle),
  ],
)

/** The many-valued fields of an entry, one row a value, for filters and counts. */
export const entryFacets = sqliteTable(
  'entry_facets',
  {
    entry: integer()
      .notNull()
      .references(() => entries.id, { onDelete: 'cascade' }),
    field: text({ enum: ['theme', 'kind', 'language'] }).notNull(),
    value: text().notNull(),
  },
  table => [primaryKey({ columns: [table.field, table.value, table.entry] }), index('entry_facets_entry').on(table.entry)],
)
