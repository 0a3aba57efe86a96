import type { DirectoryQuery } from '../../domain/directory-query.ts'
import type { Position } from '../search-cursor.ts'
import { candidatesOf, indexed } from './candidates.ts'
import { checkOf, isAmong, lookAt, PRESENT, placeIn } from './columns.ts'
import type { Page } from './page.ts'
import { meeting } from './postings.ts'
import { endOf, type Scope, stretchesOf } from './scope.ts'
import { pageOfTiers } from './tiers.ts'
import { inSummary, type Wanted } from './wanted.ts'

/**
 * A page of words and filters by relevance. The index would go through every entry with such a word to find those few that also fulfil
 * the filters, once for each tier; here it is asked only for the words, and most often that is in memory.
 * @param ids all that are wanted, in ascending order, where they are known
 */
export function narrowedPage(
  scope: Scope,
  wanted: Wanted,
  query: DirectoryQuery,
  position: Position | undefined,
  ids: readonly number[] | undefined,
): Page {
  const named = meeting(scope, [...wanted.parts.map(({ name }) => name), ...indexed({ ...wanted, parts: [] })], endOf(query.include))
  const check = checkOf(scope.db, query) ?? PRESENT
  const candidates = candidatesOf(scope, wanted, query)!
  return pageOfTiers(query, position, (tier, first, last, _most, take) => {
    if (tier === 0) return lookAt(scope.db, named, check, first, last, (id, told) => told !== 0 || take(id))
    let isFull = false
    for (const stretch of stretchesOf(scope)) {
      const [from, to] = [Math.max(first, stretch.first), Math.min(last, stretch.end)]
      if (from >= to || (ids && placeIn(ids, from) === placeIn(ids, to))) continue
      const said = meeting(
        scope,
        wanted.parts.map(({ own }) => inSummary(own)),
        stretch.end,
      )
      // @returns whether to go on
      const see = (id: number) => {
        if (isAmong(said, id) === (tier === 1) && !isAmong(named, id)) isFull = !take(id)
        return !isFull
      }
      if (!ids) candidates.wanted(from, to, see)
      else for (let n = placeIn(ids, from); n < ids.length && ids[n]! < to && see(ids[n]!); ) n++
      if (isFull) return
    }
  })
}
