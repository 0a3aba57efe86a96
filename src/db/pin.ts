import { and, desc, eq, isNotNull, isNull } from 'drizzle-orm'
import type { Post } from '../domain/post.ts'
import type { Db, Tx } from './open.ts'
import { posts } from './schema-post.ts'

/** What an actor has pinned, the newest pin first. */
export function pinnedPosts(db: Db, author: string): Post[] {
  return db
    .select()
    .from(posts)
    .where(and(eq(posts.author, author), isNotNull(posts.pinnedAt), isNull(posts.deletedAt)))
    .orderBy(desc(posts.pinnedAt), desc(posts.id))
    .all()
}

export function setPinned(tx: Tx, post: number, at: Date | null): void {
  tx.update(posts).set({ pinnedAt: at }).where(eq(posts.id, post)).run()
}
