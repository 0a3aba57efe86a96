import { publishPost, withdrawPost } from '../actions/post.ts'
import { takeReactionBack } from '../actions/reaction.ts'
import { sayOnce } from '../actions/say-once.ts'
import { threadOf } from '../db/post.ts'
import { itemById, itemsByIds, itemsOfPosts } from '../db/timeline.ts'
import type { Post } from '../domain/post.ts'
import { checkQuestion } from '../domain/post-kind.ts'
import { handlesIn } from '../domain/post-text.ts'
import { Refusal } from '../domain/refusal.ts'
import { tokenHash } from '../lib/private-token.ts'
import { type Call, invalid, meOf, missing } from './call.ts'
import { statusEntities } from './entities/status.ts'
import { itemOf, showItem, showPost } from './find-status.ts'
import { flag, type Input, id, idOf, ids, list, object, text, whole } from './input.ts'
import { del, get, post, type Route } from './route.ts'
import { scheduleIn } from './scheduled.ts'
import { mannerOf } from './status-input.ts'

const MOST_AT_ONCE = 40
const MOST_OF_THREAD = { signedIn: 500, stranger: 60 }

export const statusRoutes: readonly Route[] = [
  post('/api/v1/statuses', 'write:statuses', say),
  get('/api/v1/statuses', 'nothing', several),
  get('/api/v1/statuses/:id', 'nothing', call => showItem(call, itemOf(call))),
  del('/api/v1/statuses/:id', 'write:statuses', remove),
  get('/api/v1/statuses/:id/context', 'nothing', context),
]

async function say(call: Call) {
  const { ctx, reach, input, request, grant } = call
  const words = text(input, 'status') ?? ''
  const due = text(input, 'scheduled_at')
  if (due) return scheduleIn(call, due)
  const replyTo = answered(call)
  const poll = pollOf(input, words, ctx.now())
  const warning = text(input, 'spoiler_text')
  const mentioned = handlesIn(words).length > 0 ? await reach.mentions(words) : []
  const key = request.headers['idempotency-key']
  const hash = typeof key === 'string' && key !== '' ? tokenHash(`${grant!.token} ${key}`) : undefined
  const said = sayOnce(ctx, hash, () =>
    publishPost(ctx, words, {
      mentioned,
      attachments: ids(input, 'media_ids'),
      ...mannerOf(call),
      ...(replyTo ? { replyTo } : {}),
      ...(warning ? { warning } : {}),
      ...poll,
    }),
  )
  return showPost(call, said.id)
}

function answered({ ctx, input }: Call): Post | undefined {
  const number = id(input, 'in_reply_to_id')
  if (number === undefined) return undefined
  const item = itemById(ctx.db, number)
  if (!item) throw new Refusal('missing', 'The post that is answered is not here')
  return item.post
}

function pollOf(input: Input, words: string, now: Date): Pick<Post, 'type' | 'name' | 'details'> | undefined {
  const asked = object(input, 'poll')
  const options = asked ? list(asked, 'options').filter(option => option.trim()) : []
  if (!asked || options.length === 0) return undefined
  const seconds = whole(asked, 'expires_in') ?? 24 * 3600
  const closes = new Date(now.getTime() + seconds * 1000).toISOString()
  try {
    const { type, name, details } = checkQuestion({ question: words, options, multiple: flag(asked, 'multiple') ?? false, closes }, now)
    return { type, name, details }
  } catch (error) {
    // All of it in one line, as apps show it.
    if (error instanceof Refusal) throw invalid(error.problems.map(problem => problem.message).join('; ') || error.message)
    throw error
  }
}

function several(call: Call) {
  const found = itemsByIds(call.ctx.db, [...new Set(ids(call.input, 'id'))].slice(0, MOST_AT_ONCE))
  const open = call.grant?.steward
    ? found
    : found.filter(({ post: { visibility } }) => visibility === 'public' || visibility === 'unlisted')
  return statusEntities(call.ctx, open, call.grant?.steward !== undefined)
}

/** What was deleted comes back with its words, so that they can be said better. */
function remove(call: Call) {
  const { ctx, params } = call
  const number = idOf(params.id)
  const item = number === undefined ? undefined : itemById(ctx.db, number)
  const me = meOf(ctx)
  if (!item || item.actor !== me) throw missing()
  const status = showItem(call, item)
  if (item.boost) takeReactionBack(ctx, item.post.id, 'boost')
  else withdrawPost(ctx, item.post.id)
  return { ...status, text: item.post.source ?? '' }
}

function context(call: Call) {
  const { ctx, grant } = call
  const { post } = itemOf(call)
  const signedIn = grant?.steward !== undefined
  const { before, after } = threadOf(ctx.db, post, signedIn ? MOST_OF_THREAD.signedIn : MOST_OF_THREAD.stranger, !signedIn)
  const numbers = (posts: readonly Post[]) => {
    const items = itemsOfPosts(
      ctx.db,
      posts.map(one => one.id),
    )
    return posts.flatMap(one => items.get(one.id)?.id ?? [])
  }
  const show = (posts: readonly Post[]) => statusEntities(ctx, itemsByIds(ctx.db, numbers(posts)), signedIn)
  return { ancestors: show(before), descendants: show(after.map(reply => reply.post)) }
}
