import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { rangesOf } from '../../domain/entry-rank.ts'
import type { Position } from '../search-cursor.ts'
import { listing } from '../statement.ts'
import { candidatesOf } from './candidates.ts'
import { pageByDistance } from './distance-page.ts'
import { pageByKey } from './key-page.ts'
import { matches } from './matches.ts'
import { narrowedPage } from './narrowed-page.ts'
import { endOf, type Scope, stretchesOf } from './scope.ts'
import type { Tally } from './tally.ts'
import { tiersOf, type Wanted } from './wanted.ts'

/** The entries of one page, in order, and where the next page goes on; undefined on the last. */
export type Page = { ids: number[]; next: Position | undefined }

/** One page of what is wanted, in the order asked for. */
export function pageOf(scope: Scope, wanted: Wanted, query: DirectoryQuery, position: Position | undefined, tally: Tally): Page {
  if (query.sort === 'relevance') return pageByRelevance(scope, wanted, query, position, tally.ids)
  if (query.sort === 'distance') return pageByDistance(scope.db, wanted, query, position, tally)
  return pageByKey(scope, wanted, query, position, tally)
}

/**
 * First by how sure we are of an entry, then by how well the words fit, then by its id, which is by when it was verified. All three
 * are ranges that the index gives in order, so that nothing is read but what is on the page.
 * @param ids all that are wanted, where they are known
 */
function pageByRelevance(
  scope: Scope,
  wanted: Wanted,
  query: DirectoryQuery,
  position: Position | undefined,
  ids: readonly number[] | undefined,
): Page {
  if (wanted.filters.size > 0 || wanted.place) return narrowedPage(scope, wanted, query, position, ids)
  const tiers = tiersOf(wanted)
  const found: { id: number; key: number }[] = []
  for (const { first, end } of rangesOf(query.include)) {
    if (position && position.id >= end) continue
    const here = position && position.id >= first ? position : undefined
    for (const [key, expression] of tiers.entries()) {
      if (here && key < Number(here.key)) continue
      const after = here && key === Number(here.key) ? here.id + 1 : first
      const most = query.limit + 1 - found.length
      for (const id of matches(scope.db, expression, undefined, { first: after, end, most })) found.push({ id, key })
      if (found.length > query.limit) return { ids: found.slice(0, query.limit).map(({ id }) => id), next: found[query.limit - 1] }
    }
  }
  return { ids: found.map(({ id }) => id), next: undefined }
}

/** The best that are wanted: with words those that fit best, without those worth most. @returns their ids, at most so many */
export function bestFitting(scope: Scope, wanted: Wanted, query: DirectoryQuery, most: number): number[] {
  if (wanted.parts.length === 0) return bestOf(scope, wanted, query, most)
  return pageByRelevance(scope, wanted, { ...query, limit: most }, undefined, undefined).ids
}

/** The entries worth most that are wanted, however well their words fit. @returns their ids, at most so many */
export function bestOf(scope: Scope, wanted: Wanted, query: DirectoryQuery, most: number): number[] {
  const candidates = candidatesOf(scope, wanted, query)
  const byWorth = 'select id from entries where id < ? order by id limit ?'
  if (!candidates) return listing(scope.db, byWorth).all(endOf(query.include), most) as number[]
  const ids: number[] = []
  for (const { first, end } of stretchesOf(scope)) {
    candidates.each(first, end, (id, told) => told !== 0 || ids.push(id) < most)
    if (ids.length >= most) break
  }
  return ids
}
