import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../context.ts'
import { actorOf, markGone, saveActor } from '../db/actor.ts'
import { isBlocked, rejectsMedia } from '../db/block.ts'
import { localCommunity } from '../db/community.ts'
import { boostTakenBack } from '../db/errand.ts'
import { record } from '../db/event.ts'
import { removeFollower } from '../db/follower.ts'
import { isFollowed, removeFollowing } from '../db/following.ts'
import { addHeardAttachments, attachmentsOf, removeAttachments } from '../db/media.ts'
import { removeMentions, saveMentions } from '../db/mention.ts'
import { removeNotice, removeNoticesBy } from '../db/notice.ts'
import { type Tx, transact } from '../db/open.ts'
import { addPost, deletePost, deletePostsBy, postByIri, revisePost } from '../db/post.ts'
import { keepPostEdit } from '../db/post-edit.ts'
import { addReaction, type Reaction, reactionByIri, removeReaction, removeReactionsBy } from '../db/reaction.ts'
import { addTags, saveTags } from '../db/tag.ts'
import { showTagged } from '../db/tag-follow.ts'
import { removeVotesBy, removeVotesOn } from '../db/vote.ts'
import type { Actor, ActorNews } from '../domain/actor.ts'
import { communityIri } from '../domain/iri.ts'
import type { Attachment, HeardAttachment } from '../domain/media.ts'
import { type HeardPost, isOpen, PLAIN, type Post } from '../domain/post.ts'
import { asksOtherwise } from '../domain/post-kind.ts'
import { readTags } from '../domain/tag.ts'
import { endRecord, listActor } from './directory.ts'
import { hearEntry } from './entry.ts'
import { hearInquiry } from './inquiry-post.ts'
import { notice, noticeEdit, noticePost } from './notice.ts'
import { placeBoost, placeHeardPost } from './timeline.ts'

/**
 * Takes what an actor's own origin says of it, of its charter (see `listActor`) and of its entry (see `hearEntry`).
 * @param wanted somebody here looked it up
 */
export function hearActor(ctx: Context, { actor, keys, entry }: ActorNews, wanted?: 'lookup'): void {
  transact(ctx.db, tx => {
    const known = actorOf(tx, actor.id)
    const kept = actor.icon && rejectsMedia(tx, actor.host) ? { ...actor, icon: null } : actor
    saveActor(tx, kept, keys)
    if (entry) hearEntry(ctx, entry, 'origin')
    listActor(tx, actor.id, wanted)
    if (known && !saysTheSame(known, kept)) record(tx, { kind: 'actor.changed', subject: actor.id, at: ctx.now() })
  })
}

function saysTheSame(before: Actor, after: Actor): boolean {
  const { fetchedAt } = after
  return isDeepStrictEqual({ ...before, fetchedAt }, after)
}

/** The actor is gone for good: nothing of it is kept but its id. */
export function forgetActor(ctx: Context, id: string): void {
  transact(ctx.db, tx => {
    if (!actorOf(tx, id)) return
    const now = ctx.now()
    markGone(tx, id, now)
    endRecord(tx, id)
    removeFollower(tx, id)
    removeFollowing(tx, id)
    deletePostsBy(tx, id, now)
    removeReactionsBy(tx, id)
    removeVotesBy(tx, id)
    removeNoticesBy(tx, id)
    record(tx, { kind: 'actor.gone', subject: id, at: now })
  })
}

/**
 * Keeps a post that is the community's business: of an actor it follows, or said to it. What is not for everybody is kept only if the
 * community is among those it is for.
 * @param sought somebody here asked for it, or it belongs to a conversation that is kept: then it only has to be for everybody
 */
export function hearPost(ctx: Context, post: HeardPost, sought?: 'sought'): boolean {
  const { mentions, attachments: _, tags = [], ...words } = post
  return transact(ctx.db, tx => {
    const followed = isFollowed(tx, post.author)
    if (isBlocked(tx, post.author) || (!(sought && isOpen(post)) && !isOurBusiness(ctx, tx, post, followed))) return false
    const id = addPost(tx, { ...words, local: false, source: null, deletedAt: null })
    if (id === undefined) return false
    saveMentions(tx, id, mentions)
    addHeardAttachments(tx, id, wantedMedia(tx, post), ctx.now())
    addTags(tx, id, readTags(tags))
    const home = placeHeardPost(tx, id, post, followed && !sought)
    if (!home && tags.length > 0 && post.visibility === 'public') showTagged(tx, id)
    if (!sought) noticePost(ctx, tx, id, post)
    if (post.visibility === 'direct') hearInquiry(ctx, tx, id, post)
    return true
  })
}

/** What a post carries, unless no pictures of its author's server are wanted. */
export function wantedMedia(tx: Tx, { author, attachments = [] }: HeardPost): readonly HeardAttachment[] {
  return attachments.length > 0 && rejectsMedia(tx, new URL(author).host) ? [] : attachments
}

