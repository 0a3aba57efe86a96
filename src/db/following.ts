import { and, asc, desc, eq, lt, sql } from 'drizzle-orm'
import { removeFollowOptions } from './account.ts'
import { keptCount } from './kept-count.ts'
import type { Db, Tx } from './open.ts'
import { bound, placeholders, prepared } from './prepared.ts'
import { actors, following } from './schema.ts'
import { listing } from './statement.ts'
import { showAtHome } from './timeline.ts'
import { wholeRow } from './whole-row.ts'

export type Following = typeof following.$inferSelect

const byActor = wholeRow(following, 'actor = ?')

export function followingOf(db: Db, actor: string): Following | undefined {
  return byActor(db, actor)
}

/** Whether the community follows the actor, and the actor has said yes. */
export function isFollowed(db: Db, actor: string): boolean {
  return listing(db, 'select state from following where actor = ?').get(actor) === 'accepted'
}

/** Whom the community follows or has asked to follow, oldest first. */
export function allFollowing(db: Db) {
  return db
    .select({
      actor: following.actor,
      state: following.state,
      since: following.since,
      handle: actors.handle,
      host: actors.host,
      name: actors.name,
    })
    .from(following)
    .innerJoin(actors, eq(actors.id, following.actor))
    .orderBy(asc(following.since), asc(following.actor))
    .all()
}

export function followingCount(db: Db): number {
  return keptCount(db, "select count(*) from following where state = 'accepted'")
}

const upsert = (db: Db) =>
  db
    .insert(following)
    .values(placeholders(following))
    .onConflictDoUpdate({ target: following.actor, set: placeholders(following) })
    .prepare()

export function saveFollowing(tx: Tx, row: Following): void {
  prepared(tx, upsert).run(bound(following, row))
}

export function removeFollowing(tx: Tx, actor: string): boolean {
  removeFollowOptions(tx, actor)
  showAtHome(tx, actor, false)
  return tx.delete(following).where(eq(following.actor, actor)).run().changes > 0
}

const number = sql<number>`${following}.rowid`

/** Accepted ones for the public collection, newest first, after the one numbered `before`. */
export function followingPage(db: Db, limit: number, before?: number): { cursor: number; actor: string }[] {
  const accepted = and(eq(following.state, 'accepted'), before === undefined ? undefined : lt(number, before))
  return db.select({ cursor: number, actor: following.actor }).from(following).where(accepted).orderBy(desc(number)).limit(limit).all()
}
