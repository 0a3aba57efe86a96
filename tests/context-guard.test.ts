import fc from 'fast-check'
import t from 'tap'
import type { Context } from '../src/context.ts'
import { openDatabase } from '../src/db/open.ts'
import { bundledAddresses, bundledContext } from '../src/federation/contexts/index.ts'
import { createEngine } from '../src/federation/engine.ts'
import { DocumentRefusal, guardDocument } from '../src/federation/guard.ts'
import { isIdentityDefinition, isProtected, plainIri } from '../src/federation/identity-terms.ts'
import { AS, inContext, type Json, NOTE, note, refuses, takes } from './helpers/guarding.ts'

t.test('a charter travels as a JSON literal, in a context of our own terms', async t => {
  const terms = {
    archipelago: 'https://w3id.org/archipelago#',
    security: 'https://w3id.org/security#',
    Multikey: 'security:Multikey',
    assertionMethod: { '@id': 'security:assertionMethod', '@type': '@id', '@container': '@set' },
    controller: { '@id': 'security:controller', '@type': '@id' },
    publicKeyMultibase: { '@id': 'security:publicKeyMultibase', '@type': 'security:multibase' },
    charter: { '@id': 'archipelago:charter', '@type': '@json' },
  }
  takes(
    t,
    { ...inContext('https://w3id.org/security/v1', terms), charter: { edition: 1, agreements: [{ title: 'Work', text: 'x' }] } },
    'our own',
  )
  for (const term of ['@list', '@set', '@language', ['@set'], ['@language', '@set']])
    takes(t, inContext({ x: { '@id': 'https://x.test/x', '@container': term } }), `container ${term}`)
})

t.test('O-47 nothing moves statements to where a plain reader does not see them', async t => {
  const hidden = { id: 'https://victim.test/n/1', type: 'Note' }
  for (const key of [
    '@graph',
    '@included',
    '@reverse',
    '@nest',
    '@list',
    '@set',
    '@index',
    '@id',
    '@base',
    '@vocab',
    '@json',
    '@anything',
  ]) {
    refuses(t, 'keyword', note({ [key]: [hidden] }), key)
    refuses(t, 'keyword', note({ object: { [key]: [hidden] } }), `${key} inside`)
    refuses(t, 'keyword', note({ object: [{ a: [{ [key]: hidden }] }] }), `${key} deep inside`)
  }
  for (const key of ['@type', '@value', '@language']) refuses(t, 'keyword', note({ [key]: 'x' }), `${key} at the top`)
  refuses(t, 'keyword', note({ object: { type: 'Note', '@type': 'Follow' } }), 'two types')
  takes(t, note({ attachment: [{ '@type': 'Occupation' }], name: { '@value': 'x', '@language': 'en' } }), 'what is in use')
  for (const keyword of [
    '@graph',
    '@included',
    '@reverse',
    '@nest',
    '@list',
    '@set',
    '@value',
    '@none',
    '@context',
    '@json',
    '@id',
    '@type',
  ]) {
    refuses(t, 'identity', { ...inContext({ also: keyword }), also: [hidden] }, `an alias of ${keyword}`)
    refuses(t, 'identity', { ...inContext({ also: { '@id': keyword } }), also: [hidden] }, `an alias of ${keyword}, in long`)
  }
  refuses(t, 'context', inContext({ also: { '@reverse': 'as:object' } }), 'a reverse term')
  refuses(t, 'context', inContext({ also: { '@id': 'https://x.test/x', '@nest': '@nest' } }), 'a nested term')
  for (const container of ['@graph', '@id', '@type', '@index', ['@graph', '@set'], 1, {}, '@lists', ['@set', '@set', '@set', '@set']])
    refuses(
      t,
      'context',
      inContext({ also: { '@id': 'https://x.test/x', '@container': container } }),
      `container ${JSON.stringify(container)}`,
    )
})

