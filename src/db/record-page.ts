import { and, asc, eq, gt, isNotNull, max, sql } from 'drizzle-orm'
import { removeEntry } from './directory.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { dropRecord } from './record.ts'
import { records } from './schema-directory.ts'

/** One line of the feed: where it stands, which community, its number, the hash of its words, and what they are. */
export type FeedItem = { c: number; k: Buffer; seq: number; h: Buffer; t: 'entry' | 'tombstone' | 'fork' }
/** What this node has seen at an origin with its own eyes. */
export type Sight = { c: number; key: Buffer; text: string; seq: number; at: Date }

const given = (name: string) => sql.placeholder(name)
// With the sign no index of states is used, which would have a page read and sort everything there is.
const checked = sql`+${records.state} in ('vouched', 'confirmed', 'forked', 'tombstoned')`
const feed = (db: Db) =>
  db
    .select({ c: records.id, k: records.key, seq: records.seq, h: records.hash, t: records.kind })
    .from(records)
    .where(and(gt(records.id, given('after')), checked, isNotNull(records.hash)))
    .orderBy(asc(records.id))
    .limit(given('limit'))
    .prepare()
const version = (db: Db) =>
  db
    .select({ seq: records.seq, hash: records.hash, state: records.state })
    .from(records)
    .where(eq(records.key, given('key')))
    .prepare()
const sights = (db: Db) =>
  db
    .select({ c: records.id, key: records.key, text: records.text, seq: records.seq, at: records.seenAt })
    .from(records)
    .where(and(gt(records.id, given('after')), isNotNull(records.seenAt), isNotNull(records.hash), eq(records.kind, 'entry')))
    .orderBy(asc(records.id))
    .limit(given('limit'))
    .prepare()

/** What may be passed on, without the words, after the line numbered `after`. */
export function feedAfter(db: Db, after: number, limit: number): FeedItem[] {
  return prepared(db, feed)
    .all({ after, limit })
    .map(row => ({ ...row, h: row.h! }))
}

/** The number of the newest record; the feed never goes beyond it. */
export function newestRecord(db: Db): number {
  return (
    db
      .select({ id: max(records.id) })
      .from(records)
      .get()?.id ?? 0
  )
}

/** Which version of a community's entry is known, whatever it is worth. */
export function versionOf(db: Db, key: Buffer) {
  return prepared(db, version).get({ key })
}

/** What this node has seen at its origin, after the record numbered `after`. */
export function sightsAfter(db: Db, after: number, limit: number): Sight[] {
  return prepared(db, sights)
    .all({ after, limit })
    .map(row => ({ ...row, at: row.at! }))
}

/** Forgets what only this peer has told, and nobody has checked yet. @returns how much that was */
export function dropHeardFrom(tx: Tx, peer: number): number {
  const heard = tx
    .select({ actor: records.actor })
    .from(records)
    .where(and(eq(records.state, 'heard'), eq(records.peer, peer)))
    .all()
  for (const { actor } of heard) {
    dropRecord(tx, actor)
    removeEntry(tx, actor)
  }
  return heard.length
}
