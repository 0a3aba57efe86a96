import { shortened } from '../lib/text.ts'

/** What is wrong with a field of a form that anybody may send. The page says it in the visitor's language. */
export type Fault = { field: 'name' | 'contact' | 'message' | 'wish'; fault: 'missing' | 'long' | 'unknown' }

export const STRANGER_LIMITS = { name: 100, contact: 200, message: 5_000 }

// What could act on a terminal, or make words look like others.
const DECEPTIVE = /[\p{Cc}\u00ad\u200b\u2028-\u202e\u2060-\u2069\ufeff]+/gu

/** Several lines somebody wrote: line breaks stay, what can't be seen goes. */
export function lines(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map(line =>
      line
        .replaceAll('\t', ' ')
        .replace(DECEPTIVE, '')
        .replace(/(\p{M}{4})\p{M}+/gu, '$1')
        .trimEnd(),
    )
    .join('\n')
    .replace(/\n{4,}/g, '\n\n\n')
    .trim()
}

/** A name, or null where there is none; undefined where it is too long. */
export function readName(text: string): string | null | undefined {
  if (text.length > STRANGER_LIMITS.name * 4) return undefined
  const name = shortened(text, STRANGER_LIMITS.name + 1)
  return name === '' ? null : name.endsWith('…') && !text.trim().endsWith('…') ? undefined : name
}

const EMAIL = /^[^\s@<>"(),:;\\[\]]{1,64}@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+$/u
const HANDLE = /^@[\p{L}\p{N}_.-]{1,100}@[\p{L}\p{N}.-]+(?::\d{1,5})?$/u

/** An e-mail address, or a fediverse address that begins with @ or is a web address; null where none is given, undefined for anything else. */
export function readContact(text: string): string | null | undefined {
  const words = text.trim()
  if (words === '') return null
  if (words.length > STRANGER_LIMITS.contact) return undefined
  return EMAIL.test(words) || isFediverse(words) ? words : undefined
}

/** Whether a contact can be sent a post. */
export function isFediverse(contact: string): boolean {
  if (HANDLE.test(contact)) return true
  return /^https?:\/\//.test(contact) && URL.canParse(contact) && new URL(contact).username === ''
}
