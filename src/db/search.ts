import { sql } from 'drizzle-orm'
import type { FoundEntry, SearchResult } from '../domain/directory.ts'
import type { DirectoryQuery } from '../domain/directory-query.ts'
import { fold } from '../lib/fold.ts'
import { type Box, boxAround, isInside, kilometresBetween, longitudes } from '../lib/geo.ts'
import { toEntry } from './directory.ts'
import { emptyIndex, entriesOf, type FacetIndex, type KnownEntry, numberOf, tally } from './facet-index.ts'
import type { Connection, Db } from './open.ts'
import { prepared } from './prepared.ts'
import { entries } from './schema-directory.ts'
import { type Position, readCursor, writeCursor } from './search-cursor.ts'
import { pageByKey, pageByRelevance } from './search-page.ts'

/** So many words of a query are searched; the rest is cut off. */
const MOST_WORDS = 16

/**
 * One page of the directory, with the exact total and the counts of every facet. Takes a connection, never a transaction: what it
 * remembers between searches must not come from rows that are rolled back.
 * @throws Refusal 'invalid' when the cursor belongs to another search
 */
export function searchDirectory(db: Connection, query: DirectoryQuery): SearchResult {
  const position = readCursor(query)
  // One snapshot for all that is read, whatever other processes write meanwhile.
  return db.$client.transaction(() => search(db, query, position)).deferred()
}

function search(db: Connection, query: DirectoryQuery, position: Position | undefined): SearchResult {
  const { index, statements } = prepared(db, openSearch)
  refresh(index, statements)
  const candidates = candidateIds(statements, query)
  const near = isNear(query)
  // By id, because that is how they lie in memory: three times as fast as in order of relevance.
  const inOrder = entriesOf(index, new Int32Array(candidates).sort())
  const { passing, facets } = tally(index, near ? inOrder.filter(near) : inOrder, query)
  const { ids, next } =
    query.sort === 'relevance'
      ? pageByRelevance(candidates, passing, query.limit, position)
      : pageByKey(passing, query.limit, position, sortKey(statements, query))
  return { total: passing.length, items: hydrate(db, ids, query), facets, ...(next ? { next: writeCursor(query, next) } : {}) }
}

/** An FTS5 query in which everything a person typed is a word, never syntax. Undefined when there is no word in it. */
export function matchExpression(text: string): string | undefined {
  const words = fold(text)
    .match(/[\p{L}\p{N}\p{M}\p{Co}]+/gu)
    ?.slice(0, MOST_WORDS)
  if (!words) return undefined
  // One or two Latin letters begin so many words that ranking them takes seconds; one Chinese character may be a word.
  const last = words.at(-1)!
  const begins = last.length > 2 || /[^\p{Script=Latin}\p{N}]/u.test(last)
  return `${words.map(word => `"${word}"`).join(' ')}${begins ? ' *' : ''}`
}

function candidateIds(statements: Statements, { q, sort, bbox, near, within }: DirectoryQuery): number[] {
  if (q !== undefined) {
    const match = matchExpression(q)
    return match === undefined ? [] : JSON.parse((sort === 'relevance' ? statements.ranked : statements.matching).get(match)!)
  }
  const box = bbox ?? (near && boxAround(near, within!))
  return box ? idsInBox(statements, box) : JSON.parse(statements.all.get()!)
}

// The index keeps single precision, rounded outwards: what it finds is checked exactly afterwards.
function idsInBox({ inBox }: Statements, box: Box): number[] {
  return longitudes(box).flatMap(([west, east]) => JSON.parse(inBox.get(box.south, box.north, west, east)!) as number[])
}

function isNear({ bbox, near, within }: DirectoryQuery): ((entry: KnownEntry) => boolean) | undefined {
  if (bbox) return ({ point }) => point !== undefined && isInside(bbox, point)
  if (near && within !== undefined) return ({ point }) => point !== undefined && kilometresBetween(near, point) <= within
  return undefined
}

