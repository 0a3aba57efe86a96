import { z } from 'zod'
import { nearest } from '../lib/nearest.ts'
import { countryMeant } from './country.ts'

// What the fields of a charter are made of. Every message is written to follow the field's name: "name: is missing".

export type Issue = { readonly input?: unknown }

/** A field's title and help, for forms, editors and the JSON Schema. */
export function required<Schema extends z.ZodType>(schema: Schema, title: string, description: string): Schema {
  return schema.meta({ title, description })
}

export function optional<Schema extends z.ZodType>(schema: Schema, title: string, description: string): z.ZodExactOptional<Schema> {
  return schema.exactOptional().meta({ title, description })
}

/** A number within bounds, both included. */
export function number(min: number, max: number) {
  return bounded(min, max, wanted(`a number between ${spoken(min)} and ${spoken(max)}`))
}

/** A whole number within bounds. */
export function whole(min: number, max: number) {
  const message = wanted(`a whole number between ${spoken(min)} and ${spoken(max)}`)
  // Not z.int(): its fault would keep the checks that compare fields from running, and so hide theirs.
  return bounded(min, max, message)
    .refine(value => Number.isInteger(value) || value < min || value > max, { error: message })
    .meta({ type: 'integer' })
}

function bounded(min: number, max: number, error: (issue: Issue) => string) {
  // Adding nought turns -0, which JSON can't tell, into 0.
  return z
    .number({ error })
    .min(min, { error })
    .max(max, { error })
    .overwrite(value => value + 0)
}

function spoken(limit: number): string {
  return Math.abs(limit) > 9999 ? limit.toLocaleString('en') : String(limit)
}

/** A year of the common era, negative before it. */
export function year() {
  return whole(-3000, 2200)
}

/** One word of a vocabulary. */
export function oneOf<const Words extends readonly string[]>(words: Words) {
  return z.enum(words, { error: ({ input }: Issue) => absent(input) ?? notOneOf(input, words) })
}

/** Several words of a vocabulary, at least one; what is there twice counts once. */
export function someOf<const Words extends readonly string[]>(words: Words, max: number = words.length) {
  return list(oneOf(words), max, words[0] ?? '')
    .refine(items => items.length > 0, { error: 'needs at least one', when: isList })
    .overwrite(once)
    .meta({ minItems: 1 })
}

export function list<Item extends z.ZodType>(item: Item, max: number, example: string) {
  const message = ({ input }: Issue) => absent(input) ?? `must be a list${example && `, such as [${example}]`} (it is ${shown(input)})`
  const tooMany = ({ input }: Issue) => `has too many: at most ${max} (it has ${Array.isArray(input) ? input.length : 'more'})`
  // Not .max(): text has a length too, and would be told that it has too many items.
  return z
    .array(item, { error: message })
    .refine(items => items.length <= max, { error: tooMany, when: isList })
    .meta({ maxItems: max })
}

function isList({ value }: { value: unknown }): boolean {
  return Array.isArray(value)
}

export function once<Item>(items: Item[]): Item[] {
  return [...new Set(items)]
}

export function group<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, { error: wanted(`a group of fields, such as ${Object.keys(shape).slice(0, 2).join(' and ')}`) })
}

/** A country of ISO 3166-1 alpha-2. */
export function country(codes: readonly string[]) {
  return z.enum(codes as [string, ...string[]], { error: ({ input }: Issue) => absent(input) ?? notACountry(input) })
}

/** The message for a value of the wrong kind. */
export function wanted(words: string): (issue: Issue) => string {
  return ({ input }) =>
    absent(input) ?? `must be ${words} (it is ${shown(input)}${words === 'text' && typeof input === 'number' ? ': put it in quotes' : ''})`
}

function absent(input: unknown): string | undefined {
  if (input === undefined) return 'is missing'
  if (input === null) return 'is empty: fill it in or leave it out'
  return undefined
}

/** A value as an error shows it: short, and without characters that would act on a terminal. */
export function shown(input: unknown): string {
  if (typeof input === 'string') return `'${input.slice(0, 40).replace(/[\p{C}\s]+/gu, ' ')}${input.length > 40 ? '…' : ''}'`
  if (Array.isArray(input)) return 'a list'
  return typeof input === 'object' ? 'a group of fields' : String(input)
}

function notOneOf(input: unknown, words: readonly string[]): string {
  // YAML and JSON write yes and no as true and false when left to a tool.
  const text = input === true ? 'yes' : input === false ? 'no' : input
  const meant = typeof text === 'string' ? nearest(text, words) : undefined
  return `${shown(input)} is not one of ${words.join(', ')}.${meant ? ` Did you mean '${meant}'?` : ''}`
}

function notACountry(input: unknown): string {
  const meant = typeof input === 'string' ? countryMeant(input) : undefined
  return `${shown(input)} is not a country code of two capital letters (ISO 3166), such as ES.${meant ? ` Did you mean '${meant}'?` : ''}`
}
