import { eq } from 'drizzle-orm'
import type { Post } from '../domain/post.ts'
import type { Db, Tx } from './open.ts'
import { postByIri } from './post.ts'
import { prepared } from './prepared.ts'
import { threadMutes } from './schema-client-more.ts'

/** No conversation is followed further up. */
const DEEPEST = 50

const all = (db: Db) => db.select({ root: threadMutes.root }).from(threadMutes).prepare()

/** First posts of the conversations of which nothing more is to be told. There are few. */
export function mutedThreads(db: Db): ReadonlySet<number> {
  return new Set(
    prepared(db, all)
      .all()
      .map(row => row.root),
  )
}

/** The first post of a conversation that is here. */
export function rootOf(db: Db, { id, inReplyTo }: Pick<Post, 'id' | 'inReplyTo'>): number {
  let root = id
  for (let at = inReplyTo, depth = 0; at !== null && depth < DEEPEST; depth++) {
    const before = postByIri(db, at)
    if (!before) break
    root = before.id
    at = before.inReplyTo
  }
  return root
}

export function addThreadMute(tx: Tx, root: number, since: Date): void {
  tx.insert(threadMutes).values({ root, since }).onConflictDoNothing().run()
}

export function removeThreadMute(tx: Tx, root: number): void {
  tx.delete(threadMutes).where(eq(threadMutes.root, root)).run()
}
