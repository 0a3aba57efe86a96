import { setImmediate as breathe } from 'node:timers/promises'
import type { z } from 'zod'
import { confirmByWitnesses } from '../../actions/entry.ts'
import { peerMet } from '../../actions/peer.ts'
import { saveConfirmation } from '../../db/confirmation.ts'
import { transact } from '../../db/open.ts'
import { countsAsWitness } from '../../db/witness.ts'
import { LIMITS } from '../../domain/entry-limit.ts'
import { verifyProof } from '../proofs.ts'
import { importMultikey } from '../signatures.ts'
import { ask, PeerFault } from './ask.ts'
import { moveCursor, type Visit } from './documents.ts'
import { readNode } from './node-actor.ts'
import { ConfirmationPage } from './pages.ts'

/** How long a transaction should last at most, in milliseconds: to believe one entry takes ten times as long as to note one. */
const WRITE_MS = 20
type Page = z.infer<typeof ConfirmationPage>

/**
 * Reads what a peer says it has seen at origins itself, and believes those entries that enough have seen. Nodes that
 * don't count (`countsAsWitness`) are not asked.
 * @returns how many entries are confirmed by it
 * @throws PeerFault
 */
export async function readConfirmations(visit: Visit): Promise<number> {
  const { federation, peer } = visit
  const { ctx } = federation
  if (!countsAsWitness(ctx.db, peer, ctx.now())) return 0
  let confirmed = 0
  for (;;) {
    const after = peer.confirmationCursor
    const path = `/directory/confirmations?after=${after}&limit=${LIMITS.confirmationPage}`
    const page = await ask(federation, peer, path, ConfirmationPage, { maxBytes: LIMITS.listSize })
    const right = page.id === `${peer.origin}${path}` && page.attributedTo === peer.node && page.epoch === peer.epoch
    if (!right || page.upTo < after || (page.next !== undefined && (page.next !== page.upTo || page.next <= after)))
      throw new PeerFault('broken', 'The page of confirmations is another than was asked for.')
    if (!(await isSigned(visit, page))) throw new PeerFault('signature', 'The page of confirmations is not signed by the node.')
    confirmed += await believe(visit, page)
    moveCursor(visit, { confirmationCursor: page.upTo })
    if (page.next === undefined || Date.now() > visit.until) return confirmed
  }
}

/** By the key the node is known by, or by the one it shows at its own address when asked anew. */
async function isSigned({ federation, peer }: Visit, page: Page): Promise<boolean> {
  const { ctx } = federation
  const proves = (signer: string | null) => signer !== null && verifyProof(page, importMultikey(signer).key, ctx.now()) !== undefined
  if (proves(peer.signer)) return true
  const found = await readNode(federation, peer.node).catch(() => undefined)
  if (!found || found.signer === peer.signer) return false
  peerMet(ctx, peer.id, found)
  peer.signer = found.signer
  return proves(found.signer)
}

async function believe({ federation: { ctx }, peer }: Visit, { items }: Page): Promise<number> {
  let confirmed = 0
  for (let at = 0; at < items.length; ) {
    const now = ctx.now()
    const begun = performance.now()
    transact(ctx.db, tx => {
      for (; at < items.length && performance.now() - begun < WRITE_MS; at++) {
        const { k, signer, seq, at: seen } = items[at]!
        const key = Buffer.from(k, 'hex')
        const time = Math.min(Date.parse(seen), now.getTime())
        saveConfirmation(tx, { key, peer: peer.id, signer: Buffer.from(signer, 'hex'), seq, at: new Date(time) })
        if (confirmByWitnesses(tx, key, now)) confirmed++
      }
    })
    await breathe()
  }
  return confirmed
}
