import { asc, eq, lte, sql } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { errands } from './schema.ts'

export type Errand = typeof errands.$inferSelect

/** Remembers that `object`, which `actor` spoke of without showing it, must be fetched. */
export function addErrand(tx: Tx, actor: string, object: string, dueAt: Date, kind: Errand['kind'] = 'object'): void {
  tx.insert(errands)
    .values({ actor, object, kind, dueAt })
    .onConflictDoUpdate({ target: [errands.actor, errands.object], set: { kind, dueAt, attempts: 0 } })
    .run()
}

export function dueErrands(db: Db, now: Date, limit: number): Errand[] {
  return db.select().from(errands).where(lte(errands.dueAt, now)).orderBy(asc(errands.dueAt)).limit(limit).all()
}

export function errandDone(tx: Tx, id: number): void {
  tx.delete(errands).where(eq(errands.id, id)).run()
}

export function errandLater(tx: Tx, id: number, dueAt: Date): void {
  tx.update(errands)
    .set({ dueAt, attempts: sql`${errands.attempts} + 1` })
    .where(eq(errands.id, id))
    .run()
}
