import { namePeer } from '../../src/actions/peer.ts'
import type { KnownPeer } from '../../src/db/peer.ts'
import { peersAt } from '../../src/db/peer.ts'
import { recordOf } from '../../src/db/record.ts'
import { treeRoot } from '../../src/db/tree.ts'
import { checkEntries } from '../../src/federation/entry-origin.ts'
import { runErrands } from '../../src/federation/errand.ts'
import { findNode } from '../../src/federation/exchange/node-actor.ts'
import { tellOthers } from '../../src/federation/outbox.ts'
import type { TestNode } from './node.ts'

export const MINUTE = 60_000
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** What `archipelago peer add` does. */
export async function introduce(node: TestNode, other: { url: string }): Promise<KnownPeer> {
  return namePeer(node.ctx, await findNode(node.federation, other.url))
}

export function peerAt(node: TestNode, url: string): KnownPeer {
  return peersAt(node.ctx.db, url)[0]!
}

/** So much time passes for every node, and each does what is due by then: visits peers, fetches hints, looks at origins. */
export async function pass(ms: number, ...nodes: TestNode[]): Promise<void> {
  for (const { clock } of nodes) clock.offsetMs += ms
  for (const { app } of nodes) app.exchange.round()
  await Promise.all(nodes.map(({ app }) => app.exchange.idle()))
  for (const { federation, delivery } of nodes) {
    while (tellOthers(federation) > 0);
    delivery.deliverDue()
    await delivery.idle()
  }
  for (const { federation } of nodes) {
    await runErrands(federation)
    while ((await checkEntries(federation, () => {})) > 0);
  }
}

/** How sure a node is of another's community. */
export function stateAt(node: TestNode, other: { actor: string }): string | undefined {
  return recordOf(node.ctx.db, other.actor)?.state
}

export function rootOf(node: TestNode): string {
  return treeRoot(node.ctx.db).toString('hex')
}
