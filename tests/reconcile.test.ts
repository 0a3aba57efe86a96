import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { backUp, restore } from '../src/db/backup.ts'
import { epochOf } from '../src/db/epoch.ts'
import { openDatabase, transact } from '../src/db/open.ts'
import { amendPeer, peersAt } from '../src/db/peer.ts'
import { dropRecord, recordOf } from '../src/db/record.ts'
import { touchTree } from '../src/db/tree.ts'
import { entryKey } from '../src/domain/entry.ts'
import { publishEntry } from '../src/federation/entry.ts'
import { reconcile } from '../src/federation/exchange/reconcile.ts'
import { DAY, HOUR, introduce, MINUTE, pass, peerAt, rootOf, stateAt } from './helpers/exchange.ts'
import { startNode, type TestNode } from './helpers/node.ts'

async function village(t: Parameters<typeof startNode>[0], names: string[]): Promise<TestNode[]> {
  const nodes: TestNode[] = []
  for (const handle of names) nodes.push(await startNode(t, { handle }))
  for (const { federation } of nodes) publishEntry(federation)
  const [first, ...others] = nodes as [TestNode, ...TestNode[]]
  for (const other of others) await introduce(other, first)
  for (let round = 0; round < 8; round++) await pass(HOUR, ...nodes)
  return nodes
}

t.test('a node that has lost entries finds them by the tree, and fetches nothing else', async t => {
  const nodes = await village(t, ['alder', 'birch', 'cedar', 'dogwood'])
  const [alder, birch, cedar] = nodes as [TestNode, TestNode, TestNode]
  t.equal(new Set(nodes.map(rootOf)).size, 1, 'all know the same')

  const { db } = cedar.ctx
  const whole = rootOf(cedar)
  transact(db, tx => {
    dropRecord(tx, alder.actor)
    touchTree(tx, [Buffer.from(entryKey(alder.actor), 'hex')])
  })
  t.not(rootOf(cedar), whole)
  const peer = peersAt(db, birch.url)[0]!
  const visit = { federation: cedar.federation, intake: cedar.app.exchange.intake, peer, until: Date.now() + MINUTE }
  t.same(await reconcile(visit), { fresh: 1, whole: true })
  await pass(HOUR, cedar)
  t.equal(stateAt(cedar, alder), 'confirmed')
  t.equal(rootOf(cedar), whole)
  t.same(await reconcile(visit), { fresh: 0, whole: true }, 'and once they agree there is nothing to do')
})

t.test('every day two peers are compared with, whatever their feeds say', async t => {
  const [alder, birch, cedar] = (await village(t, ['alder', 'birch', 'cedar'])) as [TestNode, TestNode, TestNode]
  const { db } = cedar.ctx
  // As if the feed had been read to its end, and a record was lost all the same.
  transact(db, tx => {
    dropRecord(tx, birch.actor)
    touchTree(tx, [Buffer.from(entryKey(birch.actor), 'hex')])
    for (const url of [alder.url, birch.url]) amendPeer(tx, peersAt(tx, url)[0]!.id, { cursor: 10_000 })
  })
  await pass(HOUR, cedar)
  t.equal(stateAt(cedar, birch), undefined)
  await pass(2 * DAY, cedar)
  await pass(HOUR, cedar)
  t.equal(stateAt(cedar, birch), 'confirmed')
  t.ok(peerAt(cedar, alder.url).reconciledAt)
})

t.test('a node restored from an older copy is read anew, repairs itself, and does not repeat its own numbers', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'restored-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'alder.sqlite')
  const alder = await startNode(t, { handle: 'alder', file })
  const birch = await startNode(t, { handle: 'birch' })
  for (const { federation } of [alder, birch]) publishEntry(federation)
  await introduce(birch, alder)
  await introduce(alder, birch)
  const copy = join(folder, 'copy.sqlite')
  backUp(file, copy)
  for (let round = 0; round < 4; round++) await pass(HOUR, alder, birch)
  t.equal(stateAt(alder, birch), 'confirmed')
  t.equal(rootOf(alder), rootOf(birch))

  const epoch = epochOf(alder.ctx.db)
  const dataDir = join(folder, 'again')
  restore(copy, { dataDir, database: join(dataDir, 'archipelago.sqlite') })
  const older = openDatabase(join(dataDir, 'archipelago.sqlite'))
  t.equal(epochOf(older), 'none', 'a restored database has no epoch until it is served')
  t.equal(recordOf(older, birch.actor), undefined, 'and knows less')
  older.$client.close()

  // The same node, at the same address, on what was restored.
  const port = Number(new URL(alder.url).port)
  await alder.stop()
  const again = await startNode(t, { handle: 'alder', file: join(dataDir, 'archipelago.sqlite'), founded: false, port })
  again.clock.offsetMs = birch.clock.offsetMs
  t.not(epochOf(again.ctx.db), epoch)
  for (let round = 0; round < 6; round++) await pass(HOUR, again, birch)
  t.equal(stateAt(again, birch), 'confirmed', 'it has learned again what it knew')
  t.equal(peerAt(birch, again.url).epoch, epochOf(again.ctx.db), 'and is read in its new epoch')
  t.equal(rootOf(again), rootOf(birch))
})
