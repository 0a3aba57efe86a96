import type { KeptEntry } from '../../db/signed-entry.ts'
import { address, type FoundEntry } from '../../domain/directory.ts'
import type { Item } from './schemas.ts'

/**
 * An entry as the interface shows it: what a list or a map needs lies flat, the whole charter beside it.
 * @param signed the entry as its community signed it, for those who want to verify it
 */
export function toItem(entry: FoundEntry, signed?: KeptEntry): Item {
  const { actor, url, charter, edition, publishedAt, verifiedAt, source, state, distanceKm } = entry
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
    state,
    ...(distanceKm === undefined ? {} : { distanceKm }),
    ...(signed ? { entry: JSON.parse(signed.text) as Record<string, unknown> } : {}),
  }
}