t.test('O-49 nobody gives identity another name, or its name to something else', async t => {
  const identity = [
    'actor',
    'object',
    'attributedTo',
    'target',
    'to',
    'cc',
    'inbox',
    'outbox',
    'followers',
    'publicKey',
    'owner',
    'publicKeyPem',
    'proof',
    'assertionMethod',
    'alsoKnownAs',
    'preferredUsername',
    'orderedItems',
    'Follow',
    'Person',
    'id',
    'type',
  ]
  for (const term of identity) {
    const definitions: unknown[] = [
      'https://evil.test/ns#x',
      null,
      '@id',
      '@type',
      '',
      term,
      { '@id': 'https://evil.test/ns#x' },
      { '@id': null },
      { '@type': '@json' },
      {},
      'as:instrument',
      `x:${term}`,
    ]
    for (const definition of definitions.filter(it => !((term === 'id' && it === '@id') || (term === 'type' && it === '@type'))))
      refuses(t, 'identity', inContext({ [term]: definition }), `${term} is ${JSON.stringify(definition)}`)
  }
  for (const term of ['actor', 'object', 'inbox', 'publicKey', 'Delete']) {
    const iri = plainIri(term)!
    const [prefix, rest] = [iri.slice(0, iri.length - 3), iri.slice(-3)]
    refuses(t, 'identity', { ...inContext({ also: iri }), also: 'x' }, `a second name for ${term}`)
    refuses(t, 'identity', inContext({ also: term }), 'by its first name')
    refuses(t, 'identity', inContext({ p: prefix, also: `p:${rest}` }), 'in two parts')
    refuses(t, 'identity', inContext({ also: `p:${rest}`, p: 'q:', q: prefix }), 'in two parts, twice removed')
    refuses(t, 'identity', inContext({ p: prefix }, { also: { '@id': `p:${rest}` } }), 'in two entries')
    refuses(t, 'identity', { ...NOTE, object: { '@context': { also: iri }, also: 'x' } }, 'inside')
    refuses(t, 'identity', { ...inContext({ p: prefix }), object: { '@context': { also: `p:${rest}` } } }, 'with the prefix of the outside')
    refuses(t, 'identity', { ...inContext({ p: prefix }), [`p:${rest}`]: 'x' }, 'as a key in two parts')
    refuses(t, 'identity', note({ [iri]: 'x' }), 'as a key in full')
    refuses(t, 'identity', note({ object: [{ [iri]: 'x' }] }), 'as a key in full, inside')
  }
  refuses(t, 'identity', note({ 'as:actor': 'https://victim.test/u/alice' }), 'as:actor')
  refuses(t, 'identity', note({ object: { 'ldp:inbox': 'x' } }), 'ldp:inbox')
  refuses(t, 'identity', inContext({ 'as:actor': 'https://evil.test/x' }), 'as:actor as a term')
  refuses(t, 'identity', inContext({ as: 'https://evil.test/ns#' }), 'the prefix itself')
  refuses(t, 'identity', inContext({ actor: { '@id': 'as:actor', '@type': '@vocab' } }), 'the actor as a word')
  refuses(t, 'identity', inContext({ actor: { '@id': 'as:actor', '@type': '@id', '@container': '@language' } }), 'the actor by language')
  // A prefix of a later entry is not one yet: JSON-LD takes this for an address of its own.
  refuses(t, 'identity', inContext({ actor: { '@id': 'x:actor', '@type': '@id' } }, { x: `${AS}#` }), 'a prefix that comes later')
  refuses(t, 'context', inContext({ a: 'b:x', b: 'a:x' }), 'a circle')
  takes(
    t,
    inContext({
      id: '@id',
      type: '@type',
      as: `${AS}#`,
      actor: { '@id': 'as:actor', '@type': '@id' },
      movedTo: 'as:movedTo',
      movedToUri: 'as:movedTo',
      icons: 'as:icon',
      inbox: { '@type': '@id', '@id': 'ldp:inbox' },
    }),
    'what says the same is taken',
  )
})

