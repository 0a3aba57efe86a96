import type { Db } from './open.ts'
import { statement } from './statement.ts'

/** How a post stands: what others have made of it, and what the community itself has. */
export type PostFigures = {
  replies: number
  likes: number
  boosts: number
  liked: boolean
  boosted: boolean
  bookmarked: boolean
}

// The index is named: most posts answer nothing, from which SQLite would conclude that it is of no use.
const TEXT = `select p.id,
    (select count(*) from posts r indexed by posts_reply where r.in_reply_to = p.iri and r.deleted_at is null and r.visibility in ('public', 'unlisted')),
    (select count(*) from reactions x where x.post = p.id and x.kind = 'like'),
    (select count(*) from reactions x where x.post = p.id and x.kind = 'boost'),
    exists (select 1 from reactions x where x.post = p.id and x.actor = @me and x.kind = 'like'),
    exists (select 1 from reactions x where x.post = p.id and x.actor = @me and x.kind = 'boost'),
    exists (select 1 from bookmarks b where b.post = p.id)
  from json_each(@posts) join posts p on p.id = value`

export function postFiguresOf(db: Db, posts: readonly number[], me: string): Map<number, PostFigures> {
  const rows = statement(db, TEXT).all({ me, posts: JSON.stringify(posts) }) as [number, number, number, number, number, number, number][]
  return new Map(
    rows.map(([id, replies, likes, boosts, liked, boosted, bookmarked]) => [
      id,
      { replies, likes, boosts, liked: liked === 1, boosted: boosted === 1, bookmarked: bookmarked === 1 },
    ]),
  )
}

/** What some posts answer, as far as it is here: number and author of its item, by IRI. */
export function answeredItems(db: Db, iris: readonly string[]): Map<string, { item: number; author: string }> {
  const text = `select p.iri, t.id, p.author from json_each(?) join posts p on p.iri = value
    join timeline_items t on t.post = p.id and t.boost = 0 where p.deleted_at is null`
  const rows = statement(db, text).all(JSON.stringify(iris)) as [string, number, string][]
  return new Map(rows.map(([iri, item, author]) => [iri, { item, author }]))
}

/** Whom some posts mention, by the number of the post. */
export function mentionsOfAll(db: Db, posts: readonly number[]): Map<number, string[]> {
  const text = 'select post, actor from mentions where post in (select value from json_each(?)) order by post, actor'
  const found = new Map<number, string[]>()
  for (const [post, actor] of statement(db, text).all(JSON.stringify(posts)) as [number, string][])
    found.set(post, [...(found.get(post) ?? []), actor])
  return found
}

/** Ids of the Announces by which some actors have boosted some posts, by `post actor`. */
export function boostIris(db: Db, posts: readonly number[], actors: readonly string[]): Map<string, string> {
  const text = `select post, actor, iri from reactions where kind = 'boost' and post in (select value from json_each(?))
    and actor in (select value from json_each(?))`
  const rows = statement(db, text).all(JSON.stringify(posts), JSON.stringify(actors)) as [number, string, string][]
  return new Map(rows.map(([post, actor, iri]) => [`${post} ${actor}`, iri]))
}
