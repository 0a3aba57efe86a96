import fc from 'fast-check'
import t from 'tap'
import { publishCharter } from '../src/actions/charter.ts'
import { changeSettings } from '../src/actions/community.ts'
import { hearEntry } from '../src/actions/entry.ts'
import { followActor } from '../src/actions/following.ts'
import { claimFormerAddress, moveCommunity } from '../src/actions/move.ts'
import { rotateKeys } from '../src/actions/node.ts'
import { vouchFor } from '../src/actions/vouch.ts'
import { entryOf } from '../src/db/directory.ts'
import { recordOf } from '../src/db/record.ts'
import { treeRoot } from '../src/db/tree.ts'
import type { Charter } from '../src/domain/charter.ts'
import { LIMITS } from '../src/domain/entry-limit.ts'
import { publishEntry } from '../src/federation/entry.ts'
import { checkEntry } from '../src/federation/entry-check.ts'
import { checkEntries, keepEntries } from '../src/federation/entry-origin.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { recover, tellRecoveryKey } from '../src/federation/recovery.ts'
import { aCharter, charters } from './helpers/charters.ts'
import { startForeign } from './helpers/foreign.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'
import { aKey, anAuthor, DAY } from './helpers/signed-entry.ts'

const record = ({ ctx }: TestNode, { actor }: { actor: string }) => recordOf(ctx.db, actor)
const shown = ({ ctx }: TestNode, { actor }: { actor: string }) => entryOf(ctx.db, actor)?.state
const entryAtOrigin = async (node: TestNode) => (await node.get(`${new URL(node.actor).pathname}/entry`, 'application/json')).json()
const found = async (node: TestNode, words: string) =>
  ((await (await node.get(`/api/directory?q=${words}`, 'application/json')).json()) as { total: number }).total
/** As a peer would pass it on: the words of `from`, told to `to`. */
const passOn = async (from: TestNode, to: TestNode) => hearEntry(to.ctx, checkEntry(await entryAtOrigin(from), to.ctx.now()), { peer: 1 })
const page = async (node: TestNode, of: TestNode) => (await node.get(`/communities/${new URL(of.url).host}/oak`, 'text/html')).text()
const look = async (node: TestNode) => {
  node.clock.offsetMs += 11 * 60_000
  await checkEntries(node.federation)
}

t.test('a community signs its entry, shows it on its actor, and says in it what it says of itself', async t => {
  const oak = await startNode(t, {
    handle: 'oak',
    charter: { name: 'Oak', membershipProcess: 'Write to us.', themes: ['left', 'ecological'] },
  })
  const entry = await entryAtOrigin(oak)
  const actor = await (await oak.get('/c/oak')).json()
  t.same(actor.entry, entry)
  t.match(entry, {
    type: 'DirectoryEntry',
    attributedTo: oak.actor,
    node: `${oak.url}/node`,
    preferredUsername: 'oak',
    discoverable: true,
    charter: { name: 'Oak', edition: 1, digest: /^zQm/ },
    assertionMethod: actor.assertionMethod,
    recovery: /^did:key:z6Mk/,
    proof: { cryptosuite: 'eddsa-jcs-2022', verificationMethod: `${oak.actor}#ed25519-key` },
  })
  t.notOk(entry.charter.membershipProcess, 'long texts stay in the charter')
  t.equal(Date.parse(entry.expires) - Date.parse(entry.updated), 180 * DAY)
  t.ok(entry.seq >= Math.floor(Date.parse(entry.updated) / 1000))
  t.equal((await (await oak.get('/c/oak')).text()).includes('PRIVATE'), false)
  t.equal(actor.assertionMethod.length, 1, 'the recovery key is none of the actor’s')
  t.equal((await oak.get('/c/ash/entry')).status, 404)
})

t.test('it is signed anew when it says something else or is sixty days old, and never without need', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const first = await entryAtOrigin(oak)
  t.equal(publishEntry(oak.federation), false)
  oak.clock.offsetMs = 59 * DAY
  t.equal(publishEntry(oak.federation), false)
  oak.clock.offsetMs = 61 * DAY
  t.equal(publishEntry(oak.federation), true)
  const second = await entryAtOrigin(oak)
  t.ok(second.seq > first.seq)
  t.equal(publishEntry(oak.federation), false)
  publishCharter(oak.ctx, aCharter({ name: 'Oak again' }))
  publishCharter(oak.ctx, aCharter({ name: 'Oak once more' }))
  await settle(oak)
  t.match(await entryAtOrigin(oak), { charter: { name: 'Oak once more', edition: 3 } })
  t.ok((await entryAtOrigin(oak)).seq > second.seq)
})

