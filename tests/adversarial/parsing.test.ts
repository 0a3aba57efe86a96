import { Agent } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { publishPost } from '../../src/actions/post.ts'
import { handlers } from '../../src/federation/inbox.ts'
import { settle } from '../helpers/node.ts'
import { befriend, hostile } from './harness.ts'

type Json = Record<string, unknown>
const AS = 'https://www.w3.org/ns/activitystreams'

t.test('parsing and size', async t => {
  const world = await hostile(t)
  const { node, evil, victim, deliver, attack } = world
  await befriend(world)
  const wave = (more: Json = {}) => evil.activity('Wave', node.actor, more)
  /** A document with `text` in the place of a value. */
  const holding = (text: string) => JSON.stringify(wave({ x: 0 })).replace('"x":0', `"x":${text}`)

  await attack('O-31 bodies beyond a mebibyte, or compressed', async t => {
    const sized = (bytes: number) => {
      const empty = JSON.stringify(wave({ content: '' }))
      return empty.replace('"content":""', `"content":"${'x'.repeat(bytes - empty.length)}"`)
    }
    t.equal((await deliver(evil, sized(1_048_576))).status, 202, 'a mebibyte is taken')
    t.equal((await deliver(evil, sized(1_048_577))).status, 413, 'a byte more is not')
    const chunked = { 'content-length': undefined, 'transfer-encoding': 'chunked' }
    t.equal((await deliver(evil, sized(1_048_576), { headers: { ...chunked } })).status, 202, 'in chunks')
    t.equal((await deliver(evil, sized(1_048_577), { headers: { ...chunked } })).status, 413, 'in chunks')
    const small = gzipSync(JSON.stringify(wave({ content: 'x'.repeat(900_000) })))
    for (const encoding of ['gzip', 'br', 'deflate', 'gzip, gzip'])
      t.equal((await deliver(evil, small, { headers: { 'content-encoding': encoding } })).status, 415, encoding)
    const plain = JSON.stringify(wave())
    t.equal((await deliver(evil, plain, { headers: { 'content-encoding': 'gzip' } })).status, 415)

    const before = process.memoryUsage.rss()
    const { said, sent } = await pourInto(node.ctx.config.listen.port)
    t.match(said, /^HTTP\/1\.1 413 /, 'whoever goes on sending is cut off')
    t.ok(sent < 32 << 20, `${sent >> 20} MiB were let in`)
    t.ok(process.memoryUsage.rss() - before < 64 << 20, 'and not kept')
  })

  await attack('O-32 65 to 500,000 levels of nesting', async t => {
    const arrays = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
    const objects = (depth: number) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
    for (const [nest, depths] of [
      [arrays, [64, 65, 5000, 500_000]],
      [objects, [64, 65, 5000, 170_000]],
    ] as const)
      for (const depth of depths) t.equal((await deliver(evil, holding(nest(depth)))).status, 400, `${depth} ${nest.name}`)
    t.equal((await deliver(evil, '['.repeat(1_000_000))).status, 400, 'never closed')
    t.equal((await deliver(evil, holding(arrays(62)))).status, 202, '62 more are taken')
  })

  await attack('O-33 more tags, recipients, keys and letters than anybody needs', async t => {
    const many = (count: number, make: (index: number) => unknown) => Array.from({ length: count }, (_, index) => make(index))
    const address = (index: number) => `https://evil.test/${index}`
    const note = (more: Json) => evil.activity('Create', evil.note('x', more))
    const cases: [string, Json][] = [
      ['10,000 tags', note({ tag: many(10_000, index => ({ type: 'Hashtag', name: `#${index}`, href: address(index) })) })],
      ['10,000 mentions', note({ tag: many(10_000, index => ({ type: 'Mention', href: address(index) })) })],
      ['5,000 recipients', wave({ to: many(5000, address) })],
      ['5,000 cc of the object', note({ cc: many(5000, address) })],
      ['a name of 1 MB', note({ name: 'x'.repeat(1_000_000) })],
      ['500 keys', evil.activity('Update', evil.actor('mallory', undefined, { publicKey: many(500, index => ({ id: address(index) })) }))],
      ['1,000 attachments', note({ attachment: many(1000, () => ({ type: 'Image', url: 'https://evil.test/x.png' })) })],
      ['10,000 options', note({ type: 'Question', oneOf: many(10_000, index => ({ type: 'Note', name: `${index}` })) })],
      ['100,000 keys', wave(Object.fromEntries(many(50_000, index => [`k${index}`, 1]) as [string, number][]))],
      ['200,000 numbers', wave({ x: many(200_000, index => index % 10) })],
    ]
    for (const [what, document] of cases) {
      const body = JSON.stringify(document)
      const start = process.cpuUsage()
      const { status } = await deliver(evil, body)
      const { user, system } = process.cpuUsage(start)
      t.equal(status, 400, what)
      t.ok(user + system <= 200_000, `${what}: ${Math.round((user + system) / 1000)} ms of CPU`)
    }
  })

  await attack('O-34 prototypes', async t => {
    const nested = (inner: string) => `${'{"a":'.repeat(10)}${inner}${'}'.repeat(10)}`
    for (const bad of [
      '{"__proto__":{"x":1}}',
      '{"constructor":{"prototype":{"x":1}}}',
      '{"\\u005f_proto__":{"x":1}}',
      '{"prototype":{"x":1}}',
    ]) {
      t.equal((await deliver(evil, holding(bad))).status, 400, bad)
      t.equal((await deliver(evil, holding(nested(bad)))).status, 400, `${bad}, ten levels down`)
      t.equal((await deliver(evil, JSON.stringify(wave()).replace('{', `${bad.slice(0, -1)},`))).status, 400, `${bad}, on top`)
    }
    for (const query of [
      '__proto__[x]=1',
      '__proto__.x=1',
      'constructor[prototype][x]=1',
      'constructor.prototype.x=1',
      'theme[__proto__]=1',
      '__proto__=1',
    ])
      for (const path of ['/', '/api/directory', '/c/oak', '/c/oak/outbox', '/.well-known/webfinger']) {
        const { status } = await node.get(`${path}?${query}`, '*/*')
        t.ok(status < 500, `${path}?${query}: ${status}`)
      }
    t.equal(({} as Json).x, undefined)
  })

  await attack(
    'O-35 every field of every activity in every shape',
    async t => {
      const post = publishPost(node.ctx, 'something to talk about')
      await settle(node)
      const follow = evil.activity('Follow', node.actor)
      const note = evil.note('words', {
        name: 'a name',
        summary: 'in short',
        inReplyTo: post.iri,
        tag: [{ type: 'Mention', href: node.actor, name: '@oak' }],
        attachment: [{ type: 'Image', url: 'https://evil.test/x.png' }],
        replies: { type: 'Collection', first: { type: 'CollectionPage', items: [] } },
        updated: new Date().toISOString(),
        cc: [node.actor],
        url: `${evil.origin}/x`,
        quote: post.iri,
        sensitive: false,
        contentMap: { en: 'words' },
      })
      const question = {
        ...note,
        type: 'Question',
        oneOf: [{ type: 'Note', name: 'yes', replies: { totalItems: 1 } }],
        endTime: '2027-01-01T00:00:00Z',
      }
      const event = { ...note, type: 'Event', startTime: '2027-01-01T00:00:00Z', location: { type: 'Place', name: 'here' } }
      const { content: _, ...vote } = evil.note('', { inReplyTo: post.iri, name: 'yes', to: [node.actor] })
      const { '@context': __, ...actor } = evil.actor('mallory')
      const bases: Record<string, Json[]> = {
        Follow: [follow],
        Undo: [evil.activity('Undo', follow)],
        Accept: [evil.activity('Accept', follow)],
        Reject: [evil.activity('Reject', follow)],
        Create: [note, question, event, vote].map(object => evil.activity('Create', object)),
        Update: [evil.activity('Update', note), evil.activity('Update', question), evil.activity('Update', actor)],
        Delete: [evil.activity('Delete', { id: note.id, type: 'Tombstone' })],
        Announce: [evil.activity('Announce', post.iri), evil.activity('Announce', note)],
        Move: [evil.activity('Move', evil.me, { target: `${evil.origin}/users/next` })],
        Flag: [evil.activity('Flag', [node.actor, post.iri], { content: 'I do not like it' })],
        Add: [evil.activity('Add', note, { target: `${evil.me}/featured` })],
        Remove: [evil.activity('Remove', note, { target: `${evil.me}/featured` })],
        QuoteRequest: [evil.activity('QuoteRequest', post.iri, { instrument: note })],
      }
      const shapes = [null, -1e308, '', 'x', [], {}, [[]], [null], [7], { id: 7 }, [{ href: {}, type: [] }]]
      const agent = new Agent({ keepAlive: true, maxSockets: 8 })
      t.teardown(() => agent.destroy())
      const bad: string[] = []
      let sent = 0
      const send = async (document: Json, what: string) => {
        // So slowly that its server never sends too much.
        node.clock.offsetMs += 110
        const { status } = await deliver(evil, { ...document, ...(document.id ? { id: `${document.id}-${sent}` } : {}) }, { agent })
        sent++
        if (status >= 500) bad.push(`${what}: ${status}`)
      }
      const waiting: (() => Promise<void>)[] = []
      for (const type of new Set([...Object.keys(handlers), ...Object.keys(bases)]))
        for (const base of bases[type] ?? [evil.activity(type, post.iri)]) {
          const inner = base.object as Json
          const shown = typeof inner === 'object' && !Array.isArray(inner)
          for (const shape of shapes) {
            const what = `${type} with ${JSON.stringify(shape)}`
            // Once for each type: what is around the object is read before it.
            const around = base === bases[type]?.[0] || !shown
            for (const field of around ? [...Object.keys(base), 'to', 'cc', 'target', 'published', 'instrument', 'proof', 'signature'] : [])
              waiting.push(() => send({ ...base, [field]: shape }, `${what} as ${field}`))
            if (shown)
              for (const field of Object.keys(inner))
                waiting.push(() => send({ ...base, object: { ...inner, [field]: shape } }, `${what} as object.${field}`))
          }
          waiting.push(
            () => send({ ...base, type: [type] }, `a list of ${type}`),
            () => send({ ...base, type: [type, 'Delete'] }, `${type} and Delete`),
          )
        }
      // Those in a row that go on at once: shapes must not be told apart by what stood before them.
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          for (let next = waiting.pop(); next; next = waiting.pop()) await next()
        }),
      )
      await settle(node)
      t.same(bad, [], `${sent} documents`)

      const full = evil.actor('shaped', undefined, {
        ...actor,
        id: undefined,
        url: `${evil.origin}/x`,
        icon: { type: 'Image', url: 'https://evil.test/i.png' },
        alsoKnownAs: [],
        assertionMethod: [],
        charter: {},
        discoverable: true,
        featured: `${evil.origin}/f`,
        followers: `${evil.origin}/l`,
        tag: [],
        attachment: [],
      })
      let count = 0
      for (const field of Object.keys(full))
        for (const shape of shapes) {
          const name = `shaped${count++}`
          node.clock.offsetMs += 110
          const me = `${evil.origin}/users/${name}`
          evil.serve(`/users/${name}`, {
            body: { ...full, id: me, publicKey: { ...(evil.actor(name).publicKey as Json) }, [field]: shape },
          })
          const { status } = await deliver(evil, { ...wave(), actor: me }, { key: { ...evil.key, id: `${me}#main-key` }, agent })
          t.ok([202, 401].includes(status), `an actor with ${JSON.stringify(shape)} as ${field}: ${status}`)
        }
      const errors = world.log.filter(line => (JSON.parse(line) as { level: number }).level >= 50)
      t.same(errors.slice(0, 3), [], 'nothing was unforeseen')
    },
    { changes: true },
  )

  await attack('O-36 bytes that are no document', async t => {
    const text = JSON.stringify(wave({ name: 'NAME' }))
    const named = (name: Buffer | string) => {
      const [head = '', tail = ''] = text.split('NAME')
      return Buffer.concat([Buffer.from(head), Buffer.from(name), Buffer.from(tail)])
    }
    const bodies: [string, Buffer | string][] = [
      ['invalid UTF-8', named(Buffer.from([0xff]))],
      ['overlong UTF-8', named(Buffer.from([0xc0, 0x80]))],
      ['a surrogate in UTF-8', named(Buffer.from([0xed, 0xa0, 0x80]))],
      ['a byte order mark', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])],
      ['UTF-16', Buffer.from(text, 'utf16le')],
      ['NUL', named(Buffer.from([0]))],
      ['NUL, escaped', named('\\u0000')],
      ['a lone surrogate', named('\\ud83d')],
      ['surrogates the wrong way round', named('\\ude00\\ud83d')],
      ['1e999', holding('1e999')],
      ['-1e999', holding('[-1e999]')],
      ['NaN', holding('NaN')],
      ['nothing', ''],
      ['null', 'null'],
      ['a list', '[]'],
      ['a list of one', `[${text}]`],
      ['a text', '"x"'],
      ['half a document', text.slice(0, -1)],
      ['two documents', text + text],
    ]
    for (const [what, body] of bodies) t.equal((await deliver(evil, body)).status, 400, what)
    const twice = (first: string, second: string) =>
      JSON.stringify({ ...evil.activity('Follow', node.actor), '@context': AS }).replace(
        /"actor":"[^"]*"/,
        `"actor":"${first}","actor":"${second}"`,
      )
    t.equal((await deliver(evil, twice(evil.me, victim.me))).status, 401, 'of two actors the last counts')
    t.equal((await deliver(evil, twice(victim.me, victim.me))).status, 401)
  })
})

/** Sends chunks for ever, unsigned, and tells what was answered and how much got through until the other side had enough. */
function pourInto(port: number): Promise<{ said: string; sent: number }> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    let said = ''
    const chunk = Buffer.concat([Buffer.from('10000\r\n'), Buffer.alloc(0x10000, 'x'), Buffer.from('\r\n')])
    const pour = () => {
      while (!socket.destroyed && said === '' && socket.bytesWritten < 64 << 20 && socket.write(chunk));
    }
    socket.on('data', data => (said += String(data)))
    socket.on('drain', pour)
    socket.on('error', () => {})
    socket.on('close', () => resolve({ said, sent: socket.bytesWritten }))
    socket.write('POST /c/oak/inbox HTTP/1.1\r\nhost: x\r\ncontent-type: application/activity+json\r\ntransfer-encoding: chunked\r\n\r\n')
    setTimeout(() => socket.destroy(), 5000).unref()
    pour()
  })
}
