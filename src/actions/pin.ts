import type { Context } from '../context.ts'
import { theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { isFollowed } from '../db/following.ts'
import { type Tx, transact } from '../db/open.ts'
import { pinnedPosts, setPinned } from '../db/pin.ts'
import { postById, postByIri } from '../db/post.ts'
import { communityIri } from '../domain/iri.ts'
import type { Post } from '../domain/post.ts'
import { MOST_PINS } from '../domain/post-kind.ts'
import { Refusal } from '../domain/refusal.ts'

/** Puts an own post where visitors see it first. @throws Refusal when it is not a public post of ours, or five are pinned already */
export function pinPost(ctx: Context, id: number): Post {
  return transact(ctx.db, tx => {
    const post = ownPost(tx, ctx, id)
    if (post.visibility !== 'public' && post.visibility !== 'unlisted')
      throw new Refusal('invalid', 'Only a post for everybody can be pinned.')
    if (post.pinnedAt) throw new Refusal('conflict', `Post ${id} is pinned already.`)
    if (pinnedPosts(tx, post.author).length >= MOST_PINS)
      throw new Refusal('conflict', `${MOST_PINS} posts are pinned already. npx archipelago unpin NUMBER makes room.`)
    setPinned(tx, id, ctx.now())
    record(tx, { kind: 'post.pinned', subject: String(id), at: ctx.now() })
    return post
  })
}

/** @throws Refusal when it is no post of ours, or not pinned */
export function unpinPost(ctx: Context, id: number): Post {
  return transact(ctx.db, tx => {
    const post = ownPost(tx, ctx, id)
    if (!post.pinnedAt) throw new Refusal('conflict', `Post ${id} is not pinned.`)
    setPinned(tx, id, null)
    record(tx, { kind: 'post.unpinned', subject: String(id), at: ctx.now() })
    return post
  })
}

function ownPost(tx: Tx, { config }: Context, id: number): Post {
  const { handle } = theCommunity(tx)
  const post = postById(tx, id)
  if (!post?.local || post.deletedAt || post.author !== communityIri(config.publicUrl, handle))
    throw new Refusal('missing', `There is no post numbered ${id}.`)
  return post
}

/** Whether what an actor pins is any business of ours: it is followed. */
export function heedsPinsOf({ db }: Context, actor: string): boolean {
  return isFollowed(db, actor)
}

/**
 * An actor the community follows has pinned a post of its own, or does not pin it any more.
 * @returns false when that post is not kept here, not its own, or stood so already
 */
export function hearPin(ctx: Context, actor: string, iri: string, pinned: boolean): boolean {
  return transact(ctx.db, tx => {
    const post = postByIri(tx, iri)
    if (!heedsPinsOf(ctx, actor) || !post || post.local || post.deletedAt || post.author !== actor) return false
    if (Boolean(post.pinnedAt) === pinned) return false
    setPinned(tx, post.id, pinned ? ctx.now() : null)
    return true
  })
}
