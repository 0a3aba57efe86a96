import type { Context } from '../context.ts'
import { changeCommunity, localCommunity, saveCommunity, theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { transact } from '../db/open.ts'
import type { Charter, Edition } from '../domain/charter.ts'
import { type CommunitySettings, checkHandle } from '../domain/community.ts'
import { communityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { publishEdition } from './charter.ts'
import { listSelf } from './directory.ts'
import { makeKeys } from './node.ts'

/**
 * Founds the one community of this node with the first edition of its charter.
 * @throws Refusal when there already is one, or the handle is no handle
 */
export function foundCommunity(ctx: Context, charter: Charter, handle: string, settings: Partial<CommunitySettings> = {}): Edition {
  checkHandle(handle)
  return transact(ctx.db, tx => {
    const existing = localCommunity(tx)
    if (existing)
      throw new Refusal(
        'conflict',
        `This node already has a community, @${existing.handle}@${ctx.config.host}. One node serves one community; use another DATA_DIR for another.`,
      )
    const now = ctx.now()
    saveCommunity(tx, { handle, foundedAt: now, approvesFollowers: false, themeInName: true, listed: true, ...settings })
    makeKeys(tx, communityIri(ctx.config.publicUrl, handle), now)
    record(tx, { kind: 'community.founded', subject: handle, at: now })
    return publishEdition(ctx, tx, charter)
  })
}

/** @throws Refusal when there is no community yet */
export function changeSettings(ctx: Context, changes: Partial<CommunitySettings>): void {
  transact(ctx.db, tx => {
    const community = theCommunity(tx)
    changeCommunity(tx, changes)
    listSelf(ctx, tx)
    record(tx, { kind: 'community.settings_changed', subject: community.handle, at: ctx.now() })
  })
}
