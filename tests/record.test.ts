import t from 'tap'
import { blockDomain } from '../src/actions/block.ts'
import { entryConfirmed, entryUnconfirmed, hearEntries, hearEntry } from '../src/actions/entry.ts'
import { expireEntries } from '../src/actions/entry-upkeep.ts'
import { unvouch, vouchFor, weighVouches } from '../src/actions/vouch.ts'
import { entryOf } from '../src/db/directory.ts'
import { recordCounts, recordOf, recordsAfter } from '../src/db/record.ts'
import { treeLeaf, treeRoot } from '../src/db/tree.ts'
import { entryKey, forkOf } from '../src/domain/entry.ts'
import { LIMITS } from '../src/domain/entry-limit.ts'
import { checkEntry, checkFork, EntryRefusal } from '../src/federation/entry-check.ts'
import { startNode } from './helpers/node.ts'
import { aKey, anAuthor, DAY, seconds } from './helpers/signed-entry.ts'

type Json = Record<string, unknown>
const peer = { peer: 1 }

async function listener(t: Parameters<typeof startNode>[0]) {
  const node = await startNode(t)
  const now = () => node.ctx.now().getTime()
  const check = (document: Json) => checkEntry(document, node.ctx.now())
  return {
    ...node,
    now,
    check,
    gossip: (document: Json) => hearEntry(node.ctx, check(document), peer),
    origin: (document: Json) => hearEntry(node.ctx, check(document), 'origin'),
    state: (actor: string) => recordOf(node.ctx.db, actor)?.state,
    seq: (actor: string) => recordOf(node.ctx.db, actor)?.seq,
    shown: (actor: string) => entryOf(node.ctx.db, actor)?.state,
  }
}

const refusal = (document: unknown, at: number) => {
  try {
    checkEntry(document, new Date(at))
    return 'taken'
  } catch (error) {
    return error instanceof EntryRefusal ? error.code : String(error)
  }
}

t.test('an entry by itself (O-54, O-80, O-83)', async t => {
  const at = Date.parse('2026-06-01T12:00:00Z')
  const elm = anAuthor()
  const mallory = anAuthor('https://mallory.test/c/elm')
  const good = elm.entry(5, at)
  t.equal(refusal(good, at), 'taken')
  const { proof, ...unsigned } = good
  t.equal(refusal(unsigned, at), 'shape', 'without a proof')
  t.equal(refusal({ ...good, seq: 6 }, at), 'proof', 'changed on its way')
  t.equal(refusal({ ...unsigned, proof: (mallory.entry(5, at) as Json).proof }, at), 'proof')
  t.equal(refusal(elm.entry(5, at, { assertionMethod: [mallory.keyOf(mallory.key)] }, { by: mallory.key }), at), 'foreign')
  t.equal(refusal(elm.entry(5, at, { id: 'https://mallory.test/entry' }), at), 'foreign')
  t.equal(refusal(elm.entry(5, at, { url: 'https://mallory.test/' }), at), 'foreign')
  t.equal(refusal(elm.entry(5, at, { node: 'https://mallory.test/node' }), at), 'foreign')
  t.equal(refusal(elm.sign({ ...unsigned, attributedTo: 'https://victim.test/c/v' }, elm.key, at), at), 'foreign')
  t.equal(refusal(elm.entry(5, at, { discoverable: false }), at), 'shape', 'not to be found')
  t.equal(refusal(elm.entry(5, at + 11 * 60_000), at), 'future', 'made in eleven minutes')
  t.equal(refusal(elm.entry(5, Date.parse('9999-01-01T00:00:00Z')), at), 'future')
  t.equal(refusal(elm.entry(5, at + 9 * 60_000), at), 'taken', 'clocks differ')
  t.equal(refusal(elm.entry(Math.floor(at / 1000) + 100_000, at), at), 'future', 'a number nobody could outdo')
  t.equal(refusal(good, at + 181 * DAY), 'expired')
  t.equal(refusal(elm.entry(5, at, { expires: seconds(at + 181 * DAY) }), at), 'lease')
  t.equal(refusal(elm.entry(5, at, { expires: seconds(at) }), at), 'lease')
  t.equal(refusal(elm.entry(5, at, {}, { charter: { summary: 'x'.repeat(8000) } }), at), 'size')
  t.equal(refusal(elm.entry(5, at, { more: 'than we know' }), at), 'taken', 'of a later version')
  t.equal(refusal(elm.tombstone(6, at, at + 100 * DAY), at), 'taken')
  t.equal(refusal(elm.tombstone(6, at, at + 200 * DAY), at), 'lease')
  t.equal(refusal(elm.tombstone(6, at, at), at + 8 * DAY), 'expired')
  for (const value of [null, 1, 'x', [], {}, { type: 'Tombstone' }, { type: 'Note' }]) t.equal(refusal(value, at), 'shape')
})

