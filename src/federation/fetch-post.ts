import { z } from 'zod'
import { hearActor, hearBoost, hearPost } from '../actions/neighbour.ts'
import { actorOf } from '../db/actor.ts'
import { isBlocked } from '../db/block.ts'
import type { Errand } from '../db/errand.ts'
import { isFollowed } from '../db/following.ts'
import { postByIri } from '../db/post.ts'
import { readActor } from './activities/actor.ts'
import { readPostOf } from './activities/post.ts'
import { read } from './document.ts'
import type { Federation } from './federation.ts'
import { MOST_STEPS, seekPost } from './thread.ts'
import { one, reference, sameOrigin } from './wire.ts'

const Attributed = z.looseObject({ attributedTo: one(reference) })

/**
 * Fetches a post that a kept one answers, or that somebody we follow has boosted, at its own origin, and its author if nothing is known
 * of them: two requests at most. It is kept only if it is for everybody, and its author lives where it lives and is not blocked.
 * @returns what is to be done about it
 */
export async function fetchPost(federation: Federation, { actor, object, depth, attempts, boost }: Errand): Promise<() => void> {
  const { ctx } = federation
  const steps = depth + attempts
  const boosted = (iri: string) => boost !== null && hearBoost(ctx, actor, iri, boost)
  if (postByIri(ctx.db, object)) return () => void boosted(object)
  const { document, at } = await read(federation, object)
  // Some servers name a post by the address of its page. Its id, fetched, decides, and is one step more.
  if (document.id !== at) return () => (sameOrigin(document.id, at) ? seekPost(ctx, actor, document.id, steps, boost) : undefined)
  const author = Attributed.parse(document).attributedTo
  if (!author || !sameOrigin(author, at) || isBlocked(ctx.db, author)) return () => {}
  const known = actorOf(ctx.db, author)
  const news = known ? undefined : await authorOf(federation, author)
  const writer = known ?? news?.actor
  if (!writer || writer.goneAt) return () => {}
  return () => {
    // Whoever started this may have been left, or have taken the boost back, while the post was on its way.
    if (boost !== null && !isFollowed(ctx.db, actor)) return
    const post = readPostOf(ctx, writer, document)
    if (!post) return
    if (news && !actorOf(ctx.db, author)) hearActor(ctx, news)
    if (hearPost(ctx, post, 'sought')) seekPost(ctx, actor, post.inReplyTo, steps)
    boosted(post.iri)
  }
}

async function authorOf(federation: Federation, id: string) {
  const { document, at } = await read(federation, id)
  return document.id === id && at === id ? readActor(document, federation.ctx.now()) : undefined
}

/** Whether an errand to a post has been tried as often as it may be. */
export function isTooFar({ kind, depth, attempts }: Errand): boolean {
  return kind === 'post' && depth + attempts >= MOST_STEPS
}
