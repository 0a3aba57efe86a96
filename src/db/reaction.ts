import { and, count, eq } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { reactions } from './schema-post.ts'
import { removeBoostItem, removeBoostItemsBy } from './timeline.ts'

export type Reaction = typeof reactions.$inferSelect

export function reactionCounts(db: Db, post: number): { likes: number; boosts: number } {
  const rows = db.select({ kind: reactions.kind, n: count() }).from(reactions).where(eq(reactions.post, post)).groupBy(reactions.kind).all()
  const of = (kind: Reaction['kind']) => rows.find(row => row.kind === kind)?.n ?? 0
  return { likes: of('like'), boosts: of('boost') }
}

/** What `actor` has said of a post. */
export function reactionOf(db: Db, post: number, actor: string, kind: Reaction['kind']): Reaction | undefined {
  return db
    .select()
    .from(reactions)
    .where(and(eq(reactions.post, post), eq(reactions.actor, actor), eq(reactions.kind, kind)))
    .get()
}

/** What `actor` has said by the activity `iri`. */
export function reactionByIri(db: Db, actor: string, iri: string): Reaction | undefined {
  return db
    .select()
    .from(reactions)
    .where(and(eq(reactions.actor, actor), eq(reactions.iri, iri)))
    .get()
}

export function addReaction(tx: Tx, reaction: Reaction): boolean {
  return tx.insert(reactions).values(reaction).onConflictDoNothing().run().changes > 0
}

/** Takes back what `actor` said by the activity `iri`. */
export function removeReaction(tx: Tx, actor: string, iri: string): boolean {
  const gone = tx
    .delete(reactions)
    .where(and(eq(reactions.actor, actor), eq(reactions.iri, iri)))
    .returning({ post: reactions.post, kind: reactions.kind })
    .all()
  for (const { post, kind } of gone) if (kind === 'boost') removeBoostItem(tx, post, actor)
  return gone.length > 0
}

export function removeReactionsBy(tx: Tx, actor: string): void {
  tx.delete(reactions).where(eq(reactions.actor, actor)).run()
  removeBoostItemsBy(tx, actor)
}
