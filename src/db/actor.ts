import { and, eq, sql } from 'drizzle-orm'
import type { Actor, ActorKey } from '../domain/actor.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { actorKeys, actors } from './schema.ts'

const byId = (db: Db) =>
  db
    .select()
    .from(actors)
    .where(eq(actors.id, sql.placeholder('id')))
    .prepare()
const keyById = (db: Db) =>
  db
    .select()
    .from(actorKeys)
    .where(eq(actorKeys.id, sql.placeholder('id')))
    .prepare()

export function actorOf(db: Db, id: string): Actor | undefined {
  return prepared(db, byId).get({ id })
}

export function actorAt(db: Db, handle: string, host: string): Actor | undefined {
  return db
    .select()
    .from(actors)
    .where(and(eq(actors.handle, handle), eq(actors.host, host)))
    .get()
}

export function actorKey(db: Db, id: string): ActorKey | undefined {
  return prepared(db, keyById).get({ id })
}

/** Takes an actor as its origin has just described it; keys it no longer lists are forgotten. */
export function saveActor(tx: Tx, actor: Actor, keys: readonly ActorKey[]): void {
  tx.insert(actors).values(actor).onConflictDoUpdate({ target: actors.id, set: actor }).run()
  tx.delete(actorKeys).where(eq(actorKeys.actor, actor.id)).run()
  for (const key of keys) {
    const row = { ...key, fetchedAt: actor.fetchedAt }
    tx.insert(actorKeys)
      .values(row)
      .onConflictDoUpdate({ target: actorKeys.id, set: row, setWhere: eq(actorKeys.actor, actor.id) })
      .run()
  }
}

export function markGone(tx: Tx, id: string, at: Date): void {
  tx.update(actors).set({ goneAt: at }).where(eq(actors.id, id)).run()
  tx.delete(actorKeys).where(eq(actorKeys.actor, id)).run()
}
