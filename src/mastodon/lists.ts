import { addToList, dropList, editList, makeList, takeFromList } from '../actions/reading-list.ts'
import { accountById } from '../db/account.ts'
import { allLists, listById, listMembersOf, listsWith, listTimeline } from '../db/reading-list.ts'
import { listReplies, type ReadingList } from '../domain/reading-list.ts'
import { type Call, missing } from './call.ts'
import { accountList } from './entities/account.ts'
import { accountOf } from './find-account.ts'
import { flag, idOf, ids, text } from './input.ts'
import { del, get, post, put, type Route } from './route.ts'
import { pageOf, sendPage } from './timelines.ts'

export const listRoutes: readonly Route[] = [
  get('/api/v1/lists', 'read:lists', call => allLists(call.ctx.db).map(entity)),
  get('/api/v1/lists/:id', 'read:lists', call => entity(listOf(call))),
  post('/api/v1/lists', 'write:lists', make),
  put('/api/v1/lists/:id', 'write:lists', edit),
  del('/api/v1/lists/:id', 'write:lists', call => dropList(call.ctx, listOf(call).id)),
  get('/api/v1/lists/:id/accounts', 'read:lists', members),
  post('/api/v1/lists/:id/accounts', 'write:lists', call => addToList(call.ctx, listOf(call).id, actorsIn(call))),
  del('/api/v1/lists/:id/accounts', 'write:lists', call => takeFromList(call.ctx, listOf(call).id, actorsIn(call))),
  get('/api/v1/accounts/:id/lists', 'read:lists', call => listsWith(call.ctx.db, accountOf(call).actor).map(entity)),
  get('/api/v1/timelines/list/:id', 'read:lists', call =>
    sendPage(call, listTimeline(call.ctx.db, pageOf(call), listOf(call), call.ctx.now())),
  ),
]

function entity({ id, title, replies, exclusive }: ReadingList) {
  return { id: String(id), title, replies_policy: replies, exclusive }
}

function listOf({ ctx, params }: Call): ReadingList {
  const id = idOf(params.id)
  const list = id === undefined ? undefined : listById(ctx.db, id)
  if (!list) throw missing()
  return list
}

function make({ ctx, input }: Call) {
  const replies = listReplies(text(input, 'replies_policy'))
  return entity(makeList(ctx, { title: text(input, 'title') ?? '', replies, exclusive: flag(input, 'exclusive') ?? false }))
}

function edit(call: Call) {
  const { input } = call
  const [title, replies, exclusive] = [text(input, 'title'), text(input, 'replies_policy'), flag(input, 'exclusive')]
  const change = {
    ...(title === undefined ? {} : { title }),
    ...(replies === undefined ? {} : { replies: listReplies(replies) }),
    ...(exclusive === undefined ? {} : { exclusive }),
  }
  return entity(editList(call.ctx, listOf(call).id, change))
}

/** All at once: a list is read, and therefore short. */
function members(call: Call) {
  return accountList(call.ctx, listMembersOf(call.ctx.db, listOf(call).id))
}

function actorsIn({ ctx, input }: Call): string[] {
  return ids(input, 'account_ids').map(id => {
    const account = accountById(ctx.db, id)
    if (!account) throw missing()
    return account.actor
  })
}
