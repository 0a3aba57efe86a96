import { createHash, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { leavePeer } from '../src/actions/peer.ts'
import { transact } from '../src/db/open.ts'
import { amendPeer, type KnownPeer } from '../src/db/peer.ts'
import { recordCounts } from '../src/db/record.ts'
import { LIMITS } from '../src/domain/entry-limit.ts'
import { composeView, isBanned, mayVisit, networkOf, type Peer, rated, scoreNow, viewPoints } from '../src/domain/peer.ts'
import { createFetcher } from '../src/federation/fetch.ts'
import { startCanary } from './helpers/canary.ts'
import { type EvilNode, startEvilNode, type Trick } from './helpers/evil-node.ts'
import { HOUR, introduce, peerAt, rootOf } from './helpers/exchange.ts'
import { startNode, type TestNode } from './helpers/node.ts'
import { anAuthor } from './helpers/signed-entry.ts'

const DAY = 24 * HOUR
const now = new Date('2026-11-22T12:00:00Z')
let count = 0
const aPeer = (more: Partial<Peer> = {}): Peer => {
  const id = ++count
  return {
    id,
    node: `https://n${id}.test/node`,
    origin: `https://n${id}.test`,
    domain: `n${id}.test`,
    network: null,
    source: 'entry',
    score: 0,
    scoredAt: null,
    bannedUntil: null,
    visitedAt: null,
    failures: 0,
    ...more,
  }
}

t.test('scores halve in a day, and a low one is a ban of a day', async t => {
  t.equal(scoreNow({ score: 16, scoredAt: now }, new Date(now.getTime() + 2 * DAY)), 4)
  let peer = aPeer()
  for (let time = 0; time < 2; time++) peer = { ...peer, ...rated(peer, LIMITS.score.badSignature, now) }
  t.notOk(isBanned(peer, now), 'at -20 not yet')
  peer = { ...peer, ...rated(peer, LIMITS.score.uselessPage, now) }
  t.ok(isBanned(peer, now))
  t.notOk(isBanned(peer, new Date(now.getTime() + DAY)), 'a day later it is asked again')
  let good = aPeer()
  for (let time = 0; time < 50; time++) good = { ...good, ...rated(good, LIMITS.score.good, now) }
  t.equal(good.score, LIMITS.score.best, 'nobody can save up for bad days')
  const failing = aPeer({ failures: 3, scoredAt: now })
  t.notOk(mayVisit(failing, new Date(now.getTime() + 30 * 60_000)))
  t.ok(mayVisit(failing, new Date(now.getTime() + HOUR)), 'nobody rests longer than an hour')
})

t.test('O-81 the view: one of a domain, two of a network, and points nobody can guess', async t => {
  const sybils = Array.from({ length: 40 }, (_, at) => aPeer({ domain: 'evil.test', node: `https://${at}.evil.test/node`, score: 20 }))
  const neighbours = Array.from({ length: 5 }, () => aPeer({ network: '0a01', score: 10 }))
  const chosen = [aPeer({ source: 'steward' })]
  const view = composeView({ hashed: sybils.map(peer => [peer]), chosen, reliable: [...sybils, ...neighbours] }, now)
  t.equal(view.filter(({ domain }) => domain === 'evil.test').length, 1)
  t.equal(view.filter(({ network }) => network === '0a01').length, 2)
  t.equal(view[0], chosen[0])
  const banned = aPeer({ bannedUntil: new Date(now.getTime() + HOUR) })
  t.same(composeView({ hashed: [[banned]], chosen: [banned], reliable: [banned] }, now), [])
  t.same(viewPoints('a', now), viewPoints('a', now))
  t.notSame(viewPoints('a', now), viewPoints('b', now))
  t.notSame(viewPoints('a', now), viewPoints('a', new Date(now.getTime() + 7 * DAY)), 'every week another part of the circle')
  t.same(
    [networkOf('93.184.216.34'), networkOf('2606:2800:220:1::1'), networkOf('127.0.0.1'), networkOf(undefined)],
    ['5db8', '26062800', null, null],
  )
})

const impatient = (t: Parameters<typeof startNode>[0]) => {
  const fetcher = createFetcher({ userAgent: 'Archipelago test', allowPrivate: true })
  t.teardown(() => fetcher.close())
  return { ...fetcher, get: (url: string | URL, options = {}) => fetcher.get(url, { ...options, timeoutMs: 60 }), close: async () => {} }
}

/** Visits a peer every hour until it is banned. @returns after how many visits */
async function visitsUntilBan(node: TestNode, evil: EvilNode, most = 45): Promise<number> {
  for (let visit = 1; visit <= most; visit++) {
    node.clock.offsetMs += HOUR
    transact(node.ctx.db, tx => amendPeer(tx, peerAt(node, evil.url).id, { visitAt: node.ctx.now(), reconcileAt: node.ctx.now() }))
    node.app.exchange.round()
    await node.app.exchange.idle()
    if (isBanned(peerAt(node, evil.url), node.ctx.now())) return visit
  }
  return Number.POSITIVE_INFINITY
}

const feed = (items: unknown[], more = {}) => ({ epoch: 'evil', items, newest: 1_000_000, ...more })
const line = (c: number) => ({ c, k: hash(`k${c}`), seq: 1, h: hash(`h${c}`), t: 'entry' })
const hash = (text: string) => createHash('sha256').update(text).digest('hex')

t.test('hostile peers change nothing, lose their score and are banned', async t => {
  const canary = await startCanary(t)
  const inside = `http://127.0.0.1:${canary.port}/`
  const onFeed =
    (act: (...args: Parameters<Trick>) => void): Trick =>
    (...args) => {
      if (args[2].pathname !== '/directory/feed') return false
      act(...args)
      return true
    }
  const send = (value: unknown, headers: Record<string, string> = {}) =>
    onFeed((_, response) => void response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(value))
  let epochs = 0
  const tricks: Record<string, Trick> = {
    'a page that is no JSON': send('<html>'),
    'a page that is something else': send('{"items":[]}'),
    'a page for the prototype': send('{"epoch":"e","items":[],"newest":0,"__proto__":{"x":1}}'),
    'a page of 10 MB': send(Buffer.alloc(10 << 20, ' ')),
    'a page that never ends': onFeed((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(65_536)));
      }
      response.on('drain', more)
      more()
    }),
    'a bomb': send(gzipSync(Buffer.alloc(64 << 20)), { 'content-encoding': 'gzip' }),
    'gzip in gzip': send(gzipSync(gzipSync('{}')), { 'content-encoding': 'gzip, gzip' }),
    'gzip that is none': send('{}', { 'content-encoding': 'gzip' }),
    'a redirect inside': onFeed((_, response) => void response.writeHead(302, { location: inside }).end()),
    'a cursor that goes back': send(JSON.stringify(feed([line(2), line(1)], { next: 1 }))),
    'a cursor that stands still': send(JSON.stringify(feed([], { next: 5 }))),
    'a cursor that leaps': send(JSON.stringify(feed([line(1)], { next: 5 }))),
    'an epoch that is never the same': onFeed((_, response) => void response.end(JSON.stringify(feed([], { epoch: String(++epochs) })))),
    'a feed that lies': onFeed((_request, response, url) => {
      const after = Number(url.searchParams.get('after'))
      response.end(
        JSON.stringify(
          feed(
            Array.from({ length: 30 }, (_, at) => line(after + at + 1)),
            { next: after + 30 },
          ),
        ),
      )
    }),
    'a tree that is none': (_, response, url) => {
      if (url.pathname !== '/directory/tree') return false
      const children = Array.from({ length: 16 }, () => randomBytes(32).toString('hex'))
      response.end(JSON.stringify({ epoch: 'evil', root: randomBytes(32).toString('hex'), nodes: [{ p: '', children }] }))
      return true
    },
    'a slow page': onFeed((_, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write(' '), 10)
      response.on('close', () => clearInterval(drip))
    }),
    'a black hole': onFeed(() => {}),
  }
  const node = await startNode(t, { fetch: impatient(t) })
  const before = { root: rootOf(node), counts: recordCounts(node.ctx.db) }
  for (const [name, trick] of Object.entries(tricks)) {
    const evil = await startEvilNode(t)
    await introduce(node, evil)
    evil.setTrick(trick)
    const visits = await visitsUntilBan(node, evil)
    t.ok(visits <= 40, `${name}: ${visits} visits`)
    const asked = evil.asked.length
    transact(node.ctx.db, tx => amendPeer(tx, peerAt(node, evil.url).id, { visitAt: node.ctx.now() }))
    node.app.exchange.round()
    await node.app.exchange.idle()
    t.equal(evil.asked.length, asked, 'it is asked nothing more')
    t.same({ root: rootOf(node), counts: recordCounts(node.ctx.db) }, before, 'and nothing has changed')
    // Its ban is over before the next one has his.
    leavePeer(node.ctx, evil.url)
  }
  t.equal(canary.hits(), 0)
})

