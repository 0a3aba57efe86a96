import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../context.ts'
import { actorOf, markGone, saveActor } from '../db/actor.ts'
import { removeEntry } from '../db/directory.ts'
import { record } from '../db/event.ts'
import { removeFollower } from '../db/follower.ts'
import { followingOf, removeFollowing } from '../db/following.ts'
import { transact } from '../db/open.ts'
import { addPost, deletePost, deletePostsBy, postByIri, revisePost } from '../db/post.ts'
import { addReaction, type Reaction, removeReaction, removeReactionsBy } from '../db/reaction.ts'
import type { Actor, ActorNews } from '../domain/actor.ts'
import { PLAIN, type Post } from '../domain/post.ts'
import { listActor } from './directory.ts'

/**
 * Takes what an actor's own origin says of it, and of its charter (see `listActor`).
 * @param wanted somebody here looked it up
 */
export function hearActor(ctx: Context, { actor, keys }: ActorNews, wanted?: 'lookup'): void {
  transact(ctx.db, tx => {
    const known = actorOf(tx, actor.id)
    saveActor(tx, actor, keys)
    listActor(tx, actor.id, wanted)
    if (known && !saysTheSame(known, actor)) record(tx, { kind: 'actor.changed', subject: actor.id, at: ctx.now() })
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
    removeEntry(tx, id)
    removeFollower(tx, id)
    removeFollowing(tx, id)
    deletePostsBy(tx, id, now)
    removeReactionsBy(tx, id)
    record(tx, { kind: 'actor.gone', subject: id, at: now })
  })
}

/** Keeps a post of an actor the community follows. Others' posts are none of our business. */
export function hearPost(ctx: Context, post: Omit<Post, 'id' | 'local' | 'source' | 'deletedAt'>): boolean {
  return transact(ctx.db, tx => {
    if (followingOf(tx, post.author)?.state !== 'accepted') return false
    return addPost(tx, { ...post, local: false, source: null, deletedAt: null }) !== undefined
  })
}

/** Only its author can change a post, and only one that is here. */
export function hearRevision(
  ctx: Context,
  post: Pick<Post, 'author' | 'iri' | 'name' | 'summary' | 'content' | 'url' | 'updatedAt'>,
): boolean {
  const { author, iri, ...words } = post
  return transact(ctx.db, tx => revisePost(tx, author, iri, words))
}

/** Only its author can take a post back. A post that comes after its own deletion stays deleted. */
export function hearDeletion(ctx: Context, author: string, iri: string): boolean {
  return transact(ctx.db, tx => {
    const now = ctx.now()
    if (deletePost(tx, author, iri, now)) return true
    if (followingOf(tx, author)?.state !== 'accepted') return false
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

/** Somebody likes or boosts a post of the community. */
export function hearReaction(ctx: Context, actor: string, kind: Reaction['kind'], postIri: string, iri: string): boolean {
  return transact(ctx.db, tx => {
    const post = postByIri(tx, postIri)
    return Boolean(post?.local && !post.deletedAt && addReaction(tx, { post: post.id, actor, kind, iri, at: ctx.now() }))
  })
}

export function hearReactionTakenBack(ctx: Context, actor: string, iri: string): boolean {
  return transact(ctx.db, tx => removeReaction(tx, actor, iri))
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
