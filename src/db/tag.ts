import { and, asc, eq, gte, lt } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { postTags } from './schema-client.ts'
import { statement, writing } from './statement.ts'

/** A hashtag of a post: how it is found, and how it was written. */
export type Tag = { name: string; shown: string }

const INSERT = 'insert into post_tags (post, name, shown) values (?, ?, ?) on conflict do nothing'

/** Puts these hashtags in the place of those a post has. */
export function saveTags(tx: Tx, post: number, tags: readonly Tag[]): void {
  tx.delete(postTags).where(eq(postTags.post, post)).run()
  for (const tag of tags) writing(tx, INSERT).run(post, tag.name, tag.shown)
}

export function addTags(tx: Tx, post: number, tags: readonly Tag[]): void {
  for (const tag of tags) writing(tx, INSERT).run(post, tag.name, tag.shown)
}

/** The hashtags of some posts, by the number of the post. */
export function tagsOf(db: Db, posts: readonly number[]): Map<number, Tag[]> {
  const text = 'select post, name, shown from post_tags where post in (select value from json_each(?)) order by post, rowid'
  const found = new Map<number, Tag[]>()
  for (const [post, name, shown] of statement(db, text).all(JSON.stringify(posts)) as [number, string, string][])
    found.set(post, [...(found.get(post) ?? []), { name, shown }])
  return found
}

/** Hashtags known here that begin with something. */
export function tagsCalled(db: Db, start: string, limit: number): string[] {
  return db
    .selectDistinct({ name: postTags.name })
    .from(postTags)
    .where(and(gte(postTags.name, start), lt(postTags.name, `${start}\u{10ffff}`)))
    .orderBy(asc(postTags.name))
    .limit(limit)
    .all()
    .map(row => row.name)
}

/** How often a hashtag was used on each of the last days, the latest first, by so many authors. */
export function tagHistory(db: Db, name: string, now: Date, days: number): { day: Date; uses: number; authors: number }[] {
  const DAY = 24 * 3_600_000
  const today = Math.floor(now.getTime() / DAY)
  const rows = statement(
    db,
    `select p.published_at / ${DAY} day, count(*), count(distinct p.author) from post_tags g join posts p on p.id = g.post
    where g.name = ? and p.deleted_at is null and p.visibility = 'public' and p.published_at >= ? group by 1`,
  ).all(name, (today - days + 1) * DAY) as [number, number, number][]
  return Array.from({ length: days }, (_, back) => {
    const row = rows.find(([day]) => day === today - back)
    return { day: new Date((today - back) * DAY), uses: row?.[1] ?? 0, authors: row?.[2] ?? 0 }
  })
}
