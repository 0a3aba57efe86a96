import type { Test } from 'tap'
import { followActor } from '../../src/actions/following.ts'
import { actorOf } from '../../src/db/actor.ts'
import { publishEntry } from '../../src/federation/entry.ts'
import { lookUp } from '../../src/federation/lookup.ts'
import { clientOf } from './client.ts'
import { HOUR, introduce, pass, stateAt } from './exchange.ts'
import { settle, startNode, type TestNode } from './node.ts'

/** Lets gossip bring the community of another node, by way of a third: neither of the two has ever asked the other for its actor. */
export async function hearOf(t: Test, node: TestNode, other: TestNode): Promise<void> {
  const between = await startNode(t, { handle: 'ash', charter: { theme: 'left' } })
  const all = [node, between, other]
  for (const { federation } of all) publishEntry(federation)
  await introduce(between, other)
  await introduce(node, between)
  for (let round = 0; round < 8 && stateAt(node, other) !== 'confirmed'; round++) await pass(HOUR, ...all)
  t.equal(stateAt(node, other), 'confirmed', 'heard of, and looked at where it comes from')
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
