import { accountTimeline, homeTimeline, type Page, publicTimeline, tagTimeline } from '../db/timeline.ts'
import { foldTag } from '../domain/tag.ts'
import type { Window } from '../domain/window.ts'
import { type Call, meOf } from './call.ts'
import { type StatusEntity, statusEntities } from './entities/status.ts'
import { flag, list } from './input.ts'
import { linkPages, windowOf } from './paging.ts'
import { get, type Route } from './route.ts'

const USUAL = 20
const MOST = 40

export const timelineRoutes: readonly Route[] = [
  get('/api/v1/timelines/home', 'read:statuses', call => sendPage(call, homeTimeline(call.ctx.db, pageOf(call), call.ctx.now()))),
  get('/api/v1/timelines/public', 'nothing', publicOnes),
  get('/api/v1/timelines/tag/:name', 'nothing', tagged),
]

export function pageOf({ input }: Call): Window {
  return windowOf(input, USUAL, MOST)
}

/** A page of posts and boosts, and where its neighbours are. */
export function sendPage(call: Call, { items, more }: Page): StatusEntity[] {
  linkPages(
    call,
    items.map(item => item.id),
    more,
  )
  return statusEntities(call.ctx, items, call.grant?.steward !== undefined)
}

function whose({ input }: Call): 'me' | 'others' | undefined {
  return flag(input, 'local') ? 'me' : flag(input, 'remote') ? 'others' : undefined
}

function publicOnes(call: Call) {
  const { ctx, input } = call
  const which = whose(call)
  const kinds = { onlyMedia: flag(input, 'only_media') ?? false, ...(which ? { whose: which } : {}) }
  return sendPage(call, publicTimeline(ctx.db, pageOf(call), { me: meOf(ctx), now: ctx.now(), ...kinds }))
}

function tagged(call: Call) {
  const { ctx, input, params } = call
  const fold = (words: string[]) => words.slice(0, 10).flatMap(word => foldTag(word) ?? [])
  const tags = { any: fold([params.name ?? '', ...list(input, 'any')]), all: fold(list(input, 'all')), none: fold(list(input, 'none')) }
  const which = whose(call)
  const kinds = { onlyMedia: flag(input, 'only_media') ?? false, ...(which ? { whose: which } : {}) }
  return sendPage(call, tagTimeline(ctx.db, pageOf(call), { tags, now: ctx.now(), ...kinds }))
}

/** What one account says. Whoever has not signed in reads only what is for everybody. */
export function accountPage(call: Call, actor: string) {
  const { input } = call
  return sendPage(
    call,
    accountTimeline(call.ctx.db, pageOf(call), {
      actor,
      onlyOpen: call.grant?.steward === undefined,
      replies: !flag(input, 'exclude_replies'),
      boosts: !flag(input, 'exclude_reblogs'),
      onlyMedia: flag(input, 'only_media') ?? false,
      tag: foldTag(list(input, 'tagged')[0] ?? ''),
    }),
  )
}
