import type { Context } from '../context.ts'
import { draftOf, removeDraft } from '../db/draft.ts'
import { transact } from '../db/open.ts'
import { saveSetting, setting } from '../db/setting.ts'
import type { Edition } from '../domain/charter.ts'
import { judgeDraft } from '../domain/charter-fault.ts'
import { Refusal } from '../domain/refusal.ts'
import { foundCommunity } from './community.ts'

const SKIPPED = 'firstRun.skipped'

/** Steps of the first run that can be left out. */
export const SKIPPABLE = ['place', 'peers'] as const
export type Skippable = (typeof SKIPPABLE)[number]

export function skippedSteps({ db }: Pick<Context, 'db'>): Skippable[] {
  const said = (setting(db, SKIPPED) ?? '').split(' ')
  return SKIPPABLE.filter(step => said.includes(step))
}

export function skipStep(ctx: Context, step: Skippable): void {
  transact(ctx.db, tx => saveSetting(tx, SKIPPED, [...new Set([...skippedSteps(ctx), step])].join(' ')))
}

/**
 * Founds the community with what a steward has drafted as the first edition of its charter.
 * @throws Refusal `invalid` where the draft is no charter yet or the handle is none, `conflict` where there is a community
 */
export function foundFromDraft(ctx: Context, steward: number, handle: string, listed: boolean): Edition {
  return transact(ctx.db, tx => {
    const judged = judgeDraft(draftOf(tx, steward)?.raw ?? {})
    if (!('charter' in judged)) throw new Refusal('invalid', 'The draft is no charter yet.')
    const edition = foundCommunity(ctx, judged.charter, handle, { listed })
    removeDraft(tx, steward)
    return edition
  })
}
