import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { rangesOf } from '../../domain/entry-rank.ts'
import type { Position } from '../search-cursor.ts'
import { candidatesOf, indexed } from './candidates.ts'
import { checkOf, isAmong, lookAt, PRESENT, placeIn } from './columns.ts'
import type { Page } from './page.ts'
import { meeting } from './postings.ts'
import { endOf, type Scope, stretchesOf } from './scope.ts'
import { saidOf, type Wanted } from './wanted.ts'

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
  const { each } = candidatesOf(scope, wanted, query)!
  const found: { id: number; key: number }[] = []
  for (const { first, end } of rangesOf(query.include)) {
    if (position && position.id >= end) continue
    const here = position && position.id >= first ? position : undefined
    for (const key of [0, 1, 2]) {
      if (here && key < Number(here.key)) continue
      const after = here && key === Number(here.key) ? here.id + 1 : first
      const take = (id: number) => found.push({ id, key }) <= query.limit
      if (key === 0) lookAt(scope.db, named, check, after, end, (id, told) => told !== 0 || take(id))
      else
        for (const stretch of stretchesOf(scope)) {
          if (stretch.end <= after || stretch.first >= end || found.length > query.limit) continue
          const said = meeting(scope, [saidOf(wanted)], ids?.length === 0 ? 0 : stretch.end)
          const isNext = (id: number) => isAmong(said, id) === (key === 1) && !isAmong(named, id)
          const [from, to] = [Math.max(after, stretch.first), Math.min(end, stretch.end)]
          if (!ids) each(from, to, (id, told) => told !== 0 || !isNext(id) || take(id))
          else for (let n = placeIn(ids, from); n < ids.length && ids[n]! < to; n++) if (isNext(ids[n]!) && !take(ids[n]!)) break
        }
      if (found.length > query.limit) return { ids: found.slice(0, query.limit).map(({ id }) => id), next: found[query.limit - 1] }
    }
  }
  return { ids: found.map(({ id }) => id), next: undefined }
}
