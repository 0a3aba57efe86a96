import { count, eq, lte } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { contenders } from './schema-directory.ts'

/** An entry by a key nobody knew of, on its way to being believed. `hash` is hex, `signer` a multibase key. */
export type Contender = typeof contenders.$inferSelect

export function contenderOf(db: Db, actor: string): Contender | undefined {
  return db.select().from(contenders).where(eq(contenders.actor, actor)).get()
}

export function saveContender(tx: Tx, contender: Contender): void {
  tx.insert(contenders).values(contender).onConflictDoUpdate({ target: contenders.actor, set: contender }).run()
}

export function removeContender(tx: Tx, actor: string): void {
  tx.delete(contenders).where(eq(contenders.actor, actor)).run()
}

/** Those that have waited since `before` or longer. */
export function contendersSince(db: Db, before: Date): Contender[] {
  return db.select().from(contenders).where(lte(contenders.since, before)).all()
}

export function contenderCount(db: Db): number {
  return db.select({ n: count() }).from(contenders).get()!.n
}