t.test('who follows hears of every change, of withdrawal, and of coming back', async t => {
  const [oak, fern, ash] = [
    await startNode(t, { handle: 'oak' }),
    await startNode(t, { handle: 'fern' }),
    await startNode(t, { handle: 'ash' }),
  ]
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  t.equal(shown(fern, oak), 'confirmed')
  t.same(record(fern, oak)!.hash, record(oak, oak)!.hash)
  publishCharter(oak.ctx, aCharter({ name: 'Quercus' }))
  await settle(oak, fern)
  t.match(entryOf(fern.ctx.db, oak.actor), { charter: { name: 'Quercus' }, edition: 2, source: 'follow' })
  t.same(record(fern, oak)!.hash, record(oak, oak)!.hash, 'the Update carried the entry')
  t.equal(await found(fern, 'quercus'), 1)
  const old = await entryAtOrigin(oak)
  await passOn(oak, ash)

  changeSettings(oak.ctx, { listed: false })
  await settle(oak, fern)
  t.equal((await oak.get('/c/oak/entry')).status, 410)
  t.match(await entryAtOrigin(oak), { type: 'Tombstone', until: old.expires })
  t.equal(record(fern, oak)!.state, 'tombstoned')
  t.equal(await found(fern, 'quercus'), 0)
  t.equal(await found(oak, 'quercus'), 0)
  t.equal(hearEntry(fern.ctx, checkEntry(old, fern.ctx.now()), { peer: 1 }), 'older', 'whoever still passes on the old one')
  t.equal(await passOn(oak, ash), 'newer')
  await look(ash)
  t.equal(record(ash, oak)!.state, 'tombstoned')
  t.match(await page(fern, oak), /has withdrawn its entry/)

  changeSettings(oak.ctx, { listed: true })
  await settle(oak, fern)
  t.equal(shown(fern, oak), 'confirmed')
  t.equal(await found(fern, 'quercus'), 1)
  t.equal(await passOn(oak, ash), 'newer')
  t.equal(shown(ash, oak), 'confirmed', 'signed by the key it knows: nobody has to be asked')
})

t.test('what a peer tells of is looked at at its origin', async t => {
  const [oak, fern] = [await startNode(t, { handle: 'oak' }), await startNode(t, { handle: 'fern' })]
  t.equal(await passOn(oak, fern), 'newer')
  t.equal(shown(fern, oak) === 'confirmed', false)
  t.equal(await found(fern, 'oak'), 0)
  await look(fern)
  t.equal(shown(fern, oak), 'confirmed')
  t.equal(await found(fern, 'oak'), 1)
  t.same(record(fern, oak)!.seenAt instanceof Date, true)
  t.match(await page(fern, oak), /Other nodes told this one of it/)
  t.match(await page(fern, oak), /its own server was asked, by this node or by three others/)

  const disappointed: number[] = []
  const nobody = anAuthor(`${oak.url}/c/nobody`)
  hearEntry(fern.ctx, checkEntry(nobody.entry(5, fern.ctx.now().getTime()), fern.ctx.now()), { peer: 7 })
  fern.clock.offsetMs += 11 * 60_000
  await checkEntries(fern.federation, peer => disappointed.push(peer))
  t.equal(record(fern, nobody), undefined)
  t.same(disappointed, [7])
})

t.test('a budget spares strangers and lets chance choose', async t => {
  const fern = await startNode(t, { handle: 'fern' })
  const now = fern.ctx.now()
  fern.ctx.db.$client
    .prepare("insert into settings values ('entry.checks', ?)")
    .run(JSON.stringify({ day: Math.floor((now.getTime() + 11 * 60_000) / DAY), all: 500, peers: { 1: 500 } }))
  const one = anAuthor('http://localhost:1/c/a')
  hearEntry(fern.ctx, checkEntry(one.entry(5, now.getTime()), now), { peer: 1 })
  fern.clock.offsetMs += 11 * 60_000
  await checkEntries(fern.federation)
  t.match(record(fern, one), { checks: 0, state: 'heard' })
  t.ok(record(fern, one)!.checkAt! > fern.ctx.now(), 'not today, unless another peer names it')
})

