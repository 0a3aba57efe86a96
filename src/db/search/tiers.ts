import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { rangesOf } from '../../domain/entry-rank.ts'
import type { Position } from '../search-cursor.ts'
import type { Page } from './page.ts'

/** How well words fit, best first: all in the name, all in the summary, the rest. */
export const TIERS = [0, 1, 2] as const
export type Tier = (typeof TIERS)[number]

/** Reads entries of one tier from `first` to below `end`, in ascending order, and gives them to `take` until it says false, or `most` of them. */
export type ReadTier = (tier: Tier, first: number, end: number, most: number, take: (id: number) => boolean) => void

/** A page by relevance: first by how sure we are of an entry, then by tier, then by its id, which is by when it was verified. */
export function pageOfTiers({ include, limit }: DirectoryQuery, position: Position | undefined, read: ReadTier): Page {
  const found: { id: number; key: number }[] = []
  for (const { first, end } of rangesOf(include)) {
    if (position && position.id >= end) continue
    const here = position && position.id >= first ? position : undefined
    for (const tier of TIERS) {
      if (here && tier < Number(here.key)) continue
      const after = here && tier === Number(here.key) ? here.id + 1 : first
      read(tier, after, end, limit + 1 - found.length, id => found.push({ id, key: tier }) <= limit)
      if (found.length > limit) return { ids: found.slice(0, limit).map(({ id }) => id), next: found[limit - 1] }
    }
  }
  return { ids: found.map(({ id }) => id), next: undefined }
}
