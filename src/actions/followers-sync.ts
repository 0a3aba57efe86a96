import type { Context } from '../context.ts'
import { addErrand } from '../db/errand.ts'
import { lastEventOf, record } from '../db/event.ts'
import { followingOf, saveFollowing } from '../db/following.ts'
import { freshIri } from '../db/fresh-iri.ts'
import { transact } from '../db/open.ts'
import { activityIri } from '../domain/iri.ts'

const ONCE_IN_MS = 24 * 3_600_000
// What was said a moment ago may still be on its way.
const PATIENCE_MS = 60_000

/** Whether we have, or have had, something to do with this actor as a follower. */
export function isOrWasFollowed({ db }: Context, actor: string): boolean {
  return followingOf(db, actor) !== undefined || lastEventOf(db, 'follow.withdrawn', actor) !== undefined
}

/**
 * What `actor`'s server says of who follows it from here is not what we think (FEP-8fcf): we ask there, in a minute, and once a day at
 * most.
 * @param url where it says who follows it from here
 */
export function doubtFollowing(ctx: Context, actor: string, url: string): boolean {
  return transact(ctx.db, tx => {
    const now = ctx.now()
    const last = lastEventOf(tx, 'following.checked', actor)
    if (last && Math.abs(now.getTime() - last.at.getTime()) < ONCE_IN_MS) return false
    addErrand(tx, actor, url, new Date(now.getTime() + PATIENCE_MS), 'followers')
    record(tx, { kind: 'following.checked', subject: actor, at: now })
    return true
  })
}

/** Makes what we think agree with what `actor`'s server says: it decides who follows, we decide that we do not. */
export function mendFollowing(ctx: Context, actor: string, listed: boolean): void {
  transact(ctx.db, tx => {
    const standing = followingOf(tx, actor)
    const now = ctx.now()
    if (standing?.state === 'accepted' && !listed) answered('rejected')
    else if (standing?.state === 'pending' && listed) answered('accepted')
    else if (standing?.state !== 'accepted' && listed) {
      // Its server may go by the id of the Follow that it still has.
      const last = lastEventOf(tx, 'follow.withdrawn', actor)?.data?.followId
      const followId = standing?.followId ?? last ?? freshIri(tx, id => activityIri(ctx.config.publicUrl, id), now)
      record(tx, { kind: 'follow.withdrawn', subject: actor, at: now, data: { followId } })
    }

    function answered(answer: 'accepted' | 'rejected'): void {
      saveFollowing(tx, { ...standing!, state: answer, since: now })
      record(tx, { kind: 'follow.answered', subject: actor, at: now, data: { answer, by: 'followers collection' } })
    }
  })
}
