import type { FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'

/** The languages the pages are written in, by BCP 47 tag, each by its own name. The first is spoken to whoever asks for none of them. */
export const LOCALES = { en: 'English', es: 'Español', fr: 'Français', de: 'Deutsch', pt: 'Português', ar: 'العربية' } as const
export type Locale = keyof typeof LOCALES

const COOKIE = 'lang'
const A_YEAR = 365 * 24 * 3600

export const isLocale = (tag: unknown): tag is Locale => typeof tag === 'string' && Object.hasOwn(LOCALES, tag)
export const directionOf = (locale: Locale) => (locale === 'ar' ? 'rtl' : 'ltr')

/** What the visitor has chosen here, or what their browser prefers. */
export function localeOf({ headers }: Pick<FastifyRequest, 'headers'>): Locale {
  const chosen = new RegExp(`(?:^|;\\s*)${COOKIE}=([a-z]{2})(?:;|$)`).exec(headers.cookie ?? '')?.[1]
  if (isLocale(chosen)) return chosen
  const [preferred] = new Negotiator({ headers }).languages(Object.keys(LOCALES))
  return isLocale(preferred) ? preferred : 'en'
}

/** `?lang=` on any page chooses a language: it is remembered, and the page opens again without it. */
export function chooseLocale(request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  const { lang } = (request.query ?? {}) as { lang?: unknown }
  if (request.method !== 'GET' || !isLocale(lang)) {
    done()
    return
  }
  const url = new URL(request.url, 'http://here.invalid')
  url.searchParams.delete('lang')
  reply.header('set-cookie', `${COOKIE}=${lang}; Path=/; Max-Age=${A_YEAR}; SameSite=Lax`)
  // A path that begins with two slashes would lead to another host.
  void reply.header('cache-control', 'no-store').redirect(`${url.pathname.replace(/^\/+/, '/')}${url.search}`, 303)
}
