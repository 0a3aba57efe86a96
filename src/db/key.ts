import { and, asc, count, eq, isNotNull, isNull, ne, sql } from 'drizzle-orm'
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

/**
 * Retired keys are kept, so that their ids are never given out again; their private parts are not.
 * @param handOver one of Ed25519 keeps its own until it has handed over to the new one
 */
export function retireKeys(tx: Tx, actor: string, at: Date, handOver = false): void {
  const own = and(eq(keys.actor, actor), isNull(keys.retiredAt))
  const privateKey = handOver ? sql`iif(${keys.algorithm} = 'ed25519', ${keys.privateKey}, '')` : ''
  tx.update(keys).set({ retiredAt: at, privateKey }).where(own).run()
}

/** Retired keys that have still to hand over, oldest first. */
export function keysHandingOver(db: Db, actor: string): StoredKey[] {
  return db
    .select()
    .from(keys)
    .where(and(eq(keys.actor, actor), isNotNull(keys.retiredAt), ne(keys.privateKey, '')))
    .orderBy(asc(keys.createdAt))
    .all()
}

/** Forgets the private part of a key. */
export function forgetPrivateKey(tx: Tx, id: string): void {
  tx.update(keys).set({ privateKey: '' }).where(eq(keys.id, id)).run()
}

export function dropKeys(tx: Tx, actor: string): void {
  tx.delete(keys).where(eq(keys.actor, actor)).run()
}