t.test('what is only heard is neither shown nor passed on, until its origin was asked', async t => {
  const node = await listener(t)
  const elm = anAuthor()
  const entry = elm.entry(5, node.now())
  const root = treeRoot(node.ctx.db)
  t.equal(node.gossip(entry), 'newer')
  t.equal(node.state(elm.actor), 'heard')
  t.equal(node.gossip(entry), 'same')
  t.same(treeRoot(node.ctx.db), root)
  t.notOk(recordsAfter(node.ctx.db, 0, 100).some(({ actor }) => actor === elm.actor))
  const { id } = recordOf(node.ctx.db, elm.actor)!
  entryConfirmed(node.ctx, elm.actor, true)
  t.match(recordOf(node.ctx.db, elm.actor), { state: 'confirmed', seenAt: Date })
  t.ok(recordOf(node.ctx.db, elm.actor)!.id > id, 'the feed counts it anew')
  t.equal(recordsAfter(node.ctx.db, id, 100).length, 1)
  t.equal(treeLeaf(node.ctx.db, entryKey(elm.actor).slice(0, 4)).length, 1)
  t.equal(node.shown(elm.actor), 'confirmed')
  t.match(entryOf(node.ctx.db, elm.actor), { handle: 'elm', host: 'elm.test', source: 'network', charter: { name: 'Elm' } })

  const fir = anAuthor('https://fir.test/c/fir')
  node.gossip(fir.entry(5, node.now()))
  t.equal(entryUnconfirmed(node.ctx, fir.actor, 'denied'), 1, 'the peer that told of it')
  t.equal(node.state(fir.actor), undefined)
})

t.test('a confirmed entry listens to its own keys alone (O-80, O-82)', async t => {
  const node = await listener(t)
  const elm = anAuthor()
  const mallory = aKey()
  node.origin(elm.entry(5, node.now()))
  t.equal(node.gossip(elm.entry(9, node.now(), {}, { by: mallory })), 'quarantine')
  t.equal(node.gossip(elm.tombstone(9, node.now(), node.now() + DAY, { by: mallory })), 'quarantine')
  t.match(recordOf(node.ctx.db, elm.actor), { seq: 5, kind: 'entry', keys: [elm.key.multibase], checkAt: Date }, 'the origin will be asked')
  t.equal(node.gossip(elm.entry(4, node.now(), {}, { charter: { name: 'Old' } })), 'older')
  t.equal(node.gossip(elm.entry(6, node.now(), {}, { charter: { name: 'New' } })), 'newer')
  t.match(entryOf(node.ctx.db, elm.actor), { charter: { name: 'New' }, state: 'confirmed' })
})

t.test('nobody comes first by being first: a forged claim gives way to the origin', async t => {
  const node = await listener(t)
  const elm = anAuthor()
  t.equal(node.gossip(elm.entry(9, node.now(), {}, { by: aKey() })), 'newer')
  t.equal(node.gossip(elm.entry(5, node.now())), 'contested')
  t.equal(node.origin(elm.entry(5, node.now())), 'newer')
  t.match(recordOf(node.ctx.db, elm.actor), { seq: 5, keys: [elm.key.multibase], state: 'confirmed' })
})

