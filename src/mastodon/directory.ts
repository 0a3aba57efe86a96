import { isBlocked } from '../db/block.ts'
import { entryOf } from '../db/directory.ts'
import { directoryPage } from '../db/directory-page.ts'
import { followingOf } from '../db/following.ts'
import { type Reason, relatedTo } from '../db/related.ts'
import { labels } from '../domain/charter-words.ts'
import { type Call, meOf } from './call.ts'
import { type AccountEntity, accountEntities, accountList } from './entities/account.ts'
import { accountOf } from './find-account.ts'
import { flag, text, whole } from './input.ts'
import { limitOf } from './paging.ts'
import { del, get, type Route } from './route.ts'

export const directoryRoutes: readonly Route[] = [
  get('/api/v1/directory', 'nothing', page),
  get('/api/v2/suggestions', 'read:accounts', call =>
    suggested(call).map(({ account, reason }) => ({
      source: 'past_interactions',
      sources: ['similar_to_recently_followed'],
      account,
      reason,
    })),
  ),
  get('/api/v1/suggestions', 'read:accounts', call => suggested(call).map(({ account }) => account)),
  del('/api/v1/suggestions/:id', 'write:accounts', call => void accountOf(call)),
]

/** The directory as it is known here, a page at a time. */
function page({ ctx, input }: Call): AccountEntity[] {
  const offset = Math.min(Math.max(0, whole(input, 'offset') ?? 0), 10_000_000)
  const limit = limitOf(input, 40, 80)
  if (flag(input, 'local')) return offset === 0 ? accountList(ctx, [meOf(ctx)]) : []
  return accountList(ctx, directoryPage(ctx.db, text(input, 'order') === 'new' ? 'new' : 'active', offset, limit))
}

/** Communities near in theme and place that are not followed yet, each with what there is in common. */
function suggested({ ctx, input }: Call): { account: AccountEntity; reason: string }[] {
  const limit = limitOf(input, 40, 80)
  const me = meOf(ctx)
  const own = entryOf(ctx.db, me)
  const near = (own ? relatedTo(ctx.db, own, 2 * limit) : []).map(({ entry, why }) => ({
    actor: entry.actor,
    reason: why.map(words).join(' · '),
  }))
  // Who has nothing in common with anybody still sees who is there.
  const others =
    near.length < limit ? directoryPage(ctx.db, 'active', 0, 2 * limit).map(actor => ({ actor, reason: 'In the directory' })) : []
  const seen = new Set([me])
  const wanted = [...near, ...others]
    .filter(({ actor }) => !seen.has(actor) && seen.add(actor) && !followingOf(ctx.db, actor) && !isBlocked(ctx.db, actor))
    .slice(0, limit)
  const accounts = accountEntities(
    ctx,
    wanted.map(one => one.actor),
  )
  return wanted.flatMap(({ actor, reason }) => {
    const account = accounts.get(actor)
    // Apps show the fields of an account, and nothing else that could say why.
    const why = { name: 'Why', value: reason, verified_at: null }
    return account ? [{ account: { ...account, fields: [why, ...account.fields] }, reason }] : []
  })
}

function words(reason: Reason): string {
  if (reason.kind === 'near') return `${reason.km} km away`
  const shared = labels(reason.field, reason.values) ?? ''
  return reason.kind === 'theme' ? `Same theme: ${shared}` : reason.kind === 'decisions' ? `Decides by: ${shared}` : shared
}
