import { fitsHtml, markdownToHtml } from '../lib/markdown.ts'
import { escapeHtml, isWhole, sanitiseHtml } from '../lib/sanitise.ts'
import { Refusal } from './refusal.ts'

/** Somebody a post speaks to. `actor` is an IRI, `url` the page its link leads to. */
export type Mentioned = { actor: string; handle: string; host: string; url: string }

/** More are not looked up: a post is not a mailing list. */
const MOST_MENTIONS = 20
const MOST_HASHTAGS = 30

const HANDLE =
  /(?<![\p{L}\p{N}_@/.])@([\p{L}\p{N}_]{1,64}(?:[.-][\p{L}\p{N}_]{1,64}){0,8})@([\p{L}\p{N}][\p{L}\p{N}.-]{0,252}(?::\d{1,5})?)/gu
const HASHTAG = /(?<![\p{L}\p{N}_/#&;])#([\p{L}\p{M}\p{N}_]{1,100})/gu
const HASHTAG_LINK = /<a href="([^"]*)"[^>]* class="mention hashtag"[^>]*>#<span>([^<]*)<\/span><\/a>/g

/** `handle@host` of everybody a text names as `@handle@host`, outside of links and code; each once, at most 20. */
export function handlesIn(markdown: string): { handle: string; host: string }[] {
  const found = new Map<string, { handle: string; host: string }>()
  eachText(markdownToHtml(markdown), text => {
    for (const [, handle, host] of text.matchAll(HANDLE))
      found.set(keyOf(handle!, trimmed(host!)), { handle: handle!, host: trimmed(host!).toLowerCase() })
    return text
  })
  return [...found.values()].slice(0, MOST_MENTIONS)
}

/**
 * A post's HTML: its markdown, with links (as Mastodon writes them) where it names somebody known, and for its hashtags. A handle
 * nobody answers to stays the text it is.
 * @param origin of this node, where hashtags lead to
 * @throws Refusal when its end would be cut off, here and by whoever gets it
 */
export function postHtml(markdown: string, mentioned: readonly Mentioned[], origin: string): string {
  const known = new Map(mentioned.map(one => [keyOf(one.handle, one.host), one]))
  const linked = eachText(markdownToHtml(markdown, 'break'), text =>
    text
      .replace(HASHTAG, (whole, word: string) => (/\p{L}/u.test(word) ? hashtag(origin, word) : whole))
      .replace(HANDLE, (whole, handle: string, host: string) => {
        const one = known.get(keyOf(handle, trimmed(host)))
        return one ? mention(one) + host.slice(trimmed(host).length) : whole
      }),
  )
  if (!fitsHtml(markdown) || !isWhole(linked))
    throw new Refusal('invalid', 'This is too long: with what its paragraphs, lists and links are made of, its end would be cut off.')
  return sanitiseHtml(linked).trim()
}

/** The hashtags `postHtml` has linked, as they are written, each once and at most 30. */
export function hashtagsIn(html: string): { name: string; href: string }[] {
  const found = new Map<string, { name: string; href: string }>()
  for (const [, href, word] of html.matchAll(HASHTAG_LINK)) found.set(word!.toLowerCase(), { name: `#${word}`, href: unescaped(href!) })
  return [...found.values()].slice(0, MOST_HASHTAGS)
}

const keyOf = (handle: string, host: string) => `${handle}@${host}`.toLowerCase()
/** A full stop behind a handle ends the sentence. */
const trimmed = (host: string) => host.replace(/[.-]+$/, '')
const unescaped = (text: string) => text.replaceAll('&amp;', '&')

function mention({ handle, url }: Mentioned): string {
  return `<span class="h-card" translate="no"><a href="${escapeHtml(url)}" class="u-url mention">@<span>${escapeHtml(handle)}</span></a></span>`
}

function hashtag(origin: string, word: string): string {
  return `<a href="${escapeHtml(`${origin}/?q=${encodeURIComponent(word)}`)}" class="mention hashtag">#<span>${word}</span></a>`
}

/** Puts something in the place of each piece of text that is not in a link or in code. The HTML is the sanitiser's, so cutting it at tags is exact. */
function eachText(html: string, replace: (text: string) => string): string {
  let inside = 0
  return html.replace(/<(\/?)(?:a|code|pre)\b[^>]*>|<[^>]*>|[^<]+/g, (token: string, slash: string | undefined) => {
    if (slash !== undefined) inside += slash ? -1 : 1
    return token.startsWith('<') || inside > 0 ? token : replace(token)
  })
}
