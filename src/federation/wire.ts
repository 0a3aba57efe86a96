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

/** An http(s) address without credentials, as parsed: host in lower case, at most 2,048 characters. */
export const address = z
  .string()
  .max(2048)
  .transform((text, issue) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url && /^https?:$/.test(url.protocol) && !url.username && !url.password) return text
    issue.addIssue({ code: 'custom', message: 'not an http(s) address' })
    return z.NEVER
  })

/** The id of something that is named or embedded. */
export const reference = z.union([
  address,
  z.looseObject({ id: address }).transform(object => object.id),
  z.looseObject({ href: z.tuple([address]).rest(z.unknown()) }).transform(link => link.href[0]),
])

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
  return URL.canParse(a) && URL.canParse(b) && new URL(a).origin === new URL(b).origin
}

export function typeOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && typeof (value as Normalised).type === 'string'
    ? (value as Normalised).type
    : undefined
}
