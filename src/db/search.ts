import { FACETS, type FacetCount, type FoundEntry, type SearchResult } from '../domain/directory.ts'
import type { DirectoryQuery } from '../domain/directory-query.ts'
import { kilometresBetween, type Point } from '../lib/geo.ts'
import { type Connection, reading } from './open.ts'
import { placeOf } from './search/columns.ts'
import { entryById } from './search/hydrate.ts'
import { bestFitting, pageOf } from './search/page.ts'
import { scopeOf } from './search/scope.ts'
import { tally } from './search/tally.ts'
import { vocabularyOf } from './search/vocabulary.ts'
import { readWanted } from './search/wanted.ts'
import { type Position, readCursor, writeCursor } from './search-cursor.ts'

/** What a search found, each entry in the form that was asked for. */
export type Found<T> = Omit<SearchResult, 'items'> & { items: T[] }

/**
 * One page of the directory, with the total and the counts of every facet: exact up to a thousand found, estimates beyond, which
 * `approximate` tells. Takes a connection, never a transaction: it reads one snapshot of its own.
 * @throws Refusal 'invalid' when the cursor belongs to another search
 */
export function searchDirectory(db: Connection, query: DirectoryQuery): SearchResult {
  return findEntries(db, query, (id, distanceKm) => foundEntry(db, id, distanceKm))
}

function foundEntry(db: Connection, id: number, distanceKm: number | undefined): FoundEntry | undefined {
  const entry = entryById(db, id)
  return entry && (distanceKm === undefined ? entry : { ...entry, distanceKm })
}

/**
 * Communities that fulfil any of some queries: those of the first query first, of each query those worth most first, each once, and at
 * most `most`. Nothing is counted, and cursors and orders of the queries are passed over.
 */
export function findAny(db: Connection, queries: readonly DirectoryQuery[], most: number): FoundEntry[] {
  const near = (queries.find(query => query.near) ?? queries[0])?.near
  return reading(db, () => {
    const ids = new Set<number>()
    for (const query of queries) {
      if (ids.size >= most) break
      const scope = scopeOf(db, query.include)
      const wanted = readWanted(vocabularyOf(scope), query)
      if (!wanted) continue
      const best = bestFitting(scope, wanted, query, query.limit)
      for (const id of best) ids.add(id)
    }
    return [...ids].slice(0, most).flatMap(id => foundEntry(db, id, near && distance(near, placeOf(db, id))) ?? [])
  })
}

/**
 * The same for who keeps entries in another form.
 * @param read gives an entry by its id, within the snapshot; undefined where there is none
 */
export function findEntries<T>(
  db: Connection,
  query: DirectoryQuery,
  read: (id: number, distanceKm: number | undefined) => T | undefined,
): Found<T> {
  const position = readCursor(query)
  return reading(db, () => find(db, query, position, read))
}

function find<T>(
  db: Connection,
  query: DirectoryQuery,
  position: Position | undefined,
  read: (id: number, distanceKm: number | undefined) => T | undefined,
): Found<T> {
  const scope = scopeOf(db, query.include)
  const wanted = readWanted(vocabularyOf(scope), query)
  if (!wanted) return nothing()
  const counted = tally(scope, wanted, query)
  const { ids, next } = pageOf(scope, wanted, query, position, counted)
  const { total, approximate, facets, hidden } = counted
  const items: T[] = []
  for (const id of ids) {
    const item = read(id, query.near && distance(query.near, placeOf(db, id)))
    if (item !== undefined) items.push(item)
  }
  return {
    total,
    ...(approximate ? { approximate: true as const } : {}),
    items,
    facets,
    ...(hidden === undefined ? {} : { hidden }),
    ...(next ? { next: writeCursor(query, next) } : {}),
  }
}

function distance(near: Point, place: Point | undefined): number | undefined {
  return place && Math.round(kilometresBetween(near, place) * 10) / 10
}

function nothing(): Found<never> {
  return { total: 0, items: [], facets: Object.fromEntries(FACETS.map(field => [field, [] as FacetCount[]])) as SearchResult['facets'] }
}

/**
 * The communities that fulfil a query, the best first, from one place on: nothing is counted, and cursor and order of the query are
 * passed over. With words the best are those that fit best; without, those worth most.
 */
export function findBest(db: Connection, query: DirectoryQuery, skip: number, most: number): FoundEntry[] {
  return reading(db, () => {
    const scope = scopeOf(db, query.include)
    const wanted = readWanted(vocabularyOf(scope), query)
    if (!wanted) return []
    const ids = bestFitting(scope, wanted, query, skip + most)
    return ids.slice(skip).flatMap(id => foundEntry(db, id, undefined) ?? [])
  })
}
