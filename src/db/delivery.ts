import { and, count, eq, isNotNull, lte, min, or, sql } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { activities, deliveries, hosts } from './schema.ts'

export type Host = typeof hosts.$inferSelect
/** A delivery with what is to be sent and who says it. */
export type DueDelivery = { id: number; inbox: string; attempts: number; queuedAt: Date; body: string; actor: string }

const given = (name: string) => sql.placeholder(name)
const insertDelivery = (db: Db) =>
  db
    .insert(deliveries)
    .values({ activity: given('activity'), inbox: given('inbox'), host: given('host'), queuedAt: given('now'), dueAt: given('now') })
    .onConflictDoNothing()
    .prepare()
const insertHost = (db: Db) =>
  db
    .insert(hosts)
    .values({ host: given('host'), nextDueAt: given('now') })
    // A server that is failing keeps its own time; only an idle one is due at once.
    .onConflictDoUpdate({ target: hosts.host, set: { nextDueAt: sql`coalesce(${hosts.nextDueAt}, excluded.next_due_at)` } })
    .prepare()

export function queueDelivery(tx: Tx, activity: number, inbox: string, now: Date): void {
  const { host } = new URL(inbox)
  const added = prepared(tx, insertDelivery).run({ activity, inbox, host, now }).changes
  if (added) prepared(tx, insertHost).run({ host, now })
}

const dueHostsQuery = (db: Db) =>
  db
    .select()
    .from(hosts)
    .where(
      and(
        lte(hosts.nextDueAt, sql.placeholder('now')),
        or(sql`${hosts.leasedUntil} is null`, lte(hosts.leasedUntil, sql.placeholder('now'))),
      ),
    )
    .orderBy(hosts.nextDueAt)
    .limit(sql.placeholder('limit'))
    .prepare()

/** Servers with something to send, longest waiting first. */
export function dueHosts(db: Db, now: Date, limit: number): Host[] {
  return prepared(db, dueHostsQuery).all({ now: now.getTime(), limit })
}

const leaseQuery = (db: Db) =>
  db
    .update(hosts)
    .set({ leasedUntil: sql`${sql.placeholder('until')}` })
    .where(eq(hosts.host, sql.placeholder('host')))
    .prepare()

export function leaseHost(tx: Tx, host: string, until: Date): void {
  prepared(tx, leaseQuery).run({ host, until: until.getTime() })
}

/** After a crash nobody holds a lease: there is one server process, and it has just started. */
export function dropLeases(tx: Tx): void {
  tx.update(hosts).set({ leasedUntil: null }).where(isNotNull(hosts.leasedUntil)).run()
}

// What was said to an inbox first arrives first: a delivery waits until nothing older is queued for the same inbox.
const headOfInbox = sql`not exists (select 1 from deliveries e where e.inbox = ${deliveries.inbox} and e.id < ${deliveries.id})`

const nextQuery = (db: Db) =>
  db
    .select({
      id: deliveries.id,
      inbox: deliveries.inbox,
      attempts: deliveries.attempts,
      queuedAt: deliveries.queuedAt,
      body: activities.body,
      actor: activities.actor,
    })
    .from(deliveries)
    .innerJoin(activities, eq(activities.id, deliveries.activity))
    .where(and(eq(deliveries.host, sql.placeholder('host')), lte(deliveries.dueAt, sql.placeholder('now')), headOfInbox))
    .orderBy(deliveries.id)
    .limit(1)
    .prepare()

/** The oldest due delivery of a server whose inbox has nothing older waiting. */
export function nextDelivery(db: Db, host: string, now: Date): DueDelivery | undefined {
  return prepared(db, nextQuery).get({ host, now: now.getTime() })
}

const doneQuery = (db: Db) =>
  db
    .delete(deliveries)
    .where(eq(deliveries.id, sql.placeholder('id')))
    .prepare()

export function deliveryDone(tx: Tx, id: number): void {
  prepared(tx, doneQuery).run({ id })
}

export function deliveryLater(tx: Tx, id: number, dueAt: Date, error: string): void {
  tx.update(deliveries)
    .set({ dueAt, lastError: error, attempts: sql`${deliveries.attempts} + 1` })
    .where(eq(deliveries.id, id))
    .run()
}

const wellQuery = (db: Db) =>
  db
    .update(hosts)
    .set({ failures: 0, failingSince: null })
    .where(and(eq(hosts.host, sql.placeholder('host')), sql`${hosts.failures} > 0`))
    .prepare()

/** The server answered as it should. */
export function hostWell(tx: Tx, host: string): void {
  prepared(tx, wellQuery).run({ host })
}

/** The server did not answer; nothing goes there before `until`. */
export function hostFailed(tx: Tx, host: string, now: Date, until: Date): void {
  tx.update(hosts)
    .set({
      failures: sql`${hosts.failures} + 1`,
      failingSince: sql`coalesce(${hosts.failingSince}, ${now.getTime()})`,
      nextDueAt: until,
      leasedUntil: null,
    })
    .where(eq(hosts.host, host))
    .run()
}

const remainingQuery = (db: Db) =>
  db
    .select({ at: min(deliveries.dueAt) })
    .from(deliveries)
    .where(and(eq(deliveries.host, sql.placeholder('host')), headOfInbox))
    .prepare()
const releaseQuery = (db: Db) =>
  db
    .update(hosts)
    .set({ nextDueAt: sql`${sql.placeholder('at')}`, leasedUntil: null })
    .where(eq(hosts.host, sql.placeholder('host')))
    .prepare()

/** Gives the lease back. What is still queued decides when the server is due again. */
export function releaseHost(tx: Tx, host: string, notBefore?: Date): void {
  const due = prepared(tx, remainingQuery).get({ host })?.at ?? null
  const at = due && notBefore && notBefore > due ? notBefore : due
  prepared(tx, releaseQuery).run({ host, at: at?.getTime() ?? null })
}

const revivedQuery = (db: Db) =>
  db
    .update(hosts)
    .set({
      failures: 0,
      failingSince: null,
      nextDueAt: sql`case when ${hosts.nextDueAt} is null then null else ${sql.placeholder('now')} end`,
    })
    .where(and(eq(hosts.host, sql.placeholder('host')), sql`${hosts.failures} > 0`))
    .prepare()

/** A verified request came from this server: it is up again, so what waits for it goes out at once. */
export function hostRevived(tx: Tx, host: string, now: Date): void {
  const revived = prepared(tx, revivedQuery).run({ host, now: now.getTime() }).changes > 0
  if (revived) tx.update(deliveries).set({ dueAt: now }).where(eq(deliveries.host, host)).run()
}

/** Remembers which kind of signature a server has taken, so that the next request is right at once. */
export function rememberSignature(tx: Tx, host: string, signature: NonNullable<Host['signature']>): void {
  tx.insert(hosts).values({ host, signature }).onConflictDoUpdate({ target: hosts.host, set: { signature } }).run()
}

const hostQuery = (db: Db) =>
  db
    .select()
    .from(hosts)
    .where(eq(hosts.host, given('host')))
    .prepare()

export function hostOf(db: Db, host: string): Host | undefined {
  return prepared(db, hostQuery).get({ host })
}

export function queueLength(db: Db): number {
  return db.select({ n: count() }).from(deliveries).get()!.n
}
