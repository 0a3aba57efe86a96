import type { Context } from '../../context.ts'
import type { Account } from '../../db/account.ts'
import { tiesOf } from '../../db/account-figures.ts'
import { isSuspended } from '../../db/block.ts'

/** How the community stands to some accounts, in their order. */
export function relationships(ctx: Context, accounts: readonly Account[]) {
  const ties = tiesOf(
    ctx.db,
    accounts.map(({ actor }) => actor),
    ctx.now(),
  )
  return accounts.map(({ id, actor }) => {
    const tie = ties.get(actor)!
    const following = tie.following === 'accepted'
    return {
      id: String(id),
      following,
      showing_reblogs: following && tie.boosts,
      notifying: following && tie.notify,
      languages: null,
      followed_by: tie.follower === 'accepted',
      blocking: tie.blocked,
      blocked_by: false,
      muting: tie.muted,
      muting_notifications: tie.muted && tie.muteNotifications,
      muting_expires_at: tie.mutedUntil?.toISOString() ?? null,
      requested: tie.following === 'pending',
      requested_by: tie.follower === 'pending',
      domain_blocking: URL.canParse(actor) && isSuspended(ctx.db, new URL(actor).host),
      endorsed: false,
      note: tie.note,
    }
  })
}

export function relationship(ctx: Context, account: Account) {
  return relationships(ctx, [account])[0]!
}
