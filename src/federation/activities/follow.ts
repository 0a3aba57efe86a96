import { followerLeft, welcomeFollower } from '../../actions/follower.ts'
import { followAnswered } from '../../actions/following.ts'
import { hearReactionTakenBack } from '../../actions/neighbour.ts'
import { relayAnswered } from '../../actions/relay.ts'
import { firstReceipt, receivedAs } from '../../db/activity.ts'
import { localCommunity } from '../../db/community.ts'
import { followingOf } from '../../db/following.ts'
import { transact } from '../../db/open.ts'
import { communityIri } from '../../domain/iri.ts'
import { type Handler, objectId, objectOf } from '../received.ts'
import { sameAddress } from '../wire.ts'

// Ours to the wire.

export function follow(id: string, actor: string, object: string) {
  return { id, type: 'Follow', actor, object, to: [object] }
}

export function undoFollow(id: string, actor: string, object: string, followId: string) {
  return { id, type: 'Undo', actor, object: follow(followId, actor, object), to: [object] }
}

export function answerFollow(id: string, type: 'Accept' | 'Reject', actor: string, follower: string, followId: string) {
  return { id, type, actor, object: follow(followId, follower, actor), to: [follower] }
}

// The wire to ours.

export const onFollow: Handler = ({ ctx }, { id, sender, object }) => {
  const community = localCommunity(ctx.db)
  if (!community || !sameAddress(objectId(object), communityIri(ctx.config.publicUrl, community.handle))) return 'not for us'
  welcomeFollower(ctx, sender.id, id)
  return undefined
}

/** What of others can be undone here: a Follow, a Like, an Announce, each named or shown. */
export const onUndo: Handler = ({ ctx }, { sender, object }) => {
  const undone = objectId(object)
  const shown = objectOf(object)
  if (undone && hearReactionTakenBack(ctx, sender.id, undone)) return undefined
  if (shown && shown.type !== 'Follow') return 'nothing to undo'
  // Shown without an id it can only mean the one Follow there is (WordPress and older servers send it so).
  if (!undone && !shown) return 'nothing to undo'
  if (followerLeft(ctx, sender.id, undone)) return undefined
  // Misskey shows the Follow under another id than it sent it with. One that did come is another than the one that stands.
  if (undone && shown && receivedAs(ctx.db, sender.id, undone) !== 'Follow' && followerLeft(ctx, sender.id)) return undefined
  // It overtook the Follow it takes back: remember that one as dealt with, so that it has no effect when it comes.
  if (undone) transact(ctx.db, tx => firstReceipt(tx, { iri: undone, actor: sender.id, type: 'Undo', at: ctx.now() }))
  return 'nothing to undo'
}

export const onAccept: Handler = (federation, activity) => answered(federation, activity, 'accepted')
export const onReject: Handler = (federation, activity) => answered(federation, activity, 'rejected')

const answered = (...[{ ctx }, { sender, object }, answer]: [...Parameters<Handler>, 'accepted' | 'rejected']) => {
  // Some servers show the Follow without its id, or under an id of their own; the one we sent to this actor is the only one it can mean.
  const shown = objectOf(object)
  const followId = objectId(object) ?? (shown?.type === 'Follow' ? followingOf(ctx.db, sender.id)?.followId : undefined)
  const heard = followId && (followAnswered(ctx, sender.id, followId, answer) || relayAnswered(ctx, sender.id, followId, answer))
  return heard ? undefined : 'answers nothing we asked'
}