function sortKey(statements: Statements, { sort, near }: DirectoryQuery): (entry: KnownEntry) => string | number {
  if (sort === 'newest') return ({ publishedAt }) => -publishedAt
  if (sort === 'distance' && near) return ({ point }) => (point ? kilometresBetween(near, point) : Number.MAX_VALUE)
  if (sort !== 'verified') return ({ name }) => name
  const verifiedAt = new Map(statements.verified.all())
  return ({ id }) => -(verifiedAt.get(id) ?? 0)
}

function hydrate(db: Connection, ids: readonly number[], { near }: DirectoryQuery): FoundEntry[] {
  const rows = new Map(
    prepared(db, entriesByIds)
      .all({ ids: JSON.stringify(ids) })
      .map(row => [row.id, row]),
  )
  return ids.map(id => {
    const row = rows.get(id)!
    const { latitude, longitude } = row
    if (!near || latitude === null || longitude === null) return toEntry(row)
    return { ...toEntry(row), distanceKm: Math.round(kilometresBetween(near, { latitude, longitude }) * 10) / 10 }
  })
}

function entriesByIds(db: Db) {
  return db
    .select()
    .from(entries)
    .where(sql`${entries.id} in (select value from json_each(${sql.placeholder('ids')}))`)
    .prepare()
}

type Statements = ReturnType<typeof openSearch>['statements']

function openSearch(db: Db) {
  const { $client } = db as Connection
  // Ids come as one JSON text: a row for each would take five times as long.
  const list = <P extends unknown[]>(rows: string) => $client.prepare<P, string>(`select json_group_array(id) from (${rows})`).pluck()
  const match = 'select rowid id from entries_text where entries_text match ?'
  const statements = {
    ranked: list<[match: string]>(`${match} order by bm25(entries_text, 10.0, 4.0, 1.0), rowid`),
    matching: list<[match: string]>(match),
    inBox: list<[south: number, north: number, west: number, east: number]>(
      'select id from entries_place where north >= ? and south <= ? and east >= ? and west <= ?',
    ),
    all: list<[]>('select id from entries'),
    verified: $client.prepare<[], [id: number, at: number]>('select id, verified_at from entries').raw(),
    newest: $client.prepare<[], number | null>('select max(id) from entries').pluck(),
    size: $client.prepare<[], number>('select count(*) from entries').pluck(),
    entriesAfter: $client
      .prepare<[id: number], EntryRow>(
        'select id, name, status, open_to_members, open_to_visitors, country, latitude, longitude, published_at from entries where id > ?',
      )
      .raw(),
    facetsAfter: $client
      .prepare<[id: number], [entry: number, facet: 'theme' | 'kind' | 'language', value: string]>(
        'select entry, field, value from entry_facets where entry > ?',
      )
      .raw(),
  }
  return { statements, index: emptyIndex() }
}

type EntryRow = [
  id: number,
  name: string,
  status: string,
  openToMembers: string,
  openToVisitors: string,
  country: string | null,
  latitude: number | null,
  longitude: number | null,
  publishedAt: number,
]

// An id names one state of an entry for ever, so whatever is new has a greater one.
function refresh(index: FacetIndex, statements: Statements): void {
  const newest = statements.newest.get() ?? 0
  if (newest <= index.newest) return
  // Entries that were replaced or removed are forgotten from time to time.
  if (index.entries.size > 2 * statements.size.get()! + 1000) Object.assign(index, emptyIndex())
  const values = new Map<number, number[]>()
  for (const [id, name, status, members, visitors, country, latitude, longitude, publishedAt] of statements.entriesAfter.all(
    index.newest,
  )) {
    const numbers = [
      numberOf(index, 'status', status),
      numberOf(index, 'openToMembers', members),
      numberOf(index, 'openToVisitors', visitors),
    ]
    if (country !== null) numbers.push(numberOf(index, 'country', country))
    values.set(id, numbers)
    const point = latitude === null || longitude === null ? undefined : { latitude, longitude }
    index.entries.set(id, { id, values: numbers, name: fold(name), publishedAt, point })
  }
  for (const [entry, facet, value] of statements.facetsAfter.all(index.newest)) values.get(entry)?.push(numberOf(index, facet, value))
  index.newest = newest
}