function isOurBusiness({ config }: Context, tx: Tx, { visibility, inReplyTo, mentions }: HeardPost, followed: boolean): boolean {
  if (visibility !== 'direct' && followed) return true
  const community = localCommunity(tx)
  if (community && mentions.includes(communityIri(config.publicUrl, community.handle))) return true
  const answered = inReplyTo && isOpen({ visibility }) ? postByIri(tx, inReplyTo) : undefined
  return Boolean(answered?.local && !answered.deletedAt)
}

/** Only its author can change a post, and only one that is here. */
export function hearRevision(ctx: Context, post: HeardPost): boolean {
  const { author, iri, mentions, name, summary, content, url, visibility, sensitive, language, details, updatedAt } = post
  const words = { name, summary, content, url, visibility, sensitive, language, details, updatedAt }
  return transact(ctx.db, tx => {
    const before = postByIri(tx, iri)
    if (!before || !revisePost(tx, author, iri, words)) return false
    const attachments = wantedMedia(tx, post)
    const anew = asksOtherwise(before.details, details)
    if (anew || saysOtherwise(before, { ...post, attachments }, attachmentsOf(tx, before.id))) {
      keepPostEdit(tx, before)
      noticeEdit(ctx, tx, before.id, author)
    }
    if (anew) removeVotesOn(tx, before.id)
    record(tx, { kind: 'post.revised', subject: String(before.id), at: ctx.now() })
    removeMentions(tx, before.id)
    saveMentions(tx, before.id, mentions)
    removeAttachments(tx, [before.id])
    addHeardAttachments(tx, before.id, attachments, ctx.now())
    saveTags(tx, before.id, readTags(post.tags ?? []))
    return true
  })
}

/** Whether a post as it came now has other words or pictures than the kept one. */
export function saysOtherwise(before: Post, after: HeardPost, carried: readonly Attachment[]): boolean {
  const words = ({ name, summary, content, sensitive }: Pick<Post, 'name' | 'summary' | 'content' | 'sensitive'>) => [
    name,
    summary,
    content,
    sensitive,
  ]
  const pictures = (all: readonly Pick<Attachment, 'url' | 'alt'>[]) => all.map(({ url, alt }) => [url, alt])
  return !isDeepStrictEqual([words(before), pictures(carried)], [words(after), pictures(after.attachments ?? [])])
}

/** Only its author can take a post back. A post that comes after its own deletion stays deleted. */
export function hearDeletion(ctx: Context, author: string, iri: string): boolean {
  return transact(ctx.db, tx => {
    const now = ctx.now()
    const kept = postByIri(tx, iri)
    if (kept && deletePost(tx, author, iri, now)) {
      record(tx, { kind: 'post.retracted', subject: String(kept.id), at: now })
      return true
    }
    if (!isFollowed(tx, author)) return false
    return (
      addPost(tx, {
        ...PLAIN,
        source: null,
        content: '',
        local: false,
        iri,
        author,
        type: 'Note',
        url: iri,
        publishedAt: now,
        deletedAt: now,
      }) !== undefined
    )
  })
}

/** An actor the community follows boosts a post of somebody else that is here. Returns false if it is not. */
export function hearBoost(ctx: Context, actor: string, postIri: string, iri: string): boolean {
  return transact(ctx.db, tx => {
    const post = postByIri(tx, postIri)
    if (!post || post.local || post.deletedAt || !isOpen(post) || !isFollowed(tx, actor)) return false
    if (addReaction(tx, { post: post.id, actor, kind: 'boost', iri, at: ctx.now() })) placeBoost(tx, post.id, actor, ctx.now(), false)
    return true
  })
}

/** Somebody likes or boosts a post of the community. */
export function hearReaction(ctx: Context, actor: string, kind: Reaction['kind'], postIri: string, iri: string): boolean {
  return transact(ctx.db, tx => {
    const post = postByIri(tx, postIri)
    if (!post?.local || post.deletedAt || !addReaction(tx, { post: post.id, actor, kind, iri, at: ctx.now() })) return false
    notice(ctx, tx, kind === 'like' ? 'favourite' : 'reblog', actor, post.id)
    return true
  })
}

export function hearReactionTakenBack(ctx: Context, actor: string, iri: string): boolean {
  return transact(ctx.db, tx => {
    const back = reactionByIri(tx, actor, iri)
    if (back) removeNotice(tx, { kind: back.kind === 'like' ? 'favourite' : 'reblog', actor, post: back.post })
    return removeReaction(tx, actor, iri) || boostTakenBack(tx, actor, iri)
  })
}

/** An actor blocks the community: neither follows the other any more. */
export function hearBlock(ctx: Context, actor: string): boolean {
  return transact(ctx.db, tx => {
    const left = removeFollower(tx, actor)
    const cut = removeFollowing(tx, actor)
    if (left) record(tx, { kind: 'follower.left', subject: actor, at: ctx.now() })
    return left || cut
  })
}
