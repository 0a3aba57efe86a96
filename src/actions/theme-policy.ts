import type { Context } from '../context.ts'
import { listAnew } from '../db/directory.ts'
import { record } from '../db/event.ts'
import { transact } from '../db/open.ts'
import { markPolicyPending, misplaced, policyIsPending, saveThemePolicy, themePolicy } from '../db/theme-policy.ts'
import type { ThemePolicy } from '../domain/theme-policy.ts'

/** So many entries are moved in one go, and for so long it goes on at once; the rest follows bit by bit. */
const STEP = 50
const AT_ONCE_MS = 400

/** Decides which communities this node lists, by their themes. In a large directory it takes effect bit by bit. */
export function changeThemePolicy(ctx: Context, policy: ThemePolicy): void {
  transact(ctx.db, tx => {
    saveThemePolicy(tx, policy)
    markPolicyPending(tx, true)
    record(tx, { kind: 'directory.policy_changed', subject: policy.mode, at: ctx.now(), data: { themes: policy.themes.join(' ') } })
  })
  keepPolicy(ctx, AT_ONCE_MS)
}

/** Moves entries to where the policy wants them, for some milliseconds. */
export function keepPolicy({ db }: Pick<Context, 'db'>, ms: number): void {
  const since = performance.now()
  while (policyIsPending(db) && performance.now() - since < ms)
    transact(db, tx => {
      const wrong = misplaced(tx, themePolicy(tx), STEP)
      listAnew(tx, wrong)
      if (wrong.length === 0) markPolicyPending(tx, false)
    })
}
