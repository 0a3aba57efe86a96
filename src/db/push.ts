import { and, eq, isNull, lte, or } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { pushSubscriptions } from './schema-client-more.ts'

export type Subscription = typeof pushSubscriptions.$inferSelect

export function subscriptionOf(db: Db, token: number): Subscription | undefined {
  return db.select().from(pushSubscriptions).where(eq(pushSubscriptions.token, token)).get()
}

/** Those that may be woken now. */
export function subscriptions(db: Db, now: Date): Subscription[] {
  return db
    .select()
    .from(pushSubscriptions)
    .where(or(isNull(pushSubscriptions.dueAt), lte(pushSubscriptions.dueAt, now)))
    .all()
}

/** A token has one; a new one takes its place. */
export function saveSubscription(tx: Tx, subscription: Omit<Subscription, 'id' | 'failures' | 'dueAt'>): Subscription {
  tx.delete(pushSubscriptions).where(eq(pushSubscriptions.token, subscription.token)).run()
  return tx.insert(pushSubscriptions).values(subscription).returning().get()
}

export function changeSubscription(tx: Tx, id: number, change: Partial<Subscription>): void {
  tx.update(pushSubscriptions).set(change).where(eq(pushSubscriptions.id, id)).run()
}

export function removeSubscription(tx: Tx, token: number): void {
  tx.delete(pushSubscriptions).where(eq(pushSubscriptions.token, token)).run()
}

/** Unless it has been renewed meanwhile. */
export function endSubscription(tx: Tx, { id, endpoint }: Pick<Subscription, 'id' | 'endpoint'>): void {
  tx.delete(pushSubscriptions)
    .where(and(eq(pushSubscriptions.id, id), eq(pushSubscriptions.endpoint, endpoint)))
    .run()
}
