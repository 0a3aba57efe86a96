import { saveActivity } from '../db/activity.ts'
import { actorOf } from '../db/actor.ts'
import { isSuspended } from '../db/block.ts'
import { publicEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { hostOf, queueDelivery } from '../db/delivery.ts'
import { advance, cursor, eventsAfter, type LoggedEvent } from '../db/event.ts'
import { followerInboxes } from '../db/follower.ts'
import { type Tx, transact } from '../db/open.ts'
import { postById } from '../db/post.ts'
import type { EventKind } from '../domain/event.ts'
import { activityIri, communityIri } from '../domain/iri.ts'
import { newId } from '../lib/id.ts'
import { communityActor, publicTo } from './activities/community.ts'
import { answerFollow, follow, undoFollow } from './activities/follow.ts'
import { move } from './activities/move.ts'
import { charterArticle, create, deletePost, note } from './activities/post.ts'
import { CONTEXT } from './context.ts'
import type { Federation } from './federation.ts'
import { proven } from './proven.ts'

/** Events told in one transaction: one fsync serves them all, and nobody waits long for it. */
const BATCH = 32

type Activity = { id: string; type: string; actor: string }
/** What is said and to whom: `followers`, or one actor. A `listed` one stands in the outbox for everybody to read. */
type Outgoing = { activity: Activity; to: 'followers' | { actor: string }; listed: boolean }
type Speaker = { federation: Federation; event: LoggedEvent; me: string; handle: string; newIri: () => string }

/** What others hear of, and in which words. Events that are not here stay at home. FEDERATION.md lists the same. */
export const translations: Partial<Record<EventKind, (speaker: Speaker) => Outgoing[]>> = {
  'charter.published': speaker => {
    const edition = publicEdition(speaker.federation.ctx.db, Number(speaker.event.subject))
    if (!edition) return []
    const article = create(speaker.newIri(), charterArticle(speaker.federation.ctx.config.publicUrl, speaker.handle, edition))
    return [{ activity: article, to: 'followers', listed: true }, ...actorChanged(speaker)]
  },
  'community.settings_changed': actorChanged,
  'keys.rotated': actorChanged,
  'post.published': ({ federation, event, newIri }) => {
    const post = postById(federation.ctx.db, Number(event.subject))
    return post && !post.deletedAt ? [{ activity: create(newIri(), note(post)), to: 'followers', listed: true }] : []
  },
  'post.deleted': ({ federation, event, newIri }) => {
    const post = postById(federation.ctx.db, Number(event.subject))
    return post ? [{ activity: deletePost(newIri(), post), to: 'followers', listed: false }] : []
  },
  'follow.requested': ({ event, me }) => [
    { activity: follow(event.data!.followId!, me, event.subject), to: { actor: event.subject }, listed: false },
  ],
  'follow.withdrawn': ({ event, me, newIri }) => [
    { activity: undoFollow(newIri(), me, event.subject, event.data!.followId!), to: { actor: event.subject }, listed: false },
  ],
  'community.moved': ({ event, me, newIri }) => [{ activity: move(newIri(), me, event.subject), to: 'followers', listed: false }],
  'follower.accepted': speaker => [answer(speaker, 'Accept')],
  'follower.rejected': speaker => [answer(speaker, 'Reject')],
}

function answer({ event, me, newIri }: Speaker, type: 'Accept' | 'Reject'): Outgoing {
  return { activity: answerFollow(newIri(), type, me, event.subject, event.data!.followId!), to: { actor: event.subject }, listed: false }
}

function actorChanged({ federation, me, newIri }: Speaker): Outgoing[] {
  const actor = communityActor(federation)
  if (!actor) return []
  const { '@context': _, ...object } = actor as Record<string, unknown>
  return [{ activity: { id: newIri(), type: 'Update', actor: me, ...publicTo(me), object } as Activity, to: 'followers', listed: false }]
}

/**
 * Reads the event log from where it last stopped, and queues what others should hear. Activities, deliveries and the cursor move in
 * one transaction: a crash loses nothing and repeats nothing.
 * @returns how many events were read
 */
export function tellOthers(federation: Federation): number {
  const { db } = federation.ctx
  if (eventsAfter(db, cursor(db, 'outbox'), 1).length === 0) return 0
  return transact(db, tx => {
    // Read anew under the lock: another process may have been faster.
    const events = eventsAfter(tx, cursor(tx, 'outbox'), BATCH)
    for (const event of events) for (const outgoing of translate(federation, event)) queue(federation, tx, outgoing)
    const last = events.at(-1)
    if (last) advance(tx, 'outbox', last.id)
    return events.length
  })
}

function translate(federation: Federation, event: LoggedEvent): Outgoing[] {
  const { ctx } = federation
  const community = localCommunity(ctx.db)
  if (!community) return []
  const { publicUrl } = ctx.config
  const newIri = () => activityIri(publicUrl, newId(ctx.now()))
  return (
    translations[event.kind]?.({ federation, event, me: communityIri(publicUrl, community.handle), handle: community.handle, newIri }) ?? []
  )
}

function queue(federation: Federation, tx: Tx, { activity, to, listed }: Outgoing): void {
  const { ctx, engine } = federation
  const now = ctx.now()
  const { id: iri, actor, type } = activity
  const everyone = to === 'followers'
  const body = engine.stringify(everyone ? proven(federation, actor, activity, now) : { '@context': CONTEXT, ...activity })
  const id = saveActivity(tx, { iri, actor, type, public: listed, body, at: now })
  const target = to === 'followers' ? undefined : actorOf(tx, to.actor)
  const inboxes = to === 'followers' ? followerInboxes(tx) : target && !target.goneAt ? [target.inbox] : []
  // A row that is no address must not stop the others.
  for (const inbox of inboxes)
    if (URL.canParse(inbox) && !isSuspended(tx, new URL(inbox).host) && !parked(tx, inbox, now)) queueDelivery(tx, id, inbox, now)
}

const PARKED_AFTER_MS = 7 * 24 * 3_600_000

// A server that has not answered for seven days gets nothing new until it speaks to us again.
function parked(tx: Tx, inbox: string, now: Date): boolean {
  const since = hostOf(tx, new URL(inbox).host)?.failingSince
  return since != null && now.getTime() - since.getTime() > PARKED_AFTER_MS
}
