import { and, asc, desc, eq, inArray, lt } from 'drizzle-orm'
import type { Post } from '../domain/post.ts'
import { attachmentsOf } from './media.ts'
import type { Db, Tx } from './open.ts'
import { postEdits } from './schema-media.ts'

/** How a post stood once, and since when. */
export type PostEdit = Omit<typeof postEdits.$inferSelect, 'id' | 'post'>

/** Of a post that is changed without end, only so many are kept. */
const MOST_KEPT = 50

/** Every way a post has stood before the one it stands in, oldest first. */
export function postEditsOf(db: Db, post: number): PostEdit[] {
  return db.select().from(postEdits).where(eq(postEdits.post, post)).orderBy(asc(postEdits.id)).all()
}

/** Notes how a post stands, before an edit changes it. */
export function keepPostEdit(tx: Tx, post: Post): void {
  const { id, name, summary, sensitive, content, details, updatedAt, publishedAt } = post
  tx.insert(postEdits)
    .values({
      post: id,
      name,
      summary,
      sensitive,
      content,
      options: details?.options?.map(option => option.name) ?? null,
      attachments: attachmentsOf(tx, id).map(({ id, alt }) => ({ id, alt })),
      at: updatedAt ?? publishedAt,
    })
    .run()
  const newest = tx
    .select({ id: postEdits.id })
    .from(postEdits)
    .where(eq(postEdits.post, id))
    .orderBy(desc(postEdits.id))
    .limit(1)
    .offset(MOST_KEPT - 1)
  const last = newest.get()?.id
  if (last !== undefined)
    tx.delete(postEdits)
      .where(and(eq(postEdits.post, id), lt(postEdits.id, last)))
      .run()
}

export function removePostEdits(tx: Tx, posts: readonly number[]): void {
  if (posts.length > 0)
    tx.delete(postEdits)
      .where(inArray(postEdits.post, [...posts]))
      .run()
}
