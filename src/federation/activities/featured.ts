import { hearPin, heedsPinsOf } from '../../actions/pin.ts'
import { addErrand } from '../../db/errand.ts'
import { type Db, transact } from '../../db/open.ts'
import { pinnedPosts } from '../../db/pin.ts'
import { postByIri } from '../../db/post.ts'
import type { Edition } from '../../domain/charter.ts'
import { isOpen, type Post } from '../../domain/post.ts'
import { postDocument } from '../post-document.ts'
import { type Handler, objectId, type Received } from '../received.ts'
import { sameOrigin } from '../wire.ts'
import { essenceNote, publicTo } from './community.ts'

// Ours to the wire.

export function addToFeatured(id: string, { author, iri }: Post) {
  return { id, type: 'Add', actor: author, object: iri, target: `${author}/featured`, ...publicTo(author) }
}

export function removeFromFeatured(id: string, { author, iri }: Post) {
  return { id, type: 'Remove', actor: author, object: iri, target: `${author}/featured`, ...publicTo(author) }
}

/** The essence of the charter first, then what the steward has pinned. */
export function featuredItems(db: Db, origin: string, actor: string, handle: string, current: Edition | undefined): object[] {
  const pinned = pinnedPosts(db, actor).filter(isOpen)
  return [...(current ? [essenceNote(origin, handle, current)] : []), ...pinned.map(post => postDocument(db, post))]
}

// The wire to ours.

/** Somebody we follow pins a post of its own. Nobody can put anything into a collection that is not its own. */
export const onAdd: Handler = ({ ctx }, activity) => {
  const iri = featuredBy(ctx, activity)
  if (!iri) return 'not its own featured collection'
  if (postByIri(ctx.db, iri)) return hearPin(ctx, activity.sender.id, iri, true) ? undefined : 'nothing to pin'
  transact(ctx.db, tx => addErrand(tx, activity.sender.id, iri, ctx.now(), 'pinned'))
  return undefined
}

export const onRemove: Handler = ({ ctx }, activity) => {
  const iri = featuredBy(ctx, activity)
  if (!iri) return 'not its own featured collection'
  return hearPin(ctx, activity.sender.id, iri, false) ? undefined : 'nothing to unpin'
}

/** The post that is meant, if the sender is followed and speaks of its own post and its own collection, as its own document names it. */
function featuredBy(ctx: Parameters<typeof heedsPinsOf>[0], { sender, object, target }: Received): string | undefined {
  const iri = objectId(object)
  const own = sender.featured !== null && objectId(target) === sender.featured
  return own && iri && sameOrigin(iri, sender.id) && heedsPinsOf(ctx, sender.id) ? iri : undefined
}
