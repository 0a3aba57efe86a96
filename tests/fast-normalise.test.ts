import { readdirSync, readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { actorDocument, createDocument, followDocument, makeWorld, peer } from '../bench/world.ts'
import type { Context } from '../src/context.ts'
import { openDatabase } from '../src/db/open.ts'
import { createApex, createReaders } from '../src/federation/engine.ts'
import { AS, type Json } from './helpers/guarding.ts'
import { mutants } from './helpers/mutants.ts'
import { root } from './helpers/root.ts'

const FOLDER = new URL('tests/vectors/documents/', root)
const db = openDatabase(':memory:')
t.teardown(() => db.$client.close())
const readers = createReaders(
  createApex({ config: { publicUrl: 'https://node.test', version: '0' }, db, now: () => new Date() } as Context),
)

const world = makeWorld({ hosts: 2, port: 80, keys: 1 })
const received: Record<string, Json> = Object.fromEntries(
  readdirSync(FOLDER)
    .filter(name => name.endsWith('.json'))
    .map(name => [name.slice(0, -'.json'.length), JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as Json]),
)
const samples: Record<string, Json> = {
  ...received,
  'bench-actor': actorDocument(peer(world, 1)) as Json,
  'bench-create': createDocument(peer(world, 1), '7', new Date(0)) as Json,
  'bench-follow': followDocument(peer(world, 1), '7', 'https://oak.example/c/oak') as Json,
}

/** Each reader with a copy of its own: activitypub-express changes the context of what it reads. */
async function both(document: Json): Promise<{ fast: unknown; slow: unknown }> {
  const { fast, slow } = readers
  return { fast: await fast(structuredClone(document)), slow: await slow(structuredClone(document)) }
}

async function agrees(document: Json): Promise<'fast' | 'slow'> {
  const { fast, slow } = await both(document)
  if (fast !== undefined && !isDeepStrictEqual(fast, slow))
    throw new Error(`read as ${JSON.stringify(fast)} and not as ${JSON.stringify(slow)}: ${JSON.stringify(document)}`)
  return fast === undefined ? 'slow' : 'fast'
}

// Each for a reason of its own: `@type` inside, a context inside, contexts that are not bundled, an id that is relative.
const UNUSUAL = ['epicyon-actor', 'lemmy-announce-create-page', 'mobilizon-create-event', 'mobilizon-group']

t.test('documents as real servers send them are read fast, and as the processor reads them', async t => {
  for (const [name, document] of Object.entries(samples)) {
    const { fast, slow } = await both(document)
    t.ok(slow, `${name} can be read`)
    if (UNUSUAL.includes(name)) t.equal(fast, undefined, `${name} is left to the processor`)
    else t.strictSame(fast, slow, name)
  }
})

t.test('identity terms mean what ActivityStreams says, or nothing is read fast (O-47, O-49, O-53)', async t => {
  const base = { id: 'https://evil.example/a', type: 'Create', actor: 'https://evil.example/u', object: 'https://evil.example/o' }
  const mine = { actor: ['https://evil.example/u'], object: ['https://evil.example/o'] }
  const read = async (context: unknown, more: Json = {}) => (await both({ '@context': context, ...base, ...more })).fast as Json | undefined
  t.match(await read([AS, { attributedTo: { '@id': 'as:attributedTo', '@type': '@id' } }]), mine, 'said again')
  for (const [why, context, more] of [
    ['hidden in a graph', AS, { '@graph': [{ id: 'https://victim.example/a' }] }],
    ['hidden in a reverse property', AS, { '@reverse': { object: { id: 'https://victim.example/a' } } }],
    ['a second id', AS, { '@id': 'https://victim.example/a' }],
    ['two actors under two names', AS, { 'as:actor': { id: 'https://victim.example/u' } }],
    ['two types', AS, { type: ['Create', 'Delete'] }],
    ['an alias of type', [AS, { kind: '@type' }], { kind: 'Delete' }],
    ['no ActivityStreams', 'https://w3id.org/security/v1', {}],
    ['a context that is not here', [AS, 'https://evil.example/context'], {}],
    ['a context forgotten', [AS, null, AS], {}],
    ['a scoped context', [AS, { object: { '@id': 'as:object', '@type': '@id', '@context': { id: 'as:url' } } }], {}],
    ['a default language that is empty', [AS, { '@language': '' }], {}],
    ['a default language that is none', [AS, { '@language': false }], {}],
    ['a base', [AS, { '@base': 'https://victim.example/' }], {}],
  ] as [string, unknown, Json][])
    t.equal(await read(context, more), undefined, why)
  t.match(await read([AS, { '@language': 'und' }]), mine, 'a default language, which the engine takes away')
})

t.test('a context in many forms is remembered up to a point, and read the same each time', async t => {
  for (let round = 0; round < 2; round++)
    for (let n = 0; n < 300; n++) {
      const document = { '@context': [AS, { [`t${n}`]: `https://x.test/${n}` }], id: 'https://a.example/x', type: 'Note', [`t${n}`]: 'x' }
      const { fast, slow } = await both(document)
      if (!isDeepStrictEqual(fast, slow)) t.fail(`${n} in round ${round}`)
    }
  t.pass('600 documents in 300 contexts')
})

t.test('the words of a language map stay in the order of the processor', async t => {
  const document = { '@context': AS, id: 'https://a.example/x', type: 'Note', contentMap: { fr: 'deux', de: 'eins' } }
  const { fast, slow } = await both(document)
  t.same(Object.keys((fast as Json).contentMap as Json), ['de', 'fr'])
  t.same(Object.keys((slow as Json).contentMap as Json), ['de', 'fr'])
})

const runs = Number(process.env.RUNS ?? 2_000)

t.test('O-47, O-49 whatever the fast way answers, the processor answers too', { timeout: 120_000 + runs * 10 }, async t => {
  const ways = { fast: 0, slow: 0 }
  // Unguarded: the guard only makes this easier.
  const property = fc.asyncProperty(mutants(Object.values(samples)), async document => {
    ways[await agrees(document)]++
  })
  await t.resolves(fc.assert(property, { numRuns: runs }))
  t.ok(ways.fast > runs / 5, `${ways.fast} read fast, ${ways.slow} left to the processor`)
})