t.test('new keys by the old one are believed at once', async t => {
  const [oak, fern] = [await startNode(t, { handle: 'oak' }), await startNode(t, { handle: 'fern' })]
  await passOn(oak, fern)
  await look(fern)
  rotateKeys(oak.ctx)
  rotateKeys(oak.ctx)
  await settle(oak)
  t.equal(await passOn(oak, fern), 'newer')
  t.match(record(fern, oak), { state: 'confirmed' })
  t.same(record(fern, oak)!.keys, record(oak, oak)!.keys)
  t.equal(
    oak.ctx.db.$client.prepare("select count(*) from keys where retired_at is not null and private_key != ''").pluck().get(),
    0,
    'the old keys have signed for the last time',
  )
  const before = record(fern, oak)!.keys
  rotateKeys(oak.ctx)
  await settle(oak)
  await passOn(oak, fern)
  t.notSame(record(fern, oak)!.keys, before)
})

t.test('lost keys: the new ones wait for seven days, and the origin must still show them', async t => {
  const [oak, fern] = [await startNode(t, { handle: 'oak' }), await startNode(t, { handle: 'fern' })]
  await passOn(oak, fern)
  await look(fern)
  fern.clock.offsetMs += LIMITS.checkAgain
  const pinned = record(fern, oak)!.keys
  const seq = record(fern, oak)!.seq
  // Everything but the address is lost: keys and entry are made anew.
  rotateKeys(oak.ctx)
  oak.ctx.db.$client.exec("delete from records; delete from keys where retired_at is not null or actor like '%#recovery'")
  oak.clock.offsetMs = 60_000
  fern.clock.offsetMs += 60_000
  publishEntry(oak.federation)
  t.equal(await passOn(oak, fern), 'quarantine')
  await look(fern)
  t.match(record(fern, oak), { seq, keys: pinned, state: 'confirmed' }, 'the old entry is still shown')
  t.match(await page(fern, oak), /shows new keys that the old ones have not signed for/)
  fern.clock.offsetMs += 6 * DAY
  keepEntries(fern.federation)
  await look(fern)
  t.same(record(fern, oak)!.keys, pinned)
  fern.clock.offsetMs += 1 * DAY
  keepEntries(fern.federation)
  await look(fern)
  t.same(record(fern, oak)!.keys, record(oak, oak)!.keys)
  t.equal(shown(fern, oak), 'confirmed')
})

t.test('the recovery key speaks when everything else is lost', async t => {
  const [oak, fern] = [await startNode(t, { handle: 'oak' }), await startNode(t, { handle: 'fern' })]
  await passOn(oak, fern)
  await look(fern)
  const { id, secret } = tellRecoveryKey(oak.federation)
  t.equal(id, record(fern, oak)!.recovery)
  t.throws(() => tellRecoveryKey(oak.federation), { message: /shown only once/ })
  rotateKeys(oak.ctx)
  oak.ctx.db.$client.exec("delete from records; delete from keys where retired_at is not null or actor like '%#recovery'")
  t.throws(() => recover(oak.federation, 'z3u2'), { message: /no secret/ })
  t.equal(recover(oak.federation, secret), id)
  oak.clock.offsetMs = 60_000
  fern.clock.offsetMs += 60_000
  publishEntry(oak.federation)
  t.match(await entryAtOrigin(oak), { recovery: id, proof: { verificationMethod: new RegExp(`^${id}#`) } })
  t.equal(await passOn(oak, fern), 'quarantine')
  await oak.app.server.close()
  fern.clock.offsetMs += 7 * DAY
  keepEntries(fern.federation)
  t.same(record(fern, oak)!.keys, record(oak, oak)!.keys, 'without asking its origin')
})