t.test('after a tombstone only what is newer comes back, a year later too (O-82)', async t => {
  const node = await listener(t)
  const elm = anAuthor()
  const start = node.now()
  const old = elm.entry(5, start)
  node.origin(old)
  t.equal(node.gossip(elm.tombstone(6, start, start + 180 * DAY)), 'newer')
  t.equal(node.state(elm.actor), 'tombstoned')
  t.equal(node.shown(elm.actor), undefined)
  t.equal(recordsAfter(node.ctx.db, 0, 100).at(-1)?.kind, 'tombstone', 'it is passed on')
  t.equal(node.gossip(old), 'older')
  t.equal(node.origin(old), 'older', 'not even its origin brings it back')
  t.equal(node.gossip(elm.entry(7, start)), 'newer')
  t.equal(node.shown(elm.actor), 'confirmed', 'its own newer word does')
  node.gossip(elm.tombstone(8, start, start + 180 * DAY))

  node.clock.offsetMs = 186 * DAY
  expireEntries(node.ctx)
  t.equal(node.state(elm.actor), 'tombstoned')
  node.clock.offsetMs = 188 * DAY
  expireEntries(node.ctx)
  t.equal(node.state(elm.actor), undefined, 'nothing is left to hold back')
  t.equal(refusal(old, node.now()), 'expired')
  t.same(treeLeaf(node.ctx.db, entryKey(elm.actor).slice(0, 4)), [])
})

t.test('what is not renewed expires, and its keys are remembered for half a year', async t => {
  const node = await listener(t)
  const elm = anAuthor()
  const heard = anAuthor('https://fir.test/c/fir')
  const start = node.now()
  node.origin(elm.entry(5, start))
  node.gossip(heard.entry(5, start))
  node.clock.offsetMs = 180 * DAY
  expireEntries(node.ctx)
  t.equal(node.state(elm.actor), 'expired')
  t.equal(node.state(heard.actor), undefined)
  t.equal(node.shown(elm.actor), undefined)
  t.equal(node.gossip(elm.entry(6, node.now(), {}, { by: aKey() })), 'quarantine')
  t.equal(node.gossip(elm.entry(6, node.now())), 'newer')
  t.equal(node.state(elm.actor), 'confirmed')
  node.clock.offsetMs = 361 * DAY
  expireEntries(node.ctx)
  node.clock.offsetMs = 542 * DAY
  expireEntries(node.ctx)
  t.equal(node.state(elm.actor), undefined)
})

t.test('a fork is the same wherever its halves were heard first, and a higher number ends it', async t => {
  const [one, other] = [await listener(t), await listener(t)]
  const elm = anAuthor()
  const at = one.now()
  const versions = ['A', 'B', 'C'].map(name => elm.entry(5, at, {}, { charter: { name } }))
  for (const [node, order] of [
    [one, [0, 1, 2]],
    [other, [2, 1, 0]],
  ] as const) {
    t.equal(node.origin(versions[order[0]]!), 'newer')
    t.equal(node.gossip(versions[order[1]]!), 'fork')
    node.gossip(versions[order[2]]!)
    for (const version of versions) node.gossip(version)
    t.match(recordOf(node.ctx.db, elm.actor), { state: 'forked', kind: 'fork', seq: 5 })
    t.equal(node.shown(elm.actor), undefined)
  }
  const record = recordOf(one.ctx.db, elm.actor)!
  t.same(record.hash, recordOf(other.ctx.db, elm.actor)!.hash)
  t.equal(record.text, recordOf(other.ctx.db, elm.actor)!.text)
  const leaf = entryKey(elm.actor).slice(0, 4)
  t.same(treeLeaf(one.ctx.db, leaf), treeLeaf(other.ctx.db, leaf))

  const fork = checkFork(JSON.parse(record.text), new Date(at))
  t.equal(fork.hash, record.hash!.toString('hex'))
  const third = await listener(t)
  third.origin(versions[0]!)
  hearEntries(third.ctx, [fork], peer)
  t.same(recordOf(third.ctx.db, elm.actor)!.hash, record.hash, 'it is passed on like an entry')
  const [a, b] = fork.documents
  t.throws(() => checkFork({ type: 'Fork', documents: [b.document, a.document] }, new Date(at)), { code: 'shape' })
  t.throws(() => checkFork({ type: 'Fork', documents: [a.document, a.document] }, new Date(at)), { code: 'shape' })
  t.equal(forkOf([b, a]).text, record.text)

  t.equal(one.gossip(elm.entry(6, at)), 'newer')
  t.equal(one.shown(elm.actor), 'confirmed')
})

