import { desc, gt, sql } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { deliveries, errands, hosts, received } from './schema.ts'

/** By how many milliseconds the newest delivery was queued in what is now the future; 0 as it should be. */
export function queuedAhead(db: Db, now: Date): number {
  const newest = db.select({ at: deliveries.queuedAt }).from(deliveries).orderBy(desc(deliveries.id)).limit(1).get()
  return Math.max(0, (newest?.at.getTime() ?? 0) - now.getTime())
}

/** By how many milliseconds the last activity arrived in what is now the future; 0 as it should be. */
export function receivedAhead(db: Db, now: Date): number {
  const newest = db.select({ at: received.at }).from(received).orderBy(desc(received.id)).limit(1).get()
  return Math.max(0, (newest?.at.getTime() ?? 0) - now.getTime())
}

/**
 * The clock was ahead by `byMs` and is right again: what it put off until then is due that much earlier, at the earliest now.
 * What was put off before it went wrong comes early, which does no harm.
 */
export function pullForward(tx: Tx, now: Date, byMs: number): void {
  const at = now.getTime()
  const earlier = (column: typeof deliveries.dueAt | typeof hosts.nextDueAt | typeof hosts.leasedUntil | typeof errands.dueAt) =>
    sql`max(${at}, ${column} - ${Math.round(byMs)})`
  tx.update(deliveries)
    .set({ dueAt: earlier(deliveries.dueAt), queuedAt: sql`min(${at}, ${deliveries.queuedAt})` })
    .where(gt(deliveries.dueAt, now))
    .run()
  tx.update(deliveries).set({ queuedAt: now }).where(gt(deliveries.queuedAt, now)).run()
  tx.update(hosts)
    .set({ nextDueAt: earlier(hosts.nextDueAt) })
    .where(gt(hosts.nextDueAt, now))
    .run()
  tx.update(hosts)
    .set({ leasedUntil: earlier(hosts.leasedUntil) })
    .where(gt(hosts.leasedUntil, now))
    .run()
  tx.update(errands)
    .set({ dueAt: earlier(errands.dueAt) })
    .where(gt(errands.dueAt, now))
    .run()
}
