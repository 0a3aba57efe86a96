import type { DirectoryEntry } from './directory.ts'
import { label, VOCABULARY } from './vocabulary.ts'

/** What of an entry can be found by words, from the weightiest to the least. */
export type SearchText = { name: string; summary: string; text: string }

const LONGEST = 200_000
/** Places of the charter with nothing to look for, or nothing that should be found by looking. */
const SILENT = new Set(['precision', 'period', 'unit', 'rel', 'currency', 'contact', 'email', 'phone'])
/** Values that say nothing without their field: somebody who looks for "other" means something else. */
const HOLLOW = new Set(['yes', 'no', 'unknown', 'other', 'none', 'undecided'])
const FIELDS: ReadonlySet<string> = new Set([...Object.keys(VOCABULARY), 'themes', 'country', 'languages'])
const ADDRESS_OR_DATE = /^(https?:\/\/|mailto:|\d{4}-\d\d)/

/**
 * The searchable words of an entry: every free text of its charter as it stands, every controlled word as its English label,
 * country and languages by name, and its handle and host.
 */
export function searchText({ charter, handle, host }: DirectoryEntry): SearchText {
  const { name, summary, ...rest } = charter
  const text = [handle, host, ...wordsOf('', rest)].join('\n').slice(0, LONGEST)
  return { name, summary, text }
}

function wordsOf(field: string, value: unknown): string[] {
  if (SILENT.has(field)) return []
  if (Array.isArray(value)) return value.flatMap(item => wordsOf(field, item))
  if (typeof value === 'object' && value !== null) return Object.entries(value).flatMap(([name, inner]) => wordsOf(name, inner))
  if (typeof value !== 'string' || HOLLOW.has(value) || ADDRESS_OR_DATE.test(value)) return []
  return [FIELDS.has(field) ? label(field === 'languages' ? 'language' : field, value) : value]
}
