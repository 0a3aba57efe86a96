import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { rangesOf } from '../../domain/entry-rank.ts'
import type { Db } from '../open.ts'
import type { Position } from '../search-cursor.ts'
import { listing } from '../statement.ts'
import { placeTest } from './columns.ts'
import { pageByDistance } from './distance-page.ts'
import { pageByKey } from './key-page.ts'
import { matches } from './matches.ts'
import { endOf, type Tally } from './tally.ts'
import { expressionOf, tiersOf, type Wanted } from './wanted.ts'

/** The entries of one page, in order, and where the next page goes on; undefined on the last. */
export type Page = { ids: number[]; next: Position | undefined }

/** One page of what is wanted, in the order asked for. */
export function pageOf(db: Db, wanted: Wanted, query: DirectoryQuery, position: Position | undefined, tally: Tally): Page {
  if (query.sort === 'relevance') return pageByRelevance(db, wanted, query, position)
  if (query.sort === 'distance') return pageByDistance(db, wanted, query, position, tally)
  return pageByKey(db, wanted, query, position, tally)
}

/**
 * First by how sure we are of an entry, then by how well the words fit, then by its id, which is by when it was verified. All three
 * are ranges that the index gives in order, so that nothing is read but what is on the page.
 */
export function pageByRelevance(db: Db, wanted: Wanted, query: DirectoryQuery, position: Position | undefined): Page {
  const tiers = tiersOf(wanted)
  const lies = placeTest(db, query)
  const found: { id: number; key: number }[] = []
  for (const { first, end } of rangesOf(query.include)) {
    if (position && position.id >= end) continue
    const here = position && position.id >= first ? position : undefined
    for (const [key, expression] of tiers.entries()) {
      if (here && key < Number(here.key)) continue
      const after = here && key === Number(here.key) ? here.id + 1 : first
      const ids = matches(db, expression, lies, { first: after, end, most: query.limit + 1 - found.length })
      for (const id of ids) found.push({ id, key })
      if (found.length > query.limit) return { ids: found.slice(0, query.limit).map(({ id }) => id), next: found[query.limit - 1] }
    }
  }
  return { ids: found.map(({ id }) => id), next: undefined }
}

/** The best entries that are wanted, however well their words fit. @returns their ids, at most so many */
export function bestOf(db: Db, wanted: Wanted, query: DirectoryQuery, most: number): number[] {
  const expression = expressionOf(wanted)
  const end = endOf(query.include)
  if (expression !== undefined) return matches(db, expression, placeTest(db, query), { first: 0, end, most })
  return listing(db, 'select id from entries where id < ? order by id limit ?').all(end, most) as number[]
}
