import { accountById, neighboursCalled } from '../db/account.ts'
import { actorOf } from '../db/actor.ts'
import { entryOf } from '../db/directory.ts'
import { isFollowed } from '../db/following.ts'
import { postByIri, postByUrl } from '../db/post.ts'
import { postsWith } from '../db/post-words.ts'
import { findBest } from '../db/search.ts'
import { tagsCalled } from '../db/tag.ts'
import { accountTimeline, itemOfPost, itemsByIds } from '../db/timeline.ts'
import { type ClientQuery, readClientQuery } from '../domain/client-query.ts'
import type { Post } from '../domain/post.ts'
import { Refusal } from '../domain/refusal.ts'
import { foldTag } from '../domain/tag.ts'
import { knownByHandle } from './accounts.ts'
import { type Call, meOf } from './call.ts'
import { accountList } from './entities/account.ts'
import { statusEntities } from './entities/status.ts'
import { tagEntity } from './entities/tag.ts'
import { flag, id, text, whole } from './input.ts'
import { limitOf, windowOf } from './paging.ts'
import { get, type Route } from './route.ts'

const MOST_OFFSET = 5_000
const MOST_NEIGHBOURS = 20
/** Apps wait half a minute at most, and send what is typed at every key. */
const PATIENCE_MS = 10_000
const LIKELY_POST = /\/(?:statuses|notes|objects|posts|o|p)\/|\/@[^/]+\/[^/]+$/

export const searchRoutes: readonly Route[] = [
  get('/api/v2/search', 'read:search', search),
  get('/api/v1/accounts/search', 'read:accounts', async call => {
    const query = readClientQuery(text(call.input, 'q') ?? '')
    const found = await resolved(call, query, 'accounts')
    return accountsFor(call, query, found, { limit: limitOf(call.input, 40, 80), offset: offsetOf(call) })
  }),
]

async function search(call: Call) {
  const { ctx, input } = call
  const query = readClientQuery(text(input, 'q') ?? '')
  const type = text(input, 'type') || undefined
  const wants = (what: string) => type === undefined || type === what
  const limit = limitOf(input, 20, 40)
  const offset = type === undefined ? 0 : offsetOf(call)
  const found = await resolved(call, query, type)
  return {
    accounts: wants('accounts') && !query.from && !(query.url && found.post) ? accountsFor(call, query, found, { limit, offset }) : [],
    statuses: wants('statuses') ? statusesFor(call, query, found, { limit, offset }) : [],
    hashtags: wants('hashtags') && !query.from ? hashtagsFor(ctx, query, limit, offset).map(name => tagEntity(ctx, name, false)) : [],
  }
}

function offsetOf({ input }: Call): number {
  return Math.min(Math.max(0, whole(input, 'offset') ?? 0), MOST_OFFSET)
}

type Found = { actor?: string | undefined; post?: Post | undefined }

/** What a handle or an address means: what is known here, and, where the app wants it, what its origin says. */
async function resolved(call: Call, { handle, url }: ClientQuery, type: string | undefined): Promise<Found> {
  const { ctx, input } = call
  const ask = flag(input, 'resolve') === true && offsetOf(call) === 0
  if (handle) {
    const actor = knownByHandle(ctx, `${handle.name}@${handle.host}`)
    if (actor !== undefined || !ask || !handle.whole || type === 'statuses' || type === 'hashtags') return { actor }
    return { actor: (await inTime(call.reach.actor(`@${handle.name}@${handle.host}`)))?.id }
  }
  if (!url) return {}
  const post = postByIri(ctx.db, url) ?? postByUrl(ctx.db, url)
  if (post) return { post }
  if (actorOf(ctx.db, url) || entryOf(ctx.db, url)) return { actor: url }
  if (!ask) return {}
  const asActor = async () => ({ actor: (await inTime(call.reach.actor(url)))?.id })
  const asPost = async () => ({ post: await inTime(call.reach.post(url)) })
  const [first, second] = LIKELY_POST.test(new URL(url).pathname) ? [asPost, asActor] : [asActor, asPost]
  const one: Found = await first()
  return one.actor || one.post ? one : second()
}

/** Undefined when nobody answers in time, or there is nothing: to find nothing is no fault. */
async function inTime<T>(asked: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), PATIENCE_MS)
    timer.unref()
  })
  try {
    return await Promise.race([asked, late])
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** Whoever is called exactly that, then those we know by name, then the whole directory, the best first. */
function accountsFor(call: Call, query: ClientQuery, { actor }: Found, { limit, offset }: { limit: number; offset: number }) {
  const { ctx, input } = call
  const onlyFollowed = flag(input, 'following') === true
  const start = (query.handle?.name ?? query.words).replace(/^[@#]/, '')
  const called = query.url || start.length < 2 ? [] : neighboursCalled(ctx.db, start, { onlyFollowed, limit: MOST_NEIGHBOURS })
  const first = [...new Set([...(actor === undefined ? [] : [actor]), ...called])]
  const page = first.slice(offset, offset + limit)
  const room = limit - page.length
  const most = room > 0 && !query.url && !onlyFollowed && !(query.handle && actor) ? room : 0
  const listed = most > 0 ? findBest(ctx.db, query.directory, Math.max(0, offset - first.length), most).map(entry => entry.actor) : []
  const all = [...page, ...listed.filter(one => !first.includes(one))]
  return accountList(ctx, onlyFollowed ? all.filter(one => isFollowed(ctx.db, one)) : all)
}

/** The post of an address; else what was said with these words, and by whom the app or the line says. */
function statusesFor({ ctx, input }: Call, query: ClientQuery, { post }: Found, { limit, offset }: { limit: number; offset: number }) {
  const { db } = ctx
  if (query.url) {
    const item = post && !post.deletedAt && offset === 0 ? itemOfPost(db, post.id) : undefined
    return statusEntities(ctx, item ? [item] : [], true)
  }
  const author = authorIn(ctx, input, query)
  const window = windowOf(input, 20, 40)
  if (query.handle || author === null) return []
  if (query.words === '' && author !== undefined) {
    const said = accountTimeline(db, { ...window, limit: offset + limit }, { actor: author, onlyOpen: false, replies: true, boosts: false })
    return statusEntities(ctx, said.items.slice(offset), true)
  }
  const found = postsWith(db, { ...window, words: query.words, author }, { me: meOf(ctx), now: ctx.now(), limit, offset })
  return statusEntities(ctx, itemsByIds(db, found), true)
}

/** Null for somebody who is not known here. */
function authorIn(ctx: Call['ctx'], input: Call['input'], { from }: ClientQuery): string | null | undefined {
  const number = id(input, 'account_id')
  if (number !== undefined) return accountById(ctx.db, number)?.actor ?? null
  if (from === undefined) return undefined
  return from === 'me' ? meOf(ctx) : (knownByHandle(ctx, from) ?? null)
}

function hashtagsFor({ db }: Call['ctx'], { words, tag, url, handle }: ClientQuery, limit: number, offset: number): string[] {
  const start = url || handle ? undefined : foldTag(tag ?? words)
  if (start === undefined) return []
  const known = tagsCalled(db, start, offset + limit)
  // Who writes # means a hashtag, whether it was used or not.
  const all = tag !== undefined && !known.includes(start) ? [start, ...known] : known
  return all.slice(offset, offset + limit)
}
