import { createRequire } from 'node:module'
import type sanitize from 'sanitize-html'
import { lazy } from './lazy.ts'
import { plainHtml } from './plain-html.ts'

const sanitizer = lazy(() => createRequire(import.meta.url)('sanitize-html') as typeof sanitize)

/** Longest HTML or markdown that is looked at, in UTF-16 units. What stands beyond is cut off. */
export const LONGEST_TEXT = 100_000

// A parser's stack of open elements costs the square of their number.
const MOST_TAGS = 10_000
const REL = 'nofollow noopener noreferrer'
const BLOCKS = new Set(['p', 'br', 'li', 'ul', 'ol', 'pre', 'blockquote', 'h3', 'h4', 'h5'])
const CLASSES = ['mention', 'hashtag', 'u-url', 'h-card', 'invisible', 'ellipsis', 'quote-inline']

// What Mastodon shows (its sanitize_config), without images. A page has its own h1 and h2, so content starts at h3.
const OPTIONS: sanitize.IOptions = {
  allowedTags: [
    ...['p', 'br', 'span', 'a', 'abbr', 'del', 's', 'pre', 'blockquote', 'code', 'b', 'strong', 'u', 'sub', 'sup', 'i', 'em'],
    ...['h3', 'h4', 'h5', 'ul', 'ol', 'li', 'ruby', 'rt', 'rp'],
  ],
  allowedAttributes: {
    '*': ['lang'],
    a: ['href', 'rel', 'class', 'translate'],
    span: ['class', 'translate'],
    p: ['class'],
    abbr: ['title'],
    ol: ['start', 'reversed'],
    li: ['value'],
  },
  allowedClasses: { a: CLASSES, span: CLASSES, p: ['quote-inline'] },
  allowedSchemes: ['http', 'https'],
  allowProtocolRelative: false,
  nonTextTags: ['script', 'style', 'textarea', 'option', 'noscript', 'template', 'iframe', 'object', 'svg', 'math', 'title'],
  nestingLimit: 40,
  parseStyleAttributes: false,
  transformTags: {
    h1: 'h3',
    h2: 'h3',
    h6: 'h5',
    a: (_tag, { href, rel: _rel, ...rest }): sanitize.Tag => {
      const url = safeUrl(href ?? '')
      return url ? { tagName: 'a', attribs: { href: url.href, rel: REL, ...rest } } : { tagName: 'span', attribs: {} }
    },
  },
}

const PLAIN = { classes: { a: CLASSES, span: CLASSES }, rel: REL, safeUrl }

/** The allowed part of a piece of HTML, as a parser sees it: what `plainHtml` must agree with. */
export function parsedHtml(html: string): string {
  return sanitizer()(html, OPTIONS)
}

/**
 * The one gate for HTML that others wrote. Keeps text, structure and http(s) links; everything that could run, load, style or
 * pretend is gone. Never throws, and takes bounded time on any input. Giving it its own output changes nothing.
 */
export function sanitiseHtml(html: string): string {
  try {
    const cut = bounded(html).split('<', MOST_TAGS).join('<')
    return honestLinks(plainHtml(cut, PLAIN) ?? parsedHtml(cut))
  } catch {
    return escapeHtml(bounded(html))
  }
}

/** Whether {@link sanitiseHtml} looks at all of a piece of HTML and cuts nothing off. */
export function isWhole(html: string): boolean {
  return html.length <= LONGEST_TEXT && html.split('<', MOST_TAGS + 1).length <= MOST_TAGS
}

/** The words of a piece of HTML, with a line break where a block ends. */
export function htmlToText(html: string): string {
  let text = ''
  for (const token of tokens(sanitiseHtml(html))) {
    if (!token.startsWith('<')) text += unescapeHtml(token)
    else if (BLOCKS.has(tagName(token))) text += '\n'
  }
  return text
    .replace(/[^\S\n]+/g, ' ')
    .replace(/ ?\n[\n ]*/g, '\n')
    .trim()
}

