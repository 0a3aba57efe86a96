import { eq, getTableColumns, sql } from 'drizzle-orm'
import { FACETS, type FacetCount, type FoundEntry, type SearchResult } from '../domain/directory.ts'
import type { DirectoryQuery } from '../domain/directory-query.ts'
import { kilometresBetween } from '../lib/geo.ts'
import { toEntry } from './directory.ts'
import type { Connection, Db } from './open.ts'
import { prepared } from './prepared.ts'
import { entries, entryFacets, records } from './schema-directory.ts'
import { pageByRelevance, pageOf } from './search/page.ts'
import { tally } from './search/tally.ts'
import { openVocabulary } from './search/vocabulary.ts'
import { readWanted } from './search/wanted.ts'
import { type Position, readCursor, writeCursor } from './search-cursor.ts'

/**
 * One page of the directory, with the total and the counts of every facet: exact up to a thousand found, estimates beyond, which
 * `approximate` tells. Takes a connection, never a transaction: it reads one snapshot of its own.
 * @throws Refusal 'invalid' when the cursor belongs to another search
 */
export function searchDirectory(db: Connection, query: DirectoryQuery): SearchResult {
  const position = readCursor(query)
  return db.$client.transaction(() => search(db, query, position)).deferred()
}

/**
 * Communities that fulfil any of some queries: those of the first query first, of each query those worth most first, each once, and at
 * most `most`. Nothing is counted, and cursors and orders of the queries are passed over.
 */
export function findAny(db: Connection, queries: readonly DirectoryQuery[], most: number): FoundEntry[] {
  const find = () => {
    const ids = new Set<number>()
    for (const query of queries) {
      if (ids.size >= most) break
      const wanted = readWanted(prepared(db, openVocabulary), query)
      for (const id of wanted ? pageByRelevance(db, wanted, query, undefined).ids : []) ids.add(id)
    }
    const near = queries.find(query => query.near)
    return hydrate(db, [...ids].slice(0, most), near ?? queries[0]!)
  }
  return queries.length === 0 ? [] : db.$client.transaction(find).deferred()
}

function search(db: Connection, query: DirectoryQuery, position: Position | undefined): SearchResult {
  const wanted = readWanted(prepared(db, openVocabulary), query)
  if (!wanted) return nothing()
  const counted = tally(db, wanted, query)
  const { ids, next } = pageOf(db, wanted, query, position, counted)
  const { total, approximate, facets } = counted
  return {
    total,
    ...(approximate ? { approximate: true as const } : {}),
    items: hydrate(db, ids, query),
    facets,
    ...(next ? { next: writeCursor(query, next) } : {}),
  }
}

function nothing(): SearchResult {
  return { total: 0, items: [], facets: Object.fromEntries(FACETS.map(field => [field, [] as FacetCount[]])) as SearchResult['facets'] }
}

function hydrate(db: Connection, ids: readonly number[], { near }: DirectoryQuery): FoundEntry[] {
  const rows = new Map(
    prepared(db, entriesByIds)
      .all({ ids: JSON.stringify(ids) })
      .map(row => [row.id, row]),
  )
  return ids.flatMap(id => {
    const row = rows.get(id)
    const entry = row && toEntry(row)
    if (!entry) return []
    const { latitude, longitude } = row
    if (!near || latitude === null || longitude === null) return [entry]
    return [{ ...entry, distanceKm: Math.round(kilometresBetween(near, { latitude, longitude }) * 10) / 10 }]
  })
}

function entriesByIds(db: Db) {
  const { latitude, longitude } = entryFacets
  return db
    .select({ ...getTableColumns(entries), latitude, longitude, text: records.text })
    .from(entries)
    .leftJoin(entryFacets, eq(entryFacets.entry, entries.id))
    .leftJoin(records, sql`${records.id} = ${entries.record} and ${entries.charter} is null`)
    .where(sql`${entries.id} in (select value from json_each(${sql.placeholder('ids')}))`)
    .prepare()
}