t.test('O-80 forged pages, and documents that nobody asked for', async t => {
  const node = await startNode(t)
  const at = () => node.ctx.now().getTime()
  const before = recordCounts(node.ctx.db)
  const cases: Record<string, (evil: EvilNode) => void> = {
    'a proof that does not verify': evil => {
      const entry = anAuthor('https://victim.test/c/victim').entry(5, at())
      evil.list({ ...entry, url: 'https://victim.test/other' })
    },
    'an entry of one signed by another': evil => {
      const [victim, mallory] = [anAuthor('https://victim.test/c/victim'), anAuthor('https://mallory.test/c/mallory')]
      const { proof } = mallory.entry(5, at())
      evil.list({ ...victim.entry(5, at()), proof })
    },
    'an entry whose id is elsewhere': evil => {
      evil.list(anAuthor('https://victim.test/c/victim').entry(5, at(), { id: 'https://mallory.test/entry' }))
    },
    'another document than the hash says': evil => {
      const [asked, given] = [anAuthor('https://a.test/c/a').entry(5, at()), anAuthor('https://b.test/c/b').entry(5, at())]
      const h = evil.list(asked)
      evil.documents.set(h, JSON.stringify(given))
    },
    'a line with another number than its document': evil => {
      evil.list(anAuthor('https://a.test/c/a').entry(5, at()), { seq: 6 })
    },
    'something that is no entry': evil => {
      evil.setTrick((_, response, url) => {
        if (url.pathname !== '/directory/entries') return false
        response.end('{"items":[{"type":"DirectoryEntry"}]}')
        return true
      })
      evil.list(anAuthor('https://a.test/c/a').entry(5, at()))
    },
  }
  for (const [name, prepare] of Object.entries(cases)) {
    const evil = await startEvilNode(t)
    await introduce(node, evil)
    prepare(evil)
    t.ok((await visitsUntilBan(node, evil, 8)) <= 6, name)
    t.same(recordCounts(node.ctx.db), before)
  }
})

