import type { z } from 'zod'
import { Charter, MAX_CHARTER_BYTES } from './charter.ts'
import { charterInput, type Raw } from './charter-draft.ts'
import { charterFields, type FormField } from './charter-form.ts'

/** What is wrong with one field of the form: a page says it in its language. `name` is the field's path with dots, '' for the whole. */
export type CharterFault = { name: string; fault: FaultKind; most: number; least: number }

export type FaultKind =
  | 'missing'
  | 'long'
  | 'unreadable'
  | 'number'
  | 'whole'
  | 'link'
  | 'currency'
  | 'date'
  | 'day'
  | 'language'
  | 'word'
  | 'many'
  | 'mainTheme'
  | 'notEnded'
  | 'endsEarly'
  | 'beginsEarly'
  | 'coordinates'
  | 'emptyAgreement'
  | 'size'
  | 'wrong'

/** What stands in the form as a charter, or everything that keeps it from being one: the first fault of each field, in their order. */
export function judgeDraft(raw: Raw): { charter: Charter } | { faults: CharterFault[] } {
  const input = charterInput(raw)
  const { data, error } = Charter.safeParse(input)
  if (data) return { charter: data }
  const faults = new Map<string, CharterFault>()
  for (const issue of error.issues) {
    const fault = faultOf(issue, input)
    if (!faults.has(fault.name)) faults.set(fault.name, fault)
  }
  return { faults: [...faults.values()].sort((one, other) => rank(one) - rank(other)) }
}

/** The same without what is wrong in it, as far as a charter is left: for looking at what is not finished. */
export function readablePart(raw: Raw): Charter | undefined {
  const judged = judgeDraft(raw)
  if ('charter' in judged) return judged.charter
  const input = charterInput(raw)
  for (const { name } of judged.faults) {
    const [top = '', at] = name.split('.')
    const items = input[top]
    // A hole for now, so that the places of the others stay.
    if (Array.isArray(items) && at !== undefined) input[top] = items.map((item, place) => (place === Number(at) ? undefined : item))
    else delete input[top]
  }
  for (const [key, value] of Object.entries(input)) if (Array.isArray(value)) input[key] = value.filter(item => item !== undefined)
  return Charter.safeParse(input).data
}

const rank = ({ name }: CharterFault) => charterFields().findIndex(({ key }) => key === name.split('.')[0])

function faultOf({ path }: z.core.$ZodIssue, input: Record<string, unknown>): CharterFault {
  const field = fieldAt(charterFields(), path)
  const value = valueAt(input, path)
  // What is wrong with one of several words or codes is said of all of them together.
  const steps = field?.kind === 'tags' || field?.kind === 'choices' ? path.slice(0, 1) : path
  const name = steps.map(String).join('.')
  const { most, least } = boundsOf(field)
  return { name, fault: field ? kindOf(field, value, name) : name ? 'wrong' : 'size', most, least }
}

function kindOf(field: FormField, value: unknown, name: string): FaultKind {
  if (field.id === 'agreements.text' && value === undefined) return 'emptyAgreement'
  if (field.id === 'place.latitude' || field.id === 'place.longitude') return value === undefined ? 'coordinates' : 'number'
  if (name === 'disbanded') return value === undefined ? 'notEnded' : isNumber(field, value) ? 'endsEarly' : 'whole'
  if (name === 'startedLivingTogether' && isNumber(field, value)) return 'beginsEarly'
  if (value === undefined) return 'missing'
  if (field.kind === 'number') return field.whole ? 'whole' : 'number'
  if (field.kind === 'day') return 'day'
  if (field.kind === 'choice') return 'word'
  if (field.kind === 'tags') return Array.isArray(value) ? 'many' : 'language'
  if (field.kind === 'choices') {
    if (!Array.isArray(value)) return 'word'
    return value.length > field.most ? 'many' : name === 'themes' ? 'mainTheme' : 'missing'
  }
  if (field.kind === 'list') return 'many'
  if (field.kind === 'group' || typeof value !== 'string') return 'wrong'
  if (value.length > field.most) return 'long'
  return field.kind === 'line' && field.sort !== 'words' ? field.sort : 'unreadable'
}

function isNumber(field: FormField, value: unknown): boolean {
  if (field.kind !== 'number' || typeof value !== 'number') return false
  return value >= field.min && value <= field.max && (!field.whole || Number.isInteger(value))
}

function boundsOf(field: FormField | undefined): { most: number; least: number } {
  if (field?.kind === 'number') return { most: field.max, least: field.min }
  return { most: field && 'most' in field ? field.most : MAX_CHARTER_BYTES / 1024, least: 0 }
}

function fieldAt(fields: readonly FormField[], [step, ...rest]: readonly PropertyKey[]): FormField | undefined {
  if (typeof step === 'number') return fieldAt(fields, rest)
  const field = fields.find(({ key }) => key === step)
  if (!field || rest.length === 0 || !('fields' in field)) return field
  return fieldAt(field.fields, rest) ?? field
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, step) => (typeof at === 'object' && at !== null ? (at as Record<PropertyKey, unknown>)[step] : undefined),
    value,
  )
}
