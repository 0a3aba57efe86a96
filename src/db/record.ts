import { and, asc, count, eq, gt, inArray, isNotNull, lte, sql } from 'drizzle-orm'
import { type EntryState, entryKey, isChecked } from '../domain/entry.ts'
import { LIMITS } from '../domain/entry-limit.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { records } from './schema-directory.ts'
import { clientOf, listing, writing } from './statement.ts'
import { wholeInsert, wholeRow } from './whole-row.ts'

/** What is known of one community. Times are Dates; `key` and `hash` are 32 bytes. */
export type EntryRecord = typeof records.$inferSelect

const given = (name: string) => sql.placeholder(name)
// With the sign no index of states is used, which would have a page of the feed read and sort everything there is.
const checked = sql`+${records.state} in ('vouched', 'confirmed', 'forked', 'tombstoned')`

const byKey = wholeRow(records, 'key = ?')
const after = (db: Db) =>
  db
    .select()
    .from(records)
    .where(and(gt(records.id, given('cursor')), checked, isNotNull(records.hash)))
    .orderBy(asc(records.id))
    .limit(given('limit'))
    .prepare()
const insert = wholeInsert(records, 'id')
const keyOf = (actor: string) => Buffer.from(entryKey(actor), 'hex')
// A limit that is given as a parameter would have SQLite plan this anew for each domain, which takes far longer than to look.
const ofDomain = (db: Db) =>
  clientOf(db)
    .prepare(`select count(*) from (select 1 from records where domain = ? and state <> 'vouched' limit ${LIMITS.entriesPerDomain})`)
    .pluck()

export function recordOf(db: Db, actor: string): EntryRecord | undefined {
  return byKey(db, keyOf(actor))
}

/** @param key SHA-256 of the actor's id */
export function recordByKey(db: Db, key: Buffer): EntryRecord | undefined {
  return byKey(db, key)
}

/** Those of these hashes that may be passed on. */
export function recordsByHash(db: Db, hashes: readonly Buffer[]): EntryRecord[] {
  if (hashes.length === 0) return []
  return db
    .select()
    .from(records)
    .where(and(inArray(records.hash, [...hashes]), checked))
    .all()
}

/** What may be passed on, in the order in which it became so, after the one numbered `cursor`. */
export function recordsAfter(db: Db, cursor: number, limit: number): EntryRecord[] {
  return prepared(db, after).all({ cursor, limit })
}

/** Takes the place of what was known of this actor, under a new number. @returns the number */
export function saveRecord(tx: Tx, record: Omit<EntryRecord, 'id'>): number {
  drop(tx, record.key)
  return listing(tx, `${insert.sql} returning id`).get(...insert.values(record)) as number
}

/** Changes what others don't hear of: when it was looked at, when to look again, who told, how near it is. */
export function amendRecord(
  tx: Tx,
  actor: string,
  changes: Partial<Pick<EntryRecord, 'seenAt' | 'checkAt' | 'checks' | 'peer'>> & { state?: 'vouched' | 'confirmed' },
): void {
  tx.update(records)
    .set(changes)
    .where(eq(records.key, keyOf(actor)))
    .run()
}

export function dropRecord(tx: Tx, actor: string): boolean {
  return drop(tx, keyOf(actor))
}

function drop(tx: Tx, key: Buffer): boolean {
  return writing(tx, 'delete from records where key = ?').run(key).changes > 0
}

/** Whether a registrable domain has as many records that are not vouched for as it may have. */
export function isDomainFull(db: Db, domain: string): boolean {
  return (prepared(db, ofDomain).get(domain) as number) >= LIMITS.entriesPerDomain
}

/** Records of a domain and its subdomains, as registrable domains. */
export function recordsWithin(db: Db, domain: string): Pick<EntryRecord, 'actor' | 'domain'>[] {
  const suffix = `.${domain}`
  return db
    .select({ actor: records.actor, domain: records.domain })
    .from(records)
    .where(sql`${records.domain} = ${domain} or substr(${records.domain}, ${-suffix.length}) = ${suffix}`)
    .all()
}

/** Whose records there are: every community that was ever heard of. */
export function everyRecordActor(db: Db): string[] {
  return db
    .select({ actor: records.actor })
    .from(records)
    .all()
    .map(row => row.actor)
}

/** Records whose origin should be asked now, the longest due first; when each is due was chosen at random. */
export function recordsToCheck(db: Db, now: Date, limit: number): EntryRecord[] {
  return db.select().from(records).where(lte(records.checkAt, now)).orderBy(asc(records.checkAt)).limit(limit).all()
}

/** Records whose time has passed. */
export function recordsOver(db: Db, now: Date, limit: number): EntryRecord[] {
  return db.select().from(records).where(lte(records.expiresAt, now)).orderBy(asc(records.expiresAt)).limit(limit).all()
}

export function recordsIn(db: Db, state: EntryState): Pick<EntryRecord, 'actor' | 'kind'>[] {
  return db.select({ actor: records.actor, kind: records.kind }).from(records).where(eq(records.state, state)).all()
}

/** How many records there are in each state, and how many of them nobody signed. */
export function recordCounts(db: Db): Record<EntryState, number> & { unsigned: number } {
  const rows = db
    .select({ state: records.state, n: count(), signed: count(records.hash) })
    .from(records)
    .groupBy(records.state)
    .all()
  const of = (state: EntryState) => rows.find(row => row.state === state)?.n ?? 0
  const unsigned = rows.reduce((sum, { n, signed }) => sum + n - signed, 0)
  return {
    vouched: of('vouched'),
    confirmed: of('confirmed'),
    heard: of('heard'),
    forked: of('forked'),
    tombstoned: of('tombstoned'),
    expired: of('expired'),
    unsigned,
  }
}

/** Whether this may be passed on, and counts in the tree. */
export function isPassedOn(record: Pick<EntryRecord, 'state' | 'hash'>): boolean {
  return record.hash !== null && isChecked(record.state)
}
