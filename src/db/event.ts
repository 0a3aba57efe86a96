import { and, asc, desc, eq, gt } from 'drizzle-orm'
import type { DomainEvent, EventKind } from '../domain/event.ts'
import type { Db, Tx } from './open.ts'
import { cursors, events } from './schema.ts'

export type LoggedEvent = DomainEvent & { id: number }

export function record(tx: Tx, event: DomainEvent): void {
  tx.insert(events).values(event).run()
}

export function eventsAfter(db: Db, id: number, limit = 100): LoggedEvent[] {
  const rows = db.select().from(events).where(gt(events.id, id)).orderBy(asc(events.id)).limit(limit).all()
  return rows.map(({ data, ...row }) => ({ ...row, kind: row.kind as EventKind, ...(data ? { data } : {}) }))
}

/** The last time this happened to `subject`. */
export function lastEventOf(db: Db, kind: EventKind, subject: string): { at: Date } | undefined {
  return db
    .select({ at: events.at })
    .from(events)
    .where(and(eq(events.kind, kind), eq(events.subject, subject)))
    .orderBy(desc(events.id))
    .limit(1)
    .get()
}

export function cursor(db: Db, name: string): number {
  return db.select().from(cursors).where(eq(cursors.name, name)).get()?.eventId ?? 0
}

export function advance(tx: Tx, name: string, eventId: number): void {
  tx.insert(cursors).values({ name, eventId }).onConflictDoUpdate({ target: cursors.name, set: { eventId } }).run()
}
