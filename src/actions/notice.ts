import type { Context } from '../context.ts'
import { isAnnounced } from '../db/account.ts'
import { localCommunity } from '../db/community.ts'
import { addNotice, clearNotices, closedPolls, hasNotice, noticesOfGroup, removeNotice, removeNoticeById } from '../db/notice.ts'
import { type Tx, transact } from '../db/open.ts'
import { postById, postByIri } from '../db/post.ts'
import { reactionOf } from '../db/reaction.ts'
import { addThreadMute, mutedThreads, removeThreadMute, rootOf } from '../db/thread-mute.ts'
import { communityIri } from '../domain/iri.ts'
import { type NoticeKind, readGroup } from '../domain/notice.ts'
import type { HeardPost, Post } from '../domain/post.ts'
import { Refusal } from '../domain/refusal.ts'

const MOST_IN_GROUP = 1_000
/** That a poll has closed is news for so long. */
const CLOSING_IS_NEWS_MS = 7 * 24 * 3_600_000

/** Notes something that the community should hear of. The same of the same actor is told once. */
export function notice(ctx: Context, tx: Tx, kind: NoticeKind, actor: string, post: number | null): void {
  const known = { kind, actor, post }
  // Who follows again, asks again.
  if (post === null) removeNotice(tx, known)
  else if (hasNotice(tx, known)) return
  addNotice(tx, { ...known, at: ctx.now() })
}

/** Of a post that was heard: that it speaks to the community, or that somebody has said something of whom every word is to be told. */
export function noticePost(ctx: Context, tx: Tx, id: number, post: HeardPost): void {
  const kind = kindOfNews(ctx, tx, post)
  if (kind && !isMutedThread(tx, id, post.inReplyTo)) notice(ctx, tx, kind, post.author, id)
}

// Of most posts nothing is told, which should cost nearly nothing.
function kindOfNews({ config }: Context, tx: Tx, { author, mentions, inReplyTo }: HeardPost): NoticeKind | undefined {
  if (inReplyTo !== null && postByIri(tx, inReplyTo)?.local) return 'mention'
  const own = mentions.length > 0 ? localCommunity(tx) : undefined
  if (own && mentions.includes(communityIri(config.publicUrl, own.handle))) return 'mention'
  return inReplyTo === null && isAnnounced(tx, author) ? 'status' : undefined
}

function isMutedThread(tx: Tx, id: number, inReplyTo: string | null): boolean {
  const muted = mutedThreads(tx)
  return muted.size > 0 && muted.has(rootOf(tx, { id, inReplyTo }))
}

/** Nothing more is told of the conversation a post belongs to, or it is again. */
export function muteThread(ctx: Context, post: Pick<Post, 'id' | 'inReplyTo'>, muted: boolean): void {
  transact(ctx.db, tx => {
    const root = rootOf(tx, post)
    if (muted) addThreadMute(tx, root, ctx.now())
    else removeThreadMute(tx, root)
  })
}

/** A post that the community has boosted says something else now. */
export function noticeEdit(ctx: Context, tx: Tx, id: number, author: string): void {
  const own = localCommunity(tx)
  if (!own || !reactionOf(tx, id, communityIri(ctx.config.publicUrl, own.handle), 'boost')) return
  removeNotice(tx, { kind: 'update', actor: author, post: id })
  notice(ctx, tx, 'update', author, id)
}

/** Of questions that have closed since: our own that have votes are told when they are counted, those we voted on here. */
export function noticeClosedPolls(ctx: Context): void {
  const own = localCommunity(ctx.db)
  if (!own) return
  const now = ctx.now()
  const me = communityIri(ctx.config.publicUrl, own.handle)
  const closed = closedPolls(ctx.db, me, new Date(now.getTime() - CLOSING_IS_NEWS_MS), now)
  if (closed.length > 0) transact(ctx.db, tx => closed.forEach(({ post, author }) => void notice(ctx, tx, 'poll', author, post)))
}

/** Our own question has closed, and somebody has voted. */
export function noticeOwnPoll(ctx: Context, tx: Tx, id: number): void {
  const post = postById(tx, id)
  if (post && (post.details?.voters ?? 0) > 0) notice(ctx, tx, 'poll', post.author, id)
}

/** @throws Refusal when there is no such notice */
export function dismissNotice(ctx: Context, id: number): void {
  if (!transact(ctx.db, tx => removeNoticeById(tx, id))) throw new Refusal('missing', 'Record not found')
}

/** @throws Refusal when there is no such group */
export function dismissGroup(ctx: Context, name: string): void {
  const group = readGroup(name)
  if (!group) throw new Refusal('missing', 'Record not found')
  transact(ctx.db, tx => {
    const ids = 'id' in group ? [group.id] : noticesOfGroup(tx, group, ctx.now(), MOST_IN_GROUP).map(one => one.id)
    for (const id of ids) removeNoticeById(tx, id)
  })
}

export function dismissAll(ctx: Context): void {
  transact(ctx.db, tx => clearNotices(tx))
}
