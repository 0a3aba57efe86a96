import type { Context } from '../../context.ts'
import { type Conversation, readOf } from '../../db/conversation.ts'
import { mentionsOfAll } from '../../db/post-figures.ts'
import { itemsByIds, itemsOfPosts } from '../../db/timeline.ts'
import { meOf } from '../call.ts'
import { accountList } from './account.ts'
import { statusEntities } from './status.ts'

/** Private conversations as apps list them: who is in them, their last word, and whether it was read. */
export function conversationEntities(ctx: Context, some: readonly Conversation[]) {
  const me = meOf(ctx)
  const numbers = itemsOfPosts(
    ctx.db,
    some.map(one => one.last),
  )
  const last = new Map(
    itemsByIds(
      ctx.db,
      [...numbers.values()].map(item => item.id),
    ).map(item => [item.post.id, item]),
  )
  return some.map(({ root, last: newest, lastAuthor, posts, authors }) => {
    const named = [...mentionsOfAll(ctx.db, posts).values()].flat()
    const others = [...new Set([...authors, ...named])].filter(actor => actor !== me)
    const item = last.get(newest)
    return {
      id: String(root),
      unread: lastAuthor !== me && newest > (readOf(ctx.db, root)?.read ?? 0),
      accounts: accountList(ctx, others.slice(0, 20)),
      last_status: (item && statusEntities(ctx, [item], true)[0]) ?? null,
    }
  })
}
