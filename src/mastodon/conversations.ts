import { putConversationAway, readConversation } from '../actions/conversation.ts'
import { conversations } from '../db/conversation.ts'
import { itemsOfPosts } from '../db/timeline.ts'
import { windowed } from '../domain/window.ts'
import { type Call, missing } from './call.ts'
import { conversationEntities } from './entities/conversation.ts'
import { idOf } from './input.ts'
import { linkPages, windowOf } from './paging.ts'
import { del, get, post, type Route } from './route.ts'

export const conversationRoutes: readonly Route[] = [
  get('/api/v1/conversations', 'read:statuses', page),
  del('/api/v1/conversations/:id', 'write:conversations', call => putConversationAway(call.ctx, numberOf(call))),
  post(
    '/api/v1/conversations/:id/read',
    'write:conversations',
    call => conversationEntities(call.ctx, [readConversation(call.ctx, numberOf(call))])[0],
  ),
]

function numberOf({ params }: Call): number {
  const id = idOf(params.id)
  if (id === undefined) throw missing()
  return id
}

/** Counted by their last words, as apps know them. */
function page(call: Call) {
  const { ctx, input } = call
  const all = conversations(ctx.db)
  const items = itemsOfPosts(
    ctx.db,
    all.map(one => one.last),
  )
  const counted = all.flatMap(one => {
    const item = items.get(one.last)
    return item ? [{ ...one, item: item.id }] : []
  })
  const window = windowOf(input, 20, 40)
  const { below = Number.MAX_SAFE_INTEGER, above = 0 } = window
  const within = counted.filter(({ item }) => item < below && item > above)
  const { rows, more } = windowed(window, (order, most) =>
    within.toSorted((a, b) => (order === 'asc' ? a.item - b.item : b.item - a.item)).slice(0, most),
  )
  linkPages(
    call,
    rows.map(row => row.item),
    more,
  )
  return conversationEntities(ctx, rows)
}
