import { and, count, desc, eq, lt, sql } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { activities, received } from './schema.ts'

export type MadeActivity = typeof activities.$inferSelect

export function activityByIri(db: Db, iri: string): MadeActivity | undefined {
  return db.select().from(activities).where(eq(activities.iri, iri)).get()
}

export function saveActivity(tx: Tx, activity: Omit<MadeActivity, 'id'>): number {
  return tx.insert(activities).values(activity).returning({ id: activities.id }).get().id
}

/** An actor's public activities, newest first, after the one numbered `before`. */
export function publicActivities(db: Db, actor: string, limit: number, before?: number): MadeActivity[] {
  const his = and(eq(activities.actor, actor), eq(activities.public, true), before === undefined ? undefined : lt(activities.id, before))
  return db.select().from(activities).where(his).orderBy(desc(activities.id)).limit(limit).all()
}

export function publicActivityCount(db: Db, actor: string): number {
  return db
    .select({ n: count() })
    .from(activities)
    .where(and(eq(activities.actor, actor), eq(activities.public, true)))
    .get()!.n
}

const remember = (db: Db) =>
  db
    .insert(received)
    .values({ iri: sql.placeholder('iri'), actor: sql.placeholder('actor'), type: sql.placeholder('type'), at: sql.placeholder('at') })
    .onConflictDoNothing()
    .prepare()

/** Notes that an activity has been received; false if it was before, ever. */
export function firstReceipt(tx: Tx, activity: { iri: string; actor: string; type: string; at: Date }): boolean {
  return prepared(tx, remember).run(activity).changes > 0
}
