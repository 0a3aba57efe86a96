import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Post } from '../domain/post.ts'
import { type Window, windowed } from '../domain/window.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { timelineItems } from './schema-client.ts'
import { posts } from './schema-post.ts'
import { listing, writing } from './statement.ts'

/** A post or a boost where it stands in the order in which they came here. */
export type TimelineItem = { id: number; actor: string; boost: boolean; at: Date; post: Post }
export type Page = { items: TimelineItem[]; more: boolean }

const given = sql.placeholder
const byIds = (db: Db) =>
  db
    .select({ id: timelineItems.id, actor: timelineItems.actor, boost: timelineItems.boost, at: timelineItems.at, post: posts })
    .from(timelineItems)
    .innerJoin(posts, eq(posts.id, timelineItems.post))
    .where(and(sql`${timelineItems.id} in (select value from json_each(${given('ids')}))`, isNull(posts.deletedAt)))
    .prepare()
const byPosts = (db: Db) =>
  db
    .select({ id: timelineItems.id, post: timelineItems.post, actor: timelineItems.actor })
    .from(timelineItems)
    .where(and(sql`${timelineItems.post} in (select value from json_each(${given('posts')}))`, eq(timelineItems.boost, false)))
    .prepare()

export function placeItem(tx: Tx, { post, actor, boost, home, at }: Omit<typeof timelineItems.$inferInsert, 'id'>): void {
  const text = 'insert into timeline_items (post, actor, boost, home, at) values (?, ?, ?, ?, ?) on conflict do nothing'
  writing(tx, text).run(post, actor, Number(boost), Number(home), at.getTime())
}

export function removeBoostItem(tx: Tx, post: number, actor: string): void {
  const his = and(eq(timelineItems.post, post), eq(timelineItems.actor, actor), eq(timelineItems.boost, true))
  tx.delete(timelineItems).where(his).run()
}

export function removeBoostItemsBy(tx: Tx, actor: string): void {
  tx.delete(timelineItems)
    .where(and(eq(timelineItems.actor, actor), eq(timelineItems.boost, true)))
    .run()
}

/** What an actor has said, beside answers to others, is shown to who follows it, or not any more. */
export function showAtHome(tx: Tx, actor: string, home: boolean): void {
  const plain = sql`(${timelineItems.boost} or exists (select 1 from posts p where p.id = ${timelineItems.post} and p.in_reply_to is null))`
  tx.update(timelineItems)
    .set({ home })
    .where(and(eq(timelineItems.actor, actor), home ? plain : undefined))
    .run()
}

/** Whether a post or a boost of it has been shown at home since a time. */
export function isAtHome(db: Db, post: number, since: Date): boolean {
  const sql = 'select 1 from timeline_items where post = ? and home = 1 and at > ? limit 1'
  return listing(db, sql).get(post, since.getTime()) !== undefined
}

/** Items by their numbers, in that order; what is deleted is left out. */
export function itemsByIds(db: Db, ids: readonly number[]): TimelineItem[] {
  const found = new Map(
    prepared(db, byIds)
      .all({ ids: JSON.stringify(ids) })
      .map(item => [item.id, item]),
  )
  return ids.flatMap(id => found.get(id) ?? [])
}

export function itemById(db: Db, id: number): TimelineItem | undefined {
  return itemsByIds(db, [id])[0]
}

/** Whether everybody may read what is there. Asked before it is read, so that what is secret takes no longer than what is not there. */
export function isOpenItem(db: Db, id: number): boolean {
  const text = `select 1 from timeline_items t cross join posts p on p.id = t.post
    where t.id = ? and p.visibility in ('public', 'unlisted') and p.deleted_at is null`
  return listing(db, text).get(id) !== undefined
}

/** The item of each post itself, by the number of the post. */
export function itemsOfPosts(db: Db, ids: readonly number[]): Map<number, { id: number; actor: string }> {
  return new Map(
    prepared(db, byPosts)
      .all({ posts: JSON.stringify(ids) })
      .map(({ post, ...item }) => [post, item]),
  )
}

export function itemOfPost(db: Db, post: number): TimelineItem | undefined {
  const item = itemsOfPosts(db, [post]).get(post)
  return item && itemById(db, item.id)
}

export function boostItem(db: Db, post: number, actor: string): TimelineItem | undefined {
  const his = and(eq(timelineItems.post, post), eq(timelineItems.actor, actor), eq(timelineItems.boost, true))
  const row = db.select({ id: timelineItems.id }).from(timelineItems).where(his).get()
  return row && itemById(db, row.id)
}

/** The number of the newest item. */
export function latestItem(db: Db): number {
  return (listing(db, 'select max(id) from timeline_items').get() as number | null) ?? 0
}

/** What has come since, the oldest first, with whether it is shown at home. */
export function itemsAfter(db: Db, id: number, limit: number): (TimelineItem & { home: boolean })[] {
  const ids = listing(db, 'select id from timeline_items where id > ? order by id limit ?').all(id, limit) as number[]
  const home = new Set(
    listing(db, 'select id from timeline_items where id > ? and home = 1 order by id limit ?').all(id, limit) as number[],
  )
  return itemsByIds(db, ids).map(item => ({ ...item, home: home.has(item.id) }))
}

