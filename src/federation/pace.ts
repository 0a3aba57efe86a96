import { hearsFrom } from '../db/tie.ts'
import { createAllowance } from '../lib/allowance.ts'
import type { Federation } from './federation.ts'

/**
 * How many activities of one actor the inboxes take in a minute: more where the community has chosen to hear from its server. A large
 * server speaks for very many actors, so all of them together may send ten times as much again.
 */
export const PACE = { withinMs: 60_000, stranger: 600, chosen: 6_000, server: 60_000 } as const

/** An actor, or a server, has sent more than it may. What is kept there and sent again later is taken. */
export class TooOften extends Error {
  override name = 'TooOften'
  readonly code = 'too-often'
  /** In seconds. */
  readonly retryAfter = PACE.withinMs / 1000
  constructor(who: string) {
    super(`${who} sends too much. Send the rest later.`)
  }
}

/**
 * Counts what is sent, so that who is loud does not take the time of all others. To be asked once it is proven who sends: nobody can
 * use up what is another's.
 * @throws TooOften
 */
export function createPace({ ctx }: Pick<Federation, 'ctx'>): (actor: string) => void {
  const { withinMs, stranger, chosen, server } = PACE
  const strangers = createAllowance({ times: stranger, withinMs })
  const more = createAllowance({ times: chosen - stranger, withinMs })
  const servers = createAllowance({ times: server, withinMs })
  return actor => {
    const { host, origin } = new URL(actor)
    const now = ctx.now()
    if (!strangers(actor, now) && !(hearsFrom(ctx.db, origin) && more(actor, now))) throw new TooOften(actor)
    if (!servers(host, now)) throw new TooOften(host)
  }
}
