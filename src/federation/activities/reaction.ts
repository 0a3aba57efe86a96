import { hearBlock, hearBoost, hearReaction } from '../../actions/neighbour.ts'
import { localCommunity } from '../../db/community.ts'
import { isFollowed } from '../../db/following.ts'
import { communityIri } from '../../domain/iri.ts'
import type { Post } from '../../domain/post.ts'
import { type Handler, objectId } from '../received.ts'
import { seekPost } from '../thread.ts'
import { publicTo } from './community.ts'

// Ours to the wire.

export function like(id: string, actor: string, { iri, author }: Post) {
  return { id, type: 'Like', actor, object: iri, to: [author] }
}

/** A boost: the post itself stays where it is, everyone fetches it there. */
export function announce(id: string, actor: string, { iri, author }: Post, at: Date) {
  const { to, cc } = publicTo(actor)
  return { id, type: 'Announce', actor, published: at.toISOString(), object: iri, to, cc: [...cc, author] }
}

export function undoReaction(id: string, reaction: ReturnType<typeof like> | ReturnType<typeof announce>) {
  const { actor, to } = reaction
  return { id, type: 'Undo', actor, to, ...('cc' in reaction ? { cc: reaction.cc } : {}), object: reaction }
}

// The wire to ours.

/** Only what is said of our own posts is kept. */
const react =
  (kind: 'like' | 'boost'): Handler =>
  ({ ctx }, { id, sender, object }) => {
    const post = objectId(object)
    return post && hearReaction(ctx, sender.id, kind, post, id) ? undefined : 'about no post of ours'
  }
export const onLike = react('like')

/** A boost of ours is counted; what somebody we follow boosts of others is kept, fetched at its origin if it is not here. */
export const onAnnounce: Handler = (federation, activity) => {
  const { ctx } = federation
  const { id, sender, object } = activity
  const why = react('boost')(federation, activity)
  const post = objectId(object)
  if (!why || !post || !isFollowed(ctx.db, sender.id)) return why
  if (!hearBoost(ctx, sender.id, post, id)) seekPost(ctx, sender.id, post, 0, id)
  return undefined
}

export const onBlock: Handler = ({ ctx }, { sender, object }) => {
  const community = localCommunity(ctx.db)
  if (!community || objectId(object) !== communityIri(ctx.config.publicUrl, community.handle)) return 'not about us'
  return hearBlock(ctx, sender.id) ? undefined : 'nothing to cut'
}
