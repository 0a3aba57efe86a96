import { and, eq, sql } from 'drizzle-orm'
import type { Actor, ActorKey } from '../domain/actor.ts'
import type { Db, Tx } from './open.ts'
import { bound, placeholders, prepared } from './prepared.ts'
import { actorKeys, actors } from './schema.ts'
import { listing } from './statement.ts'
import { wholeRow } from './whole-row.ts'

const byId = wholeRow(actors, 'id = ?')
const keyById = wholeRow(actorKeys, 'id = ?')
const upsertActor = (db: Db) =>
  db
    .insert(actors)
    .values(placeholders(actors))
    .onConflictDoUpdate({ target: actors.id, set: placeholders(actors) })
    .prepare()
const upsertKey = (db: Db) =>
  db
    .insert(actorKeys)
    .values(placeholders(actorKeys))
    // A key is never taken from one actor by another.
    .onConflictDoUpdate({ target: actorKeys.id, set: placeholders(actorKeys), setWhere: sql`${actorKeys.actor} = excluded.actor` })
    .prepare()
const deleteKeys = (db: Db) =>
  db
    .delete(actorKeys)
    .where(eq(actorKeys.actor, sql.placeholder('actor')))
    .prepare()

export function actorOf(db: Db, id: string): Actor | undefined {
  return byId(db, id)
}

/** Whether it is known that the actor is gone for good. */
export function isGone(db: Db, id: string): boolean {
  return listing(db, 'select gone_at from actors where id = ?').get(id) != null
}

export function actorAt(db: Db, handle: string, host: string): Actor | undefined {
  return db
    .select()
    .from(actors)
    .where(and(eq(actors.handle, handle), eq(actors.host, host)))
    .get()
}

export function actorKey(db: Db, id: string): ActorKey | undefined {
  return keyById(db, id)
}

/** Whose key it is. */
export function ownerOfKey(db: Db, id: string): string | undefined {
  return listing(db, 'select actor from actor_keys where id = ?').get(id) as string | undefined
}

/** Takes an actor as its origin has just described it; keys it no longer lists are forgotten. */
export function saveActor(tx: Tx, actor: Actor, keys: readonly ActorKey[]): void {
  prepared(tx, upsertActor).run(bound(actors, actor))
  prepared(tx, deleteKeys).run({ actor: actor.id })
  for (const key of keys) prepared(tx, upsertKey).run(bound(actorKeys, { ...key, fetchedAt: actor.fetchedAt }))
}

export function markGone(tx: Tx, id: string, at: Date): void {
  tx.update(actors).set({ goneAt: at }).where(eq(actors.id, id)).run()
  prepared(tx, deleteKeys).run({ actor: id })
}
