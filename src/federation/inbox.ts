import { firstReceipt } from '../db/activity.ts'
import { actorOf } from '../db/actor.ts'
import { hostRevived } from '../db/delivery.ts'
import { transact } from '../db/open.ts'
import { onDeleteActor, onUpdateActor } from './activities/actor.ts'
import { onAccept, onFollow, onReject, onUndo } from './activities/follow.ts'
import { onMove } from './activities/move.ts'
import { onCreatePost, onDeletePost, onUpdatePost } from './activities/post.ts'
import { onAnnounce, onBlock, onLike } from './activities/reaction.ts'
import type { Federation } from './federation.ts'
import { type Handler, objectId, objectOf, type Received } from './received.ts'

/** Every activity this node understands, by type and by what it is about. Anything else is taken and has no effect. FEDERATION.md lists the same. */
export const handlers: Record<string, Handler> = {
  Follow: onFollow,
  Undo: onUndo,
  Accept: onAccept,
  Reject: onReject,
  Like: onLike,
  Announce: onAnnounce,
  Block: onBlock,
  Move: onMove,
  Create: onCreatePost,
  Update: (federation, activity) => {
    const shown = objectOf(activity.object)
    if (shown && shown.id === activity.sender.id)
      return onUpdateActor(federation.ctx, activity.sender, shown) ? undefined : 'no actor of ours to know'
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
  return commit(() => {
    const { id, type, sender } = activity
    const at = ctx.now()
    const first = transact(ctx.db, tx => {
      hostRevived(tx, sender.host, at)
      return firstReceipt(tx, { iri: id, actor: sender.id, type, at })
    })
    if (!first) return 'received before'
    if (actorOf(ctx.db, sender.id)?.goneAt) return 'its sender is gone'
    return Object.hasOwn(handlers, type) ? handlers[type]!(federation, activity) : 'not understood'
  })
}
