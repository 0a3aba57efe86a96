import { FACETS, type Facet, type FacetCount } from '../domain/directory.ts'
import type { Point } from '../lib/geo.ts'

/** What a search must know of every entry at once. Kept in memory: counting in SQL takes ten times as long. */
export type KnownEntry = {
  id: number
  /** Numbers of its values, see FacetIndex.values. */
  values: readonly number[]
  /** Its name as it is sorted. */
  name: string
  publishedAt: number
  point: Point | undefined
}

/** Grows as entries are added; a dead one does no harm, because the ids to look at always come from the database. */
export type FacetIndex = {
  /** The greatest id seen. */
  newest: number
  entries: Map<number, KnownEntry>
  /** Every value met, in the order met: its place here is its number. */
  values: { facet: Facet; value: string }[]
  numbers: Map<string, number>
}

export type Filters = Partial<Record<Facet, readonly string[] | undefined>>

export function emptyIndex(): FacetIndex {
  return { newest: 0, entries: new Map(), values: [], numbers: new Map() }
}

/** Those of the ids that stand in the index, in the order given. */
export function entriesOf(index: FacetIndex, ids: Iterable<number>): KnownEntry[] {
  const found: KnownEntry[] = []
  for (const id of ids) {
    const entry = index.entries.get(id)
    if (entry) found.push(entry)
  }
  return found
}

/** The number of a value, a new one when it was never met. */
export function numberOf(index: FacetIndex, facet: Facet, value: string): number {
  const key = `${facet} ${value}`
  let number = index.numbers.get(key)
  if (number === undefined) {
    number = index.values.push({ facet, value }) - 1
    index.numbers.set(key, number)
  }
  return number
}

/**
 * One pass over the candidates: which fulfil every filter, and how many there would be for each value of each facet. An entry
 * that fails one facet alone still counts for that facet's values, so that a person sees what another choice would give.
 */
export function tally(
  index: FacetIndex,
  candidates: readonly KnownEntry[],
  filters: Filters,
): { passing: KnownEntry[]; facets: Record<Facet, FacetCount[]> } {
  const asked = FACETS.map(facet => filters[facet] && new Set(filters[facet]))
  const facetOf = index.values.map(({ facet }) => FACETS.indexOf(facet))
  const wanted = index.values.map(({ facet, value }) => filters[facet]?.includes(value) ?? false)
  const active = asked.reduce((mask, values, place) => (values ? mask | (1 << place) : mask), 0)
  const counts = new Array<number>(index.values.length).fill(0)
  const passing: KnownEntry[] = []
  for (const entry of candidates) {
    let failed = active
    for (const number of entry.values) if (wanted[number]) failed &= ~(1 << facetOf[number]!)
    if (failed === 0) passing.push(entry)
    // More than one bit: it fails two facets, and no single other choice would find it.
    else if (failed & (failed - 1)) continue
    for (const number of entry.values) if (failed === 0 || failed & (1 << facetOf[number]!)) counts[number]!++
  }
  return { passing, facets: countsByFacet(index, counts, filters) }
}

// Most frequent first. A value that was asked for is listed even when nothing has it.
function countsByFacet(index: FacetIndex, counts: readonly number[], filters: Filters): Record<Facet, FacetCount[]> {
  const facets = Object.fromEntries(FACETS.map(facet => [facet, [] as FacetCount[]])) as Record<Facet, FacetCount[]>
  for (const [number, { facet, value }] of index.values.entries()) {
    const count = counts[number]!
    if (count > 0) facets[facet].push({ value, count })
  }
  for (const facet of FACETS) {
    for (const value of filters[facet] ?? [])
      if (!facets[facet].some(known => known.value === value)) facets[facet].push({ value, count: 0 })
    facets[facet].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  }
  return facets
}
