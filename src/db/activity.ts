import { and, count, desc, eq, lt, sql } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { bound, placeholders, prepared } from './prepared.ts'
import { activities, received } from './schema.ts'
import { writing } from './statement.ts'

export type MadeActivity = typeof activities.$inferSelect

export function activityByIri(db: Db, iri: string): MadeActivity | undefined {
  return db.select().from(activities).where(eq(activities.iri, iri)).get()
}

const insert = (db: Db) => db.insert(activities).values(placeholders(activities, 'id')).returning({ id: activities.id }).prepare()

export function saveActivity(tx: Tx, activity: Omit<MadeActivity, 'id'>): number {
  return prepared(tx, insert).get(bound(activities, activity)).id
}

/** Takes an activity out of the outbox: it has been taken back. */
export function hideActivity(tx: Tx, iri: string): void {
  tx.update(activities).set({ public: false }).where(eq(activities.iri, iri)).run()
}

/** Takes out of the outbox what shows an object as it no longer is. */
export function unlistAbout(tx: Tx, object: string): void {
  const shows = sql`coalesce(json_extract(${activities.body}, '$.object.id'), json_extract(${activities.body}, '$.object')) = ${object}`
  tx.update(activities)
    .set({ public: false })
    .where(and(eq(activities.public, true), shows))
    .run()
}

/** Forgets what was sent about an object, but for what is still on its way. */
export function forgetAbout(tx: Tx, object: string): void {
  const shows = sql`coalesce(json_extract(${activities.body}, '$.object.id'), json_extract(${activities.body}, '$.object')) = ${object}`
  const arrived = sql`${activities.id} not in (select activity from deliveries)`
  tx.delete(activities).where(and(shows, arrived)).run()
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

/** Notes that an activity has been received; false if it was before, ever. */
export function firstReceipt(tx: Tx, { iri, actor, type, at }: { iri: string; actor: string; type: string; at: Date }): boolean {
  const text = 'insert into received (iri, actor, type, at) values (?, ?, ?, ?) on conflict do nothing'
  return writing(tx, text).run(iri, actor, type, at.getTime()).changes > 0
}

/** As what type of activity `iri` was received from `actor`, if it was. */
export function receivedAs(db: Db, actor: string, iri: string): string | undefined {
  const his = and(eq(received.actor, actor), eq(received.iri, iri))
  return db.select({ type: received.type }).from(received).where(his).get()?.type
}
