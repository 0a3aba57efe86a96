import { and, count, eq, isNull, sql } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { keys } from './schema.ts'

export type StoredKey = typeof keys.$inferSelect

const inUse = (db: Db) =>
  db
    .select()
    .from(keys)
    .where(and(eq(keys.actor, sql.placeholder('actor')), isNull(keys.retiredAt)))
    .prepare()

/** The keys in use of a local actor, private parts included. */
export function keysOf(db: Db, actor: string): StoredKey[] {
  return prepared(db, inUse).all({ actor })
}

export function saveKey(tx: Tx, key: Omit<StoredKey, 'retiredAt'>): void {
  tx.insert(keys).values(key).run()
}

/** How many times this actor has been given keys. */
export function keyGeneration(db: Db, actor: string): number {
  return db
    .select({ n: count() })
    .from(keys)
    .where(and(eq(keys.actor, actor), eq(keys.algorithm, 'rsa')))
    .get()!.n
}

/** Retired keys are kept, so that their ids are never given out again. */
export function retireKeys(tx: Tx, actor: string, at: Date): void {
  tx.update(keys)
    .set({ retiredAt: at, privateKey: '' })
    .where(and(eq(keys.actor, actor), isNull(keys.retiredAt)))
    .run()
}