t.test('O-49 what passes says the same to JSON-LD as to a plain reader', async t => {
  const db = openDatabase(':memory:')
  t.teardown(() => db.$client.close())
  const config = { publicUrl: 'https://node.test', version: '0' }
  const engine = createEngine({ config, db, now: () => new Date() } as Context)
  const dangerous = [
    'as:',
    'as:actor',
    'as:object',
    'actor',
    'id',
    '@id',
    '@type',
    '@none',
    'p:actor',
    'p:or',
    'sec:publicKey',
    `${AS}#`,
    `${AS}#act`,
    `${AS}#actor`,
    null,
  ]
  const iri = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom('https://x.test/ns#', 'q:x', 'p:y', 'r', 'urn:x', 'as:likes', 'foo') },
    { weight: 1, arbitrary: fc.constantFrom(...dangerous) },
  )
  const long = fc.record(
    {
      '@id': iri,
      '@type': fc.constantFrom('@id', '@vocab', '@json'),
      '@container': fc.constantFrom('@set', '@list', '@language'),
      '@prefix': fc.boolean(),
    },
    { requiredKeys: [] },
  )
  const term = fc.constantFrom(
    'p',
    'q',
    'r',
    'foo',
    'x',
    'y',
    'as',
    'actor',
    'object',
    'to',
    'type',
    'as:actor',
    'p:actor',
    'Create',
    'https',
  )
  const inline = fc.dictionary(term, fc.oneof(iri, long), { maxKeys: 4 })
  const named = fc.constantFrom(
    AS,
    'https://w3id.org/security/v1',
    'http://schema.org/',
    'https://w3id.org/identity/v1',
    'https://join-lemmy.org/context.json',
    'https://unknown.test/',
  )
  const context = fc.array(
    fc.oneof(inline, inline, named, fc.record({ '@vocab': fc.constantFrom('https://x.test/', `${AS}#`, `${AS}#act`, 'p:') })),
    { minLength: 1, maxLength: 3 },
  )
  const keys = fc.dictionary(
    fc.constantFrom('foo', 'x', 'y', 'or', 'p:actor', 'q:or', 'as:actor', `${AS}#actor`),
    fc.constant('https://victim.test/u/alice'),
    { maxKeys: 3 },
  )
  let taken = 0
  const same = fc.asyncProperty(context, keys, fc.option(inline), keys, async (entries, more, inner, innerMore) => {
    const object: Json = { ...(NOTE.object as Json), actor: NOTE.actor, ...innerMore, ...(inner ? { '@context': inner } : {}) }
    const document: Json = { ...inContext(...entries), ...more, object }
    try {
      guardDocument(document)
      const read = await engine.normalise(document)
      const heard = [read, [read.object].flat()[0] as Json].map(({ id, type, actor }) => ({ id, type, actor }))
      taken++
      const expected = [document, object].map(({ id, type, actor }) => ({ id, type, actor: [actor] }))
      return JSON.stringify(heard) === JSON.stringify(expected)
    } catch (error) {
      if (!(error instanceof DocumentRefusal)) throw error
      return true
    }
  })
  await fc.assert(same, { numRuns: 5000 })
  t.ok(taken > 100, `${taken} were taken`)
})

t.test('O-48 contexts are plain', async t => {
  const scoped = { x: { '@id': 'https://x.test/x', '@context': { actor: 'https://evil.test/' } } }
  const broken: [unknown, string][] = [
    [null, 'forgets ActivityStreams'],
    [1, 'a number'],
    [[AS], 'a list in a list'],
    [scoped, 'a scoped context'],
    [{ '@import': 'https://evil.test/' }, '@import'],
    [{ '@base': 'https://victim.test/' }, '@base'],
    [{ '@propagate': false }, '@propagate'],
    [{ '@version': {} }, 'a strange version'],
    [{ '@vocab': `${AS}#` }, 'the vocabulary of ActivityStreams'],
    [{ '@vocab': 'https://www.w3.org/ns/activitystreams#act' }, 'a part of it'],
    [{ '@vocab': 'https://www.w3.org/ns/' }, 'what it begins with'],
    [{ '@vocab': 'as:' }, 'by its prefix'],
    [{ '@vocab': '' }, 'nothing'],
    [{ '@context': {} }, 'a context in a context'],
    [{ x: 1 }, 'a term that is none'],
    [{ x: ['https://x.test/'] }, 'a list of addresses'],
    [{ x: { '@id': 1 } }, 'an address that is none'],
    [{ x: { '@id': 'https://x.test/x', '@type': ['@id'] } }, 'a type that is none'],
    [{ x: { '@id': 'https://x.test/x', other: 1 } }, 'something else'],
    ['x'.repeat(2049), 'a long address'],
  ]
  for (const [entry, message] of broken) {
    refuses(t, 'context', inContext(entry), message)
    refuses(t, 'context', note({ object: { '@context': [entry] } }), `${message}, inside`)
  }
  refuses(t, 'context', note({ '@context': null }), 'no context')
  takes(
    t,
    inContext('https://unknown.test/context.jsonld', { '@version': 1.1, '@language': 'und', '@vocab': 'https://x.test/ns#' }),
    'what is in use',
  )
  takes(t, { id: NOTE.id, type: 'Key', owner: NOTE.actor }, 'a document without one')
})

