import type { Context } from '../context.ts'
import { isSuspended } from '../db/block.ts'
import { dropConfirmationsOf } from '../db/confirmation.ts'
import { viewSecret } from '../db/epoch.ts'
import { record } from '../db/event.ts'
import { type Db, type Tx, transact } from '../db/open.ts'
import {
  addPeer,
  addPeerOfEntry,
  amendPeer,
  bytesToday,
  chosenPeers,
  type KnownPeer,
  listPeers,
  peerById,
  peerOf,
  peersAt,
  peersFrom,
  ratePeer,
  reliablePeers,
  removePeer,
} from '../db/peer.ts'
import { recordsAfter } from '../db/record.ts'
import { dropHeardFrom } from '../db/record-page.ts'
import { saveSetting, setting } from '../db/setting.ts'
import { LIMITS } from '../domain/entry-limit.ts'
import { composeView, isBanned, networkOf, scoreNow, viewPoints } from '../domain/peer.ts'
import { Refusal } from '../domain/refusal.ts'

/** What another node's own actor says of it. `signer` is the multibase of its Ed25519 key. */
export type NodeFound = { node: string; inbox: string; signer: string; address?: string | undefined }

const LEARNT = 'exchange.learnt'
const LEARNT_AT_ONCE = 200
/** So many are read at once, and for so long it goes on: visitors wait meanwhile. */
const LEARNT_STEP = 20
const LEARNING_MS = 5

/** The steward names a node to exchange entries with. It is visited at once. */
export function namePeer(ctx: Context, { node, inbox, signer, address }: NodeFound): KnownPeer {
  const now = ctx.now()
  return transact(ctx.db, tx => {
    if (new URL(node).origin === ctx.config.publicUrl)
      throw new Refusal('invalid', 'This node is itself, and can’t be its own peer.', [], { code: 'ownPeer' })
    const network = networkOf(address)
    return addPeer(tx, node, 'steward', now, { inbox, signer, network, bannedUntil: null, failures: 0, visitAt: now })
  })
}

/** The node was met: where it hears us, and which key it signs with. */
export function peerMet(ctx: Context, id: number, { inbox, signer, address }: NodeFound): void {
  transact(ctx.db, tx => amendPeer(tx, id, { inbox, signer, network: networkOf(address) }))
}

/** Exchanges nothing with this node any more; it may be met again by its entry. @throws Refusal when it is not known */
export function leavePeer(ctx: Context, address: string): KnownPeer {
  return transact(ctx.db, tx => {
    const peer = peerOf(tx, address) ?? (URL.canParse(address) ? peersAt(tx, new URL(address).origin)[0] : undefined)
    if (!peer) throw new Refusal('missing', `${address} is no peer of this node. npx archipelago peers lists them.`)
    dropConfirmationsOf(tx, peer.id)
    removePeer(tx, peer.id)
    return peer
  })
}

/**
 * Gets to know the nodes of communities whose entries were checked since the last time, as many as some milliseconds are enough for.
 * @returns how many entries were looked through
 */
export function learnPeers(ctx: Context): number {
  const after = Number(setting(ctx.db, LEARNT) ?? 0)
  if (recordsAfter(ctx.db, after, 1).length === 0) return 0
  return transact(ctx.db, tx => {
    const since = performance.now()
    let last = after
    let read = 0
    while (read < LEARNT_AT_ONCE && (read === 0 || performance.now() - since < LEARNING_MS)) {
      const records = recordsAfter(tx, last, LEARNT_STEP)
      for (const { kind, text } of records) if (kind === 'entry') learn(ctx, tx, (JSON.parse(text) as { node: string }).node)
      last = records.at(-1)?.id ?? last
      read += records.length
      if (records.length < LEARNT_STEP) break
    }
    saveSetting(tx, LEARNT, String(last))
    return read
  })
}

function learn({ config, now }: Context, tx: Tx, node: string): void {
  const { origin, host } = new URL(node)
  const known = peerOf(tx, node)
  if (origin === config.publicUrl || (known && known.source !== 'hint') || isSuspended(tx, host)) return
  addPeerOfEntry(tx, node, now())
}

/** A node has spoken up itself. */
export function meetStranger(ctx: Context, node: string): KnownPeer {
  return transact(ctx.db, tx => addPeer(tx, node, 'hint', ctx.now()))
}

/** Whom this node asks at the moment. */
export function viewOf(db: Db, now: Date): KnownPeer[] {
  const hashed = viewPoints(viewSecret(db), now).map(point => peersFrom(db, point, now))
  return composeView({ hashed, chosen: chosenPeers(db), reliable: reliablePeers(db) }, now).filter(
    ({ origin }) => !isSuspended(db, new URL(origin).host),
  )
}

/**
 * A visit went well. @param more there was more than one visit could take: the next one follows at once
 * @param unknown it has never heard of us, and is told
 */
export function peerVisited(ctx: Context, { id, inbox }: KnownPeer, { more, unknown }: { more: boolean; unknown: boolean }): void {
  const now = ctx.now()
  transact(ctx.db, tx => {
    amendPeer(tx, id, { failures: 0, visitedAt: now, visitAt: more ? now : null })
    if (unknown && inbox) record(tx, { kind: 'peer.met', subject: inbox, at: now })
  })
}

/** Gives or takes points. Whoever is banned by it takes with him what he alone has told. */
export function judgePeer(ctx: Context, id: number, points: number, why: string): void {
  transact(ctx.db, tx => {
    if (points < 0) ctx.log.debug({ peer: peerById(tx, id)?.node, points, why }, 'a peer has lost points')
    if (!ratePeer(tx, id, points, ctx.now())) return
    const forgotten = dropHeardFrom(tx, id)
    dropConfirmationsOf(tx, id)
    ctx.log.warn({ peer: peerById(tx, id)?.node, why, forgotten }, 'a peer is not asked for a day')
  })
}

/** What a peer told of a community was not so at its origin. */
export function wordIsNothing(ctx: Context, id: number): void {
  judgePeer(ctx, id, LIMITS.score.unconfirmed, 'an entry it told of is not at its origin')
}

/** It could not be visited, or told nothing worth the visit: it rests, twice as long each time. */
export function peerFailed(ctx: Context, id: number): void {
  transact(ctx.db, tx => amendPeer(tx, id, { failures: (peerById(tx, id)?.failures ?? 0) + 1, visitAt: null }))
}

/** A peer as it may be shown to everybody: nothing of it is secret. Times are Dates; `score` is as it is now. */
export type PeerReport = Pick<
  KnownPeer,
  'node' | 'origin' | 'source' | 'bannedUntil' | 'visitedAt' | 'reconciledAt' | 'failures' | 'entries'
> & {
  score: number
  inView: boolean
  bytesToday: number
}

/** Whom this node exchanges entries with, and how that goes: those of the view first. */
export function peerReports({ db, now }: Pick<Context, 'db' | 'now'>, limit?: number): PeerReport[] {
  const at = now()
  const view = viewOf(db, at)
  const ids = new Set(view.map(({ id }) => id))
  const others = listPeers(db, limit).filter(({ id }) => !ids.has(id))
  return [...view, ...others].map(peer => {
    const { node, origin, source, bannedUntil, visitedAt, reconciledAt, failures, entries } = peer
    const banned = isBanned(peer, at) ? bannedUntil : null
    const score = Math.round(scoreNow(peer, at) * 10) / 10
    const rest = { visitedAt, reconciledAt, failures, entries, score, inView: ids.has(peer.id), bytesToday: bytesToday(peer, at) }
    return { node, origin, source, bannedUntil: banned, ...rest }
  })
}
