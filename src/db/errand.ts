import { and, asc, eq, lte, sql } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { bound, placeholders, prepared } from './prepared.ts'
import { errands } from './schema.ts'

export type Errand = typeof errands.$inferSelect

const upsert = (db: Db) => {
  const row = placeholders(errands, 'id')
  return db
    .insert(errands)
    .values(row)
    .onConflictDoUpdate({
      target: [errands.actor, errands.object],
      set: { ...row, boost: sql`coalesce(excluded.boost, ${errands.boost})` },
    })
    .prepare()
}

/** Remembers that `object`, which `actor` spoke of without showing it, must be fetched. */
export function addErrand(
  tx: Tx,
  actor: string,
  object: string,
  dueAt: Date,
  kind: Errand['kind'] = 'object',
  { depth = 0, boost = null }: { depth?: number; boost?: string | null } = {},
): void {
  prepared(tx, upsert).run(bound(errands, { actor, object, kind, depth, boost, dueAt, attempts: 0 }))
}

/** Whom the community wants to follow and has not found yet. */
export function followErrands(db: Db): string[] {
  return db
    .select({ object: errands.object })
    .from(errands)
    .where(eq(errands.kind, 'follow'))
    .all()
    .map(({ object }) => object)
}

/** Forgets what was to be fetched only because of the boost `boost` of `actor`. */
export function boostTakenBack(tx: Tx, actor: string, boost: string): boolean {
  return (
    tx
      .delete(errands)
      .where(and(eq(errands.actor, actor), eq(errands.boost, boost)))
      .run().changes > 0
  )
}

const due = (db: Db) =>
  db
    .select()
    .from(errands)
    .where(lte(errands.dueAt, sql.placeholder('now')))
    .orderBy(asc(errands.dueAt))
    .limit(sql.placeholder('limit'))
    .prepare()

export function dueErrands(db: Db, now: Date, limit: number): Errand[] {
  return prepared(db, due).all({ now: now.getTime(), limit })
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
