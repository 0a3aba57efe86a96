import { and, asc, count, desc, eq, gte, lt, sql } from 'drizzle-orm'
import { keptCount } from './kept-count.ts'
import type { Db, Tx } from './open.ts'
import { bound, placeholders, prepared } from './prepared.ts'
import { actors, followers } from './schema.ts'
import { wholeRow } from './whole-row.ts'

export type Follower = typeof followers.$inferSelect

const byActor = wholeRow(followers, 'actor = ?')

export function followerOf(db: Db, actor: string): Follower | undefined {
  return byActor(db, actor)
}

/** Followers with what is known of them, oldest first. */
export function allFollowers(db: Db) {
  return db
    .select({
      actor: followers.actor,
      state: followers.state,
      since: followers.since,
      handle: actors.handle,
      host: actors.host,
      name: actors.name,
    })
    .from(followers)
    .innerJoin(actors, eq(actors.id, followers.actor))
    .orderBy(asc(followers.since), asc(followers.actor))
    .all()
}

export function followerCount(db: Db): number {
  return keptCount(db, "select count(*) from followers where state = 'accepted'")
}

/** How many wait for the steward's yes or no. */
export function pendingFollowers(db: Db): number {
  return db.select({ n: count() }).from(followers).where(eq(followers.state, 'pending')).get()!.n
}

/** One inbox for each server: where everything for the followers goes. */
export function followerInboxes(db: Db): string[] {
  return db
    .selectDistinct({ inbox: sql<string>`coalesce(${actors.sharedInbox}, ${actors.inbox})` })
    .from(followers)
    .innerJoin(actors, eq(actors.id, followers.actor))
    .where(sql`${followers.state} = 'accepted' and ${actors.goneAt} is null`)
    .all()
    .map(row => row.inbox)
}

const startingWith = (db: Db) =>
  db
    .select({ actor: followers.actor })
    .from(followers)
    .where(
      and(eq(followers.state, 'accepted'), gte(followers.actor, sql.placeholder('from')), lt(followers.actor, sql.placeholder('before'))),
    )
    .orderBy(asc(followers.actor))
    .prepare()

/** The accepted followers whose ids begin with this origin: who follows from there. */
export function followersAt(db: Db, origin: string): string[] {
  // 0 is what comes after / in ASCII, so this is a range of the primary key.
  return prepared(db, startingWith)
    .all({ from: `${origin}/`, before: `${origin}0` })
    .map(row => row.actor)
}

const upsert = (db: Db) =>
  db
    .insert(followers)
    .values(placeholders(followers))
    .onConflictDoUpdate({ target: followers.actor, set: placeholders(followers) })
    .prepare()

export function saveFollower(tx: Tx, follower: Follower): void {
  prepared(tx, upsert).run(bound(followers, follower))
}

export function removeFollower(tx: Tx, actor: string): boolean {
  return tx.delete(followers).where(eq(followers.actor, actor)).run().changes > 0
}

const number = sql<number>`${followers}.rowid`

/** Accepted ones for the public collection, newest first, after the one numbered `before`. */
export function followerPage(db: Db, limit: number, before?: number): { cursor: number; actor: string }[] {
  const accepted = and(eq(followers.state, 'accepted'), before === undefined ? undefined : lt(number, before))
  return db.select({ cursor: number, actor: followers.actor }).from(followers).where(accepted).orderBy(desc(number)).limit(limit).all()
}
