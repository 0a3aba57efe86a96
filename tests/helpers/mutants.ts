import fc from 'fast-check'
import type { Json } from './guarding.ts'

/** Keys and values that JSON-LD, JavaScript or the reader could trip over. */
const KEYS = [
  ...[
    'id',
    'type',
    '@id',
    '@type',
    '@value',
    '@list',
    '@set',
    '@graph',
    '@included',
    '@reverse',
    '@language',
    '@nest',
    '@context',
    '@index',
  ],
  ...[
    'as:actor',
    'as:content',
    'sec:owner',
    'toot:featured',
    '_:x',
    '_:actor',
    'https://www.w3.org/ns/activitystreams#actor',
    'x:y',
    'urn:x',
  ],
  ...['actor', 'object', 'to', 'content', 'contentMap', 'name', 'nameMap', 'summary', 'summaryMap', 'items', 'orderedItems', 'focalPoint'],
  ...[
    'published',
    'url',
    'tag',
    'charter',
    'alsoKnownAs',
    'proof',
    'signature',
    'publicKey',
    'unknown',
    'two words',
    '',
    'toString',
    'then',
  ],
  ...[
    'hasOwnProperty',
    'q',
    'r',
    'l',
    'm',
    'j',
    'n',
    'v',
    'Note',
    'Public',
    'en',
    'none',
    'length',
    'votersCount',
    'conversation',
    'xsd',
    'as',
  ],
]
const VALUES: unknown[] = [
  ...[null, true, false, 0, -0, 1.5, 1e21, '', ' ', 'x', 'two words', [], {}, [[]], [null], [[1]], [1, 'x', null], ['x', {}], [{}, {}]],
  ...[
    'https://a.example/x',
    'http://schema.org#x',
    'https://www.w3.org/ns/activitystreams#Public',
    'as:Public',
    'as:x',
    'Public',
    'toot:x',
  ],
  ...[
    'https://www.w3.org/ns/activitystreams',
    'https://w3id.org/security#owner',
    'https://w3id.org/security#',
    '_:b0',
    '@id',
    '@none',
    '@x',
    'q:x',
  ],
  ...[
    'tag:a.example,2026:1',
    'urn:x',
    'acct:a@b',
    '//a.example/x',
    '/x',
    '../x',
    '?x',
    '#x',
    'HTTPS://a.example',
    'https://a b',
    'id',
    'type',
  ],
  ...['2026-01-01T00:00:00Z', 'Note', 'Person', 'http:x', 'https:', 'http://', 'archipelago:charter', 'security:x', 'vcard:x', 'ldp:inbox'],
  ...[
    { id: 'https://a.example/x' },
    { id: '_:b0' },
    { id: null },
    { id: 'x' },
    { id: 5 },
    { type: 'Note' },
    { type: ['Note', 'x'] },
    { type: null },
  ],
  ...[{ '@value': 'x' }, { '@value': 'x', '@language': 'en' }, { '@list': ['x'] }, { '@id': 'https://a.example/x' }, { '@type': 'Note' }],
  ...[
    { en: 'x' },
    { en: 'x', EN: 'y' },
    { en: ['x', 'y'] },
    { en: null },
    { '@none': 'x' },
    { none: 'x' },
    { 'not a language': 'x' },
    { en: 5 },
  ],
  ...[
    { id: 'https://a.example/x', name: null },
    { name: null },
    { unknown: { id: 'https://a.example/x' } },
    { content: [], contentMap: { en: 'x' } },
  ],
  ...[{ to: ['https://a.example/x', { id: 'https://a.example/y' }, { type: 'Note' }, 'x'] }, { edition: 1, agreements: [{ title: 'x' }] }],
]
/** What a term may be defined as. */
const DEFINITIONS: unknown[] = [
  ...[
    'as:x',
    'https://x.test/x',
    'https://x.test/ns#',
    'toot:x',
    'q:x',
    '@type',
    '@id',
    '@none',
    '@value',
    null,
    'as:content',
    'as:votersCount',
  ],
  ...[
    '_:',
    '_:x',
    'x',
    'urn:x:',
    'as:',
    'https://www.w3.org/ns/activitystreams#',
    'schema:x',
    'ldp:',
    'as:items',
    'as:summary',
    'archipelago:charter',
  ],
  ...['@id', '@vocab', '@json', '@none', 'xsd:dateTime', 'xsd:string', 'q:t'].map(type => ({ '@id': 'https://x.test/y', '@type': type })),
  ...['@id', '@json', 'xsd:float'].map(type => ({ '@id': 'as:latitude', '@type': type })),
  ...['@list', '@set', '@language', ['@language', '@set'], ['@set']].map(held => ({ '@id': 'https://x.test/z', '@container': held })),
  ...['@list', '@language'].map(held => ({ '@id': 'as:content', '@container': held })),
  ...[
    { '@id': 'as:items', '@type': '@id', '@container': '@list' },
    { '@id': 'https://x.test/l', '@type': '@id', '@container': '@list' },
  ],
  ...[
    { '@id': 'https://x.test/l', '@type': 'xsd:float', '@container': '@list' },
    { '@id': 'as:name', '@language': 'de' },
    { '@type': '@id' },
  ],
  ...[
    { '@id': 'as:name', '@language': null },
    { '@id': 'as:summary', '@direction': 'rtl' },
    { '@id': 'https://x.test/p', '@prefix': true },
    {},
  ],
  ...[{ '@reverse': 'as:actor' }, { '@id': 'as:object', '@context': { actor: 'as:target' } }, { '@id': 'as:x', '@nest': '@nest' }, 5, []],
  ...[
    { '@id': 'archipelago:charter', '@type': '@json' },
    { '@id': 'as:x', '@container': '@index' },
    { '@id': 'as:x', '@container': '@graph' },
  ],
]
// Without @import, which the guard refuses: it would spoil what jsonld remembers of the context that is imported.
const ENTRIES: unknown[] = [
  ...[
    'https://w3id.org/security/v1',
    'https://w3id.org/security/data-integrity/v1',
    'https://w3id.org/security/multikey/v1',
    'https://schema.org',
  ],
  ...[
    'https://www.w3.org/ns/cid/v1',
    'https://a.example/schemas/litepub-0.1.jsonld',
    'https://purl.archive.org/miscellany',
    'https://gotosocial.org/ns',
  ],
  ...[
    'https://unknown.example/ns',
    'relative',
    null,
    [],
    { '@language': 'en' },
    { '@vocab': 'https://x.test/ns#' },
    { '@vocab': null },
    { '@vocab': '_:' },
  ],
  ...[{ '@base': 'https://a.example/' }, { '@version': 1.1 }, { '@protected': true, x: 'as:x' }, { '@direction': 'rtl' }],
]

