import { document, element, escapeXml } from '../../lib/xml.ts'
import { spokenPath } from '../locale.ts'
import type { Feed, FeedItem } from './feed.ts'

/** A community's news as Atom (RFC 4287). */
export function asAtomFeed({ id, title, summary, page, language, updatedAt, items }: Feed): string {
  return document(
    element(
      'feed',
      { xmlns: 'http://www.w3.org/2005/Atom', 'xml:lang': language },
      text('title', title),
      text('subtitle', summary),
      text('id', id),
      text('updated', updatedAt.toISOString()),
      element('link', { rel: 'self', type: 'application/atom+xml', href: spokenPath(`${page}/feed.atom`, language) }),
      element('link', { rel: 'alternate', type: 'text/html', href: page }),
      text('logo', `${page}/card.png`),
      element('author', {}, text('name', title), text('uri', page)),
      ...items.map(atomEntry),
    ),
  )
}

function atomEntry({ id, url, title, html, publishedAt, updatedAt, language, kind }: FeedItem): string {
  return element(
    'entry',
    { 'xml:lang': language },
    text('title', title),
    text('id', id),
    text('published', publishedAt.toISOString()),
    text('updated', updatedAt.toISOString()),
    element('link', { rel: 'alternate', type: 'text/html', href: url }),
    element('category', { term: kind }),
    element('content', { type: 'html' }, escapeXml(html)),
  )
}

const text = (name: string, words: string) => element(name, {}, escapeXml(words))

/** The same as JSON Feed 1.1. */
export function asJsonFeed({ title, summary, page, language, items }: Feed): object {
  return {
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: page,
    feed_url: spokenPath(`${page}/feed.json`, language),
    description: summary,
    icon: `${page}/card.png`,
    language,
    authors: [{ name: title, url: page }],
    items: items.map(item => ({
      id: item.id,
      url: item.url,
      title: item.title,
      content_html: item.html,
      date_published: item.publishedAt.toISOString(),
      date_modified: item.updatedAt.toISOString(),
      ...(item.language ? { language: item.language } : {}),
      tags: [item.kind],
    })),
  }
}
