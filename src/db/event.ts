import { and, asc, desc, eq, gt, like, max, or, sql } from 'drizzle-orm'
import type { DomainEvent, EventKind } from '../domain/event.ts'
import { whoActs } from '../lib/acting.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { cursors, events } from './schema.ts'

export type LoggedEvent = DomainEvent & { id: number }

const given = (name: string) => sql.placeholder(name)
const insertEvent = (db: Db) =>
  db
    .insert(events)
    // `data` through sql, because a prepared JSON value can't be null.
    .values({
      kind: given('kind'),
      subject: given('subject'),
      data: sql`${given('data')}`,
      at: given('at'),
      steward: sql`${given('steward')}`,
    })
    .prepare()
const laterEvents = (db: Db) =>
  db
    .select()
    .from(events)
    .where(gt(events.id, given('id')))
    .orderBy(asc(events.id))
    .limit(given('limit'))
    .prepare()
const cursorQuery = (db: Db) =>
  db
    .select()
    .from(cursors)
    .where(eq(cursors.name, given('name')))
    .prepare()

export function record(tx: Tx, event: DomainEvent): void {
  const { data, steward = whoActs() ?? null, ...rest } = event
  prepared(tx, insertEvent).run({ ...rest, data: data ? JSON.stringify(data) : null, steward })
}

export function eventsAfter(db: Db, id: number, limit = 100): LoggedEvent[] {
  const rows = prepared(db, laterEvents).all({ id, limit })
  return rows.map(({ data, ...row }) => ({ ...row, kind: row.kind as EventKind, ...(data ? { data } : {}) }))
}

const newestEvent = (db: Db) =>
  db
    .select({ id: max(events.id) })
    .from(events)
    .prepare()

/** The number of the newest event. */
export function latestEvent(db: Db): number {
  return prepared(db, newestEvent).get()?.id ?? 0
}

/** Whether followers may have come or gone since the event of this number. */
export function followersChangedAfter(db: Db, id: number): boolean {
  const changes = or(like(events.kind, 'follower.%'), like(events.kind, '%.blocked'), eq(events.kind, 'actor.gone'))
  return (
    db
      .select({ id: events.id })
      .from(events)
      .where(and(gt(events.id, id), changes))
      .limit(1)
      .get() !== undefined
  )
}

/** The last time this happened to `subject`. */
export function lastEventOf(db: Db, kind: EventKind, subject: string): { at: Date; data: Record<string, string> | null } | undefined {
  return db
    .select({ at: events.at, data: events.data })
    .from(events)
    .where(and(eq(events.kind, kind), eq(events.subject, subject)))
    .orderBy(desc(events.id))
    .limit(1)
    .get()
}

export function cursor(db: Db, name: string): number {
  return prepared(db, cursorQuery).get({ name })?.eventId ?? 0
}

const moveCursor = (db: Db) =>
  db
    .insert(cursors)
    .values({ name: given('name'), eventId: given('eventId') })
    .onConflictDoUpdate({ target: cursors.name, set: { eventId: sql`excluded.event_id` } })
    .prepare()

export function advance(tx: Tx, name: string, eventId: number): void {
  prepared(tx, moveCursor).run({ name, eventId })
}
