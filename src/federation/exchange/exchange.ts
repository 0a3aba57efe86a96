import { judgePeer, learnPeers, peerFailed, peerMet, peerVisited, viewOf } from '../../actions/peer.ts'
import { ensureEpoch } from '../../db/epoch.ts'
import { transact } from '../../db/open.ts'
import { amendPeer, type KnownPeer, lastVisit, urgentPeers } from '../../db/peer.ts'
import { saveSetting, setting } from '../../db/setting.ts'
import { LIMITS } from '../../domain/entry-limit.ts'
import { mayVisit } from '../../domain/peer.ts'
import { HostSuspended } from '../document.ts'
import type { Federation } from '../federation.ts'
import { FetchRefusal } from '../fetch-refusal.ts'
import { DocumentRefusal } from '../guard.ts'
import { PeerFault } from './ask.ts'
import { readConfirmations } from './confirmations.ts'
import { knowsUs, moveCursor, type Visit } from './documents.ts'
import { createIntake, type Intake } from './intake.ts'
import { NoNode, readNode } from './node-actor.ts'
import { pull } from './pull.ts'
import { reconcile } from './reconcile.ts'

/** Keeps this node's directory the same as everybody's. What is due stands in the database; this looks, and does it. */
export type Exchange = {
  /** Begins the visits that are due, as many as there is room for. Returns at once. */
  round(): void
  /** Resolves when nobody is being visited. */
  idle(): Promise<void>
  stop(): Promise<void>
  intake: Intake
}

const PULL_AT = 'exchange.pullAt'
const RECONCILE_AT = 'exchange.reconcileAt'
const AT_ONCE = 4

export function createExchange(federation: Federation): Exchange {
  const { ctx } = federation
  const intake = createIntake(ctx)
  const visits = new Map<number, Promise<void>>()
  let stopped = false
  transact(ctx.db, ensureEpoch)

  function begin(peer: KnownPeer): void {
    const visit = { federation, intake, peer, until: Date.now() + LIMITS.visitTime }
    const done = meet(visit)
      .catch(error => {
        ctx.log.error({ err: error, peer: peer.node }, 'a peer could not be visited, in an unforeseen way')
        // Or it would be tried anew every second.
        peerFailed(ctx, peer.id)
      })
      .catch(error => ctx.log.error({ err: error, peer: peer.node }, 'the failure of a visit could not be noted'))
      .finally(() => visits.delete(peer.id))
    visits.set(peer.id, done)
  }

  return {
    intake,
    round() {
      if (stopped) return
      learnPeers(ctx)
      takeTurns(federation)
      const free = urgentPeers(ctx.db, ctx.now(), AT_ONCE + visits.size).filter(({ id }) => !visits.has(id))
      for (const peer of free.slice(0, AT_ONCE - visits.size)) begin(peer)
    },
    async idle() {
      while (visits.size > 0) await Promise.all(visits.values())
    },
    async stop() {
      stopped = true
      await Promise.all(visits.values())
      await intake.stop()
    },
  }
}

/** When it is time for it, chooses whom to visit: a few of the view every ten minutes, and two of them every day to compare everything. */
function takeTurns({ ctx }: Federation): void {
  const now = ctx.now()
  const at = now.getTime()
  const isDue = (name: string, every: number) => {
    const next = Number(setting(ctx.db, name) ?? 0)
    // Also when the clock was set back.
    return at >= next || next > at + 2 * every
  }
  const pulls = isDue(PULL_AT, LIMITS.pull.every)
  const away = at - (lastVisit(ctx.db)?.getTime() ?? at) > LIMITS.offline
  const compares = isDue(RECONCILE_AT, LIMITS.reconcile.every) || (pulls && away)
  if (!pulls && !compares) return
  const view = shuffled(viewOf(ctx.db, now).filter(peer => mayVisit(peer, now)))
  transact(ctx.db, tx => {
    const later = (every: number) => String(Math.round(at + every * (0.75 + Math.random() / 2)))
    const visit = ({ id }: KnownPeer, more: { reconcileAt?: Date } = {}) => amendPeer(tx, id, { visitAt: now, ...more })
    if (pulls) saveSetting(tx, PULL_AT, later(LIMITS.pull.every))
    if (pulls) for (const peer of view.slice(0, LIMITS.pull.peers)) visit(peer)
    if (compares) saveSetting(tx, RECONCILE_AT, later(LIMITS.reconcile.every))
    if (compares) for (const peer of view.slice(-LIMITS.reconcile.peers)) visit(peer, { reconcileAt: now })
  })
}

/** One visit: what is new, what is missing, what was seen. Ends at the first thing that is wrong. */
async function meet(visit: Visit): Promise<void> {
  const { federation, peer } = visit
  const { ctx } = federation
  try {
    if (!peer.signer) {
      const found = await readNode(federation, peer.node)
      peerMet(ctx, peer.id, found)
      Object.assign(peer, { inbox: found.inbox, signer: found.signer })
    }
    let { fresh, more } = await pull(visit)
    if (!more && peer.reconcileAt && peer.reconcileAt <= ctx.now()) {
      const compared = await reconcile(visit)
      fresh += compared.fresh
      more = !compared.whole
      if (compared.whole) {
        moveCursor(visit, { reconcileAt: null })
        transact(ctx.db, tx => amendPeer(tx, peer.id, { reconciledAt: ctx.now() }))
      }
    }
    await readConfirmations(visit)
    const unknown = !peer.visitedAt && !(await knowsUs(visit))
    peerVisited(ctx, peer, { more, unknown })
    if (fresh > 0) judgePeer(ctx, peer.id, LIMITS.score.good, 'good')
  } catch (error) {
    const fault = faultOf(error)
    if (!fault) throw error
    judgePeer(ctx, peer.id, fault.points, fault.message)
    peerFailed(ctx, peer.id)
  }
}

function faultOf(error: unknown): PeerFault | undefined {
  if (error instanceof PeerFault) return error
  if (error instanceof HostSuspended) return new PeerFault('spent', error.message)
  if (error instanceof FetchRefusal) {
    const theirs = error.code === 'too-large' || error.code === 'encoding' || error.code === 'redirect'
    return new PeerFault(theirs ? 'broken' : 'silent', error.message)
  }
  if (error instanceof NoNode) return new PeerFault('silent', error.message)
  return error instanceof DocumentRefusal ? new PeerFault('broken', error.message) : undefined
}

function shuffled<T>(all: readonly T[]): T[] {
  return all
    .map(value => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)
}
