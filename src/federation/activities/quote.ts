import { answerQuote } from '../../actions/quote.ts'
import type { Visibility } from '../../domain/post.ts'
import type { Quote, QuotePolicy } from '../../domain/quote.ts'
import { PUBLIC } from '../context.ts'
import { type Handler, objectId, objectOf } from '../received.ts'
import { reference, sameOrigin } from '../wire.ts'
import { publicTo } from './community.ts'

// Ours to the wire.

/** Who may quote a post, as its `interactionPolicy` says it. Nobody is the author alone: an empty list would say nothing (FEP-044f). */
export function interactionPolicy(policy: QuotePolicy, visibility: Visibility, author: string) {
  const open = visibility === 'public' || visibility === 'unlisted'
  const whom = { everyone: PUBLIC, followers: `${author}/followers`, nobody: author }[open ? policy : 'nobody']
  return { interactionPolicy: { canQuote: { automaticApproval: [whom] } } }
}

type Asked = { request: string; post: string; quoting: string }

export function answerQuoteRequest(id: string, type: 'Accept' | 'Reject', me: string, asker: string, asked: Asked, stamp?: string) {
  const object = { id: asked.request, type: 'QuoteRequest', actor: asker, object: asked.post, instrument: asked.quoting }
  return { id, type, actor: me, object, ...(stamp ? { result: stamp } : {}), to: [asker] }
}

/** The agreement itself: who reads the quoting post looks it up here. */
export function quoteAuthorization({ stamp, quoting }: Quote, post: { iri: string; author: string }) {
  return {
    id: stamp,
    type: 'QuoteAuthorization',
    attributedTo: post.author,
    interactingObject: quoting,
    interactionTarget: post.iri,
  }
}

export function deleteStamp(id: string, actor: string, stamp: string) {
  return { id, type: 'Delete', actor, object: stamp, ...publicTo(actor) }
}

// The wire to ours.

/** FEP-044f: somebody asks whether a post of theirs may quote one of ours. */
export const onQuoteRequest: Handler = ({ ctx }, { id, sender, object, instrument }) => {
  const post = objectId(object)
  const quoting = objectId(instrument)
  if (!post || !quoting || !sameOrigin(quoting, sender.id)) return 'no quote of its own'
  const shown = objectOf(instrument)?.attributedTo
  const author = reference.safeParse(Array.isArray(shown) ? shown[0] : shown)
  if (author.success && author.data !== sender.id) return 'no quote of its own'
  return answerQuote(ctx, sender.id, { request: id, post, quoting }) ? undefined : 'about no post of ours'
}
