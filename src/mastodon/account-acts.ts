import { changeFollowOptions, muteActor, noteActor, unmuteActor } from '../actions/account.ts'
import { blockActor, blockDomain, unblockActor, unblockDomain } from '../actions/block.ts'
import { decideFollower } from '../actions/follower.ts'
import { followActor, unfollowActor } from '../actions/following.ts'
import type { Account } from '../db/account.ts'
import { actorOf } from '../db/actor.ts'
import { allBlocks, isBlocked } from '../db/block.ts'
import { tiePage } from '../db/follow-page.ts'
import { followerOf } from '../db/follower.ts'
import { followingOf } from '../db/following.ts'
import { sendActors } from './accounts.ts'
import { type Call, invalid, meOf, missing } from './call.ts'
import { relationship } from './entities/relationship.ts'
import { accountOf } from './find-account.ts'
import { flag, text, whole } from './input.ts'
import { windowOf } from './paging.ts'
import { del, get, post, type Route } from './route.ts'

const act = (name: string, needs: Route['needs'], answer: Route['answer']) => post(`/api/v1/accounts/:id/${name}`, needs, answer)

export const accountActRoutes: readonly Route[] = [
  act('follow', 'write:follows', follow),
  act('unfollow', 'write:follows', unfollow),
  act('remove_from_followers', 'write:follows', sendAway),
  act('block', 'write:blocks', block),
  act('unblock', 'write:blocks', unblock),
  act('mute', 'write:mutes', mute),
  act('unmute', 'write:mutes', unmute),
  act('note', 'write:accounts', note),
  get('/api/v1/blocks', 'read:blocks', call => sendActors(call, tiePage(call.ctx.db, 'blocks', windowOf(call.input, 40, 80)))),
  get('/api/v1/mutes', 'read:mutes', call => sendActors(call, tiePage(call.ctx.db, 'mutes', windowOf(call.input, 40, 80)))),
  get('/api/v1/follow_requests', 'read:follows', call => sendActors(call, tiePage(call.ctx.db, 'requests', windowOf(call.input, 40, 80)))),
  post('/api/v1/follow_requests/:id/authorize', 'write:follows', call => decide(call, 'accept')),
  post('/api/v1/follow_requests/:id/reject', 'write:follows', call => decide(call, 'reject')),
  get('/api/v1/domain_blocks', 'read:blocks', domains),
  post('/api/v1/domain_blocks', 'write:blocks', call => withDomain(call, domain => blockDomain(call.ctx, domain, 'suspend'))),
  del('/api/v1/domain_blocks', 'write:blocks', call => withDomain(call, domain => unblockDomain(call.ctx, domain))),
]

/** An actor whose own server has told of it. Communities known only from the directory are looked up now. @throws Refusal */
async function met({ ctx, reach }: Call, { actor }: Account): Promise<void> {
  if (actor === meOf(ctx)) throw invalid('That is this community itself')
  const known = actorOf(ctx.db, actor)
  if (known && !known.goneAt) return
  await reach.actor(actor)
}

async function follow(call: Call) {
  const { ctx, input } = call
  const account = accountOf(call)
  await met(call, account)
  followActor(ctx, account.actor)
  const boosts = flag(input, 'reblogs')
  const notify = flag(input, 'notify')
  if (boosts !== undefined || notify !== undefined)
    changeFollowOptions(ctx, account.actor, { ...(boosts === undefined ? {} : { boosts }), ...(notify === undefined ? {} : { notify }) })
  return relationship(ctx, account)
}

function unfollow(call: Call) {
  const account = accountOf(call)
  if (followingOf(call.ctx.db, account.actor)) unfollowActor(call.ctx, account.actor)
  return relationship(call.ctx, account)
}

function sendAway(call: Call) {
  const account = accountOf(call)
  if (followerOf(call.ctx.db, account.actor)) decideFollower(call.ctx, account.actor, 'reject')
  return relationship(call.ctx, account)
}

async function block(call: Call) {
  const account = accountOf(call)
  await met(call, account)
  if (!isBlocked(call.ctx.db, account.actor)) blockActor(call.ctx, account.actor)
  return relationship(call.ctx, account)
}

function unblock(call: Call) {
  const account = accountOf(call)
  if (isBlocked(call.ctx.db, account.actor)) unblockActor(call.ctx, account.actor)
  return relationship(call.ctx, account)
}

function mute(call: Call) {
  const { ctx, input } = call
  const account = accountOf(call)
  if (account.actor === meOf(ctx)) throw invalid('That is this community itself')
  muteActor(ctx, account.actor, { notifications: flag(input, 'notifications') ?? true, seconds: whole(input, 'duration') ?? 0 })
  return relationship(ctx, account)
}

function unmute(call: Call) {
  const account = accountOf(call)
  unmuteActor(call.ctx, account.actor)
  return relationship(call.ctx, account)
}

function note(call: Call) {
  const account = accountOf(call)
  noteActor(call.ctx, account.actor, text(call.input, 'comment') ?? '')
  return relationship(call.ctx, account)
}

function decide(call: Call, decision: 'accept' | 'reject') {
  const account = accountOf(call)
  if (!followerOf(call.ctx.db, account.actor)) throw missing()
  decideFollower(call.ctx, account.actor, decision)
  return relationship(call.ctx, account)
}

function domains({ ctx }: Call): string[] {
  return allBlocks(ctx.db)
    .filter(block => block.severity === 'suspend')
    .map(block => block.domain)
}

function withDomain({ input }: Call, work: (domain: string) => unknown) {
  const domain = text(input, 'domain')
  if (!domain) throw invalid('Domain can’t be blank')
  work(domain)
  return {}
}
