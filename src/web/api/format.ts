import Negotiator from 'negotiator'
import { Refusal } from '../../domain/refusal.ts'

/** The forms of a search's answer. Whoever asks for none of them gets JSON. */
export const FORMATS = {
  json: 'application/json',
  geojson: 'application/geo+json',
  csv: 'text/csv',
  atom: 'application/atom+xml',
} as const
export type Format = keyof typeof FORMATS

/**
 * The form a program wants: by the parameter, or else by what it accepts (RFC 9110 section 12.5.1).
 * @throws Refusal 'invalid' when there is no such form
 */
export function wantedFormat(asked: unknown, accept: string | undefined): Format {
  if (asked === undefined || asked === '') {
    const best = accept && new Negotiator({ headers: { accept } }).mediaType(Object.values(FORMATS))
    return (Object.keys(FORMATS) as Format[]).find(format => FORMATS[format] === best) ?? 'json'
  }
  if (typeof asked === 'string' && Object.hasOwn(FORMATS, asked)) return asked as Format
  const message = `“${String(asked).slice(0, 60)}” is not a form: ${Object.keys(FORMATS).join(', ')}.`
  throw new Refusal('invalid', `format: ${message}`, [{ path: 'format', message }])
}
