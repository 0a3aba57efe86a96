import { document, element, escapeXml } from '../../lib/xml.ts'
import { factsIn } from '../charter-value.ts'
import type { Words } from '../messages.ts'
import { labelIn } from '../parts/label.ts'
import type { Item } from './schemas.ts'

/** What a feed says of itself. Addresses are absolute. */
export type Feed = {
  title: string
  /** The first page: it is the same for every page, and so the feed's id. */
  first: string
  self: string
  next: string | undefined
  /** The same search as a page for people. */
  page: string
}

// A feed must say when it changed, and one that was always empty never did.
const NEVER = '1970-01-01T00:00:00.000Z'

/** Communities as a feed (RFC 4287): an entry is a community, new when it is new and changed when its charter is. */
export function asAtom(words: Words, items: readonly Item[], { title, first, self, next, page }: Feed): string {
  const updated = items.reduce((latest, item) => (item.publishedAt > latest ? item.publishedAt : latest), items[0]?.publishedAt ?? NEVER)
  return document(
    element(
      'feed',
      { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': words.locale },
      text('title', title),
      text('id', first),
      text('updated', updated),
      element('link', { rel: 'self', type: 'application/atom+xml', href: self }),
      ...(self === first ? [] : [element('link', { rel: 'first', type: 'application/atom+xml', href: first })]),
      ...(next ? [element('link', { rel: 'next', type: 'application/atom+xml', href: next })] : []),
      element('link', { rel: 'alternate', type: 'text/html', href: page }),
      ...items.map(item => entry(words, item)),
    ),
  )
}

function entry(words: Words, { actor, name, url, summary, themes, kind, charter, publishedAt, address }: Item): string {
  const terms = [...themes.map(theme => ['theme', theme] as const), ...kind.map(value => ['kind', value] as const)]
  const facts = factsIn(words, charter).map(fact => `${fact.name}: ${fact.value}`)
  return element(
    'entry',
    {},
    text('title', name),
    text('id', actor),
    text('updated', publishedAt),
    element('link', { rel: 'alternate', type: 'text/html', href: url }),
    element('author', {}, text('name', name), text('uri', actor)),
    ...terms.map(([field, term]) => element('category', { term, label: labelIn(words)(field, term) })),
    text('summary', summary),
    element('content', { type: 'text' }, escapeXml([summary, ...facts, address].join('\n'))),
  )
}

const text = (name: string, words: string) => element(name, {}, escapeXml(words))
