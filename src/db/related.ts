import type { Charter } from '../domain/charter.ts'
import type { DirectoryEntry, FoundEntry } from '../domain/directory.ts'
import { DirectoryQuery } from '../domain/directory-query.ts'
import { CELL_RADIUS_KM } from '../domain/place.ts'
import type { Connection } from './open.ts'
import { findAny } from './search.ts'

/** What two communities have in common. `km` is measured between the places they let be known. */
export type Reason =
  | { kind: 'near'; km: number }
  | { kind: 'theme' | 'themes' | 'kind' | 'country' | 'decisions'; field: string; values: string[] }
export type Related = { entry: DirectoryEntry; why: Reason[] }

const MOST = 6
const NEAR_KM = 250
const VERY_NEAR_KM = 50
/** How many of each search are weighed. */
const WEIGHED = 10
const MOST_WEIGHED = 36

/** A few communities near in place and theme, those that have most in common first; each says what that is. */
export function relatedTo(db: Connection, entry: DirectoryEntry, most = MOST): Related[] {
  const weighed = Math.max(WEIGHED, most)
  const found = findAny(
    db,
    queries(entry).map(query => DirectoryQuery.parse({ ...query, limit: Math.min(weighed, 100) })),
    Math.max(MOST_WEIGHED, 2 * most),
  )
  return found
    .filter(({ actor }) => actor !== entry.actor)
    .map(other => ({ entry: other, why: reasons(entry, other) }))
    .map(related => ({ related, weight: weightOf(related) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.related.entry.charter.name.localeCompare(b.related.entry.charter.name, 'en'))
    .slice(0, most)
    .map(({ related }) => related)
}

// As an address gives them: a point is text there.
function queries({ charter: { place, theme, kind } }: DirectoryEntry): object[] {
  const { latitude, longitude, country } = place ?? {}
  const around =
    latitude !== undefined
      ? [VERY_NEAR_KM, NEAR_KM].map(within => ({ near: `${latitude},${longitude}`, within }))
      : country
        ? [{ country: [country], theme: [theme] }]
        : []
  // "other" is what has no word: two of them need have nothing in common.
  if (theme === 'other') return around
  return [...around, { theme: [theme], kind }, { theme: [theme] }]
}

function reasons({ charter }: DirectoryEntry, other: FoundEntry): Reason[] {
  const shared = (one: readonly string[] | undefined, two: readonly string[] | undefined) =>
    (one ?? []).filter(word => word !== 'other' && word !== 'undecided' && two?.includes(word))
  const { charter: theirs } = other
  const distanceKm = other.distanceKm !== undefined && other.distanceKm <= NEAR_KM ? other.distanceKm : undefined
  const country = charter.place?.country
  const themes = shared(charter.themes, theirs.themes)
  const sameTheme = charter.theme === theirs.theme && charter.theme !== 'other'
  const all: Reason[] = [
    ...(distanceKm === undefined
      ? []
      : [{ kind: 'near' as const, km: Math.max(1, Math.round(Math.max(distanceKm, blur(charter.place) + blur(theirs.place)))) }]),
    {
      kind: 'country',
      field: 'country',
      values: distanceKm === undefined && country && country === theirs.place?.country ? [country] : [],
    },
    { kind: sameTheme ? 'theme' : 'themes', field: 'theme', values: sameTheme ? [charter.theme] : themes },
    { kind: 'kind', field: 'kind', values: shared(charter.kind, theirs.kind) },
    { kind: 'decisions', field: 'decisionMaking', values: shared(charter.decisionMaking, theirs.decisionMaking) },
  ]
  return all.filter(reason => reason.kind === 'near' || reason.values.length > 0)
}

// Nobody is closer than their places are known.
const blur = (place: Charter['place']) => (place && CELL_RADIUS_KM[place.precision]) ?? 0

const WEIGHTS = { near: 3, theme: 4, themes: 2, kind: 2, country: 2, decisions: 1 } as const

function weightOf({ entry: { charter }, why }: Related): number {
  const closeness = why.reduce((sum, reason) => sum + (reason.kind === 'near' ? 2 * (1 - reason.km / NEAR_KM) : 0), 0)
  const ended = charter.status === 'disbanded' || charter.status === 'dormant' ? 2 : 0
  return why.reduce((sum, { kind }) => sum + WEIGHTS[kind], closeness) - ended
}
