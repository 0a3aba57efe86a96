import { and, asc, count, desc, eq, inArray, isNull, lte, or, type SQL, sql } from 'drizzle-orm'
import { isOpen, type Post } from '../domain/post.ts'
import type { Db, Tx } from './open.ts'
import { changeWords, dropWords } from './post-words.ts'
import { prepared } from './prepared.ts'
import { notices } from './schema-client-more.ts'
import { attachments, postEdits } from './schema-media.ts'
import { posts } from './schema-post.ts'
import { writing } from './statement.ts'

const open = and(inArray(posts.visibility, ['public', 'unlisted']), isNull(posts.deletedAt))

/** The posts of one actor that everybody may read, newest first. `before` is the id of the last post of the page before. */
export function postsBy(db: Db, author: string, { limit, before }: { limit: number; before?: number }): Post[] {
  const older =
    before === undefined
      ? undefined
      : sql`(${posts.publishedAt}, ${posts.id}) < (select p.published_at, p.id from posts p where p.id = ${before})`
  return db
    .select()
    .from(posts)
    .where(and(eq(posts.author, author), open, older))
    .orderBy(desc(posts.publishedAt), desc(posts.id))
    .limit(limit)
    .all()
}

export function postById(db: Db, id: number): Post | undefined {
  return db.select().from(posts).where(eq(posts.id, id)).get()
}

const byIri = (db: Db) =>
  db
    .select()
    .from(posts)
    .where(eq(posts.iri, sql.placeholder('iri')))
    .prepare()

export function postByIri(db: Db, iri: string): Post | undefined {
  return prepared(db, byIri).get({ iri })
}

/** A post by the address of its page, where that is not its IRI. */
export function postByUrl(db: Db, url: string): Post | undefined {
  return db
    .select()
    .from(posts)
    .where(and(eq(posts.url, url), isNull(posts.deletedAt)))
    .get()
}

/** Direct replies that everybody may read, oldest first. */
export function openReplies(db: Db, iri: string, limit: number): Post[] {
  return replies(db, iri, limit, true)
}

export function openReplyCount(db: Db, iri: string): number {
  return db
    .select({ n: count() })
    .from(posts)
    .where(and(eq(posts.inReplyTo, iri), open))
    .get()!.n
}

function replies(db: Db, iri: string, limit: number, onlyOpen: boolean): Post[] {
  return db
    .select()
    .from(posts)
    .where(and(eq(posts.inReplyTo, iri), onlyOpen ? open : isNull(posts.deletedAt)))
    .orderBy(asc(posts.publishedAt), asc(posts.id))
    .limit(limit)
    .all()
}

/**
 * What was said before a post, oldest first, and what was said to it and to that, as one conversation reads: each with how deep it lies.
 * @param limit the most of each; `onlyOpen` leaves out what is not for everybody, and what was said to that
 */
export function threadOf(db: Db, post: Post, limit: number, onlyOpen: boolean): { before: Post[]; after: { post: Post; depth: number }[] } {
  const seen = new Set([post.iri])
  const before: Post[] = []
  for (let at = post.inReplyTo; at && !seen.has(at) && before.length < limit; ) {
    seen.add(at)
    const parent = postByIri(db, at)
    if (!parent || parent.deletedAt || (onlyOpen && !isOpen(parent))) break
    before.unshift(parent)
    at = parent.inReplyTo
  }
  const after: { post: Post; depth: number }[] = []
  const gather = (iri: string, depth: number) => {
    for (const reply of replies(db, iri, limit, onlyOpen)) {
      if (after.length >= limit || seen.has(reply.iri)) continue
      seen.add(reply.iri)
      after.push({ post: reply, depth })
      if (depth < DEEPEST) gather(reply.iri, depth + 1)
    }
  }
  gather(post.iri, 1)
  return { before, after }
}

/** Replies to replies further down than this are not looked for. */
const DEEPEST = 20

export function localPostCount(db: Db): number {
  return db
    .select({ n: count() })
    .from(posts)
    .where(and(eq(posts.local, true), open))
    .get()!.n
}

const INSERT = `insert into posts (iri, author, local, type, name, summary, source, content, url, in_reply_to, visibility, sensitive, language,
    details, pinned_at, published_at, updated_at, deleted_at)
  values (@iri, @author, @local, @type, @name, @summary, @source, @content, @url, @inReplyTo, @visibility, @sensitive, @language,
    @details, @pinnedAt, @publishedAt, @updatedAt, @deletedAt)
  on conflict do nothing`

/** Adds a post unless one with its IRI is already there, deleted or not. Returns its id if it was added. */
export function addPost(tx: Tx, post: Omit<Post, 'id'>): number | undefined {
  const ms = (time: Date | null) => time?.getTime() ?? null
  const { iri, author, type, name, summary, source, content, url, inReplyTo, visibility, language } = post
  const { changes, lastInsertRowid } = writing(tx, INSERT).run({
    iri,
    author,
    local: Number(post.local),
    type,
    name,
    summary,
    source,
    content,
    url,
    inReplyTo,
    visibility,
    sensitive: Number(post.sensitive),
    language,
    details: post.details && JSON.stringify(post.details),
    pinnedAt: ms(post.pinnedAt),
    publishedAt: ms(post.publishedAt),
    updatedAt: ms(post.updatedAt),
    deletedAt: ms(post.deletedAt),
  })
  return changes > 0 ? Number(lastInsertRowid) : undefined
}

/** What an edit may change. */
export type Words = Pick<
  Post,
  'name' | 'summary' | 'source' | 'content' | 'url' | 'visibility' | 'sensitive' | 'language' | 'details' | 'updatedAt'
>

/** Changes a post, if `author` wrote it, it still stands, and no later change is here already. */
export function revisePost(tx: Tx, author: string, iri: string, words: Partial<Words>): boolean {
  const later = words.updatedAt ? or(isNull(posts.updatedAt), lte(posts.updatedAt, words.updatedAt)) : undefined
  const his = and(eq(posts.iri, iri), eq(posts.author, author), isNull(posts.deletedAt), later)
  const revised = tx.update(posts).set(words).where(his).run().changes > 0
  if (revised) changeWords(tx, iri)
  return revised
}

/** A deleted post keeps its row and IRI, so that it can't come back, but not its words, nor what it said before, nor what it carried. */
export function deletePost(tx: Tx, author: string, iri: string, at: Date): boolean {
  const his = and(eq(posts.iri, iri), eq(posts.author, author), isNull(posts.deletedAt))
  forgetBelongings(tx, his)
  dropWords(tx, author, iri)
  return (
    tx
      .update(posts)
      .set({ deletedAt: at, content: '', name: null, summary: null, source: null, details: null, pinnedAt: null })
      .where(his)
      .run().changes > 0
  )
}

export function deletePostsBy(tx: Tx, author: string, at: Date): void {
  forgetBelongings(tx, eq(posts.author, author))
  dropWords(tx, author)
  tx.update(posts)
    .set({ deletedAt: at, content: '', name: null, summary: null, source: null, details: null, pinnedAt: null })
    .where(eq(posts.author, author))
    .run()
}

function forgetBelongings(tx: Tx, whose: SQL | undefined): void {
  const those = tx.select({ id: posts.id }).from(posts).where(whose)
  tx.delete(attachments).where(inArray(attachments.post, those)).run()
  tx.delete(postEdits).where(inArray(postEdits.post, those)).run()
  tx.delete(notices).where(inArray(notices.post, those)).run()
}
