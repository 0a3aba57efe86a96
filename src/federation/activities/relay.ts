import { hearOfObject } from '../../actions/relay.ts'
import { PUBLIC } from '../context.ts'
import { type Handler, objectId } from '../received.ts'
import { sameOrigin } from '../wire.ts'
import { follow } from './follow.ts'

// Ours to the wire.

/** FEP-ae0c: Mastodon's relays are asked to follow everybody, LitePub's to be followed themselves. */
export function followRelay(id: string, actor: string, relay: string | undefined) {
  const { to: _, ...rest } = follow(id, actor, relay ?? PUBLIC)
  return rest
}

export function undoFollowRelay(id: string, actor: string, asked: object) {
  return { id, type: 'Undo', actor, object: asked }
}

// The wire to ours.

/** What an accepted relay announces is only a hint where there is something to read. */
export const onRelayed: Handler = ({ ctx }, { sender, object }) => {
  const iri = objectId(object)
  if (!iri || sameOrigin(iri, ctx.config.publicUrl)) return 'nothing new'
  return hearOfObject(ctx, sender.id, iri) ? undefined : 'enough for this hour'
}
