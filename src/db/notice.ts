import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Notice, NoticeKind } from '../domain/notice.ts'
import { type Window, windowed } from '../domain/window.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { notices } from './schema-client-more.ts'
import { listing } from './statement.ts'

export type NoticePage = { notices: Notice[]; more: boolean }
/** Which notices are wanted: only some kinds, all but some, only those of one actor. */
export type Wanted = { kinds?: readonly NoticeKind[] | undefined; without?: readonly NoticeKind[] | undefined; actor?: string | undefined }

const given = sql.placeholder
const insertNotice = (db: Db) =>
  db
    .insert(notices)
    .values({ kind: given('kind'), actor: given('actor'), post: sql`${given('post')}`, at: given('at') })
    .prepare()
const byIds = (db: Db) =>
  db
    .select()
    .from(notices)
    .where(sql`${notices.id} in (select value from json_each(${given('ids')}))`)
    .prepare()

export function addNotice(tx: Tx, notice: Omit<Notice, 'id'>): void {
  prepared(tx, insertNotice).run(notice)
}

/** Whether it was told already that somebody did this to a post. */
export function hasNotice(db: Db, { kind, actor, post }: Omit<Notice, 'id' | 'at'>): boolean {
  const same = and(eq(notices.kind, kind), eq(notices.actor, actor), post === null ? isNull(notices.post) : eq(notices.post, post))
  return db.select({ id: notices.id }).from(notices).where(same).limit(1).get() !== undefined
}

/** What was done was taken back, or is told otherwise from now on. */
export function removeNotice(tx: Tx, { kind, actor, post }: Omit<Notice, 'id' | 'at'>): void {
  const same = and(eq(notices.kind, kind), eq(notices.actor, actor), post === null ? isNull(notices.post) : eq(notices.post, post))
  tx.delete(notices).where(same).run()
}

export function removeNoticesBy(tx: Tx, actor: string): void {
  tx.delete(notices).where(eq(notices.actor, actor)).run()
}

export function removeNoticeById(tx: Tx, id: number): boolean {
  return tx.delete(notices).where(eq(notices.id, id)).run().changes > 0
}

export function clearNotices(tx: Tx): void {
  tx.delete(notices).run()
}

// What somebody does whom the steward does not want to hear of is kept, and shown again when that ends.
const HEARD = `not exists (select 1 from mutes m where m.actor = n.actor and m.notifications = 1 and (m.until is null or m.until > ?))
  and not exists (select 1 from actor_blocks b where b.actor = n.actor)`

function wantedSql({ kinds, without, actor }: Wanted): { where: string; values: unknown[] } {
  const parts = [HEARD]
  const values: unknown[] = []
  if (kinds) parts.push('n.kind in (select value from json_each(?))')
  if (kinds) values.push(JSON.stringify(kinds))
  if (without) parts.push('n.kind not in (select value from json_each(?))')
  if (without) values.push(JSON.stringify(without))
  if (actor !== undefined) parts.push('n.actor = ?')
  if (actor !== undefined) values.push(actor)
  return { where: parts.join(' and '), values }
}

/** A page of notices, newest first. */
export function noticesIn(db: Db, window: Window, now: Date, wanted: Wanted = {}): NoticePage {
  const { below = Number.MAX_SAFE_INTEGER, above = 0 } = window
  const { where, values } = wantedSql(wanted)
  const { rows, more } = windowed(window, (order, most) => {
    const text = `select n.id from notices n where n.id < ? and n.id > ? and ${where} order by n.id ${order} limit ?`
    return listing(db, text).all(below, above, now.getTime(), ...values, most) as number[]
  })
  return { notices: noticesByIds(db, rows), more }
}

/** Those that came after one, oldest first. */
export function noticesAfter(db: Db, id: number, now: Date, limit: number): Notice[] {
  const text = `select n.id from notices n where n.id > ? and ${HEARD} order by n.id limit ?`
  return noticesByIds(db, listing(db, text).all(id, now.getTime(), limit) as number[])
}

/** In the order of `ids`. */
export function noticesByIds(db: Db, ids: readonly number[]): Notice[] {
  const found = new Map(
    prepared(db, byIds)
      .all({ ids: JSON.stringify(ids) })
      .map(notice => [notice.id, notice]),
  )
  return ids.flatMap(id => found.get(id) ?? [])
}

export function latestNotice(db: Db): number {
  return (listing(db, 'select max(id) from notices').get() as number | null) ?? 0
}

/** How many came after one, as far as they are counted. */
export function noticeCountAfter(db: Db, id: number, now: Date, most: number, wanted: Wanted = {}): number {
  const { where, values } = wantedSql(wanted)
  const text = `select count(*) from (select 1 from notices n where n.id > ? and ${where} limit ?)`
  return listing(db, text).get(id, now.getTime(), ...values, most) as number
}

/** Those of one group, newest first. */
export function noticesOfGroup(
  db: Db,
  group: { kind: NoticeKind; post: number | null; from: Date; until: Date },
  now: Date,
  limit: number,
): Notice[] {
  const text = `select n.id from notices n where n.kind = ? and n.post is ? and n.at >= ? and n.at < ? and ${HEARD} order by n.id desc limit ?`
  const { kind, post, from, until } = group
  return noticesByIds(db, listing(db, text).all(kind, post, from.getTime(), until.getTime(), now.getTime(), limit) as number[])
}

/** Questions of others that the community voted on, that have closed since, and of which that was not told. By number. */
export function closedPolls(db: Db, me: string, since: Date, now: Date): { post: number; author: string }[] {
  const sql = `select json_array(p.id, p.author) from votes v join posts p on p.id = v.post
    where v.actor = ? and p.local = 0 and p.deleted_at is null
      and json_extract(p.details, '$.closesAt') <= ? and json_extract(p.details, '$.closesAt') > ?
      and not exists (select 1 from notices n where n.post = p.id and n.kind = 'poll') group by p.id limit 100`
  const rows = listing(db, sql).all(me, now.toISOString(), since.toISOString()) as string[]
  return rows.map(row => JSON.parse(row) as [number, string]).map(([post, author]) => ({ post, author }))
}
