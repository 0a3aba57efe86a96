import type { Context } from '../context.ts'
import { actorOf } from '../db/actor.ts'
import { isBlocked } from '../db/block.ts'
import { theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { type Following, followingOf, removeFollowing, saveFollowing } from '../db/following.ts'
import { freshIri } from '../db/fresh-iri.ts'
import { transact } from '../db/open.ts'
import { showAtHome } from '../db/timeline.ts'
import { handleOf } from '../domain/actor.ts'
import { activityIri, communityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { listActor } from './directory.ts'

/**
 * Asks to follow an actor this node knows. Asking again while the answer is out, or after yes, changes nothing.
 * @throws Refusal when there is no community yet, the actor is unknown, or is the community itself
 */
export function followActor(ctx: Context, id: string): Following {
  return transact(ctx.db, tx => {
    const { handle } = theCommunity(tx)
    if (id === communityIri(ctx.config.publicUrl, handle))
      throw new Refusal('invalid', 'That is this community itself; it can’t follow itself.', [], { code: 'followsItself' })
    const actor = actorOf(tx, id)
    if (!actor || actor.goneAt) throw new Refusal('missing', `${id} is not known here.`, [], { code: 'unknownActor', actor: id })
    if (isBlocked(tx, id))
      throw new Refusal('forbidden', `${handleOf(actor)} is blocked here. npx archipelago unblock ${handleOf(actor)} ends that.`, [], {
        code: 'blockedActor',
        who: handleOf(actor),
      })
    const standing = followingOf(tx, id)
    if (standing && standing.state !== 'rejected') return standing
    const now = ctx.now()
    const row: Following = {
      actor: id,
      followId: freshIri(tx, id => activityIri(ctx.config.publicUrl, id), now),
      state: 'pending',
      since: now,
    }
    saveFollowing(tx, row)
    listActor(tx, id)
    record(tx, { kind: 'follow.requested', subject: id, at: now, data: { followId: row.followId } })
    return row
  })
}

/** @throws Refusal when the community does not follow this actor */
export function unfollowActor(ctx: Context, id: string): void {
  transact(ctx.db, tx => {
    const standing = followingOf(tx, id)
    if (!standing) throw new Refusal('missing', `This community does not follow ${nameOf(ctx, id)}.`)
    removeFollowing(tx, id)
    record(tx, { kind: 'follow.withdrawn', subject: id, at: ctx.now(), data: { followId: standing.followId } })
  })
}

/** `from` has answered our request, or has changed its mind. An answer to something never asked, or not asked of it, means nothing. */
export function followAnswered(ctx: Context, from: string, followId: string, answer: 'accepted' | 'rejected'): boolean {
  return transact(ctx.db, tx => {
    const standing = followingOf(tx, from)
    if (!standing || standing.followId !== followId || standing.state === answer) return false
    saveFollowing(tx, { ...standing, state: answer, since: ctx.now() })
    showAtHome(tx, from, answer === 'accepted')
    record(tx, { kind: 'follow.answered', subject: from, at: ctx.now(), data: { answer } })
    return true
  })
}

function nameOf(ctx: Context, id: string): string {
  const actor = actorOf(ctx.db, id)
  return actor ? handleOf(actor) : id
}
