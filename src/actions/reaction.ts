import type { Context } from '../context.ts'
import { hideActivity } from '../db/activity.ts'
import { theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { freshIri } from '../db/fresh-iri.ts'
import { transact } from '../db/open.ts'
import { postById, postByIri } from '../db/post.ts'
import { addReaction, type Reaction, reactionOf, removeReaction } from '../db/reaction.ts'
import { activityIri, communityIri } from '../domain/iri.ts'
import type { HeardPost, Post } from '../domain/post.ts'
import { Refusal } from '../domain/refusal.ts'
import { hearPost } from './neighbour.ts'
import { placeBoost } from './timeline.ts'

/**
 * The community likes a post, or boosts it to its followers. Doing so twice changes nothing.
 * @throws Refusal when there is no such post, it may not be boosted, or it is its own and can't be liked
 */
export function react(ctx: Context, id: number, kind: Reaction['kind']): Post {
  return transact(ctx.db, tx => {
    const actor = communityIri(ctx.config.publicUrl, theCommunity(tx).handle)
    const post = postById(tx, id)
    if (!post || post.deletedAt) throw new Refusal('missing', `There is no post numbered ${id}.`)
    if (kind === 'like' && post.local) throw new Refusal('invalid', 'That is this community’s own post; it can’t like it.')
    if (kind === 'boost' && post.visibility !== 'public' && post.visibility !== 'unlisted')
      throw new Refusal('forbidden', 'This post is not for everybody, so it can’t be boosted.')
    if (reactionOf(tx, id, actor, kind)) return post
    const at = ctx.now()
    const iri = freshIri(tx, id => activityIri(ctx.config.publicUrl, id), at)
    addReaction(tx, { post: id, actor, kind, iri, at })
    if (kind === 'boost') placeBoost(tx, id, actor, at, true)
    record(tx, { kind: 'reaction.given', subject: String(id), at, data: { kind, iri } })
    return post
  })
}

/** The community takes back its like or boost. @throws Refusal when there is none */
export function takeReactionBack(ctx: Context, id: number, kind: Reaction['kind']): Post {
  return transact(ctx.db, tx => {
    const actor = communityIri(ctx.config.publicUrl, theCommunity(tx).handle)
    const post = postById(tx, id)
    const standing = post && reactionOf(tx, id, actor, kind)
    if (!standing)
      throw new Refusal(
        'missing',
        kind === 'like' ? 'This community does not like this post.' : 'This community has not boosted this post.',
      )
    removeReaction(tx, actor, standing.iri)
    hideActivity(tx, standing.iri)
    record(tx, { kind: 'reaction.withdrawn', subject: String(id), at: ctx.now(), data: { kind, iri: standing.iri } })
    return post
  })
}

/** Keeps a post the steward has asked for, whoever wrote it. What was deleted stays so. @throws Refusal when it has been deleted */
export function keepPost(ctx: Context, post: HeardPost): Post {
  return transact(ctx.db, tx => {
    hearPost(ctx, post, 'sought')
    const kept = postByIri(tx, post.iri)
    if (!kept || kept.deletedAt) throw new Refusal('missing', 'Its author has deleted this post.')
    return kept
  })
}
