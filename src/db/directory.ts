import { isDeepStrictEqual } from 'node:util'
import { and, count, eq, getTableColumns, sql } from 'drizzle-orm'
import { integer, real, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { type DirectoryEntry, ENTRY_SOURCES, type EntrySource, facetValues } from '../domain/directory.ts'
import { searchText } from '../domain/search-text.ts'
import { fold } from '../lib/fold.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { entries, entryFacets } from './schema-directory.ts'
import { saveSetting, setting } from './setting.ts'

type Row = typeof entries.$inferSelect

/** Raise it when the words, facets or places taken from a charter change: every node then builds its index anew when it starts. */
const INDEX_VERSION = '1'

export function toEntry({ actor, host, handle, url, charter, edition, source, publishedAt, verifiedAt }: Row): DirectoryEntry {
  return { actor, host, handle, url, charter, edition, source, publishedAt, verifiedAt }
}

export function entryOf(db: Db, actor: string): DirectoryEntry | undefined {
  const row = rowOf(db, actor)
  return row && toEntry(row)
}

/** @param host with its port where there is one @param handle in upper or lower case */
export function entryAt(db: Db, host: string, handle: string): DirectoryEntry | undefined {
  const row = rowAt(db, host, handle)
  return row && toEntry(row)
}

export function directorySize(db: Db): number {
  return db.select({ size: count() }).from(entries).get()!.size
}

/**
 * Keeps what was heard of a community, unless something newer is known. How closely we are tied to it and when it was last
 * verified only ever move up, whatever the rest is worth.
 * @returns whether the entry others see has changed
 */
export function saveEntry(tx: Tx, entry: DirectoryEntry): boolean {
  const known = rowOf(tx, entry.actor)
  const there = rowAt(tx, entry.host, entry.handle)
  const rival = there?.actor === entry.actor ? undefined : there
  if (rival && (rival.source === 'self' || rival.verifiedAt > entry.verifiedAt)) return false
  const stale = known && (entry.edition < known.edition || entry.publishedAt < known.publishedAt)
  const source = closest(entry.source, known?.source)
  const verifiedAt = known && known.verifiedAt > entry.verifiedAt ? known.verifiedAt : entry.verifiedAt
  if (known && (stale || isSame(entry, toEntry(known)))) {
    tx.update(entries)
      .set(stale ? { source } : { source, verifiedAt })
      .where(eq(entries.id, known.id))
      .run()
    return false
  }
  if (rival) drop(tx, rival.id)
  if (known) drop(tx, known.id)
  insert(tx, { ...entry, source, verifiedAt })
  return true
}

/** The community was read at its origin again, and nothing had changed. */
export function touchEntry(tx: Tx, actor: string, verifiedAt: Date): void {
  tx.update(entries)
    .set({ verifiedAt: sql`max(${entries.verifiedAt}, ${verifiedAt.getTime()})` })
    .where(eq(entries.actor, actor))
    .run()
}

export function removeEntry(tx: Tx, actor: string): void {
  const known = rowOf(tx, actor)
  if (known) drop(tx, known.id)
}

/** Whether words, places and facets are those of the entries, in the form this version makes them. */
export function searchIndexIsCurrent(db: Db): boolean {
  if (setting(db, 'directory.index') !== INDEX_VERSION) return directorySize(db) === 0
  const { words, places, facets } = db.get<{ words: number; places: number; facets: number }>(sql`
    select (select count(*) = (select count(*) from entries) and total(rowid) = (select total(id) from entries) from entries_text) words,
      (select count(*) = (select count(*) from entries where latitude is not null) from entries_place) places,
      (select count(distinct entry) = (select count(*) from entries) from entry_facets) facets`)
  return Boolean(words && places && facets)
}

/** Makes the whole index anew from the entries. */
export function rebuildSearch(tx: Tx): void {
  tx.run(sql`insert into entries_text (entries_text) values ('delete-all')`)
  tx.delete(entriesPlace).run()
  tx.delete(entryFacets).run()
  for (const { id } of tx.select({ id: entries.id }).from(entries).orderBy(entries.id).all()) {
    const row = tx.select().from(entries).where(eq(entries.id, id)).get()!
    tx.delete(entries).where(eq(entries.id, id)).run()
    insert(tx, toEntry(row))
  }
  saveSetting(tx, 'directory.index', INDEX_VERSION)
}

// An entry that changes gets a new id. Ids thus name one state of an entry for ever, and a search may remember what it knows by id.
function insert(tx: Tx, entry: DirectoryEntry): void {
  const { charter } = entry
  const words = searchText(entry)
  const { country, latitude, longitude, precision } = charter.place ?? {}
  const shown = precision !== 'hidden' && latitude !== undefined && longitude !== undefined
  const { id } = prepared(tx, insertEntry).get({
    ...entry,
    host: entry.host.toLowerCase(),
    name: charter.name,
    summary: charter.summary,
    status: charter.status,
    openToMembers: charter.openToMembers,
    openToVisitors: charter.openToVisitors,
    country: country ?? null,
    latitude: shown ? latitude : null,
    longitude: shown ? longitude : null,
  })
  prepared(tx, insertWords).run({ id, name: fold(words.name), summary: fold(words.summary), text: fold(words.text) })
  if (shown) prepared(tx, insertPlace).run({ id, latitude, longitude })
  const values = facetValues(entry)
  for (const field of ['theme', 'kind', 'language'] as const) {
    for (const value of new Set(values[field])) prepared(tx, insertFacet).run({ id, field, value })
  }
  if (setting(tx, 'directory.index') === undefined) saveSetting(tx, 'directory.index', INDEX_VERSION)
}

function drop(tx: Tx, id: number): void {
  tx.delete(entriesText).where(eq(entriesText.rowid, id)).run()
  tx.delete(entriesPlace).where(eq(entriesPlace.id, id)).run()
  tx.delete(entryFacets).where(eq(entryFacets.entry, id)).run()
  tx.delete(entries).where(eq(entries.id, id)).run()
}

// The virtual tables of migrations/0001_search.sql, which schema.ts can't describe.
const entriesText = sqliteTable('entries_text', { rowid: integer(), name: text(), summary: text(), text: text() })
const entriesPlace = sqliteTable('entries_place', { id: integer(), south: real(), north: real(), west: real(), east: real() })

const given = sql.placeholder
const insertEntry = (db: Db) => {
  const { id: _, ...columns } = getTableColumns(entries)
  const values = Object.fromEntries(Object.keys(columns).map(name => [name, given(name)])) as unknown as typeof entries.$inferInsert
  return db.insert(entries).values(values).returning({ id: entries.id }).prepare()
}
const insertWords = (db: Db) =>
  db
    .insert(entriesText)
    .values({ rowid: given('id'), name: given('name'), summary: given('summary'), text: given('text') })
    .prepare()
const insertPlace = (db: Db) => {
  const [latitude, longitude] = [given('latitude'), given('longitude')]
  return db
    .insert(entriesPlace)
    .values({ id: given('id'), south: latitude, north: latitude, west: longitude, east: longitude })
    .prepare()
}
const insertFacet = (db: Db) =>
  db
    .insert(entryFacets)
    .values({ entry: given('id'), field: sql`${given('field')}`, value: given('value') })
    .prepare()

const byActor = (db: Db) =>
  db
    .select()
    .from(entries)
    .where(eq(entries.actor, given('actor')))
    .prepare()
const byAddress = (db: Db) =>
  db
    .select()
    .from(entries)
    .where(and(eq(entries.host, given('host')), eq(sql`lower(${entries.handle})`, given('handle'))))
    .prepare()
const rowOf = (db: Db, actor: string) => prepared(db, byActor).get({ actor })
const rowAt = (db: Db, host: string, handle: string) =>
  prepared(db, byAddress).get({ host: host.toLowerCase(), handle: handle.toLowerCase() })

function closest(source: EntrySource, known: EntrySource | undefined): EntrySource {
  return known && ENTRY_SOURCES.indexOf(known) > ENTRY_SOURCES.indexOf(source) ? known : source
}

function isSame(a: DirectoryEntry, b: DirectoryEntry): boolean {
  const shown = ({ host, handle, url, charter, edition, publishedAt }: DirectoryEntry) => [
    host.toLowerCase(),
    handle,
    url,
    charter,
    edition,
    publishedAt,
  ]
  return isDeepStrictEqual(shown(a), shown(b))
}
