import { Charter } from '../../domain/charter.ts'

const FIELDS: ReadonlySet<string> = new Set(Object.keys(Charter.shape))

/**
 * The charter within the text of a record, with nothing checked: whoever stored the entry has compared it with one that was.
 * Undefined where there is none.
 */
export function charterIn(text: string | null): Charter | undefined {
  if (!text) return undefined
  const { charter: said } = JSON.parse(text) as { charter?: Record<string, unknown> }
  if (!said) return undefined
  // An entry says three things more of its charter. To leave them out is faster than to pick the others, one by one.
  const { digest: _, edition: __, published: ___, ...charter } = said
  for (const field in charter) if (!FIELDS.has(field)) delete charter[field]
  return charter as Charter
}
