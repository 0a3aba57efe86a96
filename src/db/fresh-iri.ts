import { sql } from 'drizzle-orm'
import { newId, timeOf } from '../lib/id.ts'
import type { Db } from './open.ts'
import { prepared } from './prepared.ts'
import { activities } from './schema.ts'
import { posts } from './schema-post.ts'

// Behind every id there can be.
const END = '{'

const between = (column: typeof posts.iri | typeof activities.iri) =>
  sql`${column} > ${sql.placeholder('from')} and ${column} < ${sql.placeholder('to')}`
const lastPost = (db: Db) =>
  db.select({ iri: posts.iri }).from(posts).where(between(posts.iri)).orderBy(sql`${posts.iri} desc`).limit(1).prepare()
const lastActivity = (db: Db) =>
  db.select({ iri: activities.iri }).from(activities).where(between(activities.iri)).orderBy(sql`${activities.iri} desc`).limit(1).prepare()

/**
 * The address of something new of this node, behind those of its kind that are there already: a clock set back doesn't change the order.
 * @param place the address around an id
 */
export function freshIri(db: Db, place: (id: string) => string, now: Date): string {
  const from = place('')
  const range = { from, to: from + END }
  const last = prepared(db, lastPost).get(range)?.iri ?? prepared(db, lastActivity).get(range)?.iri
  return place(newId(now, last?.slice(from.length)))
}

const LONGEST_LEAD_MS = 48 * 3_600_000

/** When something new is said to have been made, so that dates keep the order of addresses; unless the clock was days ahead. */
export function dateOf(iri: string, now: Date): Date {
  const at = timeOf(iri.slice(iri.lastIndexOf('/') + 1)) ?? now
  return at.getTime() - now.getTime() > LONGEST_LEAD_MS ? now : at
}
