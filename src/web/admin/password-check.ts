import type { FastifyRequest } from 'fastify'
import { signInFailed } from '../../actions/session.ts'
import type { Context } from '../../context.ts'
import { credentialsOf } from '../../db/steward.ts'
import { PASSWORD, type Steward } from '../../domain/steward.ts'
import { addressGroup } from '../../lib/address-group.ts'
import { createAllowance } from '../../lib/allowance.ts'
import { passwordFits } from '../../lib/password.ts'
import { createTurnstile } from '../../lib/turnstile.ts'

const HOUR = 3_600_000

/** What came of trying: it fits, it doesn't, or there were too many tries to look. */
export type Outcome = 'right' | 'wrong' | 'often'
/** The one place where secrets of stewards are tried, so that all tries count together. */
export type PasswordCheck = {
  /** @param name as it was typed, folded @param steward who is called that, if anybody is */
  password(request: FastifyRequest, name: string, steward: Steward | undefined, password: string): Promise<Outcome>
  /** Whether one more code may be tried for this steward. */
  code(request: FastifyRequest, steward: Steward): boolean
  /** Notes in the log that somebody was not let in. */
  failed(steward: Steward | undefined, step: 'password' | 'code'): void
}

/** As often as a person mistypes, and not oftener; for a name nobody has it takes as long as for any other. */
export function createPasswordCheck(ctx: Context): PasswordCheck {
  const byAddress = createAllowance({ times: 20, withinMs: HOUR / 6 })
  const byName = createAllowance({ times: 20, withinMs: HOUR })
  const codes = createAllowance({ times: 10, withinMs: HOUR / 4 })
  // What everybody may write into the log together.
  const noted = createAllowance({ times: 60, withinMs: HOUR })
  // To look at a password takes 19 MiB and some 20 ms of a processor.
  const turnstile = createTurnstile(2)
  const failed = (steward: Steward | undefined, step: 'password' | 'code') => {
    if (noted('all', ctx.now())) signInFailed(ctx, steward, step)
  }
  return {
    async password(request, name, steward, password) {
      const now = ctx.now()
      if (!byAddress(addressGroup(request.ip), now) || !byName(name.slice(0, 64), now)) return 'often'
      const kept = steward && credentialsOf(ctx.db, steward.id)?.passwordHash
      // What is too long for a password is none.
      const fits = await turnstile(() => passwordFits(kept, password.length > PASSWORD.longest * 4 ? '' : password))
      if (!fits) failed(steward, 'password')
      return fits ? 'right' : 'wrong'
    },
    code: (request, steward) => byAddress(addressGroup(request.ip), ctx.now()) && codes(String(steward.id), ctx.now()),
    failed,
  }
}