// Crossed, so that rows are read in the order of their numbers until there are enough, and never sorted.
const FROM = 'select t.id from timeline_items t cross join posts p on p.id = t.post where p.deleted_at is null'
const HEARD = `not exists (select 1 from mutes m where m.actor in (t.actor, p.author) and (m.until is null or m.until > ?))`

function page(db: Db, window: Window, where: string, values: readonly unknown[]): Page {
  const { below = Number.MAX_SAFE_INTEGER, above = 0 } = window
  const { rows, more } = windowed(window, (order, most) => {
    const text = `${FROM} and t.id < ? and t.id > ? and ${where} order by t.id ${order} limit ?`
    return listing(db, text).all(below, above, ...values, most) as number[]
  })
  return { items: itemsByIds(db, rows), more }
}

/** A page of items that meet a condition on `t`, the item, and `p`, its post; those of muted actors are left out. */
export function timelinePage(db: Db, window: Window, where: string, values: readonly unknown[], now: Date): Page {
  return page(db, window, `${where} and ${HEARD}`, [...values, now.getTime()])
}

// Who is in a list that is read by itself.
const APART = 'exists (select 1 from list_members l join reading_lists r on r.id = l.list where l.actor = t.actor and r.exclusive = 1)'

/** What those say and boost whom the community follows, and itself. */
export function homeTimeline(db: Db, window: Window, now: Date): Page {
  return page(db, window, `t.home = 1 and not ${APART} and ${HEARD}`, [now.getTime()])
}

export type Kinds = { onlyMedia?: boolean }
const MEDIA = ' and exists (select 1 from attachments a where a.post = p.id)'

/** Everything for everybody that is here, answers aside. @param whose only what this actor says, or only what others do */
export function publicTimeline(
  db: Db,
  window: Window,
  { me, whose, onlyMedia, now }: Kinds & { me: string; whose?: 'me' | 'others'; now: Date },
): Page {
  const plain = `t.boost = 0 and p.visibility = 'public' and p.in_reply_to is null${onlyMedia ? MEDIA : ''}`
  if (whose === 'me') return page(db, window, `t.actor = ? and ${plain}`, [me])
  return page(db, window, `${plain}${whose === 'others' ? ' and p.local = 0' : ''} and ${HEARD}`, [now.getTime()])
}

/** @param tags folded names: any of the first, all of the second and none of the third */
export function tagTimeline(
  db: Db,
  window: Window,
  {
    tags,
    whose,
    onlyMedia,
    now,
  }: Kinds & { tags: { any: readonly string[]; all: readonly string[]; none: readonly string[] }; whose?: 'me' | 'others'; now: Date },
): Page {
  const tagged = 'select g.post from post_tags g where g.name in (select value from json_each(?))'
  const all = tags.all.map(() => ' and t.post in (select g.post from post_tags g where g.name = ?)').join('')
  const local = whose === undefined ? '' : ` and p.local = ${whose === 'me' ? 1 : 0}`
  const where = `t.boost = 0 and p.visibility = 'public' and t.post in (${tagged}) and t.post not in (${tagged})${all}${local}${onlyMedia ? MEDIA : ''} and ${HEARD}`
  return page(db, window, where, [JSON.stringify(tags.any), JSON.stringify(tags.none), ...tags.all, now.getTime()])
}

/** What one actor has said and boosted. @param onlyOpen without what is not for everybody */
export function accountTimeline(
  db: Db,
  window: Window,
  {
    actor,
    onlyOpen,
    replies,
    boosts,
    onlyMedia,
    tag,
  }: Kinds & { actor: string; onlyOpen: boolean; replies: boolean; boosts: boolean; tag?: string | undefined },
): Page {
  const where = [
    't.actor = ?',
    onlyOpen ? "p.visibility in ('public', 'unlisted')" : '1',
    replies ? '1' : '(t.boost = 1 or p.in_reply_to is null)',
    boosts ? '1' : 't.boost = 0',
    tag === undefined ? '1' : 'exists (select 1 from post_tags g where g.post = t.post and g.name = ?)',
  ].join(' and ')
  return page(db, window, `${where}${onlyMedia ? MEDIA : ''}`, [actor, ...(tag === undefined ? [] : [tag])])
}

/** What an actor has pinned, the newest pin first, as items. */
export function pinnedItems(db: Db, actor: string): TimelineItem[] {
  const rows = db
    .select({ id: timelineItems.id })
    .from(posts)
    .innerJoin(timelineItems, and(eq(timelineItems.post, posts.id), eq(timelineItems.boost, false)))
    .where(and(eq(posts.author, actor), sql`${posts.pinnedAt} is not null`, isNull(posts.deletedAt)))
    .orderBy(desc(posts.pinnedAt), desc(posts.id))
    .limit(20)
    .all()
  return itemsByIds(
    db,
    rows.map(row => row.id),
  )
}
