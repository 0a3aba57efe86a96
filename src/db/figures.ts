import { count, eq, isNull, lt, min, or } from 'drizzle-orm'
import { queueLength } from './delivery.ts'
import type { Db } from './open.ts'
import { errands, followers, hosts } from './schema.ts'
import { entries } from './schema-directory.ts'

/** How much there is of what a node holds. */
export type Figures = { followers: number; entries: number; deliveries: number; errands: number; failingHosts: number }

export function figures(db: Db): Figures {
  return {
    followers: db.select({ n: count() }).from(followers).where(eq(followers.state, 'accepted')).get()!.n,
    entries: db.select({ n: count() }).from(entries).get()!.n,
    deliveries: queueLength(db),
    errands: db.select({ n: count() }).from(errands).get()!.n,
    failingHosts: db
      .select({ n: count(hosts.failingSince) })
      .from(hosts)
      .get()!.n,
  }
}

/** Since when a server's queue is due without anybody serving it. */
export function waitingSince(db: Db, now: Date): Date | undefined {
  const unserved = or(isNull(hosts.leasedUntil), lt(hosts.leasedUntil, now))
  const at = db
    .select({ at: min(hosts.nextDueAt) })
    .from(hosts)
    .where(unserved)
    .get()?.at
  return at && at < now ? at : undefined
}