/** At most {@link LONGEST_TEXT} of a text; half characters, as a cut leaves them, become U+FFFD. */
export function bounded(text: string): string {
  return text.slice(0, LONGEST_TEXT).replace(/\p{Surrogate}/gu, '\uFFFD')
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, char => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[char] ?? '&quot;')
}

/** An absolute http(s) address without a user name in it, or nothing. Hosts longer than DNS allows only push the real one out of sight. */
export function safeUrl(text: string): URL | undefined {
  if (text.length > 2048 || !URL.canParse(text)) return undefined
  const url = new URL(text)
  const plain = url.username === '' && url.password === '' && url.hostname !== '' && url.hostname.length <= 253
  return plain && (url.protocol === 'https:' || url.protocol === 'http:') ? url : undefined
}

function unescapeHtml(text: string): string {
  return text.replace(/&(amp|lt|gt|quot);/g, (_, name: string) => ({ amp: '&', lt: '<', gt: '>' })[name] ?? '"')
}

// The sanitiser's output is canonical: a bare < or > is always part of a tag, so cutting it at tags is exact.
function tokens(clean: string): string[] {
  return clean.match(/<[^>]*>|[^<]+/g) ?? []
}

function tagName(token: string): string {
  return /^<\/?([a-z0-9]+)/.exec(token)?.[1] ?? ''
}

/**
 * Links are not nested, and their words don't hide where they lead: `invisible` and `ellipsis` stay only on a shortened form of the
 * link's own address, as Mastodon writes it, and words that name another host get the real one behind them.
 */
function honestLinks(clean: string): string {
  const out: string[] = []
  let link: string[] | undefined
  let depth = 0
  for (const token of tokens(clean)) {
    const tag = tagName(token)
    if (tag !== 'a') (link ?? out).push(token)
    else if (token.startsWith('</')) {
      depth -= 1
      if (depth === 0 && link) out.push(...honest(link))
      if (depth === 0) link = undefined
    } else {
      depth += 1
      if (depth === 1) link = [token]
    }
  }
  return out.join('') + (link ? honest(link).join('') : '')
}

function honest(link: string[]): string[] {
  const [open = '', ...inner] = link
  const href = unescapeHtml(/ href="([^"]*)"/.exec(open)?.[1] ?? '')
  const words = inner
    .map(token => (token.startsWith('<') ? '' : unescapeHtml(token)))
    .join('')
    .trim()
  if (shortens(inner, words, href)) return [open, ...inner, '</a>']
  const shown = inner.map(token => (token.startsWith('<') ? token.replace(/ class="[^"]*\b(?:invisible|ellipsis)\b[^"]*"/, '') : token))
  const host = new URL(href).host
  const real = namesAnotherHost(words, host) && !words.endsWith(`(${host})`) ? [` (${host})`] : []
  return [open, ...shown, ...real, '</a>']
}

// Only the scheme may be hidden in front of the host; what is hidden behind it is the end of the path.
function shortens(inner: string[], words: string, href: string): boolean {
  if (words !== href && `${words}/` !== href) return false
  const first = inner.findIndex(token => !token.startsWith('<'))
  const before = inner.slice(0, first).join('')
  return !before.includes('invisible') || /^https?:\/\/(www\.)?$/.test(unescapeHtml(inner[first] ?? ''))
}

function namesAnotherHost(words: string, host: string): boolean {
  const named =
    words
      .slice(0, 2048)
      .toLowerCase()
      .match(/[\p{L}\p{N}-]{1,63}(?:[.。．｡][\p{L}\p{N}-]{1,63})+/gu) ?? []
  const bare = (name: string) => name.replace(/^www\./, '').replace(/:\d+$/, '')
  return named.some(name => /\p{L}{2,}$/u.test(name) && bare(name) !== bare(host))
}
