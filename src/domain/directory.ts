import { lazy } from '../lib/lazy.ts'
import type { Charter } from './charter.ts'
import type { EntryState } from './entry.ts'

/** How this node came to know an entry: it is our own, we follow it, it follows us, somebody here looked it up, or other nodes told. */
export type EntrySource = 'self' | 'follow' | 'follower' | 'lookup' | 'network'

/** From the loosest tie to the closest. What is known of a community only ever moves up. */
export const ENTRY_SOURCES: readonly EntrySource[] = ['network', 'lookup', 'follower', 'follow', 'self']

/** One community of the directory, as its own origin publishes it. `charter` is already coarsened; nothing finer is stored for others. */
export type DirectoryEntry = {
  /** IRI of the community's actor. */
  actor: string
  /** Host of the handle, with its port where there is one. */
  host: string
  handle: string
  /** The page to read at the community's own node. */
  url: string
  charter: Charter
  edition: number
  source: EntrySource
  publishedAt: Date
  verifiedAt: Date
  state: EntryState
  /** When its community must have renewed it; null where nobody signed it. */
  expiresAt: Date | null
  /** Number of the record this stands on; 0 where there is none. */
  record: number
}

/** A community found, with how far it is from where the searcher asked: kilometres, from the place it lets be known. */
export type FoundEntry = DirectoryEntry & { distanceKm?: number }

/** The fields a search can be narrowed by, and whose values are counted. */
export const FACETS = ['theme', 'kind', 'status', 'openToMembers', 'openToVisitors', 'country', 'language'] as const
export type Facet = (typeof FACETS)[number]

export type FacetCount = { value: string; count: number }

export type SearchResult = {
  /** How many entries there are in all, on this page and others. */
  total: number
  /** Where there are so many that total and counts are estimates from the first thousand. */
  approximate?: true
  items: FoundEntry[]
  /** For each field how many would be found with each value, given the query and the filters of all the other fields. */
  facets: Record<Facet, FacetCount[]>
  /** How many more would be found, up to a thousand, if the policy of this node did not hide them; absent where it hides none. */
  hidden?: number
  /** Give it back as `cursor` to get the next page. Absent on the last. */
  next?: string
}

/** The handle to copy into any client of the fediverse. */
export function address({ handle, host }: Pick<DirectoryEntry, 'handle' | 'host'>): string {
  return `@${handle}@${host}`
}

/** The values an entry has in each field that can be filtered and counted. Languages count without their region: `pt-BR` is `pt`. */
export function facetValues({ charter }: DirectoryEntry): Record<Facet, readonly string[]> {
  return {
    theme: charter.themes,
    kind: charter.kind,
    status: [charter.status],
    openToMembers: [charter.openToMembers],
    openToVisitors: [charter.openToVisitors],
    country: charter.place?.country ? [charter.place.country] : [],
    language: [...new Set(charter.languages.map(baseLanguage))],
  }
}

// Of two letters, and called nothing else: to ask what a tag means takes longer than all else that is done with it.
const plainLanguages = lazy(() => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  return new Set(letters.flatMap(a => letters.map(b => a + b)).filter(tag => new Intl.Locale(tag).language === tag))
})

/** `pt-BR` is `pt`; a tag nobody knows stays as it is. */
export function baseLanguage(tag: string): string {
  if (plainLanguages().has(tag)) return tag
  try {
    return new Intl.Locale(tag).language
  } catch {
    return tag.toLowerCase()
  }
}
