import { eq, sql } from 'drizzle-orm'
import { hostRevived } from './delivery.ts'
import type { Db, Tx } from './open.ts'
import { deliveries, hosts } from './schema.ts'

/** What waits to be sent to one server, and why. `failures` and `failingSince` are of the server, `attempts` of its most tried delivery. */
export type WaitingHost = {
  host: string
  waiting: number
  attempts: number
  queuedAt: Date
  failures: number
  failingSince: Date | null
  dueAt: Date | null
  error: string | null
}

/** Servers with deliveries waiting: those that fail first, longest first. */
export function waitingHosts(db: Db, limit = 500): WaitingHost[] {
  const rows = db.all<Record<string, string | number | null>>(sql`
    select d.host host, count(*) waiting, max(d.attempts) attempts, min(d.queued_at) queuedAt, coalesce(h.failures, 0) failures,
      h.failing_since failingSince, coalesce(h.next_due_at, min(d.due_at)) dueAt,
      (select e.last_error from deliveries e where e.host = d.host and e.last_error is not null order by e.attempts desc, e.id limit 1) error
    from deliveries d left join hosts h on h.host = d.host
    group by d.host order by coalesce(h.failures, 0) > 0 desc, max(d.attempts) > 0 desc, min(d.queued_at) limit ${limit}`)
  const day = (ms: unknown) => (typeof ms === 'number' ? new Date(ms) : null)
  return rows.map(row => ({
    host: String(row.host),
    waiting: Number(row.waiting),
    attempts: Number(row.attempts),
    queuedAt: new Date(Number(row.queuedAt)),
    failures: Number(row.failures),
    failingSince: day(row.failingSince),
    dueAt: day(row.dueAt),
    error: row.error === null ? null : String(row.error),
  }))
}

/** Everything for this server is due now. @returns how many deliveries that are */
export function hurry(tx: Tx, host: string, now: Date): number {
  hostRevived(tx, host, now)
  const { changes } = tx.update(deliveries).set({ dueAt: now }).where(eq(deliveries.host, host)).run()
  if (changes > 0) tx.update(hosts).set({ nextDueAt: now }).where(eq(hosts.host, host)).run()
  return changes
}

/** Nothing is to be sent to this server any more. @returns how many deliveries that were */
export function giveUp(tx: Tx, host: string): number {
  tx.update(hosts).set({ nextDueAt: null }).where(eq(hosts.host, host)).run()
  return tx.delete(deliveries).where(eq(deliveries.host, host)).run().changes
}
