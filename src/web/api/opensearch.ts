import { document, element, escapeXml } from '../../lib/xml.ts'
import { spokenPath } from '../locale.ts'
import type { Words } from '../messages.ts'
import { FORMATS } from './format.ts'

/** The description by which a browser, or a program, learns to search this node (OpenSearch 1.1). @param name of whom the node belongs to */
export function openSearchDescription({ t, locale }: Words, origin: string, name: string): string {
  const text = (tag: string, words: string) => element(tag, {}, escapeXml(words))
  const place = (type: string, path: string) => element('Url', { type, template: `${origin}${path}` })
  return document(
    element(
      'OpenSearchDescription',
      { xmlns: 'http://a9.com/-/spec/opensearch/1.1/' },
      // At most 16 characters, says the specification.
      text('ShortName', 'Archipelago'),
      text('LongName', t('search.engine', { name }).slice(0, 48)),
      text('Description', t('search.engineHelp')),
      text('Language', locale),
      text('InputEncoding', 'UTF-8'),
      text('OutputEncoding', 'UTF-8'),
      element('Image', { type: 'image/svg+xml', width: '16', height: '16' }, escapeXml(`${origin}/assets/icon.svg`)),
      place('text/html', '/?q={searchTerms}'),
      place(FORMATS.atom, spokenPath('/api/directory?format=atom&q={searchTerms}', locale)),
      place(FORMATS.json, '/api/directory?q={searchTerms}'),
      place(FORMATS.geojson, '/api/directory?format=geojson&q={searchTerms}'),
      place('application/activity+json', '/search?q={searchTerms}'),
      element('Url', {
        type: 'application/opensearchdescription+xml',
        rel: 'self',
        template: `${origin}${spokenPath('/opensearch.xml', locale)}`,
      }),
    ),
  )
}
