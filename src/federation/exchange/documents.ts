import { ownActor } from '../../actions/own-entry.ts'
import { transact } from '../../db/open.ts'
import { amendPeer, bookEntries, type KnownPeer } from '../../db/peer.ts'
import { recordOf } from '../../db/record.ts'
import { versionOf } from '../../db/record-page.ts'
import { entryKey } from '../../domain/entry.ts'
import { LIMITS } from '../../domain/entry-limit.ts'
import type { Federation } from '../federation.ts'
import { ask, askForBytes, PeerFault } from './ask.ts'
import type { Intake } from './intake.ts'
import { DocumentAnswer } from './pages.ts'
import type { Parcel, Unpacked } from './parcel.ts'

/** What a visit to a peer works with. `until` is when it has lasted long enough. */
export type Visit = { federation: Federation; intake: Intake; peer: KnownPeer; until: number }
/** A version of a community's entry that a peer says it has: by hash the community's key and the number. */
export type Wanted = Record<string, { k: string; seq: number }>
type Line = { k: string; seq: number; h: string }

/** Which of these versions this node has not heard of. */
export function missing({ federation: { ctx } }: Visit, lines: readonly Line[]): Wanted {
  const own = ownActor(ctx, ctx.db)
  const ownKey = own && entryKey(own)
  const wanted: Wanted = {}
  for (const { k, seq, h } of lines) {
    const known = versionOf(ctx.db, Buffer.from(k, 'hex'))
    const heard = known && (known.seq > seq || (known.seq === seq && known.hash?.toString('hex') === h))
    if (!heard && k !== ownKey) wanted[h] = { k, seq }
  }
  return wanted
}

/** Fetches versions by their hash. @returns how many of them changed something here @throws PeerFault when there was nothing behind them */
export async function fetchDocuments(visit: Visit, wanted: Wanted): Promise<number> {
  const hashes = Object.keys(wanted)
  let fresh = 0
  for (let at = 0; at < hashes.length; at += LIMITS.documentPage) {
    const some = hashes.slice(at, at + LIMITS.documentPage)
    const asked = Object.fromEntries(some.map(hash => [hash, wanted[hash]!]))
    const body = await askForBytes(visit.federation, visit.peer, '/directory/entries', { question: { hashes: some } })
    const unpacked = await take(visit, { body, asked })
    fresh += unpacked.fresh
    if (unpacked.fresh + unpacked.known + unpacked.untimely === 0) throw new PeerFault('useless', 'Nothing of what it lists is there.')
  }
  return fresh
}

/** Whether a peer has our own community's entry as it is now, or there is none that it could have. */
export async function knowsUs({ federation, peer }: Visit): Promise<boolean> {
  const { ctx } = federation
  const own = ownActor(ctx, ctx.db)
  const hash = own && recordOf(ctx.db, own)?.hash?.toString('hex')
  if (!hash) return true
  const { items } = await ask(federation, peer, '/directory/entries', DocumentAnswer, { question: { hashes: [hash] } })
  return items.length > 0
}

/** Has a page taken in. @throws PeerFault for what is wrong with it; what is right has taken effect all the same */
export async function take({ federation: { ctx }, intake, peer }: Visit, page: Pick<Parcel, 'body' | 'asked'>): Promise<Unpacked> {
  const unpacked = await intake.take({ ...page, peer: peer.id, now: ctx.now().getTime() })
  if (unpacked.fresh > 0) transact(ctx.db, tx => bookEntries(tx, peer.id, unpacked.fresh))
  if (unpacked.fault) throw new PeerFault('broken', unpacked.fault)
  if (unpacked.forged > 0) throw new PeerFault('signature', `${unpacked.forged} documents prove nothing.`)
  if (unpacked.wrong > 0) throw new PeerFault('hash', `${unpacked.wrong} documents are others than were asked for.`)
  return unpacked
}

export function moveCursor(
  { federation: { ctx }, peer }: Visit,
  changes: Partial<Pick<KnownPeer, 'cursor' | 'epoch' | 'confirmationCursor' | 'reconcileAt'>>,
): void {
  Object.assign(peer, changes)
  transact(ctx.db, tx => amendPeer(tx, peer.id, changes))
}
