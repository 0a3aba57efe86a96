import t from 'tap'
import { confirmByWitnesses, entryUnconfirmed, hearEntry, signerDigest } from '../src/actions/entry.ts'
import { unvouch, vouchFor } from '../src/actions/vouch.ts'
import { saveConfirmation } from '../src/db/confirmation.ts'
import { entryOf } from '../src/db/directory.ts'
import { transact } from '../src/db/open.ts'
import { addPeer, amendPeer } from '../src/db/peer.ts'
import { recordOf } from '../src/db/record.ts'
import { treeRoot } from '../src/db/tree.ts'
import { countsAsWitness } from '../src/db/witness.ts'
import { entryKey } from '../src/domain/entry.ts'
import { startNode } from './helpers/node.ts'
import { type Author, aKey, anAuthor, DAY, signed } from './helpers/signed-entry.ts'

type Json = Record<string, unknown>

/** A node that has heard of a community, and others that say they have seen it. */
async function scene(t: Parameters<typeof startNode>[0]) {
  const { ctx, clock } = await startNode(t)
  const now = () => ctx.now().getTime()
  const origin = (document: Json) => hearEntry(ctx, signed(document, now()), 'origin')
  const gossip = (document: Json) => hearEntry(ctx, signed(document, now()), { peer: 99 })
  const keyOf = (author: Author) => Buffer.from(entryKey(author.actor), 'hex')
  return {
    ctx,
    clock,
    now,
    origin,
    gossip,
    state: ({ actor }: Author) => recordOf(ctx.db, actor)?.state,
    /** A node at this host, with its community; seen there by us unless told otherwise. */
    node(host: string, { seen = true, signer = 'z' as string | null, node = `https://${host}/node` } = {}) {
      const author = anAuthor(`https://${host}/c/home`)
      const entry = author.entry(5, now(), { node })
      if (seen) origin(entry)
      else gossip(entry)
      const { id } = transact(ctx.db, tx => addPeer(tx, `https://${host}/node`, 'entry', ctx.now(), { signer }))
      return { ...author, id }
    },
    /** They all say they have seen this key at the origin. @returns whether it is believed */
    testify(of: Author, by: { id: number }[], multibase = of.key.multibase): boolean {
      const row = { key: keyOf(of), signer: signerDigest(multibase), seq: 5, at: ctx.now() }
      return transact(ctx.db, tx => {
        for (const { id } of by) saveConfirmation(tx, { ...row, peer: id })
        return confirmByWitnesses(tx, row.key, ctx.now())
      })
    },
  }
}

t.test('three nodes that anybody could set up make nobody believe in a forged entry', async t => {
  const { node, gossip, now, testify, state, ctx } = await scene(t)
  const victim = anAuthor('https://victim.test/c/victim')
  const colluding = ['a.test', 'b.test', 'c.test'].map(host => node(host))
  t.same(
    colluding.map(one => recordOf(ctx.db, one.actor)?.seenAt !== null),
    [true, true, true],
    'their communities were seen',
  )
  gossip(victim.entry(5, now()))
  t.notOk(testify(victim, colluding))
  t.equal(state(victim), 'heard')
  t.notOk(colluding.some(one => countsAsWitness(ctx.db, one, ctx.now())))
  vouchFor(ctx, colluding[0]!.actor)
  vouchFor(ctx, colluding[1]!.actor)
  t.notOk(testify(victim, []), 'two are not enough')
})

t.test('three that count stand for a look of our own, and who counts', async t => {
  const { node, gossip, now, testify, ctx, clock } = await scene(t)
  const elm = anAuthor()
  gossip(elm.entry(5, now()))
  const [a, b, c] = ['x.a.test', 'b.test', 'c.test'].map(host => node(host)) as [Author & { id: number }, ...(Author & { id: number })[]]
  const same = node('y.a.test')
  const own = node('www.elm.test')
  const unseen = node('d.test', { seen: false })
  const keyless = node('e.test', { signer: null })
  const elsewhere = node('f.test', { node: 'https://f.test/another' })
  const banned = node('g.test')
  for (const one of [a, b!, c!, same, own, keyless, elsewhere, banned]) vouchFor(ctx, one.actor)
  transact(ctx.db, tx => amendPeer(tx, banned.id, { bannedUntil: new Date(now() + DAY) }))
  t.notOk(testify(elm, [a, same, own, unseen, keyless, elsewhere, banned]), 'none of these makes two')
  t.notOk(testify(elm, [b!]), 'two')
  t.notOk(testify(elm, [c!], aKey().multibase), 'another key')
  unvouch(ctx, b!.actor)
  t.notOk(testify(elm, [c!]), 'what one has said counts as little as he does now')
  clock.offsetMs += 2 * DAY
  t.ok(testify(elm, []), 'nobody is banned for ever')
  t.match(recordOf(ctx.db, elm.actor), { state: 'confirmed', seenAt: null })
  t.equal(entryOf(ctx.db, elm.actor)?.state, 'confirmed')
})

t.test('whatever others have seen, the origin corrects it at once', async t => {
  const { node, gossip, origin, now, testify, state, ctx } = await scene(t)
  const witnesses = ['a.test', 'b.test', 'c.test'].map(host => node(host))
  for (const { actor } of witnesses) vouchFor(ctx, actor)
  const elm = anAuthor()
  const thief = aKey()
  gossip(elm.entry(900, now(), {}, { by: thief, charter: { name: 'Forged' } }))
  t.ok(testify(elm, witnesses, thief.multibase))
  t.equal(entryOf(ctx.db, elm.actor)?.charter.name, 'Forged', 'three that are vouched for have lied')
  t.equal(gossip(elm.entry(5, now())), 'contested')
  t.match(recordOf(ctx.db, elm.actor), { seq: 900, checkAt: Date }, 'whoever contradicts has the origin asked')
  t.equal(origin(elm.entry(5, now())), 'newer', 'no quarantine, and a lower number does not matter')
  t.match(recordOf(ctx.db, elm.actor), { seq: 5, keys: [elm.key.multibase], seenAt: Date, state: 'confirmed' })
  t.equal(entryOf(ctx.db, elm.actor)?.charter.name, 'Elm')
  t.equal(origin(elm.entry(9, now(), {}, { by: thief })), 'quarantine', 'what was seen there itself is protected')

  const nobody = anAuthor('https://nobody.test/c/nobody')
  const root = treeRoot(ctx.db)
  gossip(nobody.entry(5, now()))
  t.ok(testify(nobody, witnesses))
  t.notSame(treeRoot(ctx.db), root)
  t.equal(entryUnconfirmed(ctx, nobody.actor, 'away'), null)
  t.equal(state(nobody), 'confirmed', 'an origin that does not answer says nothing')
  t.equal(entryUnconfirmed(ctx, nobody.actor, 'gone'), 99)
  t.equal(state(nobody), undefined, 'one that shows nothing does')
  t.equal(entryOf(ctx.db, nobody.actor), undefined)
  t.same(treeRoot(ctx.db), root)
  gossip(nobody.entry(5, now()))
  t.notOk(testify(nobody, []), 'and the same lie is not believed again')
})
