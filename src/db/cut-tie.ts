import { asc, eq, inArray } from 'drizzle-orm'
import type { Actor } from '../domain/actor.ts'
import type { Db, Tx } from './open.ts'
import { actors, followers, following } from './schema.ts'
import { cutTies } from './schema-moderation.ts'

export type CutTie = typeof cutTies.$inferSelect

/** So many values one statement takes. */
const AT_ONCE = 500

/** Remembers who follows and is followed of these actors, before the ties are cut. @param targetOf what was blocked, by the actor */
export function rememberTies(tx: Tx, ids: readonly string[], targetOf: (actor: string) => string, at: Date): void {
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    const some = ids.slice(from, from + AT_ONCE)
    const here = tx.select().from(followers).where(inArray(followers.actor, some)).all()
    const there = tx.select().from(following).where(inArray(following.actor, some)).all()
    const ties = [...here.map(row => ({ ...row, tie: 'follower' as const })), ...there.map(row => ({ ...row, tie: 'following' as const }))]
    if (ties.length === 0) continue
    const actorsCut = ties.map(({ actor }) => actor)
    const known = new Map(
      tx
        .select()
        .from(actors)
        .where(inArray(actors.id, actorsCut))
        .all()
        .map(row => [row.id, { ...row, charter: null } satisfies Actor]),
    )
    for (const tie of ties)
      tx.insert(cutTies)
        .values({ ...tie, target: targetOf(tie.actor), known: known.get(tie.actor) ?? null, at })
        .run()
  }
}

/** What the block of a domain or an actor has cut. */
export function tiesCutBy(db: Db, target: string): CutTie[] {
  return db.select().from(cutTies).where(eq(cutTies.target, target)).orderBy(asc(cutTies.id)).all().map(revived)
}

export function allCutTies(db: Db): CutTie[] {
  return db.select().from(cutTies).orderBy(asc(cutTies.id)).all().map(revived)
}

// Times within what was known are Dates again.
function revived(row: CutTie): CutTie {
  return { ...row, known: row.known && { ...row.known, fetchedAt: new Date(row.known.fetchedAt), goneAt: null } }
}

export function forgetTies(tx: Tx, target: string): void {
  tx.delete(cutTies).where(eq(cutTies.target, target)).run()
}
