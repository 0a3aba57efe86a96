import type { Context } from '../context.ts'
import { addErrand } from '../db/errand.ts'
import { transact } from '../db/open.ts'
import { postByIri } from '../db/post.ts'
import { sameOrigin } from './wire.ts'

/**
 * How many posts away from what was received a thread is followed. A step that has to be tried again counts again, and each asks for
 * at most two documents, a post and its author: so one activity costs others at most 20 requests.
 */
export const MOST_STEPS = 10

/**
 * Has the post that a kept one answers fetched, if it is not here and not too far away.
 * @param actor whose activity started this @param steps how far the kept post is from that activity
 * @param boost the Announce that pointed to it, if it is not answered but boosted
 */
export function seekPost(
  { config, db, now }: Context,
  actor: string,
  iri: string | null,
  steps: number,
  boost: string | null = null,
): void {
  if (!iri || steps >= MOST_STEPS || sameOrigin(iri, config.publicUrl) || (boost === null && postByIri(db, iri))) return
  transact(db, tx => addErrand(tx, actor, iri, now(), 'post', { depth: steps + 1, boost }))
}
