import { and, asc, eq, isNull, lt, lte, or, sql } from 'drizzle-orm'
import { bandOfId, rangesOf } from '../domain/entry-rank.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import type { EntryRecord } from './record.ts'
import { looks, records } from './schema-directory.ts'
import { saveSetting, setting } from './setting.ts'
import { clientOf } from './statement.ts'

/** What a day's looks have come to: of all peers, of each; those of this node's own; pages opened; words that have hastened a look, by peer. */
export type LookBook = {
  day: number
  all: number
  peers: Record<string, number>
  own: number
  opened: number
  hastened: Record<string, number>
}

const DAY_MS = 24 * 3_600_000
const NAME = 'entry.checks'
const SHOWN = bandOfId(rangesOf('shown').at(-1)!.end)
const given = (name: string) => sql.placeholder(name)
const byKey = (db: Db) =>
  db
    .select()
    .from(looks)
    .where(eq(looks.key, given('key')))
    .prepare()

const shown = (db: Db) => clientOf(db).prepare('select coalesce(sum(entries), 0) from search_bands where band < ?').pluck()

/** The books of this day; empty ones on a new day. */
export function lookBook(db: Db, now: Date): LookBook {
  const day = Math.floor(now.getTime() / DAY_MS)
  const known = JSON.parse(setting(db, NAME) ?? '{}') as Partial<LookBook>
  const empty = { day, all: 0, peers: {}, own: 0, opened: 0, hastened: {} }
  return known.day === day ? { ...empty, ...known } : empty
}

export function saveLookBook(tx: Tx, book: LookBook): void {
  saveSetting(tx, NAME, JSON.stringify(book))
}

/** When this node last asked the origin of this community, as far as that still matters. */
export function lastLook(db: Db, key: Buffer): Date | null {
  return prepared(db, byKey).get({ key })?.lookedAt ?? null
}

/** This node wants to ask an origin for a reason of its own; what is due sooner stays so. */
export function wantLook(tx: Tx, key: Buffer, dueAt: Date): void {
  tx.insert(looks)
    .values({ key, dueAt })
    .onConflictDoUpdate({ target: looks.key, set: { dueAt: sql`min(coalesce(${looks.dueAt}, excluded.due_at), excluded.due_at)` } })
    .run()
}

export function putOffLook(tx: Tx, key: Buffer, dueAt: Date | null): void {
  tx.update(looks).set({ dueAt }).where(eq(looks.key, key)).run()
}

/** An origin is asked now. */
export function bookLook(tx: Tx, key: Buffer, now: Date): void {
  const row = { dueAt: null, lookedAt: now }
  tx.insert(looks)
    .values({ key, ...row })
    .onConflictDoUpdate({ target: looks.key, set: row })
    .run()
}

/** Looks from before `then` are forgotten, and wishes to look at what is no longer known. */
export function forgetLooks(tx: Tx, then: Date, now: Date): void {
  const unknown = sql`not exists (select 1 from ${records} where ${records.key} = ${looks.key})`
  tx.delete(looks)
    .where(or(and(lt(looks.lookedAt, then), isNull(looks.dueAt)), and(lte(looks.dueAt, now), unknown)))
    .run()
}

/** Records whose origin this node wants to ask for reasons of its own, the longest due first. */
export function ownLooksDue(db: Db, now: Date, limit: number): EntryRecord[] {
  return db
    .select({ record: records })
    .from(looks)
    .innerJoin(records, eq(records.key, looks.key))
    .where(lte(looks.dueAt, now))
    .orderBy(asc(looks.dueAt))
    .limit(limit)
    .all()
    .map(({ record }) => record)
}

/** How many entries searches show. */
export function shownCount(db: Db): number {
  return prepared(db, shown).get(SHOWN) as number
}
