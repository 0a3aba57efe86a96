import type { Charter, Edition } from './charter.ts'

/** After a year nobody knows any more whether a charter is still true: whoever reads it would like to hear so again. */
export const CONFIRMED_FOR_MS = 365 * 24 * 3_600_000

/** A charter that was confirmed after it was written says so itself, wherever it is read. */
export function withConfirmation(charter: Charter, confirmedAt: Date | undefined): Charter {
  if (!confirmedAt) return charter
  const said = charter.lastVerified === undefined ? Number.NEGATIVE_INFINITY : Date.parse(charter.lastVerified)
  return confirmedAt.getTime() > said ? { ...charter, lastVerified: `${confirmedAt.toISOString().slice(0, 19)}Z` } : charter
}

/** When the community last said that all this is true: by publishing it, or by confirming it since. */
export function lastSaidTrue({ publishedAt, charter: { lastVerified } }: Edition): Date {
  const verified = lastVerified === undefined ? 0 : Date.parse(lastVerified)
  return new Date(Math.max(publishedAt.getTime(), verified))
}

/** Whether the stewards are to be asked if it is still true. What a community was that is no more does not change. */
export function isDue(edition: Edition, now: Date): boolean {
  if (edition.charter.status === 'disbanded') return false
  return now.getTime() - lastSaidTrue(edition).getTime() >= CONFIRMED_FOR_MS
}
