import { bookmarkPost } from '../actions/bookmark.ts'
import { pinPost, unpinPost } from '../actions/pin.ts'
import { react, takeReactionBack } from '../actions/reaction.ts'
import { bookmarkPage, type Listed, likedPage, reactorPage } from '../db/bookmark.ts'
import { reactionOf } from '../db/reaction.ts'
import { boostItem, itemsByIds } from '../db/timeline.ts'
import { type Call, meOf } from './call.ts'
import { accountList } from './entities/account.ts'
import { statusEntities } from './entities/status.ts'
import { itemOf, showItem, showPost } from './find-status.ts'
import { linkPages, windowOf } from './paging.ts'
import { get, post, type Route } from './route.ts'

const act = (name: string, needs: Route['needs'], answer: Route['answer']) => post(`/api/v1/statuses/:id/${name}`, needs, answer)

export const statusActRoutes: readonly Route[] = [
  act('favourite', 'write:favourites', call => given(call, 'like')),
  act('unfavourite', 'write:favourites', call => takenBack(call, 'like')),
  act('reblog', 'write:statuses', reblog),
  act('unreblog', 'write:statuses', call => takenBack(call, 'boost')),
  act('bookmark', 'write:bookmarks', call => bookmarked(call, true)),
  act('unbookmark', 'write:bookmarks', call => bookmarked(call, false)),
  act('pin', 'write:accounts', pin),
  act('unpin', 'write:accounts', unpin),
  get('/api/v1/statuses/:id/favourited_by', 'nothing', call => reactors(call, 'like')),
  get('/api/v1/statuses/:id/reblogged_by', 'nothing', call => reactors(call, 'boost')),
  get('/api/v1/bookmarks', 'read:bookmarks', call => listed(call, bookmarkPage(call.ctx.db, windowOf(call.input, 20, 40)))),
  get('/api/v1/favourites', 'read:favourites', call => listed(call, likedPage(call.ctx.db, windowOf(call.input, 20, 40), meOf(call.ctx)))),
]

function given(call: Call, kind: 'like' | 'boost') {
  const { post } = itemOf(call)
  react(call.ctx, post.id, kind)
  return showPost(call, post.id)
}

function takenBack(call: Call, kind: 'like' | 'boost') {
  const { post } = itemOf(call)
  if (reactionOf(call.ctx.db, post.id, meOf(call.ctx), kind)) takeReactionBack(call.ctx, post.id, kind)
  return showPost(call, post.id)
}

/** The boost, with the post in it. */
function reblog(call: Call) {
  const { post } = itemOf(call)
  react(call.ctx, post.id, 'boost')
  return showItem(call, boostItem(call.ctx.db, post.id, meOf(call.ctx)))
}

function bookmarked(call: Call, wanted: boolean) {
  const { post } = itemOf(call)
  bookmarkPost(call.ctx, post.id, wanted)
  return showPost(call, post.id)
}

function pin(call: Call) {
  const { post } = itemOf(call)
  if (!post.pinnedAt) pinPost(call.ctx, post.id)
  return showPost(call, post.id)
}

function unpin(call: Call) {
  const { post } = itemOf(call)
  if (post.pinnedAt) unpinPost(call.ctx, post.id)
  return showPost(call, post.id)
}

function reactors(call: Call, kind: 'like' | 'boost') {
  const { post } = itemOf(call)
  const { rows, more } = reactorPage(call.ctx.db, windowOf(call.input, 40, 80), post.id, kind)
  linkPages(
    call,
    rows.map(row => row.cursor),
    more,
  )
  return accountList(
    call.ctx,
    rows.map(row => row.actor),
  )
}

function listed(call: Call, { rows, more }: Listed) {
  linkPages(
    call,
    rows.map(row => row.cursor),
    more,
  )
  const items = itemsByIds(
    call.ctx.db,
    rows.map(row => row.item),
  )
  return statusEntities(call.ctx, items, true)
}
