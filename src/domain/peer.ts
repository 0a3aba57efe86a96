import { createHash, createHmac } from 'node:crypto'
import ipaddr from 'ipaddr.js'
import { LIMITS } from './entry-limit.ts'

/** How a node came to be known here: the steward named it, a community that is followed lives there, an entry names it, or it spoke up itself. */
export type PeerSource = 'steward' | 'follow' | 'entry' | 'hint'

/** Another node, as far as it matters for choosing whom to ask. */
export type Peer = {
  id: number
  /** IRI of its node actor. */
  node: string
  origin: string
  /** Registrable domain; of hosts on this machine, with the port. */
  domain: string
  /** Its /16 (IPv6: /32), when its address is known and public. */
  network: string | null
  source: PeerSource
  score: number
  scoredAt: Date | null
  bannedUntil: Date | null
  visitedAt: Date | null
  failures: number
}

/** The score as it is by now: it halves in a day, so that nothing is remembered for ever. */
export function scoreNow({ score, scoredAt }: Pick<Peer, 'score' | 'scoredAt'>, now: Date): number {
  if (!scoredAt) return score
  const passed = Math.max(0, now.getTime() - scoredAt.getTime())
  return score * 0.5 ** (passed / LIMITS.score.halfLife)
}

/** The score after something good or bad, and the ban when it is too low. */
export function rated(
  peer: Pick<Peer, 'score' | 'scoredAt' | 'bannedUntil'>,
  points: number,
  now: Date,
): Pick<Peer, 'score' | 'scoredAt' | 'bannedUntil'> {
  const score = Math.min(LIMITS.score.best, scoreNow(peer, now) + points)
  const ban = score < LIMITS.score.ban && !isBanned(peer, now)
  return { score, scoredAt: now, bannedUntil: ban ? new Date(now.getTime() + LIMITS.score.banFor) : peer.bannedUntil }
}

export function isBanned({ bannedUntil }: Pick<Peer, 'bannedUntil'>, now: Date): boolean {
  return bannedUntil !== null && bannedUntil > now
}

/** Whether it may be asked something now: it is not banned, and does not rest after failures. */
export function mayVisit(peer: Pick<Peer, 'bannedUntil' | 'failures' | 'scoredAt'>, now: Date): boolean {
  const rested = peer.failures === 0 || !peer.scoredAt || peer.scoredAt.getTime() + restAfter(peer.failures) <= now.getTime()
  return rested && !isBanned(peer, now)
}

/** How long one that has failed so many times rests: twice as long each time, an hour at most. */
export function restAfter(failures: number): number {
  return Math.min(LIMITS.pull.every * 2 ** Math.max(0, failures - 1), LIMITS.longestRest)
}

/** Where a domain stands in the circle from which the view is drawn. */
export function placeOf(domain: string): number {
  return createHash('sha256').update(domain).digest().readUIntBE(0, 6)
}

/** Points of the circle that only this node knows, for the week of `now`. Whoever does not know the secret can't stand where it will look. */
export function viewPoints(secret: string, now: Date): number[] {
  const week = Math.floor(now.getTime() / LIMITS.viewRotation)
  return Array.from({ length: LIMITS.view.hashed }, (_, at) =>
    createHmac('sha256', secret).update(`${week} ${at}`).digest().readUIntBE(0, 6),
  )
}

/** /16 of an IPv4 address, /32 of an IPv6 address; null for what is not on the public internet. */
export function networkOf(address: string | undefined): string | null {
  if (!address || !ipaddr.isValid(address)) return null
  const ip = ipaddr.process(address)
  if (ip.range() !== 'unicast') return null
  const bytes = ip.toByteArray()
  return Buffer.from(bytes.slice(0, bytes.length === 4 ? 2 : 4)).toString('hex')
}

/** Who could stand in the view: by point of the circle, nearest first; chosen by the steward or followed; most reliable, best first. */
export type Candidates<T extends Peer> = { hashed: readonly (readonly T[])[]; chosen: readonly T[]; reliable: readonly T[] }

/**
 * The peers this node asks: at most one of a registrable domain and two of a network, so that nobody fills it, however many names he has.
 */
export function composeView<T extends Peer>({ hashed, chosen, reliable }: Candidates<T>, now: Date): T[] {
  const view: T[] = []
  const fits = (peer: T) =>
    !isBanned(peer, now) &&
    !view.some(other => other.domain === peer.domain) &&
    (peer.network === null || view.filter(other => other.network === peer.network).length < LIMITS.peersPerNetwork)
  const take = (peers: readonly T[], most: number) => {
    let taken = 0
    for (const peer of peers) {
      if (taken >= most) break
      if (!fits(peer)) continue
      view.push(peer)
      taken++
    }
  }
  // Whom the steward trusts comes first: of two at one domain it is his that stays.
  take(chosen, LIMITS.view.chosen)
  for (const near of hashed) take(near, 1)
  take(reliable, LIMITS.view.reliable)
  return view
}