t.test('mallory signs well, and speaks for nobody else', async t => {
  const [oak, fern] = [await startNode(t, { handle: 'oak' }), await startNode(t, { handle: 'fern' })]
  await passOn(oak, fern)
  await look(fern)
  const before = record(fern, oak)!
  const foreign = await startForeign(t)
  const key = aKey()
  const forged = anAuthor(oak.actor).entry(before.seq + 1, fern.ctx.now().getTime(), {}, { by: key, charter: { name: 'Forged' } })
  const context = [
    'https://www.w3.org/ns/activitystreams',
    { archipelago: 'https://w3id.org/archipelago#', entry: { '@id': 'archipelago:entry', '@type': '@json' } },
  ]
  for (const object of [
    { ...foreign.actor('mallory'), entry: forged },
    { ...foreign.actor('mallory'), id: oak.actor, entry: forged },
  ])
    await foreign.send(`${fern.url}/inbox`, foreign.activity('Update', object, { '@context': context }))
  await settle(fern)
  t.same(record(fern, oak), before)
  // An entry of her own whose key her actor does not show.
  const own = anAuthor(foreign.me, key)
  const update = foreign.activity(
    'Update',
    { ...foreign.actor('mallory'), entry: own.entry(5, fern.ctx.now().getTime()) },
    { '@context': context },
  )
  await foreign.send(`${fern.url}/inbox`, update)
  t.equal(record(fern, own), undefined)
})

t.test('nobody can tell a node what its own community says, and a restored one outdoes what is known of it', async t => {
  const [oak, fern] = [await startNode(t, { handle: 'oak' }), await startNode(t, { handle: 'fern' })]
  const before = await entryAtOrigin(oak)
  const forged = anAuthor(oak.actor).entry(before.seq + 1, oak.ctx.now().getTime(), {}, { by: aKey() })
  t.equal(hearEntry(oak.ctx, checkEntry(forged, oak.ctx.now()), { peer: 1 }), 'unwanted')
  t.equal(publishEntry(oak.federation), false)

  const backup = record(oak, oak)!
  publishCharter(oak.ctx, aCharter({ name: 'Lost' }))
  await settle(oak)
  await passOn(oak, fern)
  const lost = await entryAtOrigin(oak)
  const restore = oak.ctx.db.$client.prepare('update records set seq = ?, hash = ?, text = ? where actor = ?')
  restore.run(backup.seq, backup.hash, backup.text, oak.actor)
  hearEntry(oak.ctx, checkEntry(lost, oak.ctx.now()), { peer: 1 })
  t.equal(publishEntry(oak.federation), true)
  t.ok((await entryAtOrigin(oak)).seq > lost.seq)
  t.equal(await passOn(oak, fern), 'newer')
})

t.test('moves and vouches stand in it', async t => {
  const [oak, fern] = [await startNode(t, { handle: 'oak' }), await startNode(t, { handle: 'fern' })]
  await lookUp(fern.federation, oak.actor)
  vouchFor(fern.ctx, oak.actor)
  claimFormerAddress(fern.ctx, 'https://former.test/c/fern')
  moveCommunity(fern.ctx, 'https://next.test/c/fern')
  await settle(fern)
  t.match(await entryAtOrigin(fern), {
    vouchesFor: [oak.actor],
    alsoKnownAs: ['https://former.test/c/fern'],
    movedTo: 'https://next.test/c/fern',
  })
  t.equal(shown(fern, oak), 'vouched')
  t.match(await page(fern, oak), /vouch for it/)
  fern.clock.offsetMs = 91 * DAY
  t.match(await page(fern, oak), /has not renewed it since/)
})

t.test('whatever a charter says, the entry is short enough and tells what it leaves out', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const long = aCharter({
    summary: '木'.repeat(500),
    website: `https://example.org/${'x'.repeat(400)}`,
    affiliations: Array.from({ length: 50 }, (_, at) => ({ name: `${at} ${'木'.repeat(90)}` })),
  } as Partial<Charter>)
  for (const letter of ['a', 'b', 'c']) claimFormerAddress(oak.ctx, `https://former.test/c/${letter.repeat(1000)}`)
  publishCharter(oak.ctx, long)
  await settle(oak)
  const entry = await entryAtOrigin(oak)
  t.same(entry.omitted, ['charter.affiliations'])
  t.notOk(entry.charter.affiliations)
  t.equal(entry.charter.summary, long.summary)
  await fc.assert(
    fc.asyncProperty(charters(), async charter => {
      try {
        publishCharter(oak.ctx, charter)
      } catch {
        return
      }
      await settle(oak)
      const text = await (await oak.get('/c/oak/entry', 'application/json')).text()
      if (Buffer.byteLength(text) > LIMITS.entrySize) throw new Error('too long')
      if (JSON.parse(text).charter.summary !== charter.summary) throw new Error('another charter')
    }),
    { numRuns: Number(process.env.RUNS ?? 15) },
  )
  t.equal(treeRoot(oak.ctx.db).length, 32)
})
