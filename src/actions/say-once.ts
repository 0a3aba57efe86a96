import type { Context } from '../context.ts'
import { forgetKeys, keepKey, postUnderKey } from '../db/idempotency.ts'
import { transact } from '../db/open.ts'
import { postById } from '../db/post.ts'
import type { Post } from '../domain/post.ts'

const KEPT_MS = 24 * 3_600_000

/** Says something unless it was said under this key within a day; then that is the answer again. @param hash of the key and whose it is */
export function sayOnce(ctx: Context, hash: string | undefined, say: () => Post): Post {
  if (hash === undefined) return say()
  return transact(ctx.db, tx => {
    const now = ctx.now()
    forgetKeys(tx, new Date(now.getTime() - KEPT_MS))
    const said = postUnderKey(tx, hash)
    const before = said === undefined ? undefined : postById(tx, said)
    if (before) return before
    const post = say()
    keepKey(tx, hash, post.id, now)
    return post
  })
}
