import { and, asc, desc, eq, inArray, isNull, sql } from 'drizzle-orm'
import type { Post, PostDetails } from '../domain/post.ts'
import type { Db, Tx } from './open.ts'
import { events } from './schema.ts'
import { posts, votes } from './schema-post.ts'

/** What an actor has chosen of a question, by the numbers of the options from 0. */
export function votesOf(db: Db, post: number, actor: string): number[] {
  return db
    .select({ option: votes.option })
    .from(votes)
    .where(and(eq(votes.post, post), eq(votes.actor, actor)))
    .orderBy(asc(votes.option))
    .all()
    .map(row => row.option)
}

/** What an actor has chosen of some questions, by the number of the question. */
export function votesOfAll(db: Db, posts: readonly number[], actor: string): Map<number, number[]> {
  const found = new Map<number, number[]>()
  if (posts.length === 0) return found
  const rows = db
    .select({ post: votes.post, option: votes.option })
    .from(votes)
    .where(and(inArray(votes.post, [...posts]), eq(votes.actor, actor)))
    .orderBy(asc(votes.option))
    .all()
  for (const { post, option } of rows) found.set(post, [...(found.get(post) ?? []), option])
  return found
}

export function addVote(tx: Tx, vote: typeof votes.$inferInsert): boolean {
  return tx.insert(votes).values(vote).onConflictDoNothing().run().changes > 0
}

/** The question is gone, and with it who chose what. */
export function removeVotesOn(tx: Tx, post: number): void {
  tx.delete(votes).where(eq(votes.post, post)).run()
}

/** The actor is gone: what it chose of questions that are still open does not count any more. */
export function removeVotesBy(tx: Tx, actor: string): void {
  const gone = tx.delete(votes).where(eq(votes.actor, actor)).returning().all()
  for (const id of new Set(gone.map(vote => vote.post))) {
    const post = tx.select().from(posts).where(eq(posts.id, id)).get()
    if (!post?.local || !post.details || post.details.closedAt) continue
    const { options = [], voters = 0, ...rest } = post.details
    const chosen = gone.filter(vote => vote.post === id).map(vote => vote.option)
    const left = options.map((option, at) => ({ ...option, votes: Math.max(0, option.votes - (chosen.includes(at) ? 1 : 0)) }))
    saveDetails(tx, id, { ...rest, options: left, voters: Math.max(0, voters - 1) })
  }
}

export function saveDetails(tx: Tx, post: number, details: PostDetails): void {
  tx.update(posts).set({ details }).where(eq(posts.id, post)).run()
}

/** Questions of `author` that have not been said to be closed. */
export function openQuestions(db: Db, author: string): Post[] {
  const open = sql`json_extract(${posts.details}, '$.closedAt') is null`
  return db
    .select()
    .from(posts)
    .where(and(eq(posts.author, author), eq(posts.type, 'Question'), isNull(posts.deletedAt), open))
    .all()
}

/** When the followers were last told how a question stands, and what. */
export function lastCount(db: Db, post: number): { at: Date; voters: number; votes: number } | undefined {
  const row = db
    .select({ at: events.at, data: events.data })
    .from(events)
    .where(and(eq(events.subject, String(post)), eq(events.kind, 'question.counted')))
    .orderBy(desc(events.id))
    .limit(1)
    .get()
  return row && { at: row.at, voters: Number(row.data?.voters ?? 0), votes: Number(row.data?.votes ?? 0) }
}

/** Every question that is kept, the newest first. */
export function allQuestions(db: Db, limit: number): Post[] {
  return db
    .select()
    .from(posts)
    .where(and(eq(posts.type, 'Question'), isNull(posts.deletedAt)))
    .orderBy(desc(posts.id))
    .limit(limit)
    .all()
}
