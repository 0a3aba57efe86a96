import { isDeepStrictEqual } from 'node:util'
import type { Charter } from './charter.ts'
import { charterFields, type FormField } from './charter-form.ts'

/** What stands in the form: text as it was typed, words that were ticked, groups and lists of them. It need not be a charter yet. */
export type Raw = { [key: string]: RawValue }
export type RawValue = string | string[] | Raw | Raw[]

/** A charter as it stands in the form. What the form does not show is carried along. */
export function rawOf(charter: Partial<Charter> & Record<string, unknown>): Raw {
  const { lastVerified } = charter
  return { ...rawFields(charterFields(), charter), ...(typeof lastVerified === 'string' ? { lastVerified } : {}) }
}

function rawFields(fields: readonly FormField[], value: Record<string, unknown>): Raw {
  return Object.fromEntries(fields.map(field => [field.key, rawField(field, value[field.key])]))
}

function rawField(field: FormField, value: unknown): RawValue {
  if (field.kind === 'group') return rawFields(field.fields, objectOf(value))
  if (field.kind === 'list') return Array.isArray(value) ? value.map(item => rawFields(field.fields, objectOf(item))) : []
  if (field.kind === 'choices') return Array.isArray(value) ? value.filter(word => typeof word === 'string') : []
  if (field.kind === 'tags') return Array.isArray(value) ? value.join(', ') : ''
  if (value === undefined || value === null) return field.kind === 'choice' ? (field.fallback ?? '') : ''
  if (field.kind === 'day') return String(value).replace(/T00:00:00Z$/, '')
  return String(value)
}

/** What the form says, as a charter would: empty fields left out, numbers as numbers where they are. `readCharter` judges it. */
export function charterInput(raw: Raw): Record<string, unknown> {
  const { lastVerified } = raw
  return { ...inputFields(charterFields(), raw), ...(lastVerified ? { lastVerified } : {}) }
}

function inputFields(fields: readonly FormField[], raw: Raw): Record<string, unknown> {
  return Object.fromEntries(
    fields.flatMap(field => {
      const value = inputField(field, raw[field.key])
      return value === undefined ? [] : [[field.key, value]]
    }),
  )
}

function inputField(field: FormField, value: RawValue | undefined): unknown {
  if (field.kind === 'group') {
    const group = rawGroup(value)
    return isEmptyGroup(field.fields, group) ? undefined : inputFields(field.fields, group)
  }
  if (field.kind === 'list') {
    const items = rawList(value)
    return items.length > 0 || field.required ? items.map(item => inputFields(field.fields, item)) : undefined
  }
  if (field.kind === 'choices') return Array.isArray(value) && value.length > 0 ? value : undefined
  const text = typeof value === 'string' ? value.trim() : ''
  if (field.kind === 'tags') return text === '' ? [] : text.split(/[\s,;،、]+/u).filter(Boolean)
  if (text === '') return undefined
  if (field.kind === 'number') return numberIn(text)
  if (field.kind === 'day') return /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00:00Z` : text
  return text
}

// Who writes 2,5 means two and a half; who writes 1,000 is asked, because both readings are likely.
function numberIn(text: string): number | string {
  const plain = /^-?\d+,\d{1,2}$/.test(text) ? text.replace(',', '.') : text
  return /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/.test(plain) ? Number(plain) : text
}

/** Whether nothing was filled in. What a field says by itself counts for nothing. */
export function isEmptyGroup(fields: readonly FormField[], raw: Raw): boolean {
  return fields.every(field => {
    const value = raw[field.key]
    if (field.kind === 'choice' && field.fallback !== undefined) return true
    if (field.kind === 'group') return isEmptyGroup(field.fields, rawGroup(value))
    return value === undefined || value.length === 0 || (typeof value === 'string' && value.trim() === '')
  })
}

/** The same without items of lists in which nothing was filled in. */
export function withoutEmpty(fields: readonly FormField[], raw: Raw): Raw {
  const tidied = fields.flatMap(field =>
    field.kind === 'list' ? [[field.key, rawList(raw[field.key]).filter(item => !isEmptyGroup(field.fields, item))] as const] : [],
  )
  return { ...raw, ...Object.fromEntries(tidied) }
}

export type ListStep = 'add' | 'remove' | 'up' | 'down'

/** A list of the form with an item more, less, or in another place. @param at which item, from 0 */
export function withStep(raw: Raw, list: string, step: ListStep, at = 0): Raw {
  const items = [...rawList(raw[list])]
  if (step === 'add') items.push({})
  else if (step === 'remove') items.splice(at, 1)
  else {
    const to = step === 'up' ? at - 1 : at + 1
    const [item] = items.slice(at, at + 1)
    if (!item || to < 0 || to >= items.length) return raw
    items.splice(at, 1)
    items.splice(to, 0, item)
  }
  return { ...raw, [list]: items }
}

/**
 * One draft of what two have changed since `base`, field by field: what only one of them touched is as they have it.
 * @returns also the fields both have changed, each in another way: there `mine` stands
 */
export function merged(base: Raw, mine: Raw, theirs: Raw): { raw: Raw; both: string[]; taken: string[] } {
  const raw: Raw = { ...mine }
  const both: string[] = []
  const taken: string[] = []
  for (const { key } of [...charterFields(), { key: 'lastVerified' }]) {
    if (isDeepStrictEqual(theirs[key], mine[key]) || isDeepStrictEqual(theirs[key], base[key])) continue
    if (!isDeepStrictEqual(mine[key], base[key])) both.push(key)
    else {
      taken.push(key)
      if (theirs[key] === undefined) delete raw[key]
      else raw[key] = theirs[key]
    }
  }
  return { raw, both, taken }
}

export function rawList(value: RawValue | undefined): Raw[] {
  return Array.isArray(value) ? value.filter(item => typeof item === 'object') : []
}

export function rawGroup(value: RawValue | undefined): Raw {
  return typeof value === 'object' && !Array.isArray(value) ? value : {}
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
