import { and, asc, count, eq, isNull, lte } from 'drizzle-orm'
import type { ScheduledDraft, ScheduledPost } from '../domain/scheduled.ts'
import { type Window, windowed } from '../domain/window.ts'
import type { Db, Tx } from './open.ts'
import { scheduledPosts } from './schema-client-more.ts'
import { attachments } from './schema-media.ts'
import { listing } from './statement.ts'

export type Scheduled = ScheduledPost & { steward: number | null; fault: string | null }

export function scheduledById(db: Db, id: number): Scheduled | undefined {
  return db.select().from(scheduledPosts).where(eq(scheduledPosts.id, id)).get()
}

export function scheduledPage(db: Db, window: Window): { rows: Scheduled[]; more: boolean } {
  const { below = Number.MAX_SAFE_INTEGER, above = 0 } = window
  const { rows, more } = windowed(window, (order, most) => {
    const text = `select id from scheduled_posts where id < ? and id > ? order by id ${order} limit ?`
    return listing(db, text).all(below, above, most) as number[]
  })
  return { rows: rows.flatMap(id => scheduledById(db, id) ?? []), more }
}

export function scheduledCount(db: Db): number {
  return db.select({ n: count() }).from(scheduledPosts).get()!.n
}

/** What is to be published by now and can be, the earliest first. */
export function dueScheduled(db: Db, now: Date, limit: number): Scheduled[] {
  return db
    .select()
    .from(scheduledPosts)
    .where(and(lte(scheduledPosts.dueAt, now), isNull(scheduledPosts.fault)))
    .orderBy(asc(scheduledPosts.dueAt), asc(scheduledPosts.id))
    .limit(limit)
    .all()
}

/** Its pictures wait as long as it does. */
export function addScheduled(tx: Tx, draft: ScheduledDraft, dueAt: Date, steward: number | null): number {
  const { id } = tx.insert(scheduledPosts).values({ draft, dueAt, steward }).returning({ id: scheduledPosts.id }).get()
  keepPictures(tx, draft, dueAt)
  return id
}

export function reschedule(tx: Tx, { id, draft }: Scheduled, dueAt: Date): void {
  tx.update(scheduledPosts).set({ dueAt, fault: null }).where(eq(scheduledPosts.id, id)).run()
  keepPictures(tx, draft, dueAt)
}

function keepPictures(tx: Tx, { attachments: ids = [] }: ScheduledDraft, until: Date): void {
  for (const id of ids)
    tx.update(attachments)
      .set({ at: until })
      .where(and(eq(attachments.id, id), isNull(attachments.post)))
      .run()
}

export function noteFault(tx: Tx, id: number, fault: string): void {
  tx.update(scheduledPosts).set({ fault }).where(eq(scheduledPosts.id, id)).run()
}

export function removeScheduled(tx: Tx, id: number): boolean {
  return tx.delete(scheduledPosts).where(eq(scheduledPosts.id, id)).run().changes > 0
}
