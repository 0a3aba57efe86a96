import { isDeepStrictEqual } from 'node:util'
import { count, eq, sql } from 'drizzle-orm'
import { type DirectoryEntry, ENTRY_SOURCES, type EntrySource } from '../domain/directory.ts'
import { bandOf, bandOfId, hiddenRange, isHiddenId, isSearchable } from '../domain/entry-rank.ts'
import { cutWords } from '../domain/search-token.ts'
import type { Db, Tx } from './open.ts'
import { entries } from './schema-directory.ts'
import { charterIn } from './search/record-charter.ts'
import { addToIndex, clearIndex, emptyWork, type IndexWork, newId, takeFromIndex, writeIndex } from './search/writer.ts'
import { saveSetting, setting } from './setting.ts'
import { listing, writing } from './statement.ts'
import { wholeInsert, wholeRow } from './whole-row.ts'

/** An entry as it is stored: its charter beside it, or in the record it was made of. */
export type EntryRow = typeof entries.$inferSelect & { text: string | null }

/** Raise it when the words, values or places taken from a charter change: every node then builds its index anew when it starts. */
const INDEX_VERSION = '2'
/** As much of a name as it is sorted by. */
const SORTED_LENGTH = 60

/** Undefined where the record it was made of is gone meanwhile: then nothing can be said of it. */
export function toEntry(row: EntryRow): DirectoryEntry | undefined {
  const charter = charterOf(row)
  if (!charter) return undefined
  const { actor, host, handle, url, edition, source, publishedAt, verifiedAt, state, expiresAt, record } = row
  return { actor, host, handle, url, charter, edition, source, publishedAt, verifiedAt, state, expiresAt, record }
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

/** How many communities can be found here. */
export function directorySize(db: Db): number {
  return db.get<{ size: number }>(
    sql`select coalesce(sum(entries), 0) size from search_bands where band < ${bandOfId(hiddenRange('all').first)}`,
  ).size
}

/**
 * Keeps what was heard of a community, unless something newer is known. How closely we are tied to it and when it was last
 * verified only ever move up, whatever the rest is worth. One whose state no search shows leaves.
 * @returns whether the entry others see has changed
 */
export function saveEntry(tx: Tx, entry: DirectoryEntry): boolean {
  return saveEntries(tx, [entry])[0]!
}

/** The same for many: half the work for each. @returns for each whether it has changed */
export function saveEntries(tx: Tx, all: readonly DirectoryEntry[]): boolean[] {
  const work = emptyWork(tx)
  const changed = all.map(entry => save(tx, work, entry))
  writeIndex(tx, work)
  if (setting(tx, 'directory.index') === undefined) saveSetting(tx, 'directory.index', INDEX_VERSION)
  return changed
}

function save(tx: Tx, work: IndexWork, entry: DirectoryEntry): boolean {
  const known = rowOf(tx, entry.actor)
  if (!isSearchable(entry.state)) {
    if (known) drop(tx, work, known)
    return known !== undefined
  }
  const there = rowAt(tx, entry.host, entry.handle)
  const rival = there?.actor === entry.actor ? undefined : there
  if (rival && (rival.source === 'self' || rival.verifiedAt > entry.verifiedAt)) return false
  const stale = known && (entry.edition < known.edition || entry.publishedAt < known.publishedAt)
  const source = closest(entry.source, known?.source)
  const verifiedAt = known && known.verifiedAt > entry.verifiedAt ? known.verifiedAt : entry.verifiedAt
  if (known && (stale || isSame(entry, known))) {
    retouch(
      tx,
      work,
      known,
      stale ? { source } : { source, verifiedAt, record: entry.record, expiresAt: entry.expiresAt, state: entry.state },
    )
    return false
  }
  if (rival) drop(tx, work, rival)
  insert(tx, work, { ...entry, source, verifiedAt }, known)
  return true
}

/** The community was read at its origin again, and nothing had changed. */
export function touchEntry(tx: Tx, actor: string, verifiedAt: Date): void {
  const known = rowOf(tx, actor)
  if (!known || known.verifiedAt >= verifiedAt) return
  const work = emptyWork(tx)
  retouch(tx, work, known, { verifiedAt })
  writeIndex(tx, work)
}

export function removeEntry(tx: Tx, actor: string): void {
  const known = rowOf(tx, actor)
  if (!known) return
  const work = emptyWork(tx)
  drop(tx, work, known)
  writeIndex(tx, work)
}

/** Whether words, places and values are those of the entries, in the form this version makes them. */
export function searchIndexIsCurrent(db: Db): boolean {
  const size = db.select({ size: count() }).from(entries).get()!.size
  if (setting(db, 'directory.index') !== INDEX_VERSION) return size === 0
  const { words, places, values, bands } = db.get<Record<'words' | 'places' | 'values' | 'bands', number>>(sql`
    select (select count(*) = ${size} and total(rowid) = (select total(id) from entries) from entries_text) words,
      (select count(*) = (select count(latitude) from entry_facets) from entries_place) places,
      (select count(*) = ${size} from entry_facets) "values",
      (select coalesce(sum(entries), 0) = ${size} from search_bands) bands`)
  return Boolean(words && places && values && bands)
}

/** Makes the whole index anew from the entries. */
export function rebuildSearch(tx: Tx): void {
  clearIndex(tx)
  // Read first: a new number may lie where an old one is still to come.
  const ids = tx.select({ id: entries.id }).from(entries).orderBy(entries.verifiedAt, entries.id).all()
  tx.run(sql`update entries set id = -1 - id`)
  for (let from = 0; from < ids.length; from += 500) {
    const work = emptyWork(tx)
    for (const { id } of ids.slice(from, from + 500)) {
      const row = rowById(tx, -1 - id)!
      const entry = toEntry(row)
      tx.delete(entries).where(eq(entries.id, row.id)).run()
      if (entry) insert(tx, work, entry, undefined)
    }
    writeIndex(tx, work)
  }
  saveSetting(tx, 'directory.index', INDEX_VERSION)
}

/** Puts entries among those that are listed, or among those that are not, as the policy says now. */
export function listAnew(tx: Tx, ids: readonly number[]): void {
  const work = emptyWork(tx)
  for (const id of ids) {
    const row = rowById(tx, id)
    const entry = row && toEntry(row)
    if (entry) insert(tx, work, entry, row)
  }
  writeIndex(tx, work)
}

// An entry that changes gets a new id, as good as what is known of it now.
function insert(tx: Tx, work: IndexWork, entry: DirectoryEntry, known: EntryRow | undefined): void {
  const { charter, host } = entry
  const id = newId(tx, work, entry)
  const words = addToIndex(work, id, entry, known?.words)
  if (known) drop(tx, work, known, words)
  const stored = entry.record > 0 ? charterIn(recordText(tx, entry.record)) : undefined
  const row = {
    ...entry,
    id,
    host: host.toLowerCase(),
    name: charter.name,
    sortName: cutWords(charter.name).join(' ').slice(0, SORTED_LENGTH),
    words,
    place: charter.place ?? null,
    charter: stored && isDeepStrictEqual(stored, charter) ? null : charter,
  }
  writing(tx, insertEntry.sql).run(...insertEntry.values(row))
}

/** @param words digest of the vocabulary that takes the place of its own */
function drop(tx: Tx, work: IndexWork, known: EntryRow, words?: number): void {
  const charter = words === known.words ? undefined : charterOf(known)
  takeFromIndex(tx, work, known.id, charter && { ...known, charter })
  writing(tx, 'delete from entries where id = ?').run(known.id)
}

type Touch = Partial<Pick<EntryRow, 'source' | 'verifiedAt' | 'record' | 'expiresAt' | 'state'>>

/** Changes what no word of the entry depends on. Where it is worth more or less now, it gets another id. */
function retouch(tx: Tx, work: IndexWork, known: EntryRow, change: Touch): void {
  const { state, verifiedAt } = { ...known, ...change }
  const entry = bandOf(state, verifiedAt, isHiddenId(known.id)) === bandOfId(known.id) ? undefined : toEntry(known)
  if (entry) insert(tx, work, { ...entry, ...change }, known)
  else tx.update(entries).set(change).where(eq(entries.id, known.id)).run()
}

const insertEntry = wholeInsert(entries)
const entryById = wholeRow(entries, 'id = ?')
const entryByActor = wholeRow(entries, 'actor = ?')
const entryByAddress = wholeRow(entries, 'host = ? and lower(handle) = ?')
const recordText = (db: Db, id: number) => (listing(db, 'select text from records where id = ?').get(id) ?? null) as string | null
const rowById = (db: Db, id: number) => withText(db, entryById(db, id))
const rowOf = (db: Db, actor: string) => withText(db, entryByActor(db, actor))
const rowAt = (db: Db, host: string, handle: string) => withText(db, entryByAddress(db, host.toLowerCase(), handle.toLowerCase()))

// The text of the record is only fetched where the charter does not stand in the entry itself.
function withText(db: Db, row: typeof entries.$inferSelect | undefined): EntryRow | undefined {
  return row && { ...row, text: row.charter === null ? recordText(db, row.record) : null }
}

function charterOf({ charter, text }: Pick<EntryRow, 'charter' | 'text'>) {
  return charter ?? charterIn(text)
}

function closest(source: EntrySource, known: EntrySource | undefined): EntrySource {
  return known && ENTRY_SOURCES.indexOf(known) > ENTRY_SOURCES.indexOf(source) ? known : source
}

function isSame(entry: DirectoryEntry, known: EntryRow): boolean {
  const sameHead =
    entry.host.toLowerCase() === known.host &&
    entry.handle === known.handle &&
    entry.url === known.url &&
    entry.edition === known.edition &&
    entry.publishedAt.getTime() === known.publishedAt.getTime()
  return sameHead && isDeepStrictEqual(entry.charter, charterOf(known))
}
