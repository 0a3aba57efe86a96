import { and, desc, eq, lt } from 'drizzle-orm'
import type { LoggedEvent } from './event.ts'
import type { Db } from './open.ts'
import { events } from './schema.ts'

export type AuditFilter = { kind?: string | undefined; steward?: number | undefined; before?: number | undefined }

/** What has happened, the newest first. */
export function pastEvents(db: Db, { kind, steward, before }: AuditFilter, limit: number): LoggedEvent[] {
  const wanted = [
    ...(kind === undefined ? [] : [eq(events.kind, kind)]),
    ...(steward === undefined ? [] : [eq(events.steward, steward)]),
    ...(before === undefined ? [] : [lt(events.id, before)]),
  ]
  return db
    .select()
    .from(events)
    .where(and(...wanted))
    .orderBy(desc(events.id))
    .limit(limit)
    .all() as LoggedEvent[]
}

/** The kinds of which there is any. */
export function kindsOfEvents(db: Db): string[] {
  return db
    .selectDistinct({ kind: events.kind })
    .from(events)
    .orderBy(events.kind)
    .all()
    .map(({ kind }) => kind)
}
