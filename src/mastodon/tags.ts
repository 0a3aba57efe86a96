import { featureTag, followTag, unfeatureTag, unfollowTag } from '../actions/tag-follow.ts'
import { type FeaturedTag, featuredTagsOf, followedTags, followsTag, tagsInUse } from '../db/tag-follow.ts'
import { foldTag } from '../domain/tag.ts'
import { type Call, invalid, meOf, missing } from './call.ts'
import { tagEntity, tagUrl } from './entities/tag.ts'
import { accountOf } from './find-account.ts'
import { idOf, text, whole } from './input.ts'
import { limitOf, linkPages, windowOf } from './paging.ts'
import { del, get, post, type Route } from './route.ts'

const TREND_DAYS_MS = 7 * 24 * 3_600_000

export const tagRoutes: readonly Route[] = [
  get('/api/v1/tags/:name', 'nothing', call => shown(call, nameOf(call))),
  post('/api/v1/tags/:name/follow', 'write:follows', call => act(call, followTag)),
  post('/api/v1/tags/:name/unfollow', 'write:follows', call => act(call, unfollowTag)),
  post('/api/v1/tags/:name/feature', 'write:accounts', call => act(call, featureTag)),
  post('/api/v1/tags/:name/unfeature', 'write:accounts', call => act(call, unfeature)),
  get('/api/v1/followed_tags', 'read:follows', followed),
  get('/api/v1/featured_tags', 'read:accounts', featured),
  post('/api/v1/featured_tags', 'write:accounts', feature),
  del('/api/v1/featured_tags/:id', 'write:accounts', call => unfeatureTag(call.ctx, idOf(call.params.id) ?? 0)),
  get('/api/v1/featured_tags/suggestions', 'read:accounts', suggestions),
  get('/api/v1/accounts/:id/featured_tags', 'nothing', call => (accountOf(call).actor === meOf(call.ctx) ? featured(call) : [])),
  get('/api/v1/trends', 'nothing', trends),
  get('/api/v1/trends/tags', 'nothing', trends),
]

function nameOf({ params }: Call): string {
  const name = foldTag(params.name ?? '')
  if (name === undefined) throw missing()
  return name
}

function shown({ ctx, grant }: Call, name: string) {
  return tagEntity(ctx, name, grant?.steward !== undefined && followsTag(ctx.db, name))
}

function act(call: Call, work: (ctx: Call['ctx'], name: string) => unknown) {
  const name = nameOf(call)
  work(call.ctx, name)
  return shown(call, name)
}

function unfeature(ctx: Call['ctx'], name: string): void {
  const standing = featuredTagsOf(ctx.db, meOf(ctx)).find(tag => tag.name === name)
  if (standing) unfeatureTag(ctx, standing.id)
}

function followed(call: Call) {
  const { rows, more } = followedTags(call.ctx.db, windowOf(call.input, 100, 200))
  linkPages(
    call,
    rows.map(row => row.id),
    more,
  )
  return rows.map(({ name }) => tagEntity(call.ctx, name, true))
}

function featured({ ctx }: Call) {
  return featuredTagsOf(ctx.db, meOf(ctx)).map(tag => featuredEntity(ctx, tag))
}

function featuredEntity(ctx: Call['ctx'], { id, name, shown, posts, lastAt }: FeaturedTag) {
  const last_status_at = lastAt?.toISOString().slice(0, 10) ?? null
  return { id: String(id), name: shown, url: tagUrl(ctx, name), statuses_count: String(posts), last_status_at }
}

function feature({ ctx, input }: Call) {
  const name = text(input, 'name')
  if (!name) throw invalid('Name can’t be blank')
  return featuredEntity(ctx, featureTag(ctx, name))
}

function suggestions({ ctx }: Call) {
  return tagsInUse(ctx.db, new Date(0), 10, meOf(ctx)).map(name => tagEntity(ctx, name, followsTag(ctx.db, name)))
}

/** What most of those heard here speak of: of the last week, and of this node alone. */
function trends({ ctx, input }: Call) {
  const offset = Math.min(100, Math.max(0, whole(input, 'offset') ?? 0))
  const names = tagsInUse(ctx.db, new Date(ctx.now().getTime() - TREND_DAYS_MS), offset + limitOf(input, 10, 20))
  return names.slice(offset).map(name => tagEntity(ctx, name, false))
}
