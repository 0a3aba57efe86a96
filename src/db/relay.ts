import { and, asc, eq, or, sql } from 'drizzle-orm'
import { RELAY_LIMITS, type Relay } from '../domain/relay.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { relays } from './schema.ts'
import { saveSetting, setting } from './setting.ts'

export function allRelays(db: Db): Relay[] {
  return db.select().from(relays).orderBy(asc(relays.since)).all()
}

/** @param address its inbox, or its id */
export function relayAt(db: Db, address: string): Relay | undefined {
  return db
    .select()
    .from(relays)
    .where(or(eq(relays.inbox, address), eq(relays.actor, address)))
    .get()
}

export function relayAsked(db: Db, followId: string): Relay | undefined {
  return db.select().from(relays).where(eq(relays.followId, followId)).get()
}

const accepted = (db: Db) =>
  db
    .select({ inbox: relays.inbox })
    .from(relays)
    .where(and(eq(relays.actor, sql.placeholder('actor')), eq(relays.state, 'accepted')))
    .prepare()

/** Whether this actor is a relay that has accepted us. */
export function isRelay(db: Db, actor: string): boolean {
  return prepared(db, accepted).get({ actor }) !== undefined
}

export function acceptedRelays(db: Db): string[] {
  return db
    .select({ inbox: relays.inbox })
    .from(relays)
    .where(eq(relays.state, 'accepted'))
    .all()
    .map(row => row.inbox)
}

export function saveRelay(tx: Tx, relay: Relay): void {
  tx.insert(relays).values(relay).onConflictDoUpdate({ target: relays.inbox, set: relay }).run()
}

export function removeRelay(tx: Tx, inbox: string): void {
  tx.delete(relays).where(eq(relays.inbox, inbox)).run()
}

/** Takes one from what relays may still make this node look into within the hour (RELAY_LIMITS); false when nothing is left. */
export function takeAllowance(tx: Tx, now: Date): boolean {
  const [since = 0, used = 0] = (setting(tx, 'relayAllowance') ?? '').split(' ').map(Number)
  const at = now.getTime()
  // Also when the clock was set back.
  const fresh = at - since >= RELAY_LIMITS.withinMs || at < since
  if (!fresh && used >= RELAY_LIMITS.errands) return false
  saveSetting(tx, 'relayAllowance', fresh ? `${at} 1` : `${since} ${used + 1}`)
  return true
}
