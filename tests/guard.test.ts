import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { DOCUMENT_LIMITS, type DocumentFault, DocumentRefusal, guardDocument, parseDocument } from '../src/federation/guard.ts'
import { AS, type Json, NOTE, note, refuses, takes } from './helpers/guarding.ts'
import { jsonVector, root, vector } from './helpers/root.ts'

t.test('what the servers of the fediverse send is taken as it is', async t => {
  const files = readdirSync(new URL('tests/vectors/documents/', root))
  t.ok(files.length >= 20)
  for (const file of files) {
    const text = vector(`documents/${file}`)
    t.same(guardDocument(parseDocument(Buffer.from(text))), JSON.parse(text), file)
  }
})

t.test('O-36 bytes that are no document', async t => {
  const broken: [DocumentFault, string | Buffer][] = [
    ['syntax', ''],
    ['syntax', '{'],
    ['syntax', '{"id":"https://evil.test/"} trailing'],
    ['syntax', "{'id':1}"],
    ['syntax', '{"id":NaN}'],
    ['syntax', 'undefined'],
    ['shape', 'null'],
    ['shape', '[]'],
    ['shape', '"x"'],
    ['shape', '1'],
    ['encoding', Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from(JSON.stringify(NOTE))])],
    ['encoding', Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff]), Buffer.from('"}')])],
    ['encoding', Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc0, 0x80]), Buffer.from('"}')])],
    ['encoding', Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('"}')])],
    ['syntax', Buffer.from(JSON.stringify(NOTE), 'utf16le')],
    ['encoding', '{"name":"\\u0000"}'],
    ['encoding', '{"a\\u0000b":1}'],
    ['encoding', '{"name":"\\ud83d"}'],
    ['encoding', '{"name":"\\uDE00\\ud83d"}'],
    ['encoding', '{"deep":[[{"\\uDC00":1}]]}'],
    ['number', JSON.stringify(note({ size: 0 })).replace('"size":0', '"size":1e999')],
    ['number', JSON.stringify(note({ size: 0 })).replace('"size":0', '"size":[-1e999]')],
    ['size', Buffer.alloc(DOCUMENT_LIMITS.bytes + 1, ' ')],
  ]
  for (const [code, body] of broken)
    refuses(t, code, body, typeof body === 'string' ? body || 'nothing' : body.subarray(0, 16).toString('hex'))
  takes(t, note({ name: '😀 \ud83d\ude00 \\u0000 \u0001' }), 'an escaped pair, a backslash before a u')
  const escaped = Buffer.from(JSON.stringify(note({ name: 'smile' })).replace('"smile"', '"\\ud83d\\ude00"'))
  t.equal(guardDocument(parseDocument(escaped)).name, '😀')
  const twice = parseDocument(Buffer.from(JSON.stringify(NOTE).replace('{', '{"actor":"https://victim.test/u/alice",')))
  t.equal(twice.actor, 'https://evil.test/u/mallory', 'of two actors the last counts, for everyone')
})

t.test('O-32 depth', async t => {
  const arrays = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
  const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
  const inside = (text: string) => JSON.stringify(note({ x: 0 })).replace('"x":0', `"x":${text}`)
  for (const nest of [arrays, objects]) {
    t.doesNotThrow(() => guardDocument(parseDocument(Buffer.from(inside(nest(63))))), `64 levels of ${nest.name}`)
    for (const depth of [64, 65, 5000]) refuses(t, 'depth', inside(nest(depth)), `${depth} ${nest.name} more`)
  }
  refuses(t, 'depth', arrays(500_000), '500,000 arrays')
  refuses(t, 'depth', '['.repeat(1_000_000), 'never closed')
  refuses(t, 'depth', `{"a":"]]]]\\"}}}","b":${arrays(100)}}`, 'brackets in strings close nothing')
  takes(t, note({ content: `${'['.repeat(1000)}\\"{{{{` }), 'and open nothing')
  let deep: Json = {}
  for (let level = 0; level < 5000; level++) deep = { a: deep }
  t.throws(() => guardDocument(note({ x: deep })), { code: 'depth' }, 'an object that came another way')
})

