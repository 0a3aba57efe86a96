import { and, count, desc, eq, isNull, sql } from 'drizzle-orm'
import type { Post } from '../domain/post.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { posts } from './schema-post.ts'

/** The posts of one actor that have not been deleted, newest first. `before` is the id of the last post of the page before. */
export function postsBy(db: Db, author: string, { limit, before }: { limit: number; before?: number }): Post[] {
  const older =
    before === undefined
      ? undefined
      : sql`(${posts.publishedAt}, ${posts.id}) < (select p.published_at, p.id from posts p where p.id = ${before})`
  return db
    .select()
    .from(posts)
    .where(and(eq(posts.author, author), isNull(posts.deletedAt), older))
    .orderBy(desc(posts.publishedAt), desc(posts.id))
    .limit(limit)
    .all()
}

export function postById(db: Db, id: number): Post | undefined {
  return db.select().from(posts).where(eq(posts.id, id)).get()
}

export function postByIri(db: Db, iri: string): Post | undefined {
  return db.select().from(posts).where(eq(posts.iri, iri)).get()
}

export function localPostCount(db: Db): number {
  return db
    .select({ n: count() })
    .from(posts)
    .where(and(eq(posts.local, true), isNull(posts.deletedAt)))
    .get()!.n
}

const given = (name: string) => sql.placeholder(name)
const insertPost = (db: Db) =>
  db
    .insert(posts)
    .values({
      iri: given('iri'),
      author: given('author'),
      local: given('local'),
      type: given('type'),
      name: given('name'),
      summary: given('summary'),
      source: given('source'),
      content: given('content'),
      url: given('url'),
      inReplyTo: given('inReplyTo'),
      visibility: given('visibility'),
      sensitive: given('sensitive'),
      language: given('language'),
      // Through sql, because a prepared time or JSON value can't be null.
      details: sql`${given('details')}`,
      pinnedAt: sql`${given('pinnedAt')}`,
      publishedAt: given('publishedAt'),
      updatedAt: sql`${given('updatedAt')}`,
      deletedAt: sql`${given('deletedAt')}`,
    })
    .onConflictDoNothing()
    .returning({ id: posts.id })
    .prepare()

/** Adds a post unless one with its IRI is already there, deleted or not. Returns its id if it was added. */
export function addPost(tx: Tx, post: Omit<Post, 'id'>): number | undefined {
  const ms = (time: Date | null) => time?.getTime() ?? null
  const { details, pinnedAt, updatedAt, deletedAt, ...words } = post
  const times = { pinnedAt: ms(pinnedAt), updatedAt: ms(updatedAt), deletedAt: ms(deletedAt) }
  return prepared(tx, insertPost).get({ ...words, ...times, details: details && JSON.stringify(details) })?.id
}

/** Changes the words of a post, if `author` wrote it and it still stands. */
export function revisePost(
  tx: Tx,
  author: string,
  iri: string,
  words: Pick<Post, 'name' | 'summary' | 'content' | 'url' | 'updatedAt'>,
): boolean {
  const his = and(eq(posts.iri, iri), eq(posts.author, author), isNull(posts.deletedAt))
  return tx.update(posts).set(words).where(his).run().changes > 0
}

/** A deleted post keeps its row and IRI, so that it can't come back, but not its words. */
export function deletePost(tx: Tx, author: string, iri: string, at: Date): boolean {
  const his = and(eq(posts.iri, iri), eq(posts.author, author), isNull(posts.deletedAt))
  return tx.update(posts).set({ deletedAt: at, content: '', name: null, summary: null, source: null }).where(his).run().changes > 0
}

export function deletePostsBy(tx: Tx, author: string, at: Date): void {
  tx.update(posts).set({ deletedAt: at, content: '', name: null, summary: null, source: null }).where(eq(posts.author, author)).run()
}
