import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { publishCharter } from '../src/actions/charter.ts'
import { changeSettings } from '../src/actions/community.ts'
import { vouchFor } from '../src/actions/vouch.ts'
import { dueErrands, type Errand } from '../src/db/errand.ts'
import { transact } from '../src/db/open.ts'
import { amendPeer } from '../src/db/peer.ts'
import { recordCounts, recordOf } from '../src/db/record.ts'
import type { Actor } from '../src/domain/actor.ts'
import { entryKey } from '../src/domain/entry.ts'
import { LIMITS } from '../src/domain/entry-limit.ts'
import { isHint } from '../src/federation/activities/hint.ts'
import { publishEntry } from '../src/federation/entry.ts'
import { checkEntries } from '../src/federation/entry-origin.ts'
import { runErrands } from '../src/federation/errand.ts'
import { fetchHinted } from '../src/federation/exchange/hinted.ts'
import { aCharter } from './helpers/charters.ts'
import { startEvilNode } from './helpers/evil-node.ts'
import { HOUR, introduce, pass, peerAt, rootOf, stateAt } from './helpers/exchange.ts'
import { startNode, type TestNode } from './helpers/node.ts'
import { anAuthor } from './helpers/signed-entry.ts'

type Line = { c: number; k: string; seq: number; h: string; t: string }
type Feed = { epoch: string; items: Line[]; next?: number; newest: number }

t.test('an entry reaches a node that has never heard of its community, and is looked at there before it is shown', async t => {
  const [a, b, c] = [
    await startNode(t, { handle: 'alder' }),
    await startNode(t, { handle: 'birch' }),
    await startNode(t, { handle: 'cedar' }),
  ]
  for (const { federation } of [a, b, c]) publishEntry(federation)
  await introduce(b, a)
  await introduce(c, b)
  await pass(0, b)
  t.equal(stateAt(b, a), 'heard', 'B has heard of A, and knows no more')
  await pass(0, c)
  t.equal(stateAt(c, b), 'heard')
  t.equal(stateAt(c, a), undefined, 'what B has only heard it does not pass on')
  await pass(HOUR, b)
  t.equal(stateAt(b, a), 'confirmed', 'B has asked A itself')
  await pass(HOUR, c)
  t.match(stateAt(c, a), /heard|confirmed/, 'then C hears of it')
  await pass(HOUR, c)
  t.equal(stateAt(c, a), 'confirmed', 'and asks A itself')
  for (let round = 0; round < 6; round++) await pass(HOUR, a, b, c)
  t.ok(peerAt(c, a.url), 'its node is now a peer')
  t.equal(stateAt(a, c), 'confirmed', 'and who is met for the first time hears who came')
  t.equal(rootOf(a), rootOf(b), 'in the end all know the same')
  t.equal(rootOf(b), rootOf(c))
})

t.test('the feed, the entries and the tree', async t => {
  const oak = await startNode(t)
  publishEntry(oak.federation)
  const read = async <T>(path: string) => (await (await oak.get(path, 'application/json')).json()) as T
  const feed = await read<Feed>('/directory/feed')
  t.equal(feed.items.length, 1)
  const [line] = feed.items as [Line]
  t.match(line, { k: entryKey(oak.actor), t: 'entry' })
  t.equal(feed.next, undefined)
  t.equal(feed.newest, line.c)

  const one = await oak.get(`/directory/entries/${line.h}`, 'application/json')
  const text = await one.text()
  t.equal(createHash('sha256').update(text).digest('hex'), line.h, 'a document is the very bytes of its hash')
  t.match(one.headers.get('cache-control'), /immutable/)
  t.equal(one.headers.get('access-control-allow-origin'), '*')
  const again = await fetch(`${oak.url}/directory/entries/${line.h}`, { headers: { 'if-none-match': one.headers.get('etag')! } })
  t.equal(again.status, 304)
  t.equal((await oak.get(`/directory/entries/${'0'.repeat(64)}`)).status, 404)

  t.same(await read('/directory/entries'), { epoch: feed.epoch, items: [{ c: line.c, entry: JSON.parse(text) }] })
  const asked = await fetch(`${oak.url}/directory/entries`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ hashes: [line.h, 'f'.repeat(64)] }),
  })
  t.same(await asked.json(), { items: [JSON.parse(text)] }, 'what is not there is left out')

  const tree = await read<{ root: string; nodes: { p: string; children: (string | null)[] }[] }>('/directory/tree')
  t.equal(tree.root, rootOf(oak))
  const [first] = tree.nodes as [(typeof tree.nodes)[0]]
  t.same([first.p, first.children.filter(Boolean).length], ['', 1])
  t.same(await read(`/directory/leaf?p=${line.k.slice(0, 4)},0000`), {
    epoch: feed.epoch,
    leaves: [
      { p: line.k.slice(0, 4), items: [[line.k, line.seq, line.h]] },
      { p: '0000', items: [] },
    ],
  })

  const changes = await read<{ orderType: string; first: string }>('/directory/changes')
  t.match(changes, { type: 'OrderedCollection', orderType: 'ForwardChronological' })
  const page = (await (await fetch(changes.first)).json()) as { orderedItems: { type: string; object: string; entry: unknown }[] }
  t.match(page.orderedItems, [{ type: 'Add', object: oak.actor, entry: JSON.parse(text) }])
})