t.test('O-33 counts and lengths', async t => {
  const many = (count: number, make: (index: number) => unknown) => Array.from({ length: count }, (_, index) => make(index))
  const tag = (index: number) => ({ type: 'Hashtag', name: `#${index}`, href: `https://evil.test/${index}` })
  refuses(t, 'size', note({ tag: many(10_000, tag) }), '10,000 tags')
  refuses(t, 'size', note({ object: { tag: many(257, tag) } }), '257 tags inside')
  takes(t, note({ tag: many(256, tag) }), '256 tags')
  for (const field of ['to', 'cc', 'bto', 'bcc', 'audience'])
    refuses(t, 'size', note({ [field]: many(5000, index => `https://evil.test/${index}`) }), `5,000 ${field}`)
  refuses(t, 'size', note({ name: 'x'.repeat(1_000_000) }), 'a name of a megabyte')
  refuses(t, 'size', note({ publicKey: many(500, index => ({ id: `https://evil.test/k/${index}` })) }), '500 keys')
  refuses(t, 'size', note({ attachment: many(1000, () => ({ type: 'Image' })) }), '1,000 attachments')
  refuses(t, 'size', note({ orderedItems: many(2001, index => index) }))
  refuses(t, 'size', note({ x: many(20, () => many(1500, index => index)) }), 'too many values')
  refuses(t, 'size', note(Object.fromEntries(many(20_001, index => [`k${index}`, 1]) as [string, number][])), 'too many keys')
  takes(t, note({ content: 'x'.repeat(900_000) }), 'a long text')
})

t.test('O-34 prototypes', async t => {
  const nested = (inner: string) => `${'{"a":'.repeat(10)}${inner}${'}'.repeat(10)}`
  for (const bad of [
    '{"__proto__":{"x":1}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"\\u005f_proto__":{"x":1}}',
    '{"__proto__":null}',
  ]) {
    refuses(t, 'prototype', bad)
    refuses(t, 'prototype', nested(bad), `${bad}, ten levels down`)
    refuses(t, 'prototype', JSON.stringify(note({ list: [0] })).replace('[0]', `[${bad}]`), `${bad}, in a list`)
  }
  t.throws(() => guardDocument(JSON.parse('{"__proto__":{"id":"x"}}') as Json), { code: 'prototype' }, 'parsed by somebody else')
  t.equal(({} as Json).x, undefined)
})

t.test('O-25 O-35 ids and types', async t => {
  const ids: unknown[] = [
    undefined,
    null,
    1,
    '',
    [],
    ['https://evil.test/1'],
    {},
    '#x',
    '/x',
    'evil.test',
    'urn:uuid:1',
    'javascript:1',
    'data:x',
    'ftp://evil.test/',
    'http://[::1',
    'https://',
    'https:evil.test/1',
  ]
  const spoofs = [
    'https://node.test@evil.test/',
    'https://u:p@evil.test/',
    ' https://evil.test/1',
    'https://evil.test/1\n',
    'https://evil.test/\t1',
    'https:\\\\evil.test\\1',
    `https://evil.test/${'x'.repeat(2048)}`,
  ]
  for (const id of [...ids, ...spoofs]) refuses(t, 'id', note({ id }), `id ${JSON.stringify(id)?.slice(0, 40)}`)
  for (const id of ['http://localhost:4101/c/oak', 'https://evil.test/?p=7#activity', 'https://example.org/ünï/1'])
    takes(t, note({ id }), id)
  for (const id of [['https://evil.test/1'], {}, 'x'.repeat(2049)]) refuses(t, 'id', note({ object: { id } }), 'inside')
  for (const id of [null, 'urn:uuid:1', 7]) takes(t, note({ object: { id } }), 'inside anything plain')
  for (const type of [
    undefined,
    null,
    1,
    '',
    [],
    ['Create'],
    ['Create', 'Delete'],
    {},
    'as:Create',
    `${AS}#Create`,
    'Create ',
    ' Create',
    'C'.repeat(129),
    '@type',
  ])
    refuses(t, 'type', note({ type }), `type ${JSON.stringify(type)?.slice(0, 40)}`)
  takes(t, note({ type: 'EmojiReact' }), 'a type we do not know')
})

t.test('O-35 whatever the shape, there is an answer', async t => {
  const property = fc.property(
    fc.jsonValue({ maxDepth: 6 }),
    fc.constantFrom(...Object.keys(NOTE), '@id', '@type', 'tag', 'publicKey', 'proof'),
    fc.jsonValue(),
    (value, key, other) => {
      for (const document of [
        value,
        note({ [key]: value }),
        note({ '@context': [AS, value] }),
        note({ '@context': { [key]: value } }),
        note({ object: { [key]: other, '@context': value } }),
      ]) {
        try {
          guardDocument(parseDocument(Buffer.from(JSON.stringify(document))))
        } catch (error) {
          if (!(error instanceof DocumentRefusal)) throw error
        }
      }
    },
  )
  t.doesNotThrow(() => fc.assert(property, { numRuns: 2000 }))
})

t.test('FEP-8b32 documents pass', async t => {
  const { scenarios } = jsonVector<{ scenarios: { docs: Json[] }[] }>('fep-8b32.json')
  for (const document of scenarios.flatMap(({ docs }) => docs)) takes(t, document, String(document.type))
})
