import { type Field, type Fields, isFields } from '../lib/nested-fields.ts'

// What apps send is read with goodwill: as query, form or JSON, a number as text, a list as one. What is not understood is as good as not
// said; only what is missing is complained of.

export type Input = Fields

const MOST_ITEMS = 500

/** The text of a field; of several the last. */
export function text(input: Input, name: string): string | undefined {
  const value = input[name]
  const last = Array.isArray(value) ? value.at(-1) : value
  if (typeof last === 'string') return last
  return typeof last === 'number' || typeof last === 'boolean' ? String(last) : undefined
}

const YES = new Set(['true', '1', 'on', 't', 'yes'])
const NO = new Set(['false', '0', 'off', 'f', 'no', ''])

export function flag(input: Input, name: string): boolean | undefined {
  const word = text(input, name)?.toLowerCase()
  if (word === undefined) return undefined
  return YES.has(word) ? true : NO.has(word) ? false : undefined
}

export function whole(input: Input, name: string): number | undefined {
  const word = text(input, name)
  return word !== undefined && /^-?\d{1,15}$/.test(word) ? Number(word) : undefined
}

/** A number of something here; undefined where it can be none. */
export function id(input: Input, name: string): number | undefined {
  return idOf(text(input, name))
}

export function idOf(word: string | undefined): number | undefined {
  return word !== undefined && /^[1-9]\d{0,14}$/.test(word) ? Number(word) : undefined
}

/** The texts of a list; one alone is a list of one. */
export function list(input: Input, name: string): string[] {
  const value = input[name]
  const all = Array.isArray(value) ? value : isFields(value) ? Object.values(value) : value === undefined || value === null ? [] : [value]
  return all.slice(0, MOST_ITEMS).flatMap(one => (typeof one === 'object' ? [] : [String(one)]))
}

export function ids(input: Input, name: string): number[] {
  return list(input, name).flatMap(word => idOf(word) ?? [])
}

export function object(input: Input, name: string): Input | undefined {
  const value = input[name]
  return isFields(value) ? value : undefined
}

/** Objects in a list, or under the numbers of their places, as Rails sends them. */
export function objects(input: Input, name: string): Input[] {
  const value: Field | undefined = input[name]
  const all = Array.isArray(value) ? value : isFields(value) ? Object.values(value) : []
  return all.slice(0, MOST_ITEMS).filter(isFields)
}

/** Whether a field was sent at all, if only to empty it. */
export function isGiven(input: Input, name: string): boolean {
  return input[name] !== undefined
}
