import { createHash } from 'node:crypto'
import { hearEntry } from '../../actions/entry.ts'
import { judgePeer, meetStranger } from '../../actions/peer.ts'
import type { Errand } from '../../db/errand.ts'
import { transact } from '../../db/open.ts'
import { amendPeer, peerOf } from '../../db/peer.ts'
import { LIMITS } from '../../domain/entry-limit.ts'
import { checkDocument, EntryRefusal } from '../entry-check.ts'
import type { Federation } from '../federation.ts'
import { askForBytes, PeerFault, readJson } from './ask.ts'

/** Fetches the one entry that a peer has hinted at. Synchronous is what it returns: it runs inside a commit. */
export async function fetchHinted(federation: Federation, { actor, object }: Errand): Promise<() => void> {
  const { ctx } = federation
  const peer = peerOf(ctx.db, actor) ?? meetStranger(ctx, actor)
  const { pathname } = new URL(object)
  try {
    const body = await askForBytes(federation, peer, pathname, { maxBytes: 3 * LIMITS.entrySize })
    const digest = createHash('sha256').update(body).digest('hex')
    if (!pathname.endsWith(digest)) throw new PeerFault('hash', 'What stands under a hash is something else.')
    const signed = checkDocument(readJson(body), ctx.now())
    return () => {
      hearEntry(ctx, signed, { peer: peer.id })
      // Whoever speaks up and has something to tell is worth a visit.
      if (!peer.visitedAt) transact(ctx.db, tx => amendPeer(tx, peer.id, { visitAt: ctx.now() }))
    }
  } catch (error) {
    const fault = error instanceof PeerFault ? error : error instanceof EntryRefusal ? new PeerFault('signature', error.message) : undefined
    if (!fault) throw error
    judgePeer(ctx, peer.id, fault.points, fault.message)
    return () => {}
  }
}
