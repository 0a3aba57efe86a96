import type { Context } from '../context.ts'
import { transact } from '../db/open.ts'
import { type Posting, postingOf, savePosting } from '../db/posting.ts'

/** A steward chooses how their posts go out where an app does not say. Nobody else's are changed. */
export function choosePosting(ctx: Context, steward: number, changes: Partial<Posting>): void {
  transact(ctx.db, tx => savePosting(tx, steward, { ...postingOf(tx, steward), ...changes }))
}
