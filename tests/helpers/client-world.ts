import type { Test } from 'tap'
import { followActor } from '../../src/actions/following.ts'
import { actorOf } from '../../src/db/actor.ts'
import { currentEdition } from '../../src/db/charter.ts'
import { saveEntry } from '../../src/db/directory.ts'
import { transact } from '../../src/db/open.ts'
import { publicCharter } from '../../src/domain/charter.ts'
import { lookUp } from '../../src/federation/lookup.ts'
import { clientOf } from './client.ts'
import { anEntry } from './entries.ts'
import { settle, startNode, type TestNode } from './node.ts'

/** What gossip brings: the entry of another node's community, and nothing else of it. */
export function tellOf(t: Test, node: TestNode, other: TestNode): void {
  const edition = currentEdition(other.ctx.db)!
  const [, handle = ''] = /\/c\/(.+)$/.exec(other.actor) ?? []
  const charter = publicCharter(edition.charter)
  const entry = anEntry({
    actor: other.actor,
    url: other.actor,
    host: other.ctx.config.host,
    handle,
    edition: edition.edition,
    publishedAt: edition.publishedAt,
    verifiedAt: node.ctx.now(),
    source: 'network',
    charter,
  })
  transact(node.ctx.db, tx => saveEntry(tx, entry))
  t.equal(actorOf(node.ctx.db, other.actor), undefined, 'its actor has never been fetched')
}

/** Oak with an app, and some others whom it follows. @param back whether they follow it too */
export async function clientVillage(t: Test, handles: readonly string[], back: boolean) {
  const oak = await startNode(t, { handle: 'oak' })
  const others = await Promise.all(handles.map(handle => startNode(t, { handle })))
  const follow = async (one: TestNode, other: TestNode) => followActor(one.ctx, (await lookUp(one.federation, other.actor)).id)
  for (const other of others) {
    if (back) await follow(other, oak)
    await follow(oak, other)
  }
  const calm = () => settle(oak, ...others)
  await calm()
  return { oak, others: others as [TestNode, ...TestNode[]], me: await clientOf(oak), calm }
}
