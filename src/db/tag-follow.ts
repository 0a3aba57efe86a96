import { eq } from 'drizzle-orm'
import { type Window, windowed } from '../domain/window.ts'
import type { Db, Tx } from './open.ts'
import { featuredTags, tagFollows } from './schema-client-more.ts'
import { listing, statement } from './statement.ts'
import type { Tag } from './tag.ts'

export type FollowedTag = Tag & { id: number }
export type FeaturedTag = Tag & { id: number; posts: number; lastAt: Date | null }

export function followsTag(db: Db, name: string): boolean {
  return db.select({ id: tagFollows.id }).from(tagFollows).where(eq(tagFollows.name, name)).get() !== undefined
}

export function followedTags(db: Db, window: Window): { rows: FollowedTag[]; more: boolean } {
  const { below = Number.MAX_SAFE_INTEGER, above = 0 } = window
  return windowed(window, (order, most) => {
    const text = `select id, name, shown from tag_follows where id < ? and id > ? order by id ${order} limit ?`
    return (statement(db, text).all(below, above, most) as [number, string, string][]).map(([id, name, shown]) => ({ id, name, shown }))
  })
}

export function addTagFollow(tx: Tx, tag: Tag, since: Date): void {
  tx.insert(tagFollows)
    .values({ ...tag, since })
    .onConflictDoNothing()
    .run()
}

export function removeTagFollow(tx: Tx, name: string): void {
  tx.delete(tagFollows).where(eq(tagFollows.name, name)).run()
}

/** Shows a post at home if the community follows one of its hashtags. */
export function showTagged(tx: Tx, post: number): void {
  const text = `update timeline_items set home = 1 where post = ? and boost = 0 and home = 0 and exists
    (select 1 from post_tags g join tag_follows f on f.name = g.name where g.post = timeline_items.post)
    returning id`
  listing(tx, text).all(post)
}

/** What the community shows as its own hashtags, with how it has used them. */
export function featuredTagsOf(db: Db, me: string): FeaturedTag[] {
  const text = `select f.id, f.name, f.shown,
      (select count(*) from post_tags g join posts p on p.id = g.post where g.name = f.name and p.author = ? and p.deleted_at is null),
      (select max(p.published_at) from post_tags g join posts p on p.id = g.post where g.name = f.name and p.author = ? and p.deleted_at is null)
    from featured_tags f order by f.id`
  const rows = statement(db, text).all(me, me) as [number, string, string, number, number | null][]
  return rows.map(([id, name, shown, posts, last]) => ({ id, name, shown, posts, lastAt: last === null ? null : new Date(last) }))
}

export function addFeaturedTag(tx: Tx, tag: Tag, since: Date): void {
  tx.insert(featuredTags)
    .values({ ...tag, since })
    .onConflictDoNothing()
    .run()
}

export function removeFeaturedTag(tx: Tx, id: number): boolean {
  return tx.delete(featuredTags).where(eq(featuredTags.id, id)).run().changes > 0
}

/** The hashtags most people here have used since a time. @param author only those of one actor */
export function tagsInUse(db: Db, since: Date, limit: number, author?: string): string[] {
  const text = `select g.name from post_tags g join posts p on p.id = g.post
    where p.deleted_at is null and p.visibility = 'public' and p.published_at >= @since and (@author is null or p.author = @author)
    group by g.name order by count(distinct p.author) desc, count(*) desc, g.name limit @limit`
  return listing(db, text).all({ since: since.getTime(), author: author ?? null, limit }) as string[]
}
