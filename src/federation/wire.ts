import { z } from 'zod'
import { htmlToText, sanitiseHtml } from '../lib/sanitise.ts'
import type { Normalised } from './engine.ts'

// After JSON-LD every property is an array. These turn one into the single value, or the short list, that a field may hold.

/** The first value of a property that `schema` accepts. */
export function one<T extends z.ZodType>(schema: T) {
  const accept = acceptor(schema)
  return z
    .unknown()
    .optional()
    .transform((value): z.infer<T> | undefined => {
      // Most properties are not there, and to make an error takes longer than to read a value.
      if (value === undefined) return undefined
      if (!Array.isArray(value)) return accept(value)
      for (const item of value) {
        const accepted = accept(item)
        if (accepted !== undefined) return accepted
      }
      return undefined
    })
}

/** Every value of a property that `schema` accepts, at most `limit` of them. */
export function many<T extends z.ZodType>(schema: T, limit: number) {
  const accept = acceptor(schema)
  return z
    .unknown()
    .optional()
    .transform((value): z.infer<T>[] => {
      if (value === undefined) return []
      const items = Array.isArray(value) ? value.slice(0, limit) : [value]
      return items.map(accept).filter(accepted => accepted !== undefined)
    })
}

// What those below are made of. Asked directly, a value costs a tenth of what it does through a schema.
const finders = new WeakMap<z.ZodType, (value: unknown) => unknown>()

/** What `schema` makes of a value; undefined for one it does not accept. */
function acceptor<T extends z.ZodType>(schema: T): (value: unknown) => z.infer<T> | undefined {
  const find = finders.get(schema) as ((value: unknown) => z.infer<T> | undefined) | undefined
  return find ?? (value => schema.safeParse(value).data)
}

/** An http(s) address without credentials, of at most 2,048 characters, as it was written. */
export const address = read(addressOf, 'not an http(s) address')

/** The id of something that is named or embedded. */
export const reference = read(referenceOf, 'names nothing')

// Written by hand, because every activity has dozens of them: zod's union would make an error for each shape a value does not have.
function read<T>(find: (value: unknown) => T | undefined, message: string) {
  const schema = z.unknown().transform((value, issue): T => {
    const found = find(value)
    if (found !== undefined) return found
    issue.addIssue({ code: 'custom', message })
    return z.NEVER
  })
  finders.set(schema, find)
  return schema
}

// Scheme, host and port of an address as nearly all are written: lower case, nothing to be decoded.
const PLAIN_ORIGIN = /^https?:\/\/[a-z0-9.-]+(?::\d{1,5})?(?=[/?#]|$)/

function addressOf(text: unknown): string | undefined {
  if (typeof text !== 'string' || text.length > 2048 || !URL.canParse(text)) return undefined
  if (PLAIN_ORIGIN.test(text)) return text
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && !username && !password ? text : undefined
}

function referenceOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return addressOf(value)
  const { id, href } = value as Record<string, unknown>
  return addressOf(id) ?? (Array.isArray(href) ? addressOf(href[0]) : undefined)
}

export const instant = read(value => {
  const time = typeof value === 'string' && value.length <= 64 ? Date.parse(value) : Number.NaN
  return Number.isNaN(time) ? undefined : new Date(time)
}, 'not a time')

/** One line of plain text, cut to `limit` characters. */
export function line(limit: number) {
  return read(text => (typeof text === 'string' ? cut(htmlToText(text).replace(/\s+/g, ' ').trim(), limit) : undefined), 'not text')
}

/** Sanitised HTML. */
export const html = read(text => (typeof text === 'string' ? sanitiseHtml(text) : undefined), 'not text')

export function cut(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`
}

/** Same scheme, host and port: the most one id may vouch for another (FEP-fe34). */
export function sameOrigin(a: string, b: string): boolean {
  const origin = PLAIN_ORIGIN.exec(a)?.[0]
  // What follows an origin can't make an address invalid, nor change whose it is.
  if (origin && b.startsWith(origin) && /^(?:[/?#]|$)/.test(b.slice(origin.length, origin.length + 1))) return URL.canParse(origin)
  return URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin
}

/** One address in two spellings: the case of the host, a port that goes without saying (RFC 3986 section 6.2). */
export function sameAddress(a: string | undefined, b: string): boolean {
  return a === b || (a !== undefined && URL.canParse(a) && new URL(a).href === new URL(b).href)
}

export function typeOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && typeof (value as Normalised).type === 'string'
    ? (value as Normalised).type
    : undefined
}
