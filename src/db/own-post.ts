import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Post } from '../domain/post.ts'
import type { Db } from './open.ts'
import { posts } from './schema-post.ts'

/** What the community itself has said, to whomever, newest first. `before` is the number of the last post of the page before. */
export function ownPosts(db: Db, { limit, before }: { limit: number; before?: number }): Post[] {
  const older =
    before === undefined
      ? undefined
      : sql`(${posts.publishedAt}, ${posts.id}) < (select p.published_at, p.id from posts p where p.id = ${before})`
  return db
    .select()
    .from(posts)
    .where(and(eq(posts.local, true), isNull(posts.deletedAt), older))
    .orderBy(desc(posts.publishedAt), desc(posts.id))
    .limit(limit)
    .all()
}

/** Which of these posts the community has answered, by IRI. */
export function answeredAmong(db: Db, iris: readonly string[]): Set<string> {
  if (iris.length === 0) return new Set()
  const rows = db
    .select({ iri: posts.inReplyTo })
    .from(posts)
    .where(and(eq(posts.local, true), isNull(posts.deletedAt), inArray(posts.inReplyTo, [...iris])))
    .all()
  return new Set(rows.flatMap(({ iri }) => (iri === null ? [] : [iri])))
}
