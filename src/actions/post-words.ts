import type { Context } from '../context.ts'
import { transact } from '../db/open.ts'
import { areWordsDue, takeInWords } from '../db/post-words.ts'

/** Few enough that nobody waits for it. */
const AT_ONCE = 100

/** Takes in the words of posts that have come or changed since the last time. @returns of how many */
export function indexPosts(ctx: Context): number {
  return areWordsDue(ctx.db) ? transact(ctx.db, tx => takeInWords(tx, AT_ONCE)) : 0
}
