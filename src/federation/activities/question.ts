import { z } from 'zod'
import { hearVote } from '../../actions/question.ts'
import type { Post } from '../../domain/post.ts'
import type { Normalised } from '../engine.ts'
import type { Federation } from '../federation.ts'
import type { Received } from '../received.ts'
import { one, reference, sameOrigin } from '../wire.ts'

/** GoToSocial sends all votes of one person in one activity. */
const MOST_VOTES = 20

// Ours to the wire.

/** A vote, for the author of the question alone: a note without words whose name is the option. */
export function vote(id: string, noteId: string, actor: string, { iri, author }: Post, option: string, at: Date) {
  const published = at.toISOString()
  const note = { id: noteId, type: 'Note', attributedTo: actor, name: option, inReplyTo: iri, published, to: [author] }
  return { id, type: 'Create', actor, published, to: [author], object: note }
}

// The wire to ours.

const Vote = z.looseObject({
  type: z.literal('Note'),
  name: one(z.string().min(1)),
  content: one(z.string().min(1)),
  inReplyTo: one(reference),
  attributedTo: one(reference),
})

/**
 * A note without words that answers something of ours with its name, as votes do.
 * @param shown what the activity shows, normalised
 * @returns false when it is no vote; else why it does not count, if it does not
 */
export function onVote({ ctx }: Federation, { sender, object }: Received, shown: Normalised): string | undefined | false {
  // Nearly everything that comes is no vote, so that has to be seen at a glance.
  if (shown.name === undefined || shown.inReplyTo === undefined) return false
  const parsed = Vote.safeParse(shown)
  if (!parsed.success || !parsed.data.name || parsed.data.content || !parsed.data.inReplyTo) return false
  const question = parsed.data.inReplyTo
  if (!sameOrigin(question, ctx.config.publicUrl)) return false
  const outcomes = (Array.isArray(object) ? object.slice(0, MOST_VOTES) : [shown]).map(item => {
    const { data: it } = Vote.safeParse(item)
    if (!it?.name || it.inReplyTo !== question || it.attributedTo !== sender.id) return 'not its own vote'
    return hearVote(ctx, sender.id, question, it.name)
  })
  return outcomes.includes(undefined) ? undefined : outcomes[0]
}
