import { and, eq, isNull } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { keys } from './schema.ts'

export type StoredKey = typeof keys.$inferSelect

/** The keys in use of a local actor, private parts included. */
export function keysOf(db: Db, actor: string): StoredKey[] {
  return db
    .select()
    .from(keys)
    .where(and(eq(keys.actor, actor), isNull(keys.retiredAt)))
    .all()
}

export function saveKey(tx: Tx, key: Omit<StoredKey, 'retiredAt'>): void {
  tx.insert(keys).values(key).run()
}