type Change = {
  at: number
  how: 'replace' | 'add' | 'join' | 'rename' | 'define' | 'extend'
  key: string
  value: unknown
  definition: unknown
  entry: unknown
}
const any = (values: readonly unknown[]) => fc.constantFrom<unknown>(...values)
const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(9_999),
  how: fc.constantFrom('replace', 'add', 'join', 'rename', 'define', 'extend'),
  key: fc.constantFrom(...KEYS),
  value: fc.oneof(
    { weight: 9, arbitrary: any(VALUES) },
    { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...KEYS), any(VALUES), { maxKeys: 4 }) },
  ),
  definition: any(DEFINITIONS),
  entry: any(ENTRIES),
})

function changed(document: Json, { at, how, key, definition, entry, ...change }: Change): Json {
  const value = structuredClone(change.value)
  const contexts = [document['@context'] ?? []].flat()
  if (how === 'define') return { ...document, '@context': [...contexts, { q: 'https://x.test/q#', [key]: definition }] }
  if (how === 'extend') return { ...document, '@context': at % 2 ? [...contexts, entry] : [entry, ...contexts] }
  const { holder, name } = places(document)[at % places(document).length]!
  if (how === 'replace') holder[name] = value
  else if (how === 'join') holder[name] = [holder[name], value]
  else if (how === 'add' && !Array.isArray(holder)) holder[key] = value
  else if (!Array.isArray(holder)) {
    holder[key] = holder[name]
    if (key !== name) delete holder[name]
  }
  return document
}

// Every place outside of the context.
function places(value: Json): { holder: Json; name: string }[] {
  return Object.entries(value).flatMap(([name, inner]) =>
    name === '@context' ? [] : [{ holder: value, name }, ...(typeof inner === 'object' && inner !== null ? places(inner as Json) : [])],
  )
}

/** Documents changed in up to three places, in their context or outside of it. Not guarded. */
export function mutants(documents: Json[]): fc.Arbitrary<Json> {
  return fc
    .tuple(fc.constantFrom(...documents), fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([document, changes]) => changes.reduce(changed, structuredClone(document)))
    .map(document => JSON.parse(JSON.stringify(document)) as Json)
}
