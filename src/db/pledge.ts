import { and, asc, count, eq, gte, lte } from 'drizzle-orm'
import { isForming, type Pledge, type PledgeCount } from '../domain/pledge.ts'
import { currentEdition } from './charter.ts'
import type { Db, Tx } from './open.ts'
import { pledges } from './schema-inquiry.ts'
import { setting } from './setting.ts'

/** Names of settings: how many people are needed, and since when (in milliseconds) there are as many. */
export const PLEDGE_SETTINGS = { need: 'pledges.need', reachedAt: 'pledges.reachedAt' }

/** What everybody may know: undefined where the community looks for nobody, or is no longer forming. */
export function pledgeCount(db: Db): PledgeCount | undefined {
  const charter = currentEdition(db)?.charter
  const need = neededPledges(db)
  if (!charter || need === 0 || !isForming(charter)) return undefined
  return { need, count: countedPledges(db), reachedAt: reachedAt(db) }
}

/** How many people the steward says are needed; 0 where that was never said. */
export function neededPledges(db: Db): number {
  return Number(setting(db, PLEDGE_SETTINGS.need) ?? 0)
}

/** Since when there are enough. */
export function reachedAt(db: Db): Date | undefined {
  const ms = Number(setting(db, PLEDGE_SETTINGS.reachedAt) ?? 0)
  return ms > 0 ? new Date(ms) : undefined
}

export function countedPledges(db: Db): number {
  return db.select({ n: count() }).from(pledges).where(eq(pledges.held, false)).get()!.n
}

/** How many came without a proof that somebody meant them, and are not counted yet. */
export function heldPledges(db: Db): number {
  return db.select({ n: count() }).from(pledges).where(eq(pledges.held, true)).get()!.n
}

export function pledgesSince(db: Db, since: Date, { held = false } = {}): number {
  return db
    .select({ n: count() })
    .from(pledges)
    .where(and(gte(pledges.at, since), held ? eq(pledges.held, true) : undefined))
    .get()!.n
}

/** In the order in which they came. */
export function allPledges(db: Db): Pledge[] {
  return db.select().from(pledges).orderBy(asc(pledges.id)).all()
}

export function pledgeOf(db: Db, id: number): Pledge | undefined {
  return db.select().from(pledges).where(eq(pledges.id, id)).get()
}

export function pledgeByToken(db: Db, hash: string): Pledge | undefined {
  return db.select().from(pledges).where(eq(pledges.tokenHash, hash)).get()
}

export function addPledge(tx: Tx, pledge: Omit<Pledge, 'id'>): number {
  return tx.insert(pledges).values(pledge).returning({ id: pledges.id }).get().id
}

export function changePledge(tx: Tx, id: number, changes: Partial<Omit<Pledge, 'id'>>): void {
  tx.update(pledges).set(changes).where(eq(pledges.id, id)).run()
}

export function removePledge(tx: Tx, id: number): void {
  tx.delete(pledges).where(eq(pledges.id, id)).run()
}

/** Those that are to be told now. */
export function duePledges(db: Db, now: Date, limit: number): Pledge[] {
  return db.select().from(pledges).where(lte(pledges.dueAt, now)).orderBy(asc(pledges.dueAt)).limit(limit).all()
}

/** Held ones that nobody has let in since. */
export function outlivedPledges(db: Db, before: Date): Pledge[] {
  return db
    .select()
    .from(pledges)
    .where(and(eq(pledges.held, true), lte(pledges.at, before)))
    .all()
}
