import { entriesForMap, type MapEntry } from '../../db/map.ts'
import type { Connection } from '../../db/open.ts'
import type { SearchResult } from '../../domain/directory.ts'
import type { DirectoryQuery } from '../../domain/directory-query.ts'
import type { Words } from '../messages.ts'
import { type Found, type Frame, findPlaces, frameOf, type Mark, marksIn } from './picture.ts'

/** So many communities are drawn with the page, and so many when the map is looked at. */
const MOST = { page: 400, points: 1000 }

/** What the map of a search shows. */
export type SearchMap = { found: Found; frame: Frame; marks: Mark[]; total: number; approximate: boolean }

/** Draws what a search finds; the best of it, where it is more than a map can hold. */
export function drawSearch(
  db: Connection,
  query: DirectoryQuery,
  { total, approximate }: Pick<SearchResult, 'total' | 'approximate'>,
  use: keyof typeof MOST = 'page',
): SearchMap {
  const entries: MapEntry[] = total === 0 ? [] : entriesForMap(db, query, MOST[use])
  const found = findPlaces(entries)
  const frame = frameOf(found, query)
  return { found, frame, marks: marksIn(frame, found.spots), total, approximate: approximate ?? false }
}

/** How much of what was found the map shows, in words. */
export function mapNote({ t }: Words, { found: { spots, areas, unplaced, drawn }, total, approximate }: SearchMap): string {
  const coarse = areas.length > 0 || spots.some(({ km }) => km > 0)
  const whole = drawn >= total
  return [
    whole ? t('map.drawn', { count: drawn - unplaced }) : t('map.some', { count: drawn, total, about: String(approximate) }),
    unplaced > 0 ? t('map.unplaced', { count: unplaced }) : '',
    coarse ? t('map.circles') : '',
  ]
    .filter(Boolean)
    .join(' ')
}