t.test('who is banned takes along what he alone has told', async t => {
  const node = await startNode(t)
  const evil = await startEvilNode(t)
  await introduce(node, evil)
  const at = node.ctx.now().getTime()
  for (let n = 0; n < 10; n++) evil.list(anAuthor(`https://d${n}.test/c/d`).entry(1, at))
  node.app.exchange.round()
  await node.app.exchange.idle()
  t.equal(recordCounts(node.ctx.db).heard, 10)
  t.match(peerAt(node, evil.url), { entries: 10, failures: 0 } as Partial<KnownPeer>)
  evil.setTrick((_, response) => {
    response.end('nonsense')
    return true
  })
  t.ok((await visitsUntilBan(node, evil)) < 10)
  t.equal(recordCounts(node.ctx.db).heard, 0)
})

t.test('what one peer may make this node read in a day is bounded', async t => {
  const node = await startNode(t)
  const evil = await startEvilNode(t)
  await introduce(node, evil)
  transact(node.ctx.db, tx => {
    const day = Math.floor(node.ctx.now().getTime() / DAY)
    amendPeer(tx, peerAt(node, evil.url).id, { day, bytes: LIMITS.bytesPerPeerADay })
  })
  const asked = evil.asked.length
  node.app.exchange.round()
  await node.app.exchange.idle()
  t.equal(evil.asked.length, asked)
  t.equal(Math.round(peerAt(node, evil.url).score), 0, 'which is no fault of its own')
})

t.test('the page of the network tells who is asked, and how that goes', async t => {
  const [oak, elm] = [await startNode(t), await startNode(t, { handle: 'elm' })]
  await introduce(oak, elm)
  oak.app.exchange.round()
  await oak.app.exchange.idle()
  const page = await (await oak.get('/network', 'text/html')).text()
  t.match(page, new URL(elm.url).host)
  t.match(page, 'Compared with another node')
  t.notMatch(page, peerAt(oak, elm.url).signer!)
})