t.test('what is asked for wrongly is refused with the name of what is wrong', async t => {
  const oak = await startNode(t)
  const wrong: [string, string][] = [
    ['/directory/feed?after=-1', 'after'],
    ['/directory/feed?after=1e9', 'after'],
    ['/directory/feed?after=1&after=2', 'after'],
    ['/directory/feed?limit=0', 'limit'],
    ['/directory/feed?limit=501', 'limit'],
    ['/directory/feed?cursor=1', 'cursor'],
    ['/directory/entries?limit=201', 'limit'],
    ['/directory/entries/00?x=1', 'x'],
    ['/directory/tree?p=abcd', 'p'],
    ['/directory/tree?p=%00', 'p'],
    [`/directory/tree?p=${Array.from({ length: 65 }, (_, at) => (at + 256).toString(16))}`, 'p'],
    ['/directory/leaf', 'p'],
    ['/directory/leaf?p=abc', 'p'],
    ['/directory/confirmations?after=x', 'after'],
    ['/directory/changes?limit=9999', 'limit'],
  ]
  for (const [path, parameter] of wrong) {
    const answer = await oak.get(path, 'application/json')
    t.equal(answer.status, 400, path)
    t.match(await answer.json(), { parameter, error: parameter })
  }
  for (const body of [
    '',
    '{',
    '[]',
    'null',
    '{"hashes":"x"}',
    '{"hashes":[1]}',
    JSON.stringify({ hashes: Array(201).fill('0'.repeat(64)) }),
  ]) {
    const answer = await fetch(`${oak.url}/directory/entries`, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
    t.equal(answer.status, 400, body.slice(0, 20))
    t.match(await answer.json(), { parameter: 'hashes' })
  }
  const huge = await fetch(`${oak.url}/directory/entries`, { method: 'POST', body: 'x'.repeat(40_000) })
  t.equal(huge.status, 413)
})

t.test('pages are compressed for those who ask for it', async t => {
  const [oak, elm] = [await startNode(t), await startNode(t, { handle: 'elm' })]
  publishEntry(oak.federation)
  const raw = async (encoding: string) => {
    const { body, headers } = await elm.ctx.fetch.get(`${oak.url}/directory/entries`, { gzip: encoding === 'gzip' })
    return { body, encoding: headers['content-encoding'] }
  }
  const [plain, packed] = [await raw('identity'), await raw('gzip')]
  t.equal(plain.encoding, undefined)
  t.equal(packed.encoding, 'gzip')
  t.same(packed.body, plain.body)
  const refused = await fetch(`${oak.url}/directory/entries`, { headers: { 'accept-encoding': 'gzip;q=0' } })
  t.equal(refused.headers.get('content-encoding'), null)
})

t.test('a change is known to the peers at once', async t => {
  const [oak, elm] = [await startNode(t), await startNode(t, { handle: 'elm' })]
  for (const { federation } of [oak, elm]) publishEntry(federation)
  await introduce(elm, oak)
  await introduce(oak, elm)
  for (let round = 0; round < 3; round++) await pass(HOUR, oak, elm)
  t.equal(stateAt(elm, oak), 'confirmed')
  publishCharter(oak.ctx, aCharter({ name: 'Oak again' }))
  const begun = performance.now()
  await pass(0, oak)
  t.equal(dueErrands(elm.ctx.db, elm.ctx.now(), 9).length, 1, 'the hint has arrived')
  await runErrands(elm.federation)
  t.match(recordOf(elm.ctx.db, oak.actor)?.text, 'Oak again')
  t.equal(stateAt(elm, oak), 'confirmed', 'by a key that is known nothing has to be asked')
  t.ok(performance.now() - begun < 5_000)

  changeSettings(oak.ctx, { listed: false })
  await pass(0, oak)
  await runErrands(elm.federation)
  t.equal(stateAt(elm, oak), 'tombstoned', 'a goodbye travels as fast')
})

t.test('O-54 a hint is only a hint: what it points to must be what its hash says, and prove itself', async t => {
  const oak = await startNode(t)
  const evil = await startEvilNode(t)
  await introduce(oak, evil)
  const before = recordCounts(oak.ctx.db)
  const entry = anAuthor('https://victim.test/c/victim').entry(5, Date.now())
  const forged = evil.list({ ...entry, seq: 6 })
  const other = evil.list(entry)
  evil.setTrick((_, response, url) => {
    if (!url.pathname.startsWith('/directory/entries/')) return false
    response.end(evil.documents.get(forged))
    return true
  })
  for (const [hash, points] of [
    [forged, LIMITS.score.badSignature],
    [other, LIMITS.score.wrongHash],
  ] as const) {
    const score = peerAt(oak, evil.url).score
    await fetchHinted(oak.federation, { actor: evil.node, object: `${evil.url}/directory/entries/${hash}` } as Errand).then(run => run())
    t.equal(Math.round(peerAt(oak, evil.url).score - score), points)
  }
  t.same(recordCounts(oak.ctx.db), before)
  const sender = { id: evil.node, type: 'Application' } as Actor
  const hinted = (object: string) => isHint(sender.id, object)
  t.ok(hinted(`${evil.url}/directory/entries/${other}`))
  t.notOk(hinted(`https://victim.test/directory/entries/${other}`), 'nobody hints at what stands elsewhere')
  t.notOk(hinted(`${evil.url}/directory/entries/${other}?x`))
})

t.test(
  'what three others have seen need not be looked at again; their pages are signed, and none counts that is not known itself',
  async t => {
    const nodes: TestNode[] = []
    for (const handle of ['alder', 'birch', 'cedar', 'dogwood', 'elm']) nodes.push(await startNode(t, { handle }))
    const [alder, birch, cedar, dogwood, elm] = nodes as [TestNode, TestNode, TestNode, TestNode, TestNode]
    for (const { federation } of nodes) publishEntry(federation)
    const witnesses = [birch, cedar, dogwood]
    for (const one of witnesses) await introduce(one, alder)
    for (let round = 0; round < 3; round++) await pass(HOUR, ...witnesses)
    t.ok(witnesses.every(one => stateAt(one, alder) === 'confirmed'))
    // Alder is away, and Elm knows the three that have seen it.
    await alder.stop()
    for (const one of witnesses) await introduce(elm, one)
    const round = async () => {
      elm.clock.offsetMs += HOUR
      for (const one of witnesses) transact(elm.ctx.db, tx => amendPeer(tx, peerAt(elm, one.url).id, { visitAt: elm.ctx.now() }))
      elm.app.exchange.round()
      await elm.app.exchange.idle()
    }
    await round()
    t.equal(stateAt(elm, alder), 'heard')
    t.equal(
      elm.ctx.db.$client.prepare('select count(*) from confirmations').pluck().get(),
      0,
      'strangers are not asked what they have seen',
    )
    while ((await checkEntries(elm.federation)) > 0);
    for (const one of witnesses) t.equal(stateAt(elm, one), 'heard', 'not yet looked at')
    elm.clock.offsetMs += HOUR
    while ((await checkEntries(elm.federation)) > 0);
    for (const one of witnesses) t.equal(stateAt(elm, one), 'confirmed')
    await round()
    t.equal(stateAt(elm, alder), 'heard', 'three that anybody could set up are no witnesses')
    t.equal(elm.ctx.db.$client.prepare('select count(*) from confirmations').pluck().get(), 0, 'and are not even asked')
    for (const one of witnesses) vouchFor(elm.ctx, one.actor)
    await round()
    t.equal(stateAt(elm, alder), 'confirmed', 'by the word of three whom we know')
    t.equal(recordOf(elm.ctx.db, alder.actor)!.seenAt, null, 'which is no sight of its own, and is not told as one')
    const page = (await (await elm.get('/directory/confirmations', 'application/json')).json()) as { items: { k: string }[] }
    t.notOk(page.items.some(({ k }) => k === entryKey(alder.actor)))
  },
)

t.test('a page of confirmations that its node has not signed ends in a ban', async t => {
  const oak = await startNode(t)
  const evil = await startEvilNode(t)
  const author = anAuthor(`${evil.url}/c/evil`)
  const entry = author.entry(5, Date.now())
  evil.list(entry)
  evil.serveActor(
    author.actor,
    evil.actor(author.actor, 'Organization', 'evil', { discoverable: true, entry, assertionMethod: [author.keyOf(author.key)] }),
  )
  await introduce(oak, evil)
  for (let round = 0; round < 2; round++) await pass(HOUR, oak)
  t.equal(stateAt(oak, author), 'confirmed')
  vouchFor(oak.ctx, author.actor)
  evil.setTrick((_, response, url) => {
    if (url.pathname !== '/directory/confirmations') return false
    const items = [{ k: 'a'.repeat(64), signer: 'b'.repeat(32), seq: 1, at: new Date().toISOString() }]
    const page = evil.page({ type: 'Confirmations', id: url.href, attributedTo: evil.node, epoch: 'evil', items: [], upTo: 0 })
    response.end(JSON.stringify({ ...page, items }))
    return true
  })
  for (let visit = 0; visit < 3; visit++) {
    oak.clock.offsetMs += HOUR
    transact(oak.ctx.db, tx => amendPeer(tx, peerAt(oak, evil.url).id, { visitAt: oak.ctx.now() }))
    oak.app.exchange.round()
    await oak.app.exchange.idle()
  }
  t.ok(peerAt(oak, evil.url).bannedUntil)
  t.equal(oak.ctx.db.$client.prepare('select count(*) from confirmations').pluck().get(), 0)
})

t.test('a new node reads whole documents to the end, on a thread of its own, and answers meanwhile', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'exchange-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const source = await startEvilNode(t)
  const at = Date.now()
  for (let n = 0; n < 1_500; n++) source.list(anAuthor(`https://d${n}.test/c/d`).entry(1, at))
  const oak = await startNode(t, { file: join(folder, 'oak.sqlite') })
  await introduce(oak, source)
  oak.app.exchange.round()
  const waits: number[] = []
  let done = false
  const idle = oak.app.exchange.idle().then(() => {
    done = true
  })
  while (!done) {
    const begun = performance.now()
    await (await oak.get('/', 'text/html')).text()
    waits.push(performance.now() - begun)
  }
  await idle
  t.equal(recordCounts(oak.ctx.db).heard, 1_500)
  t.equal(peerAt(oak, source.url).entries, 1_500)
  const kinds = source.asked.map(line => line.replace(/\?.*/, ''))
  t.ok(kinds.filter(kind => kind === 'GET /directory/entries').length >= 8, 'page by page')
  t.ok(kinds.filter(kind => kind === 'POST /directory/entries').length <= 2, 'and not by hash')
  waits.sort((a, b) => a - b)
  t.comment(`${waits.length} pages meanwhile, p50 ${Math.round(waits[waits.length >> 1]!)} ms, slowest ${Math.round(waits.at(-1)!)} ms`)
  t.ok(waits[waits.length >> 1]! < 1_000)
})
