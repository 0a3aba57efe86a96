import { z } from 'zod'
import { htmlToText, sanitiseHtml } from '../lib/sanitise.ts'
import type { Normalised } from './engine.ts'

// After JSON-LD every property is an array. These turn one into the single value, or the short list, that a field may hold.

/** The first value of a property that `schema` accepts. */
export function one<T extends z.ZodType>(schema: T) {
  return z
    .unknown()
    .optional()
    .transform((value): z.infer<T> | undefined => {
      // Most properties are not there, and to make an error takes longer than to read a value.
      if (value === undefined) return undefined
      for (const item of Array.isArray(value) ? value : [value]) {
        const parsed = schema.safeParse(item)
        if (parsed.success) return parsed.data
      }
      return undefined
    })
}

/** Every value of a property that `schema` accepts, at most `limit` of them. */
export function many<T extends z.ZodType>(schema: T, limit: number) {
  return z
    .unknown()
    .optional()
    .transform((value): z.infer<T>[] => {
      const items = value === undefined ? [] : Array.isArray(value) ? value : [value]
      return items.slice(0, limit).flatMap(item => {
        const parsed = schema.safeParse(item)
        return parsed.success ? [parsed.data] : []
      })
    })
}

/** An http(s) address without credentials, of at most 2,048 characters, as it was written. */
export const address = read(addressOf, 'not an http(s) address')

/** The id of something that is named or embedded. */
export const reference = read(referenceOf, 'names nothing')

// Written by hand, because every activity has dozens of them: zod's union would make an error for each shape a value does not have.
function read(find: (value: unknown) => string | undefined, message: string) {
  return z.unknown().transform((value, issue): string => {
    const found = find(value)
    if (found !== undefined) return found
    issue.addIssue({ code: 'custom', message })
    return z.NEVER
  })
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

export const instant = z
  .string()
  .max(64)
  .transform((text, issue) => {
    const time = Date.parse(text)
    if (!Number.isNaN(time)) return new Date(time)
    issue.addIssue({ code: 'custom', message: 'not a time' })
    return z.NEVER
  })

/** One line of plain text, cut to `limit` characters. */
export function line(limit: number) {
  return z.string().transform(text => cut(htmlToText(text).replace(/\s+/g, ' ').trim(), limit))
}

/** Sanitised HTML. */
export const html = z.string().transform(text => sanitiseHtml(text))

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
