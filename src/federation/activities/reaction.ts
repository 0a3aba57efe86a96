import { hearBlock, hearReaction } from '../../actions/neighbour.ts'
import { localCommunity } from '../../db/community.ts'
import { communityIri } from '../../domain/iri.ts'
import { type Handler, objectId } from '../received.ts'

/** Only what is said of our own posts is kept. */
const react =
  (kind: 'like' | 'boost'): Handler =>
  ({ ctx }, { id, sender, object }) => {
    const post = objectId(object)
    return post && hearReaction(ctx, sender.id, kind, post, id) ? undefined : 'about no post of ours'
  }
export const onLike = react('like')
export const onAnnounce = react('boost')

export const onBlock: Handler = ({ ctx }, { sender, object }) => {
  const community = localCommunity(ctx.db)
  if (!community || objectId(object) !== communityIri(ctx.config.publicUrl, community.handle)) return 'not about us'
  return hearBlock(ctx, sender.id) ? undefined : 'nothing to cut'
}
