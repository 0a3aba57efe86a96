// One token: words, or a tag with attributes written as nearly everybody writes them.
const TOKEN = /[^<>&\0\r]+|<(\/?)(p|br|span|a|strong|em|b|i|u|del|code)((?: [a-z]+="[^"<>&\p{Cc}]*")*)( ?\/)?>/uy
const ATTRIBUTE = / ([a-z]+)="([^"]*)"/g
const DEEPEST = 20
/** Attributes that are taken, and those that are left out without a word. */
const TAKEN = new Set(['class', 'translate'])
const LEFT_OUT = new Set(['href', 'rel', 'target'])

/** What a sanitiser allows of the tags this knows. */
export type PlainRules = { classes: Record<'a' | 'span', readonly string[]>; rel: string; safeUrl(text: string): URL | undefined }

/**
 * What sanitize-html would make of a post as Mastodon and its kind write it: paragraphs, line breaks, simple words in bold, links and
 * the spans around them, every tag closed in its place. A parser takes twenty times as long to come to the same.
 * @returns undefined for anything else, which is for the parser to judge
 */
export function plainHtml(html: string, rules: PlainRules): string | undefined {
  const token = new RegExp(TOKEN)
  const open: string[] = []
  let clean = ''
  while (token.lastIndex < html.length) {
    const match = token.exec(html)
    if (!match) return undefined
    const [text, slash, name, attributes = '', selfClosed] = match
    if (name === undefined) clean += text
    else if (name === 'br') {
      if (slash || attributes) return undefined
      clean += '<br />'
    } else if (selfClosed) return undefined
    else if (slash) {
      if (attributes || open.pop() !== name) return undefined
      clean += text
    } else {
      // An open paragraph or link would be closed by another, so neither may be inside itself; a paragraph is inside nothing.
      if (open.length >= DEEPEST || (name === 'p' ? open.length > 0 : name === 'a' && open.includes('a'))) return undefined
      const shown = attributes || name === 'a' ? opened(name, attributes, rules) : text
      if (shown === undefined) return undefined
      open.push(name)
      clean += shown
    }
  }
  return open.length === 0 ? clean : undefined
}

function opened(name: string, attributes: string, { classes, rel, safeUrl }: PlainRules): string | undefined {
  if (name !== 'a' && name !== 'span') return undefined
  const seen = new Map<string, string>()
  for (const [, key = '', value = ''] of attributes.matchAll(ATTRIBUTE)) {
    if (seen.has(key) || !(TAKEN.has(key) || (name === 'a' && LEFT_OUT.has(key)))) return undefined
    if (key === 'class' && !value.split(' ').every(word => classes[name].includes(word))) return undefined
    if (key === 'translate' && value === '') return undefined
    seen.set(key, value)
  }
  let shown = `<${name}`
  if (name === 'a') {
    const href = safeUrl(seen.get('href') ?? '')?.href
    if (href === undefined || /[&<>"]/.test(href)) return undefined
    shown += ` href="${href}" rel="${rel}"`
  }
  for (const [key, value] of seen) if (TAKEN.has(key)) shown += ` ${key}="${value}"`
  return `${shown}>`
}
