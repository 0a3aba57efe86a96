import { viewOf } from '../actions/peer.ts'
import { activityByIri } from '../db/activity.ts'
import { postById } from '../db/post.ts'
import { reactionOf } from '../db/reaction.ts'
import { recordOf } from '../db/record.ts'
import type { EventKind } from '../domain/event.ts'
import { objectIri } from '../domain/iri.ts'
import { newId } from '../lib/id.ts'
import { addToFeatured, removeFromFeatured } from './activities/featured.ts'
import { hint } from './activities/hint.ts'
import { vote } from './activities/question.ts'
import { announce, like, undoReaction } from './activities/reaction.ts'
import type { Outgoing, Speaker } from './outbox.ts'

/** What others hear of questions, votes, pins, likes and boosts. Part of `translations`. */
export const kindTranslations: Partial<Record<EventKind, (speaker: Speaker) => Outgoing[]>> = {
  'question.voted': speaker => {
    const { federation, event, me, newIri } = speaker
    const post = standing(speaker)
    if (!post) return []
    return (JSON.parse(event.data!.options!) as string[]).map(option => {
      const noteId = objectIri(federation.ctx.config.publicUrl, newId(event.at))
      return { activity: vote(newIri(), noteId, me, post, option, event.at), to: { actor: post.author }, listed: false }
    })
  },
  // The node says it, and not the community: its followers hear of the change itself.
  'entry.published': ({ federation, event, newIri }) => {
    const { db, config } = federation.ctx
    const inboxes = viewOf(db, federation.ctx.now()).flatMap(peer => peer.inbox ?? [])
    if (inboxes.length === 0) return []
    return [{ activity: hint(newIri(), config.publicUrl, event.subject), to: { inboxes }, listed: false }]
  },
  'peer.met': ({ federation, event, me, newIri }) => {
    const hash = recordOf(federation.ctx.db, me)?.hash?.toString('hex')
    const origin = federation.ctx.config.publicUrl
    return hash ? [{ activity: hint(newIri(), origin, hash), to: { inbox: event.subject }, listed: false }] : []
  },
  'post.pinned': speaker => {
    const post = standing(speaker)
    return post ? [{ activity: addToFeatured(speaker.newIri(), post), to: 'followers', listed: false }] : []
  },
  'post.unpinned': speaker => {
    const post = standing(speaker)
    return post ? [{ activity: removeFromFeatured(speaker.newIri(), post), to: 'followers', listed: false }] : []
  },
  'reaction.given': speaker => {
    const { federation, event, me } = speaker
    const { kind, iri } = event.data!
    const post = standing(speaker)
    // Taken back before anybody heard of it.
    if (!post || reactionOf(federation.ctx.db, post.id, me, kind as 'like' | 'boost')?.iri !== iri) return []
    if (kind === 'like') return [{ activity: like(iri!, me, post), to: { actor: post.author }, listed: false }]
    return [{ activity: announce(iri!, me, post, event.at), ...everyoneAnd(post.author, me), listed: true }]
  },
  'reaction.withdrawn': ({ federation, event, me, newIri }) => {
    const { kind, iri } = event.data!
    const post = postById(federation.ctx.db, Number(event.subject))
    const said = activityByIri(federation.ctx.db, iri!)
    if (!post || !said) return []
    if (kind === 'like') return [{ activity: undoReaction(newIri(), like(iri!, me, post)), to: { actor: post.author }, listed: false }]
    return [{ activity: undoReaction(newIri(), announce(iri!, me, post, said.at)), ...everyoneAnd(post.author, me), listed: false }]
  },
}

function standing({ federation, event }: Speaker) {
  const post = postById(federation.ctx.db, Number(event.subject))
  return post?.deletedAt ? undefined : post
}

function everyoneAnd(author: string, me: string): Pick<Outgoing, 'to'> {
  return { to: author === me ? 'followers' : { followers: true, actors: [author] } }
}