t.test('contexts cost little, whatever is in them', async t => {
  const terms = (count: number, make: (index: number) => unknown) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, make(index)]))
  refuses(t, 'context', inContext(...Array.from({ length: 16 }, () => AS)), '17 entries')
  takes(t, inContext(...Array.from({ length: 15 }, () => AS)), '16 entries')
  refuses(t, 'context', inContext(terms(251, () => 'https://x.test/')), '251 terms')
  refuses(
    t,
    'context',
    inContext(terms(2000, index => ({ '@id': 'https://x.test/x', '@context': { [`u${index}`]: 'x:y' } }))),
    '2,000 scoped contexts',
  )
  refuses(t, 'context', { ...NOTE, object: { a: { '@context': AS } } }, 'two levels in')
  refuses(
    t,
    'context',
    { ...NOTE, object: { '@context': { x: { '@id': 'x:y', '@context': { z: { '@id': 'x:y', '@context': {} } } } } } },
    'one in another',
  )
  refuses(t, 'size', { ...NOTE, items: Array.from({ length: 100 }, () => ({ '@context': AS })) }, '100 embedded contexts')
  refuses(t, 'size', { ...NOTE, ...Object.fromEntries(Array.from({ length: 251 }, (_, index) => [`x:${index}`, 1])) }, '251 prefixed keys')
  takes(t, { ...inContext(terms(250, index => `t${index + 1}:x`)), 't0:y': 1 }, 'a chain of 250 prefixes')
  const worst = {
    ...NOTE,
    ...Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`t0:${index}`, 1])),
    items: Array.from({ length: 64 }, () => ({ '@context': AS })),
    '@context': [AS, terms(250, index => `t${index + 1}:x`)],
  }
  const start = process.cpuUsage()
  guardDocument(worst)
  t.ok(process.cpuUsage(start).user < 200_000, 'the worst of all of it')
})

t.test('the bundled contexts bind identity as ActivityStreams does', async t => {
  t.equal(bundledContext(AS), bundledContext(`http://www.w3.org/ns/activitystreams#`))
  t.equal(bundledContext('https://w3id.org/security/v1/'), bundledContext('http://w3id.org/security/v1'))
  t.ok(bundledContext('https://any.example/schemas/litepub-0.1.jsonld'))
  for (const url of ['https://evil.test/ns', '', 'constructor', 'https://evil.test/www.w3.org/ns/activitystreams', 'file:///etc/passwd'])
    t.equal(bundledContext(url), undefined, url)
  for (const address of [...bundledAddresses(), 'https://any.example/schemas/litepub-0.1.jsonld']) {
    const { '@context': context } = bundledContext(address) as Json
    const faults: string[] = []
    inspect(context, {}, faults)
    t.same(faults, [], address)
  }
})

/** Notes every term of a context, scoped ones included, that gives identity another name or its name to something else. */
function inspect(context: unknown, prefixes: Json, faults: string[]): void {
  for (const entry of [context].flat()) {
    if (typeof entry === 'string') {
      if (!bundledContext(entry)) faults.push(`${entry} is not bundled`)
      continue
    }
    const known: Json = { ...prefixes, ...(entry as Json) }
    const expand = (text: string): string => {
      const [prefix, rest] = [text.slice(0, text.indexOf(':')), text.slice(text.indexOf(':') + 1)]
      return text.startsWith('@') || rest.startsWith('//') || typeof known[prefix] !== 'string' ? text : expand(known[prefix]) + rest
    }
    for (const [term, definition] of Object.entries(entry as Json)) {
      if (term.startsWith('@')) continue
      const { '@id': id, '@type': type, '@context': scoped } = typeof definition === 'string' ? { '@id': definition } : (definition as Json)
      const iri = expand(String(id))
      if (plainIri(term) !== undefined ? !isIdentityDefinition(term, iri, type, []) : isProtected(iri, term))
        faults.push(`${term} is ${iri}`)
      if (scoped) inspect(scoped, known, faults)
    }
  }
}
