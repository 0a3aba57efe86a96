import type { FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'

/** The languages the pages are written in, by BCP 47 tag, each by its own name. The first is spoken to whoever asks for none of them. */
export const LOCALES = { en: 'English', es: 'Español', fr: 'Français', de: 'Deutsch', pt: 'Português', ar: 'العربية' } as const
export type Locale = keyof typeof LOCALES
export const LOCALE_TAGS = Object.keys(LOCALES) as Locale[]

const COOKIE = 'lang'
const A_YEAR = 365 * 24 * 3600
/** What is taken along goes on speaking as the page it was taken from: who reads it later has no cookie of ours, and often no language. */
const TAKEN_ALONG = /^\/api\/directory$|\/(?:feed\.(?:atom|json)|card\.vcf|opensearch\.xml)$/

export const isLocale = (tag: unknown): tag is Locale => typeof tag === 'string' && Object.hasOwn(LOCALES, tag)
export const directionOf = (locale: Locale) => (locale === 'ar' ? 'rtl' : 'ltr')

/** What the address says, what the visitor has chosen here, or what their browser prefers. */
export function localeOf({ headers, query }: Pick<FastifyRequest, 'headers'> & { query?: unknown }): Locale {
  const { lang } = (query ?? {}) as { lang?: unknown }
  if (isLocale(lang)) return lang
  const chosen = new RegExp(`(?:^|;\\s*)${COOKIE}=([a-z]{2})(?:;|$)`).exec(headers.cookie ?? '')?.[1]
  if (isLocale(chosen)) return chosen
  const [preferred] = new Negotiator({ headers }).languages(LOCALE_TAGS)
  return isLocale(preferred) ? preferred : 'en'
}

/** `?lang=` on any page chooses a language: it is remembered, and the page opens again without it. */
export function chooseLocale(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { lang } = (request.query ?? {}) as { lang?: unknown }
  const { path, query } = partsOf(request.url)
  if (request.method !== 'GET' || !isLocale(lang) || TAKEN_ALONG.test(path)) {
    done()
    return
  }
  query.delete('lang')
  const asked = query.size > 0 ? query.toString() : queryBefore(request, path)
  reply.header('set-cookie', `${COOKIE}=${lang}; Path=/; Max-Age=${A_YEAR}; SameSite=Lax`)
  void reply.header('cache-control', 'no-store').redirect(asked ? `${path}?${asked}` : path, 303)
}

/** The address of what is taken along from a page, in the language of the page. Without one it is English, unless it is asked for otherwise. */
export function spokenPath(path: string, locale: Locale): string {
  return locale === 'en' ? path : `${path}${path.includes('?') ? '&' : '?'}lang=${locale}`
}

/** The address of a page in another language. It repeats of an address only what the page itself says is its own. */
export function pathIn(locale: Locale, { here, canonical }: { here: string; canonical: string }): string {
  const { path } = partsOf(here)
  const own = partsOf(canonical)
  const query = canonical.startsWith('/') && own.path === path ? own.query : new URLSearchParams()
  query.set('lang', locale)
  return `${path}?${query}`
}

// The link says less than the address of the page it stands on. The browser tells the rest, if it comes from that very page.
function queryBefore({ headers: { referer = '', host } }: FastifyRequest, path: string): string {
  const before = URL.canParse(referer) ? new URL(referer) : undefined
  if (before?.host !== host || before?.pathname !== path) return ''
  before.searchParams.delete('lang')
  return before.searchParams.toString()
}

// Not as URLs are read: what begins with two slashes would be another host, and some would not be read at all.
function partsOf(address: string): { path: string; query: URLSearchParams } {
  const [path = '', ...rest] = address.split('?')
  return { path: `/${path.replace(/^[/\\\s]+/, '')}`, query: new URLSearchParams(rest.join('?')) }
}