t.test('an old key hands over to a new one, and is worth nothing afterwards', async t => {
  const node = await listener(t)
  const [first, second, third, thief] = [aKey(), aKey(), aKey(), aKey()]
  const elm = anAuthor('https://elm.test/c/elm', first)
  const at = node.now()
  node.origin(elm.entry(5, at))
  const handed = [elm.succession(first, [second], at), elm.succession(second, [third], at)]
  t.equal(node.gossip(elm.entry(6, at, { successions: [handed[1]] }, { by: third })), 'quarantine', 'a link is missing')
  t.equal(node.gossip(elm.entry(6, at, { successions: handed }, { by: third })), 'newer', 'two changes at once')
  t.same(recordOf(node.ctx.db, elm.actor)!.keys, [third.multibase])
  const stolen = elm.succession(first, [thief], at)
  t.equal(node.gossip(elm.entry(7, at, { successions: [stolen] }, { by: thief })), 'quarantine')
  t.equal(node.gossip(elm.entry(7, at, {}, { by: first })), 'quarantine')
  const other = anAuthor('https://other.test/c/other', first)
  t.equal(node.gossip(elm.entry(8, at, { successions: [other.succession(third, [thief], at)] }, { by: thief })), 'quarantine')
})

t.test('one registrable domain has twenty places, and blocked servers none', async t => {
  const node = await listener(t)
  const at = node.now()
  const verdicts = Array.from({ length: 23 }, (_, number) => node.gossip(anAuthor(`https://n${number}.crowd.test/c/elm`).entry(5, at)))
  t.equal(verdicts.filter(verdict => verdict === 'newer').length, LIMITS.entriesPerDomain)
  t.equal(verdicts.filter(verdict => verdict === 'unwanted').length, 3)
  t.equal(node.gossip(anAuthor('https://n.village.test/c/elm').entry(5, at)), 'newer')
  blockDomain(node.ctx, 'crowd.test', 'limit')
  t.equal(recordCounts(node.ctx.db).heard, 1)
  t.equal(node.gossip(anAuthor('https://n1.crowd.test/c/elm').entry(6, at)), 'unwanted')
})

t.test('vouching goes three steps, over checked entries, and no further', async t => {
  const node = await listener(t)
  const at = node.now()
  const names = ['a', 'b', 'c', 'd', 'e', 'f']
  const [a, b, c, d, e, f] = names.map(name => anAuthor(`https://${name}.test/c/${name}`)) as [
    ReturnType<typeof anAuthor>,
    ...ReturnType<typeof anAuthor>[],
  ] &
    ReturnType<typeof anAuthor>[]
  for (const [author, next] of [
    [a, b],
    [b!, c],
    [c!, d],
    [d!, e],
  ] as const)
    node.origin(author!.entry(5, at, { vouchesFor: [next!.actor] }))
  node.origin(e!.entry(5, at, { vouchesFor: [e!.actor] }))
  node.gossip(f!.entry(5, at))
  vouchFor(node.ctx, a.actor)
  t.same(
    [a, b, c, d, e].map(one => node.shown(one!.actor)),
    ['vouched', 'vouched', 'vouched', 'vouched', 'confirmed'],
  )
  t.throws(() => vouchFor(node.ctx, node.actor), { message: /vouch for themselves/ })
  t.throws(() => vouchFor(node.ctx, 'https://nobody.test/c/x'), { message: /not in the directory/ })
  node.gossip(b!.entry(6, at))
  weighVouches(node.ctx)
  t.same(
    [a, b, c].map(one => node.shown(one!.actor)),
    ['vouched', 'vouched', 'confirmed'],
    'it vouches for them no more',
  )
  unvouch(node.ctx, a.actor)
  t.same(
    [a, b].map(one => node.shown(one!.actor)),
    ['confirmed', 'confirmed'],
  )
})
