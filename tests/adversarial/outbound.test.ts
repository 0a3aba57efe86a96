import { gzipSync } from 'node:zlib'
import t from 'tap'
import { publishPost } from '../../src/actions/post.ts'
import { actorOf } from '../../src/db/actor.ts'
import { createFetcher, FETCH_LIMITS } from '../../src/federation/fetch.ts'
import { lookUp } from '../../src/federation/lookup.ts'
import { startCanary } from '../helpers/canary.ts'
import { drip } from '../helpers/fetching.ts'
import { settle } from '../helpers/node.ts'
import { answer, startRawServer } from '../helpers/raw-server.ts'
import { befriend, type Hostile, hostile } from './harness.ts'
import { AUTHORITY, placesOfAddresses } from './places.ts'

type Json = Record<string, unknown>
const MINUTE = 60_000

/** Lets everything that was put off have its turn, again and again. */
async function hours({ node }: Hostile): Promise<void> {
  await settle(node)
  for (let hour = 1; hour <= 3; hour++) {
    node.clock.offsetMs = hour * 60 * MINUTE
    await settle(node)
  }
  node.clock.offsetMs = 0
}

t.test('outbound requests', async t => {
  const world = await hostile(t, { friends: ['slow.test', 'node.test'], ca: AUTHORITY })
  const { node, evil, victim, deliver, attack, inside, canary } = world
  await befriend(world)
  await deliver(evil, evil.activity('Follow', node.actor))
  await settle(node)
  const post = publishPost(node.ctx, 'something to talk about')
  await settle(node)
  const looking = (what: string) => t.rejects(lookUp(node.federation, what), { name: 'Refusal' }, what)

  t.test('the canary sings when it is reached', async t => {
    const other = await startCanary(t)
    const open = createFetcher({ userAgent: 'test', allowPrivate: true })
    await open.get(`http://127.0.0.1:${other.port}/`, { timeoutMs: 200 }).catch(() => {})
    await open.close()
    t.equal(other.hits(), 1)
  })

  await attack('O-37 this machine, in every spelling', async () => {
    const hosts = [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '127.1',
      '0177.0.0.1',
      '127.0.0.1.',
      '①27.0.0.1',
      '0.0.0.0',
      'localhost',
      '[::1]',
      '[::]',
      '[::ffff:7f00:1]',
      '127.0.0.1.nip.test',
    ]
    for (const host of hosts)
      for (const scheme of ['https', 'http']) {
        await looking(`${scheme}://${host}:${canary.port}/users/x`)
        await looking(`@x@${host}:${canary.port}`)
      }
  })

  const places = await placesOfAddresses(t, world, post)
  const says = (document: Json) => deliver(evil, document)
  for (const [place, plant] of Object.entries(places))
    await attack(
      `O-41 a private address as ${place}`,
      async () => {
        // Wherever it is not told apart by its form it must be told apart by where it leads.
        for (const at of inside('/users/x')) await plant(at)
        await hours(world)
      },
      { changes: true },
    )

  await attack(
    'O-42 redirects inside, by every way',
    async t => {
      for (const [index, location] of [
        ...inside('/users/x'),
        'file:///etc/passwd',
        'data:application/activity+json,{}',
        'ftp://evil.test/',
      ].entries()) {
        const path = `/redirects/${index}`
        const from = evil.origin + path
        evil.serve(path, { status: 302, headers: { location } })
        await looking(from)
        const key = { ...evil.key, id: from }
        t.equal((await deliver(evil, { ...evil.activity('Follow', node.actor), actor: from }, { key })).status, 401, location)
        await says(evil.activity('Create', from))
        await says(evil.activity('Move', evil.me, { target: from }))
        evil.answerInbox({ status: 307, headers: { location } })
        publishPost(node.ctx, `to ${location}`)
        await hours(world)
        evil.answerInbox({ status: 202 })
      }
      let given: Json = {}
      victim.serve('/seen', headers => {
        given = headers
        return { status: 404 }
      })
      evil.serve('/away', { status: 302, headers: { location: `${victim.origin}/seen` } })
      await looking(`${evil.origin}/away`)
      t.match(given, { accept: String }, 'another host is asked')
      t.same([given.signature, given['signature-input'], given.authorization], [undefined, undefined, undefined], 'without our signature')
    },
    { changes: true },
  )

  await attack('O-44 answers that inflate', async t => {
    const bomb = gzipSync(Buffer.alloc(200 << 20))
    t.ok(bomb.length < 210_000, `${bomb.length} bytes`)
    const before = process.memoryUsage.rss()
    for (const encoding of ['gzip', 'br', 'zstd', 'gzip, gzip', 'deflate']) {
      const server = await startRawServer(t, socket => socket.write(answer(bomb, { 'content-encoding': encoding })))
      await looking(`http://slow.test:${server.port}/users/x`)
    }
    const grown = (process.memoryUsage.rss() - before) / (1 << 20)
    t.ok(grown <= 20, `memory grew by ${grown.toFixed(1)} MB`)
  })

  await attack('O-46 HTML that is expensive to search for links', async t => {
    const pages = [
      '<a'.repeat(500_000),
      '<link '.repeat(50_000),
      `<link rel="alternate" type="application/activity+json" href="${inside()[0]}">`,
      '<!--'.repeat(250_000),
    ]
    for (const [index, body] of pages.entries()) {
      evil.serve(`/page${index}`, { type: 'text/html', body: `<html><head>${body}` })
      await looking(`${evil.origin}/page${index}`)
      const start = process.cpuUsage()
      await looking(`${evil.origin}/page${index}`)
      const { user, system } = process.cpuUsage(start)
      // Both ends of it run here: a megabyte is sent, and read.
      t.ok(user + system <= 50_000, `${Math.round((user + system) / 1000)} ms of CPU`)
    }
  })
})

t.test('O-43 a server that sends a byte every four seconds', async t => {
  t.equal(FETCH_LIMITS.totalMs, 10_000)
  const world = await hostile(t, { friends: ['slow.test'], patienceMs: FETCH_LIMITS.totalMs })
  const { node, victim } = world
  const headers = await startRawServer(t, socket => {
    socket.write('HTTP/1.1 200 OK\r\nx-slow: ')
    drip(socket, 'x', 4000)
  })
  const body = await startRawServer(t, socket => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: application/activity+json\r\ntransfer-encoding: chunked\r\n\r\n')
    drip(socket, '1\r\n \r\n', 4000)
  })
  await world.attack('O-43 both ends of an answer', async t => {
    const start = performance.now()
    const slow = [headers, body].map(({ port }) =>
      t.rejects(lookUp(node.federation, `http://slow.test:${port}/users/x`), { name: 'Refusal' }),
    )
    for (let count = 0; count < 20; count++) t.match(await lookUp(node.federation, victim.me), { id: victim.me })
    t.ok(performance.now() - start < 2000, 'others are asked meanwhile')
    await Promise.all(slow)
    const seconds = (performance.now() - start) / 1000
    t.ok(seconds > 9 && seconds < 11, `closed after ${seconds.toFixed(1)} s`)
    await Promise.all([headers.deserted(), body.deserted()])
  })
  t.equal(actorOf(node.ctx.db, 'http://slow.test/users/x'), undefined)
})
