import type { Context } from '../../context.ts'
import { allFilters } from '../../db/filter.ts'
import { attachmentsOfAll } from '../../db/media.ts'
import { answeredItems, boostIris, mentionsOfAll, postFiguresOf } from '../../db/post-figures.ts'
import { type Tag, tagsOf } from '../../db/tag.ts'
import { mutedThreads, rootOf } from '../../db/thread-mute.ts'
import { itemsOfPosts, type TimelineItem } from '../../db/timeline.ts'
import { votesOfAll } from '../../db/vote.ts'
import { type Filter, type FilterMatch, matchFilters } from '../../domain/filter.ts'
import type { Attachment } from '../../domain/media.ts'
import { type Post, warningOf } from '../../domain/post.ts'
import { escapeHtml, htmlToText } from '../../lib/sanitise.ts'
import { meOf } from '../call.ts'
import { type AccountEntity, accountEntities } from './account.ts'
import { mediaAttachment } from './attachment.ts'
import { filterResult } from './filter.ts'
import { pollEntity } from './poll.ts'
import { tagUrl } from './tag.ts'
import { VISIBILITY_WORDS } from './visibility.ts'

/** Everything some posts are shown with, fetched at once for all of them. */
type Around = {
  ctx: Context
  signedIn: boolean
  accounts: Map<string, AccountEntity>
  ids: ReturnType<typeof itemsOfPosts>
  figures: ReturnType<typeof postFiguresOf>
  mentions: Map<number, string[]>
  tags: Map<number, Tag[]>
  attachments: Map<number, Attachment[]>
  answered: ReturnType<typeof answeredItems>
  boosts: Map<string, string>
  votes: Map<number, number[]>
  filters: readonly Filter[]
  /** First posts of conversations of which nothing more is told. */
  muted: ReadonlySet<number>
}

type Original = NonNullable<ReturnType<typeof original>>
export type StatusEntity = Omit<Original, 'reblog'> & { reblog: Original | null }

/**
 * Posts and boosts as apps read them, in the order of the items. Whose author is not known is left out.
 * @param signedIn whether what the community thinks of them is told
 */
export function statusEntities(ctx: Context, items: readonly TimelineItem[], signedIn: boolean): StatusEntity[] {
  const around = gather(ctx, items, signedIn)
  return items.flatMap((item): StatusEntity[] => {
    const inner = original(around, item)
    if (!inner) return []
    return item.boost ? boost(around, item, inner) : [inner]
  })
}

export function statusEntity(ctx: Context, item: TimelineItem, signedIn: boolean): StatusEntity | undefined {
  return statusEntities(ctx, [item], signedIn)[0]
}

function gather(ctx: Context, items: readonly TimelineItem[], signedIn: boolean): Around {
  const { db } = ctx
  const posts = [...new Map(items.map(({ post }) => [post.id, post])).values()]
  const numbers = posts.map(post => post.id)
  const mentions = mentionsOfAll(db, numbers)
  const answered = answeredItems(
    db,
    posts.flatMap(post => post.inReplyTo ?? []),
  )
  const actors = [
    ...items.flatMap(({ actor, post }) => [actor, post.author]),
    ...[...mentions.values()].flat(),
    ...[...answered.values()].map(one => one.author),
  ]
  return {
    ctx,
    signedIn,
    accounts: accountEntities(ctx, actors),
    ids: itemsOfPosts(db, numbers),
    figures: postFiguresOf(db, numbers, meOf(ctx)),
    mentions,
    tags: tagsOf(db, numbers),
    attachments: attachmentsOfAll(db, numbers),
    answered,
    votes: signedIn
      ? votesOfAll(
          db,
          posts.filter(post => post.type === 'Question').map(post => post.id),
          meOf(ctx),
        )
      : new Map(),
    filters: signedIn ? allFilters(db) : [],
    muted: signedIn ? mutedThreads(db) : new Set(),
    boosts: boostIris(
      db,
      items.filter(item => item.boost).map(item => item.post.id),
      items.map(item => item.actor),
    ),
  }
}

