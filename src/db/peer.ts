import { and, asc, count, desc, eq, gt, gte, inArray, isNull, lte, or, sql } from 'drizzle-orm'
import { LIMITS } from '../domain/entry-limit.ts'
import { type PeerSource, placeOf, rated } from '../domain/peer.ts'
import { registrableDomain } from '../lib/registrable-domain.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { following } from './schema.ts'
import { peers } from './schema-directory.ts'

/** Another node, with everything that is known of it. */
export type KnownPeer = typeof peers.$inferSelect
type Changes = Partial<Omit<KnownPeer, 'id' | 'node' | 'origin' | 'domain' | 'place'>>

const DAY = 24 * 3_600_000
const given = (name: string) => sql.placeholder(name)
const byNode = (db: Db) =>
  db
    .select()
    .from(peers)
    .where(eq(peers.node, given('node')))
    .prepare()
const byId = (db: Db) =>
  db
    .select()
    .from(peers)
    .where(eq(peers.id, given('id')))
    .prepare()
const onwards = (db: Db) =>
  db
    .select()
    .from(peers)
    .where(and(gte(peers.place, given('place')), or(isNull(peers.bannedUntil), lte(peers.bannedUntil, given('now')))))
    .orderBy(asc(peers.place), asc(peers.id))
    .limit(given('limit'))
    .prepare()

export function peerOf(db: Db, node: string): KnownPeer | undefined {
  return prepared(db, byNode).get({ node })
}

export function peerById(db: Db, id: number): KnownPeer | undefined {
  return prepared(db, byId).get({ id })
}

export function peersAt(db: Db, origin: string): KnownPeer[] {
  return db.select().from(peers).where(eq(peers.origin, origin)).all()
}

/** Those most worth showing: who was met last comes first. */
export function listPeers(db: Db, limit = 200): KnownPeer[] {
  return db.select().from(peers).orderBy(desc(peers.visitedAt), asc(peers.id)).limit(limit).all()
}

export function peerCount(db: Db): number {
  return db.select({ n: count() }).from(peers).get()!.n
}

/** How many nodes have only made themselves known, and are known from nothing else. */
export function strangerCount(db: Db): number {
  return db.select({ n: count() }).from(peers).where(eq(peers.source, 'hint')).get()!.n
}

/** Remembers the node of an entry, of which nothing more is known: entries come by the thousand. */
export function addPeerOfEntry(tx: Tx, node: string, now: Date): void {
  const { origin, host } = new URL(node)
  const domain = registrableDomain(host)
  prepared(tx, insertOfEntry).run({ node, origin, domain, place: placeOf(domain), since: now.getTime() })
}

const insertOfEntry = (db: Db) =>
  db
    .insert(peers)
    .values({
      node: given('node'),
      origin: given('origin'),
      domain: given('domain'),
      place: given('place'),
      source: 'entry',
      since: sql`${given('since')}`,
    })
    .onConflictDoUpdate({ target: peers.node, set: { source: sql`case source when 'hint' then 'entry' else source end` } })
    .prepare()

/** Remembers another node. What is known already stays, but for how close it is: what the steward or an entry says counts for more than its own word. */
export function addPeer(tx: Tx, node: string, source: PeerSource, now: Date, more: Changes = {}): KnownPeer {
  const { origin, host } = new URL(node)
  const domain = registrableDomain(host)
  const nearer =
    source === 'steward' ? "'steward'" : source === 'hint' ? 'source' : `case source when 'hint' then '${source}' else source end`
  return tx
    .insert(peers)
    .values({ node, origin, domain, place: placeOf(domain), source, since: now, ...more })
    .onConflictDoUpdate({ target: peers.node, set: { source: sql.raw(nearer), ...more } })
    .returning()
    .get()
}

export function removePeer(tx: Tx, id: number): void {
  tx.delete(peers).where(eq(peers.id, id)).run()
}

export function amendPeer(tx: Tx, id: number, changes: Changes): void {
  tx.update(peers).set(changes).where(eq(peers.id, id)).run()
}

/** Gives or takes points. @returns whether that was the last straw */
export function ratePeer(tx: Tx, id: number, points: number, now: Date): boolean {
  const peer = peerById(tx, id)
  if (!peer) return false
  const after = rated(peer, points, now)
  amendPeer(tx, id, after)
  return after.bannedUntil !== peer.bannedUntil
}

/** Books what a peer has made this node read. */
export function bookBytes(tx: Tx, id: number, bytes: number, now: Date): void {
  const day = dayOf(now)
  tx.update(peers)
    .set({ bytes: sql`case ${peers.day} when ${day} then ${peers.bytes} else 0 end + ${bytes}`, day })
    .where(eq(peers.id, id))
    .run()
}

/** Books what a peer has brought. */
export function bookEntries(tx: Tx, id: number, count: number): void {
  tx.update(peers)
    .set({ entries: sql`${peers.entries} + ${count}` })
    .where(eq(peers.id, id))
    .run()
}

/** How many bytes a peer may still make this node read today. */
export function bytesLeft(peer: Pick<KnownPeer, 'day' | 'bytes'>, now: Date): number {
  return LIMITS.bytesPerPeerADay - bytesToday(peer, now)
}

export function bytesToday({ day, bytes }: Pick<KnownPeer, 'day' | 'bytes'>, now: Date): number {
  return day === dayOf(now) ? bytes : 0
}

const dayOf = (now: Date) => Math.floor(now.getTime() / DAY)

/** The next peers on the circle from this point, round its end. */
export function peersFrom(db: Db, place: number, now: Date, limit = 8): KnownPeer[] {
  const at = now.getTime()
  const found = prepared(db, onwards).all({ place, now: at, limit })
  return found.length < limit ? [...found, ...prepared(db, onwards).all({ place: 0, now: at, limit: limit - found.length })] : found
}

/** Peers the steward has named, and nodes of communities that are followed. */
export function chosenPeers(db: Db, limit = 64): KnownPeer[] {
  const named = db.select().from(peers).where(eq(peers.source, 'steward')).orderBy(desc(peers.score)).limit(limit).all()
  const followed = db.select({ actor: following.actor }).from(following).where(eq(following.state, 'accepted')).limit(limit).all()
  const origins = [...new Set(followed.flatMap(({ actor }) => (URL.canParse(actor) ? [new URL(actor).origin] : [])))]
  if (origins.length === 0) return named
  return [...named, ...db.select().from(peers).where(inArray(peers.origin, origins)).orderBy(desc(peers.score)).all()]
}

export function reliablePeers(db: Db, limit = 64): KnownPeer[] {
  return db.select().from(peers).where(gt(peers.score, 0)).orderBy(desc(peers.score)).limit(limit).all()
}

/** Peers that are to be visited at once, whoever's turn it is. */
export function urgentPeers(db: Db, now: Date, limit: number): KnownPeer[] {
  return db
    .select()
    .from(peers)
    .where(and(lte(peers.visitAt, now), or(isNull(peers.bannedUntil), lte(peers.bannedUntil, now))))
    .orderBy(asc(peers.visitAt))
    .limit(limit)
    .all()
}

/** The last time anybody was met. */
export function lastVisit(db: Db): Date | null {
  return db.select({ at: peers.visitedAt }).from(peers).orderBy(desc(peers.visitedAt)).limit(1).get()?.at ?? null
}
