import { castVote } from '../actions/question.ts'
import { postById } from '../db/post.ts'
import { votesOf } from '../db/vote.ts'
import { type Call, invalid, meOf, missing } from './call.ts'
import { pollEntity } from './entities/poll.ts'
import { itemOf } from './find-status.ts'
import { list } from './input.ts'
import { get, post, type Route } from './route.ts'

export const pollRoutes: readonly Route[] = [
  get('/api/v1/polls/:id', 'nothing', call => show(call, asked(call).id)),
  post('/api/v1/polls/:id/votes', 'write:statuses', vote),
]

/** A poll has the number of its post. */
function asked(call: Call) {
  const { post } = itemOf(call)
  if (post.type !== 'Question' || !post.details) throw missing()
  return post
}

function show(call: Call, number: number) {
  const { ctx, grant, params } = call
  const votes = grant?.steward ? votesOf(ctx.db, number, meOf(ctx)) : undefined
  return pollEntity(postById(ctx.db, number)!, params.id!, votes, ctx.now())
}

function vote(call: Call) {
  const question = asked(call)
  const options = question.details?.options ?? []
  const chosen = list(call.input, 'choices').map(word => (/^\d{1,3}$/.test(word) ? options[Number(word)]?.name : undefined))
  if (chosen.length === 0 || chosen.includes(undefined)) throw invalid('The chosen vote option does not exist')
  castVote(
    call.ctx,
    question.id,
    chosen.map(name => name!),
  )
  return show(call, question.id)
}
