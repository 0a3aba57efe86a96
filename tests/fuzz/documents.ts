import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { root } from '../helpers/root.ts'

type Json = Record<string, unknown>
/** Where a mutation happens, as a share of all the places there are, and what it does there. */
type Mutation = { at: number; kind: (typeof KINDS)[number]; value: unknown }

const KINDS = ['replace', 'remove', 'add', 'wrap', 'deepen', 'rename'] as const
const FOLDER = new URL('tests/vectors/documents/', root)

/** Names that mean something to somebody on the way: JSON-LD, JavaScript, ActivityStreams. */
const NAMES = [
  ...['@context', '@id', '@type', '@value', '@graph', '@included', '@reverse', '@list', '@set', '@nest', '@language', '@json', '@import'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'length', '', ' ', '_meta', 'as:actor', 'as:object'],
  ...['id', 'type', 'actor', 'object', 'target', 'attributedTo', 'inbox', 'publicKey', 'proof', 'signature', 'to', 'cc', 'tag', 'url'],
  ...['content', 'summary', 'name', 'published', 'updated', 'inReplyTo', 'endpoints', 'charter', 'assertionMethod', 'owner'],
]

const ADDRESSES = [
  ...['https://elm.example/users/elm', 'https://elm.example/users/elm#main-key', 'https://oak.example/c/oak', 'https://oak.example/node'],
  ...['https://elm.example', 'HTTPS://ELM.EXAMPLE/users/elm', 'https://elm.example:443/users/elm', 'https://user:pass@elm.example/'],
  ...[
    'http://127.0.0.1/',
    'http://[::1]/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:,x',
    'urn:uuid:1',
    'https://',
    '//elm.example',
    '_:b0',
  ],
  ...[
    'as:Public',
    'Public',
    'https://www.w3.org/ns/activitystreams#Public',
    'https://www.w3.org/ns/activitystreams',
    'https://w3id.org/security/v1',
  ],
]

/** A number from 0 up to 1, each as likely; fast-check's own doubles are nearly all close to 0. */
export function share(): fc.Arbitrary<number> {
  return fc.noBias(fc.nat(999_999)).map(n => n / 1_000_000)
}

/** Values that have broken something somewhere. */
export function nasty(): fc.Arbitrary<unknown> {
  return fc.oneof(
    fc.constantFrom<unknown>(
      null,
      true,
      false,
      0,
      -0,
      -1,
      1e308,
      5e-324,
      2 ** 53,
      '',
      ' ',
      '\0',
      '\ud800',
      '\u202e',
      '\ufeff',
      [],
      {},
      [[]],
      [null],
    ),
    fc.constantFrom(...ADDRESSES),
    fc.constantFrom(...NAMES),
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.constantFrom('2026-01-01T00:00:00Z', '+275760-09-13T00:00:00Z', '-000001-01-01T00:00:00Z', '2026-13-45', 'Infinity', '0'),
    fc.constantFrom('Create', 'Update', 'Delete', 'Follow', 'Undo', 'Accept', 'Note', 'Person', 'Tombstone', 'Key'),
    fc.constantFrom('x'.repeat(5_000), '<'.repeat(3_000), 'é'.repeat(2_000), '<p>'.repeat(1_000)),
    fc.dictionary(fc.constantFrom(...NAMES), fc.oneof(fc.constantFrom(...ADDRESSES), fc.jsonValue({ maxDepth: 2 })), { maxKeys: 4 }),
    fc.jsonValue({ maxDepth: 3 }),
  )
}

/** A document as real software sends it, changed in up to six places. Ids are moved to `friend`'s server, and what is ours to us. */
export function documents(friend: { id: string; origin: string }, us: string): fc.Arbitrary<Json> {
  const examples = readdirSync(FOLDER)
    .filter(name => name.endsWith('.json'))
    .map(name => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Json)
    .map(document => moved(document, friend, us))
  const mutation = fc.record({
    at: share(),
    kind: fc.constantFrom(...KINDS),
    value: nasty(),
  })
  return fc
    .tuple(fc.constantFrom(...examples), fc.uuid(), fc.array(mutation, { maxLength: 6 }))
    .map(([example, id, mutations]) => asSent(mutations.reduce(mutate, { ...structuredClone(example), id: `${friend.origin}/${id}` })))
}

// What JSON can't say is not sent.
function asSent(document: Json): Json {
  return JSON.parse(JSON.stringify(document)) as Json
}

/** The bytes of a document, sometimes cut, sometimes with other bytes in them. */
export function bytes(document: fc.Arbitrary<unknown>): fc.Arbitrary<Buffer> {
  const whole = document.map(value => Buffer.from(JSON.stringify(value) ?? ''))
  const damage = fc.record({ at: share(), put: fc.uint8Array({ maxLength: 8 }), cut: fc.boolean() })
  const damaged = fc.tuple(whole, damage).map(([body, { at, put, cut }]) => {
    const place = Math.floor(at * body.length)
    return Buffer.concat([body.subarray(0, place), put, cut ? Buffer.alloc(0) : body.subarray(place)])
  })
  const deep = fc.integer({ min: 1, max: 50_000 }).map(depth => Buffer.from(`${'['.repeat(depth)}${']'.repeat(depth)}`))
  return fc.oneof({ weight: 6, arbitrary: whole }, { weight: 3, arbitrary: damaged }, { weight: 1, arbitrary: deep })
}

function moved(document: Json, friend: { id: string; origin: string }, us: string): Json {
  const speaker = [document.actor, document.attributedTo, document.id].find(it => typeof it === 'string' && URL.canParse(it)) as string
  const text = JSON.stringify(document).replaceAll(speaker, friend.id).replaceAll(new URL(speaker).origin, friend.origin)
  return JSON.parse(text.replaceAll('https://oak.example/c/oak', us)) as Json
}

function mutate(document: Json, { at, kind, value }: Mutation): Json {
  const places = placesOf(document)
  const { holder, key } = places[Math.floor(at * places.length)] ?? { holder: document, key: 'object' }
  const known = holder[key]
  if (kind === 'replace') put(holder, key, value)
  else if (kind === 'remove') delete holder[key]
  else if (kind === 'wrap') put(holder, key, [known, value])
  else if (kind === 'deepen')
    put(
      holder,
      key,
      Array.from({ length: 70 }).reduce((inner: unknown) => ({ object: inner }), known),
    )
  else if (kind === 'rename') {
    delete holder[key]
    put(holder, typeof value === 'string' ? value : '@id', known)
  } else put(holder, NAMES[Math.floor(at * 7919) % NAMES.length]!, value)
  return document
}

// An own property even where the name is __proto__, as JSON.parse makes it.
function put(holder: Json, key: string, value: unknown): void {
  if (Array.isArray(holder) && !/^\d+$/.test(key)) return void holder.push(value)
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true })
}

function placesOf(document: Json): { holder: Json; key: string }[] {
  const places: { holder: Json; key: string }[] = []
  const waiting: { holder: Json; depth: number }[] = [{ holder: document, depth: 0 }]
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { holder, depth } = next
    for (const [key, value] of Object.entries(holder)) {
      places.push({ holder, key })
      if (typeof value === 'object' && value !== null && depth < 8) waiting.push({ holder: value as Json, depth: depth + 1 })
    }
  }
  return places
}
