import { firstReceipt } from '../db/activity.ts'
import { isGone } from '../db/actor.ts'
import { hostRevived } from '../db/delivery.ts'
import { followingOf } from '../db/following.ts'
import type { Db } from '../db/open.ts'
import { isRelay } from '../db/relay.ts'
import { onDeleteActor, onUpdateActor, readAgain } from './activities/actor.ts'
import { onAdd, onRemove } from './activities/featured.ts'
import { onAccept, onFollow, onReject, onUndo } from './activities/follow.ts'
import { isHint, onHint } from './activities/hint.ts'
import { onMove } from './activities/move.ts'
import { onCreatePost, onDeletePost, onUpdatePost } from './activities/post.ts'
import { onQuoteRequest } from './activities/quote.ts'
import { onAnnounce, onBlock, onLike } from './activities/reaction.ts'
import { onRelayed } from './activities/relay.ts'
import { onFlag } from './activities/report.ts'
import type { Federation } from './federation.ts'
import { type Handler, objectId, objectOf, type Received } from './received.ts'

/** Every activity this node understands, by type and by what it is about. Anything else is taken and has no effect. FEDERATION.md lists the same. */
export const handlers: Record<string, Handler> = {
  Follow: onFollow,
  Undo: onUndo,
  Accept: onAccept,
  Reject: onReject,
  Like: onLike,
  Announce: (federation, activity) => {
    if (isHint(activity.sender.id, activity.object)) return onHint(federation, activity)
    return (isRelay(federation.ctx.db, activity.sender.id) ? onRelayed : onAnnounce)(federation, activity)
  },
  Add: onAdd,
  Remove: onRemove,
  Block: onBlock,
  Flag: onFlag,
  QuoteRequest: onQuoteRequest,
  Move: onMove,
  Create: onCreatePost,
  Update: (federation, activity) => {
    const shown = objectOf(activity.object)
    if (shown && shown.id === activity.sender.id)
      return onUpdateActor(federation.ctx, activity.sender, shown) ? undefined : 'no actor of ours to know'
    if (!shown && objectId(activity.object) === activity.sender.id) return readAgain(federation.ctx, activity.sender)
    return onUpdatePost(federation, activity)
  },
  Delete: (federation, activity) => {
    if (objectId(activity.object) !== activity.sender.id) return onDeletePost(federation, activity)
    onDeleteActor(federation.ctx, activity.sender)
    return undefined
  },
}

/**
 * Gives an activity its effect, once for ever, and resolves when that is on the disk.
 * @returns why it had no effect, if it had none
 */
export function receive(federation: Federation, activity: Received): Promise<string | undefined> {
  const { ctx, commit } = federation
  return commit(tx => {
    const { type, sender } = activity
    const at = ctx.now()
    hostRevived(tx, sender.host, at)
    const first = firstReceipt(tx, { iri: receiptOf(activity), actor: sender.id, type, at })
    if (!first && !isAwaited(ctx.db, activity)) return 'received before'
    if (isGone(ctx.db, sender.id)) return 'its sender is gone'
    return Object.hasOwn(handlers, type) ? handlers[type]!(federation, activity) : 'not understood'
  })
}

// Mastodon says yes to each Follow of a follower, and no to each of somebody blocked, under the same id every time. While a Follow of
// ours waits, it may be the answer to that one.
function isAwaited(db: Db, { type, sender }: Received): boolean {
  return (type === 'Accept' || type === 'Reject') && followingOf(db, sender.id)?.state === 'pending'
}

// Misskey takes back each Follow of the same two under the same id, and says when: what was said at another time is another Undo.
function receiptOf({ id, type, published }: Received): string {
  const when = [published].flat()[0]
  return type === 'Undo' && typeof when === 'string' ? `${id} ${when.slice(0, 64)}` : id
}
