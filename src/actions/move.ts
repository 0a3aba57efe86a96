import type { Context } from '../context.ts'
import { actorOf } from '../db/actor.ts'
import { isBlocked } from '../db/block.ts'
import { theCommunity } from '../db/community.ts'
import { lastEventOf, record } from '../db/event.ts'
import { followingOf, removeFollowing } from '../db/following.ts'
import { transact } from '../db/open.ts'
import { saveSetting, setting } from '../db/setting.ts'
import { Refusal } from '../domain/refusal.ts'
import { followActor } from './following.ts'

const COOLDOWN_MS = 7 * 24 * 3_600_000
const MOST_ADDRESSES = 20

/** The actors this community says it used to be, and the one it says it has become. */
export function addressesOf(db: Parameters<typeof setting>[0]): { former: string[]; successor: string | undefined } {
  return { former: JSON.parse(setting(db, 'formerAddresses') ?? '[]') as string[], successor: setting(db, 'successor') }
}

/**
 * Says that this community used to be another actor, so that that one may send its followers here (FEP-7628).
 * @param actor the other's id
 */
export function claimFormerAddress(ctx: Context, actor: string): void {
  transact(ctx.db, tx => {
    const { handle } = theCommunity(tx)
    const former = [...new Set([...addressesOf(tx).former, actor])]
    if (former.length > MOST_ADDRESSES)
      throw new Refusal('invalid', `A community can have had at most ${MOST_ADDRESSES} other addresses.`, [], {
        code: 'manyAddresses',
        most: MOST_ADDRESSES,
      })
    saveSetting(tx, 'formerAddresses', JSON.stringify(former))
    record(tx, { kind: 'community.settings_changed', subject: handle, at: ctx.now() })
  })
}

/**
 * Tells all followers that the community is another actor now; their servers let them follow that one instead.
 * @param successor id of an actor that says it used to be this one; the caller has seen that it does
 */
export function moveCommunity(ctx: Context, successor: string): void {
  transact(ctx.db, tx => {
    theCommunity(tx)
    saveSetting(tx, 'successor', successor)
    record(tx, { kind: 'community.moved', subject: successor, at: ctx.now() })
  })
}

/**
 * An actor that is followed has become another, which says so too: that one is followed instead. Once in seven days, so that nobody is
 * led in circles.
 */
export function followSuccessor(ctx: Context, from: string, to: string): boolean {
  return transact(ctx.db, tx => {
    const standing = followingOf(tx, from)
    const last = lastEventOf(tx, 'actor.moved', from)
    const now = ctx.now()
    if (
      standing?.state !== 'accepted' ||
      !actorOf(tx, to) ||
      isBlocked(tx, to) ||
      (last && now.getTime() - last.at.getTime() < COOLDOWN_MS)
    )
      return false
    record(tx, { kind: 'actor.moved', subject: from, at: now, data: { to } })
    followActor(ctx, to)
    removeFollowing(tx, from)
    record(tx, { kind: 'follow.withdrawn', subject: from, at: now, data: { followId: standing.followId } })
    return true
  })
}
