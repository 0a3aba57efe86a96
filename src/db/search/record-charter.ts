import { Charter } from '../../domain/charter.ts'

const FIELDS = Object.keys(Charter.shape) as (keyof Charter)[]

/**
 * The charter within the text of a record, with nothing checked: whoever stored the entry has compared it with one that was.
 * Undefined where there is none.
 */
export function charterIn(text: string | null): Charter | undefined {
  if (!text) return undefined
  const { charter: said } = JSON.parse(text) as { charter?: Record<string, unknown> }
  if (!said) return undefined
  const charter: Record<string, unknown> = {}
  for (const field of FIELDS) if (said[field] !== undefined) charter[field] = said[field]
  return charter as Charter
}
