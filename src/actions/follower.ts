import type { Context } from '../context.ts'
import { severityOf } from '../db/block.ts'
import { theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { followerOf, removeFollower, saveFollower } from '../db/follower.ts'
import { removeNotice } from '../db/notice.ts'
import { transact } from '../db/open.ts'
import { Refusal } from '../domain/refusal.ts'
import { listActor } from './directory.ts'
import { notice } from './notice.ts'

/** `actor` asks to follow the community. It is taken at once, or waits for the steward. Asking again gets the same answer again. */
export function welcomeFollower(ctx: Context, actor: string, followId: string): void {
  transact(ctx.db, tx => {
    const { approvesFollowers } = theCommunity(tx)
    const standing = followerOf(tx, actor)
    const limited = severityOf(tx, new URL(actor).host) !== undefined
    const accepted = standing?.state === 'accepted' || !(approvesFollowers || limited)
    const now = ctx.now()
    saveFollower(tx, { actor, followId, state: accepted ? 'accepted' : 'pending', since: standing?.since ?? now })
    listActor(tx, actor)
    if (!standing) notice(ctx, tx, accepted ? 'follow' : 'follow_request', actor, null)
    record(tx, { kind: accepted ? 'follower.accepted' : 'follower.asked', subject: actor, at: now, data: { followId } })
  })
}

/** The steward's yes or no to one who asked; a no to an accepted follower sends it away. @throws Refusal when nobody of that name asked */
export function decideFollower(ctx: Context, actor: string, decision: 'accept' | 'reject'): void {
  transact(ctx.db, tx => {
    const standing = followerOf(tx, actor)
    if (!standing) throw new Refusal('missing', `${actor} has not asked to follow this community.`)
    if (decision === 'accept' && standing.state === 'accepted') return
    const { followId } = standing
    if (decision === 'accept') saveFollower(tx, { ...standing, state: 'accepted' })
    else removeFollower(tx, actor)
    removeNotice(tx, { kind: 'follow_request', actor, post: null })
    if (decision === 'accept') notice(ctx, tx, 'follow', actor, null)
    record(tx, {
      kind: decision === 'accept' ? 'follower.accepted' : 'follower.rejected',
      subject: actor,
      at: ctx.now(),
      data: { followId },
    })
  })
}

/** `actor` does not follow any more. `followId`, where given, must be the request it takes back. */
export function followerLeft(ctx: Context, actor: string, followId?: string): boolean {
  return transact(ctx.db, tx => {
    const standing = followerOf(tx, actor)
    if (!standing || (followId !== undefined && followId !== standing.followId)) return false
    removeFollower(tx, actor)
    for (const kind of ['follow', 'follow_request'] as const) removeNotice(tx, { kind, actor, post: null })
    record(tx, { kind: 'follower.left', subject: actor, at: ctx.now() })
    return true
  })
}
