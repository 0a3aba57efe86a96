import { and, asc, desc, eq, inArray, isNull, or, sql } from 'drizzle-orm'
import type { Post } from '../domain/post.ts'
import type { Mentioned } from '../domain/post-text.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { actors } from './schema.ts'
import { mentions, posts } from './schema-post.ts'

const insertMention = (db: Db) =>
  db
    .insert(mentions)
    .values({ post: sql.placeholder('post'), actor: sql.placeholder('actor') })
    .onConflictDoNothing()
    .prepare()

/** Whom a post speaks to, beside those already noted. */
export function saveMentions(tx: Tx, post: number, whom: readonly string[]): void {
  for (const actor of whom) prepared(tx, insertMention).run({ post, actor })
}

export function removeMentions(tx: Tx, post: number): void {
  tx.delete(mentions).where(eq(mentions.post, post)).run()
}

/** Those a post speaks to who are known here, and still there. */
export function mentionedIn(db: Db, post: number): Mentioned[] {
  return db
    .select({ actor: actors.id, handle: actors.handle, host: actors.host, url: actors.url })
    .from(mentions)
    .innerJoin(actors, eq(actors.id, mentions.actor))
    .where(and(eq(mentions.post, post), isNull(actors.goneAt)))
    .orderBy(asc(mentions.actor))
    .all()
}

/** What others have said to an actor of this node: posts that mention it, and replies to posts of this node. Newest first. */
export function saidTo(db: Db, actor: string, limit: number): Post[] {
  const mentioning = db.select({ post: mentions.post }).from(mentions).where(eq(mentions.actor, actor))
  const ours = db.select({ iri: posts.iri }).from(posts).where(eq(posts.local, true))
  return db
    .select()
    .from(posts)
    .where(and(eq(posts.local, false), isNull(posts.deletedAt), or(inArray(posts.id, mentioning), inArray(posts.inReplyTo, ours))))
    .orderBy(desc(posts.publishedAt), desc(posts.id))
    .limit(limit)
    .all()
}

/** Whether a post names this actor, known here or not. */
export function isMentioned(db: Db, post: number, actor: string): boolean {
  const named = and(eq(mentions.post, post), eq(mentions.actor, actor))
  return db.select({ post: mentions.post }).from(mentions).where(named).get() !== undefined
}
