import { z } from 'zod'
import { lazy } from '../lib/lazy.ts'
import { type Issue, shown, wanted } from './charter-field.ts'

// The fields of a charter that are texts.

/** Text on one line. Line breaks and runs of spaces become one space. */
export function line(max: number) {
  return text(max, value => value.normalize('NFC').replace(/\s+/gu, ' ').trim())
}

/** Text of several lines, markdown where the field says so. */
export function prose(max: number) {
  return text(max, value =>
    value
      .normalize('NFC')
      .replace(/\r\n?|\u2028|\u2029/gu, '\n')
      .trim(),
  )
}

function text(max: number, tidy: (value: string) => string) {
  return z
    .string({ error: wanted('text') })
    .overwrite(tidy)
    .min(1, { error: 'is empty' })
    .max(max, {
      error: ({ input }: Issue) => `is too long: at most ${max} characters (it has ${typeof input === 'string' ? input.length : 'more'})`,
    })
    .refine(value => !HIDDEN.test(value), { error: ({ input }: Issue) => hiddenCharacter(typeof input === 'string' ? input : '') })
    .refine(value => value === '' || HIDDEN.test(value) || VISIBLE.test(value), { error: 'holds nothing that can be read' })
}

// Control characters, lone halves of surrogate pairs, and marks that make text read in another order than it is stored.
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u
const VISIBLE = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{M}\p{C}]/u

function hiddenCharacter(value: string): string {
  const index = value.search(HIDDEN)
  const code = (value.codePointAt(index) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  const before = value.slice(0, index).slice(-20).trim()
  return `holds the invisible character U+${code}${before ? ` after '${before}'` : ' at its beginning'}: take it out`
}

/** A language tag of BCP 47, kept in its canonical form: "pt-br" becomes "pt-BR". */
export function language() {
  return z
    .string({ error: wanted('a language code such as en, es or pt-BR') })
    .overwrite(tag => canonicalLanguage(tag) ?? tag)
    .refine(tag => canonicalLanguage(tag) !== undefined, {
      error: ({ input }: Issue) => `${shown(input)} is not a language code such as en, es or pt-BR`,
    })
}

const LANGUAGE_NAMES = new Intl.DisplayNames('en', { type: 'language', fallback: 'none' })

/** The canonical form of a language tag, or undefined where it is none. */
export function canonicalLanguage(tag: string): string | undefined {
  if (tag.length > 35) return undefined
  return /^[a-z]{2}$/.test(tag) ? shortTags().get(tag) : canonicalTag(tag)
}

// Of every post that comes in the language is looked at, and Intl takes its time.
const shortTags = lazy(() => {
  const letters = [...'abcdefghijklmnopqrstuvwxyz']
  return new Map(letters.flatMap(a => letters.map(b => [a + b, canonicalTag(a + b)] as const)))
})

function canonicalTag(tag: string): string | undefined {
  try {
    const canonical = Intl.getCanonicalLocales(tag)[0]
    if (!canonical || !/^[a-z]{2,3}(?:-|$)/.test(canonical)) return undefined
    // The two-letter codes are all known; of the thousands with three letters Intl names only some.
    const primary = canonical.split('-')[0] ?? ''
    return primary.length === 3 || LANGUAGE_NAMES.of(primary) ? canonical : undefined
  } catch {
    return undefined
  }
}

const LINK = /^https?:\/\/[^\s"<>\\^`{|}]+$/

/** An address on the web: http or https, no user name or password. */
export function link() {
  return z
    .string({ error: wanted('an address such as https://example.org') })
    .trim()
    .max(500, { error: 'is too long: at most 500 characters' })
    .regex(LINK, { error: ({ input }: Issue) => `must be an address that begins with https:// or http:// (it is ${shown(input)})` })
    .refine(value => !LINK.test(value) || URL.canParse(value), {
      error: ({ input }: Issue) => `is not a valid address (it is ${shown(input)})`,
    })
    .refine(hasNoCredentials, { error: 'must not hold a user name or password' })
    .refine(value => !HIDDEN.test(value), { error: ({ input }: Issue) => hiddenCharacter(String(input)) })
}

function hasNoCredentials(value: string): boolean {
  if (!URL.canParse(value)) return true
  const { username, password } = new URL(value)
  return !username && !password
}

/** A year, a month or a day: 1841, 1841-09 or 1841-09-29. */
export function partialDate() {
  const message = wanted("a date in quotes, such as '1841', '1841-09' or '1841-09-29'")
  return z
    .string({ error: message })
    .regex(/^\d{4}(?:-\d{2}){0,2}$/, { error: message })
    .refine(isRealDate, { error: ({ input }: Issue) => `${shown(input)} is no day of the calendar` })
}

function isRealDate(value: string): boolean {
  const date = new Date(value)
  return !/^\d{4}(?:-\d{2}){0,2}$/.test(value) || (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(value))
}

/** A moment with its offset (RFC 3339). */
export function moment() {
  const message = wanted("a date and time such as '2026-03-01T12:00:00Z'")
  return z.iso.datetime({ offset: true, error: message })
}

/** A currency of ISO 4217 by its form. */
export function currency() {
  const message = wanted('a currency code of three capital letters, such as EUR')
  return z.string({ error: message }).regex(/^[A-Z]{3}$/, { error: message })
}
