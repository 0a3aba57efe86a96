import { addErrand } from '../../db/errand.ts'
import { isFollowed } from '../../db/following.ts'
import { transact } from '../../db/open.ts'
import { type Handler, objectId } from '../received.ts'
import { publicTo } from './community.ts'

/** FEP-7628, as Mastodon sends it: from the old actor, about itself. */
export function move(id: string, actor: string, target: string) {
  return { id, type: 'Move', actor, object: actor, target, ...publicTo(actor) }
}

/** Believed only when the new actor's own document says the same, so that is fetched first. */
export const onMove: Handler = ({ ctx }, { sender, object, target }) => {
  const to = objectId(target)
  if (objectId(object) !== sender.id || !to || to === sender.id) return 'not its own move'
  if (!isFollowed(ctx.db, sender.id)) return 'not followed'
  transact(ctx.db, tx => addErrand(tx, sender.id, to, ctx.now(), 'move'))
  return undefined
}
