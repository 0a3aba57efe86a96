import { isInside, kilometresBetween } from '../lib/geo.ts'
import { baseLanguage, type FoundEntry } from './directory.ts'
import { type DirectoryQuery, FILTERS, type Filter } from './directory-query.ts'

/** How much a place in one list counts: of two entries the one that more lists name, and name early, comes first. */
const DAMPING = 60

/**
 * Whether an entry is what a query asks for, as far as that can be said of the entry alone: fields and places. Words are left to who
 * searched for them.
 */
export function passesFilters(query: DirectoryQuery, entry: FoundEntry): boolean {
  const wanted = (field: Filter) => query[field] as readonly string[] | undefined
  if (FILTERS.some(field => wanted(field)?.length && !valuesOf(entry, field).some(value => wanted(field)!.includes(value)))) return false
  const { near, within, bbox } = query
  if (!near && !bbox) return true
  const point = pointOf(entry)
  if (!point) return false
  return bbox ? isInside(bbox, point) : kilometresBetween(near!, point) <= within!
}

function valuesOf({ charter }: FoundEntry, field: Filter): string[] {
  if (field === 'theme') return charter.themes
  if (field === 'country') return charter.place?.country ? [charter.place.country] : []
  if (field === 'language') return charter.languages.map(baseLanguage)
  return [charter[field] ?? []].flat()
}

/** Several lists of entries as one without repetitions, in the order that was asked for, cut to the size of a page. */
export function mergeFound(query: DirectoryQuery, lists: readonly (readonly FoundEntry[])[]): FoundEntry[] {
  const all = new Map<string, { entry: FoundEntry; weight: number }>()
  for (const list of lists) {
    for (const [place, entry] of list.entries()) {
      const known = all.get(entry.actor)
      const weight = 1 / (DAMPING + place)
      if (known) known.weight += weight
      else all.set(entry.actor, { entry: withDistance(query, entry), weight })
    }
  }
  const order = orderOf(query)
  return [...all.values()]
    .sort((a, b) => order(a.entry, b.entry) || b.weight - a.weight || (a.entry.actor < b.entry.actor ? -1 : 1))
    .slice(0, query.limit)
    .map(({ entry }) => entry)
}

function orderOf({ sort }: DirectoryQuery): (a: FoundEntry, b: FoundEntry) => number {
  if (sort === 'newest') return (a, b) => b.publishedAt.getTime() - a.publishedAt.getTime()
  if (sort === 'verified') return (a, b) => b.verifiedAt.getTime() - a.verifiedAt.getTime()
  if (sort === 'distance') return (a, b) => (a.distanceKm ?? Number.MAX_VALUE) - (b.distanceKm ?? Number.MAX_VALUE)
  if (sort === 'name') return (a, b) => a.charter.name.localeCompare(b.charter.name, 'en')
  return () => 0
}

function withDistance({ near }: DirectoryQuery, entry: FoundEntry): FoundEntry {
  const point = near && pointOf(entry)
  return point ? { ...entry, distanceKm: Math.round(kilometresBetween(near, point) * 10) / 10 } : entry
}

function pointOf({ charter: { place } }: FoundEntry) {
  if (!place || place.precision === 'hidden' || place.latitude === undefined || place.longitude === undefined) return undefined
  return { latitude: place.latitude, longitude: place.longitude }
}
