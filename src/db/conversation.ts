import { and, desc, eq, isNull } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { conversationReads } from './schema-client-more.ts'
import { posts } from './schema-post.ts'

/** A private conversation: its first post that is here, its last, and all whom one may have spoken to in it. Numbers of posts. */
export type Conversation = { root: number; last: number; lastAuthor: string; posts: number[]; authors: string[] }

/** Only what was said of late is put together. */
const LOOKED_AT = 500

/** Private conversations, the one with the latest word first; those put away since are left out. */
export function conversations(db: Db): Conversation[] {
  const { id, iri, inReplyTo, author } = posts
  const direct = db
    .select({ id, iri, inReplyTo, author })
    .from(posts)
    .where(and(eq(posts.visibility, 'direct'), isNull(posts.deletedAt)))
    .orderBy(desc(posts.id))
    .limit(LOOKED_AT)
    .all()
  const byIri = new Map(direct.map(post => [post.iri, post]))
  const found = new Map<number, Conversation>()
  for (const post of direct) {
    let first = post
    const seen = new Set([post.iri])
    for (let before = first.inReplyTo; before !== null && !seen.has(before); before = first.inReplyTo) {
      const answered = byIri.get(before)
      if (!answered) break
      seen.add(before)
      first = answered
    }
    const known = found.get(first.id) ?? { root: first.id, last: post.id, lastAuthor: post.author, posts: [], authors: [] }
    known.posts.push(post.id)
    if (!known.authors.includes(post.author)) known.authors.push(post.author)
    found.set(first.id, known)
  }
  return [...found.values()].filter(({ root, last }) => last > (readOf(db, root)?.away ?? 0))
}

/** How far one was read, and up to where it was put away. */
export function readOf(db: Db, root: number): { read: number; away: number } | undefined {
  return db.select().from(conversationReads).where(eq(conversationReads.root, root)).get()
}

export function saveRead(tx: Tx, root: number, change: { read?: number; away?: number }): void {
  tx.insert(conversationReads)
    .values({ root, read: change.read ?? 0, away: change.away ?? 0 })
    .onConflictDoUpdate({ target: conversationReads.root, set: change })
    .run()
}
