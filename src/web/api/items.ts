import { address, type FoundEntry } from '../../domain/directory.ts'
import type { Item } from './schemas.ts'

/** An entry as the interface shows it: what a list or a map needs lies flat, the whole charter beside it. */
export function toItem(entry: FoundEntry): Item {
  const { actor, url, charter, edition, publishedAt, verifiedAt, source, distanceKm } = entry
  const { name, summary, theme, themes, kind, status, openToMembers, openToVisitors, languages, place } = charter
  return {
    address: address(entry),
    actor,
    url,
    name,
    summary,
    theme,
    themes,
    kind,
    status,
    openToMembers,
    openToVisitors,
    country: place?.country ?? null,
    place: place ?? null,
    languages,
    charter,
    edition,
    publishedAt: publishedAt.toISOString(),
    verifiedAt: verifiedAt.toISOString(),
    source,
    ...(distanceKm === undefined ? {} : { distanceKm }),
  }
}
