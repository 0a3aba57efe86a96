import type { DirectoryQuery } from '../../domain/directory-query.ts'
import type { Position } from '../search-cursor.ts'
import { listing } from '../statement.ts'
import { candidatesOf } from './candidates.ts'
import { pageByDistance } from './distance-page.ts'
import { pageByKey } from './key-page.ts'
import { matches } from './matches.ts'
import { narrowedPage } from './narrowed-page.ts'
import { endOf, type Scope, stretchesOf } from './scope.ts'
import type { Tally } from './tally.ts'
import { pageOfTiers } from './tiers.ts'
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
 * State, tier and id are ranges that the index gives in order, so that nothing is read but what is on the page.
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
  const expressions = tiersOf(wanted)
  return pageOfTiers(query, position, (tier, first, end, most, take) => {
    for (const id of matches(scope.db, expressions[tier], undefined, { first, end, most })) take(id)
  })
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
    candidates.wanted(first, end, id => ids.push(id) < most)
    if (ids.length >= most) break
  }
  return ids
}
