import { and, count, eq, inArray, isNotNull, isNull, lt, lte, min, or, type SQL, sql } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { activities, actors, deliveries, hosts } from './schema.ts'

export type Host = typeof hosts.$inferSelect
/** A delivery whose turn has come. `deliveryContent` gives what is to be sent. */
export type DueDelivery = { id: number; activity: number; inbox: string; attempts: number; queuedAt: Date }

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

const free = or(isNull(hosts.leasedUntil), lte(hosts.leasedUntil, given('now')))
const anyDueQuery = (db: Db) =>
  db
    .select({ host: hosts.host })
    .from(hosts)
    .where(and(lte(hosts.nextDueAt, given('now')), free))
    .limit(1)
    .prepare()

/** Whether any server is due that nobody is sending to. */
export function anyHostDue(db: Db, now: Date): boolean {
  return prepared(db, anyDueQuery).get({ now: now.getTime() }) !== undefined
}

// The condition is written out, not given: only then does SQLite use the index that is made for it.
const leaseQuery = (db: Db, condition: SQL) => {
  const due = and(condition, lte(hosts.nextDueAt, given('now')), free)
  const first = db.select({ host: hosts.host }).from(hosts).where(due).orderBy(hosts.nextDueAt).limit(given('limit'))
  return db
    .update(hosts)
    .set({ leasedUntil: sql`${given('until')}` })
    .where(inArray(hosts.host, first))
    .returning()
    .prepare()
}
const leaseWellQuery = (db: Db) => leaseQuery(db, sql`${hosts.failures} = 0`)
const leaseFailingQuery = (db: Db) => leaseQuery(db, sql`${hosts.failures} > 0`)

/** Takes the longest waiting of the servers with something to send: those that are well first, then at most `failing` of the others. */
export function leaseHosts(tx: Tx, now: Date, until: Date, most: { all: number; failing: number }): Host[] {
  const times = { now: now.getTime(), until: until.getTime() }
  const well = prepared(tx, leaseWellQuery).all({ ...times, limit: most.all })
  const limit = Math.min(most.failing, most.all - well.length)
  return limit > 0 ? [...well, ...prepared(tx, leaseFailingQuery).all({ ...times, limit })] : well
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
      activity: deliveries.activity,
      inbox: deliveries.inbox,
      attempts: deliveries.attempts,
      queuedAt: deliveries.queuedAt,
    })
    .from(deliveries)
    .where(and(eq(deliveries.host, sql.placeholder('host')), lte(deliveries.dueAt, sql.placeholder('now')), headOfInbox))
    .orderBy(deliveries.id)
    .limit(1)
    .prepare()

/** The oldest due delivery of a server whose inbox has nothing older waiting. */
export function nextDelivery(db: Db, host: string, now: Date): DueDelivery | undefined {
  return prepared(db, nextQuery).get({ host, now: now.getTime() })
}

const contentQuery = (db: Db) =>
  db
    .select({ body: activities.body, actor: activities.actor })
    .from(activities)
    .where(eq(activities.id, given('activity')))
    .prepare()

/** What is to be sent, and who says it. */
export function deliveryContent(db: Db, activity: number): { body: string; actor: string } {
  return prepared(db, contentQuery).get({ activity })!
}

const doneQuery = (db: Db) =>
  db
    .delete(deliveries)
    .where(eq(deliveries.id, sql.placeholder('id')))
    .prepare()

export function deliveryDone(tx: Tx, id: number): void {
  prepared(tx, doneQuery).run({ id })
}

const laterQuery = (db: Db) =>
  db
    .update(deliveries)
    .set({ dueAt: sql`${given('dueAt')}`, lastError: sql`${given('error')}`, attempts: sql`${deliveries.attempts} + 1` })
    .where(eq(deliveries.id, given('id')))
    .prepare()

export function deliveryLater(tx: Tx, id: number, dueAt: Date, error: string): void {
  prepared(tx, laterQuery).run({ id, dueAt: dueAt.getTime(), error })
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

const failedQuery = (db: Db) =>
  db
    .update(hosts)
    .set({
      failures: sql`${hosts.failures} + 1`,
      failingSince: sql`coalesce(${hosts.failingSince}, ${given('now')})`,
      nextDueAt: sql`${given('until')}`,
      leasedUntil: null,
    })
    .where(eq(hosts.host, given('host')))
    .prepare()

/** The server did not answer; nothing goes there before `until`. Gives the lease back. */
export function hostFailed(tx: Tx, host: string, now: Date, until: Date): void {
  prepared(tx, failedQuery).run({ host, now: now.getTime(), until: until.getTime() })
}

const releaseQuery = (db: Db) => {
  const remaining = db
    .select({ at: min(deliveries.dueAt) })
    .from(deliveries)
    .where(and(eq(deliveries.host, given('host')), headOfInbox))
  return db
    .update(hosts)
    .set({ nextDueAt: sql`(${remaining})`, leasedUntil: null })
    .where(eq(hosts.host, given('host')))
    .prepare()
}

/** Gives the lease back. What is still queued decides when the server is due again. */
export function releaseHost(tx: Tx, host: string): void {
  prepared(tx, releaseQuery).run({ host })
}

/** Who has this inbox, or shares it; at most `limit` of them. */
export function actorsOfInbox(db: Db, inbox: string, limit: number): string[] {
  const theirs = and(or(eq(actors.inbox, inbox), eq(actors.sharedInbox, inbox)), isNull(actors.goneAt))
  const found = db.select({ id: actors.id }).from(actors).where(theirs).limit(limit).all()
  return found.map(({ id }) => id)
}

/** Forgets servers with nothing queued that are well, or have not answered since before `before`, and of which there is nothing else to remember. */
export function forgetHosts(tx: Tx, before: Date): number {
  const idle = and(isNull(hosts.nextDueAt), isNull(hosts.leasedUntil))
  const forgotten = or(and(eq(hosts.failures, 0), isNull(hosts.signature)), lt(hosts.failingSince, before))
  return tx.delete(hosts).where(and(idle, forgotten)).run().changes
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
