import type { Context } from '../context.ts'
import { addBookmark, removeBookmark } from '../db/bookmark.ts'
import { transact } from '../db/open.ts'

/** The community wants to find a post again, or not any more. Nobody is told. */
export function bookmarkPost(ctx: Context, post: number, wanted: boolean): void {
  transact(ctx.db, tx => (wanted ? addBookmark(tx, post, ctx.now()) : removeBookmark(tx, post)))
}