function original(around: Around, { post }: Pick<TimelineItem, 'post'>) {
  const { ctx, signedIn, accounts } = around
  const account = accounts.get(post.author)
  const own = around.ids.get(post.id)
  const figures = around.figures.get(post.id)
  if (!account || !own || !figures) return undefined
  const answered = post.inReplyTo === null ? undefined : around.answered.get(post.inReplyTo)
  return {
    id: String(own.id),
    uri: post.iri,
    url: post.url,
    created_at: post.publishedAt.toISOString(),
    edited_at: post.updatedAt?.toISOString() ?? null,
    account,
    content: contentOf(post),
    text: null as string | null,
    visibility: VISIBILITY_WORDS[post.visibility],
    sensitive: post.sensitive,
    spoiler_text: warningOf(post) ?? '',
    language: post.language,
    in_reply_to_id: answered ? String(answered.item) : null,
    in_reply_to_account_id: (answered && accounts.get(answered.author)?.id) ?? null,
    reblog: null,
    media_attachments: (around.attachments.get(post.id) ?? []).map(one => mediaAttachment(ctx, one)),
    mentions: (around.mentions.get(post.id) ?? []).flatMap(actor => mention(accounts.get(actor))),
    tags: (around.tags.get(post.id) ?? []).map(({ name }) => ({ name, url: tagUrl(ctx, name) })),
    emojis: [],
    card: null,
    poll:
      post.type === 'Question'
        ? pollEntity(post, String(own.id), signedIn ? (around.votes.get(post.id) ?? []) : undefined, ctx.now())
        : null,
    application: null,
    filtered: filteredBy(around, post).map(match => filterResult(match, String(own.id))),
    replies_count: figures.replies,
    reblogs_count: figures.boosts,
    favourites_count: figures.likes,
    quotes_count: 0,
    favourited: signedIn && figures.liked,
    reblogged: signedIn && figures.boosted,
    muted: around.muted.size > 0 && around.muted.has(rootOf(ctx.db, post)),
    bookmarked: signedIn && figures.bookmarked,
    pinned: post.pinnedAt !== null,
  }
}

// A boost is a post of its own with nothing in it but the other.
function boost(around: Around, item: TimelineItem, inner: Original): StatusEntity[] {
  const account = around.accounts.get(item.actor)
  if (!account) return []
  const iri = around.boosts.get(`${item.post.id} ${item.actor}`) ?? inner.uri
  return [
    {
      ...inner,
      id: String(item.id),
      uri: iri,
      url: inner.url,
      created_at: item.at.toISOString(),
      edited_at: null,
      account,
      content: '',
      spoiler_text: '',
      sensitive: false,
      media_attachments: [],
      mentions: [],
      tags: [],
      in_reply_to_id: null,
      in_reply_to_account_id: null,
      pinned: false,
      reblog: inner,
    },
  ]
}

// To be read for filters a post is put together as a person reads it; most have no filters.
function filteredBy({ ctx, filters, tags, attachments }: Around, post: Post): FilterMatch[] {
  if (filters.length === 0) return []
  const { name, summary, content, details } = post
  const text = [
    name,
    summary,
    htmlToText(content),
    ...(details?.options ?? []).map(option => option.name),
    ...(attachments.get(post.id) ?? []).map(one => one.alt),
    ...(tags.get(post.id) ?? []).map(tag => `#${tag.name}`),
  ]
  return matchFilters(filters, post.id, text.filter(Boolean).join('\n'), ctx.now())
}

// Apps know of no titles.
export function contentOf({ name, content }: Post): string {
  return name ? `<p><strong>${escapeHtml(name)}</strong></p>${content}` : content
}

function mention(account: AccountEntity | undefined) {
  return account ? [{ id: account.id, username: account.username, acct: account.acct, url: account.url }] : []
}
