import { tellPledger } from '../actions/pledge.ts'
import { duePledges, pledgeCount } from '../db/pledge.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Federation } from './federation.ts'
import { lookUp } from './lookup.ts'

const AT_ONCE = 5

/**
 * Tells those who pledged and left a fediverse address that there are enough. Who is not found is looked for again later.
 * @param words what to say, in markdown, to somebody who read the form in that language
 */
export async function tellPledgers(federation: Federation, words: (language: string | null, need: number) => string): Promise<void> {
  const { ctx } = federation
  const count = pledgeCount(ctx.db)
  if (!count) return
  for (const pledge of duePledges(ctx.db, ctx.now(), AT_ONCE)) {
    try {
      const { id: actor, handle, host, url } = await lookUp(federation, pledge.contact ?? '')
      tellPledger(ctx, pledge, { mentioned: { actor, handle, host, url }, text: words(pledge.language, count.need) })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      tellPledger(ctx, pledge, undefined)
    }
  }
}
