import { activityByIri, saveActivity } from '../db/activity.ts'
import { actorOf } from '../db/actor.ts'
import { isSuspended } from '../db/block.ts'
import { publicEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { hostOf, queueDelivery } from '../db/delivery.ts'
import { advance, cursor, eventsAfter, type LoggedEvent } from '../db/event.ts'
import { followerInboxes } from '../db/follower.ts'
import { allFollowing } from '../db/following.ts'
import { freshIri } from '../db/fresh-iri.ts'
import { mentionedIn } from '../db/mention.ts'
import { type Tx, transact } from '../db/open.ts'
import { postById } from '../db/post.ts'
import { reportOf } from '../db/report.ts'
import type { EventKind } from '../domain/event.ts'
import { activityIri, communityIri } from '../domain/iri.ts'
import { isOpen, type Post } from '../domain/post.ts'
import type { Mentioned } from '../domain/post-text.ts'
import { block, undoBlock } from './activities/block.ts'
import { communityActor, deleteActor, publicTo } from './activities/community.ts'
import { answerFollow, follow, undoFollow } from './activities/follow.ts'
import { move } from './activities/move.ts'
import { charterArticle, create, deletePost, updatePost } from './activities/post.ts'
import { answerQuoteRequest, deleteStamp } from './activities/quote.ts'
import { followRelay, undoFollowRelay } from './activities/relay.ts'
import { flag } from './activities/report.ts'
import { isEveryone } from './audience.ts'
import { CONTEXT } from './context.ts'
import { publishEntry } from './entry.ts'
import type { Federation } from './federation.ts'
import { kindTranslations } from './outbox-kinds.ts'
import { postDocument } from './post-document.ts'
import { proven } from './proven.ts'
import { relayInboxes } from './relay.ts'

/** Events told in one transaction: one fsync serves them all, and nobody waits long for it. */
const BATCH = 32

/** What may have made the community's entry say something else. */
const CHANGES_ENTRY: ReadonlySet<EventKind> = new Set([
  'charter.published',
  'charter.confirmed',
  'community.settings_changed',
  'keys.rotated',
  'community.moved',
  'community.ended',
  'community.vouched',
  'community.vouch_withdrawn',
])

type Activity = { id: string; type: string; actor: string }
/** What is said and to whom: `followers`, one actor, one inbox or some, or followers or not and some actors besides. A `listed` one stands in the outbox for everybody to read. */
export type Outgoing = { activity: Activity; to: 'followers' | { actor: string } | Inboxes | Audience; listed: boolean }
type Inboxes = { inbox: string } | { inboxes: readonly string[] }
type Audience = { followers: boolean; actors: readonly string[] }
export type Speaker = { federation: Federation; event: LoggedEvent; me: string; handle: string; newIri: () => string }

/** What others hear of, and in which words. Events that are not here stay at home. FEDERATION.md lists the same. */
export const translations: Partial<Record<EventKind, (speaker: Speaker) => Outgoing[]>> = {
  'charter.published': speaker => {
    const edition = publicEdition(speaker.federation.ctx.db, Number(speaker.event.subject))
    if (!edition) return []
    const article = create(speaker.newIri(), charterArticle(speaker.federation.ctx.config.publicUrl, speaker.handle, edition))
    return [{ activity: article, to: 'followers', listed: true }, ...actorChanged(speaker)]
  },
  'charter.confirmed': actorChanged,
  'community.settings_changed': actorChanged,
  'keys.rotated': actorChanged,
  'community.vouched': actorChanged,
  'community.vouch_withdrawn': actorChanged,
  'post.published': speaker => postChanged(speaker, create),
  'post.edited': speaker => postChanged(speaker, updatePost),
  // Its words are the same, so it has no new `updated`.
  'question.counted': speaker => postChanged(speaker, updatePost).map(said => ({ ...said, listed: false })),
  'post.deleted': ({ federation, event, newIri }) => {
    const post = postById(federation.ctx.db, Number(event.subject))
    if (!post) return []
    const mentioned = mentionedIn(federation.ctx.db, post.id)
    return [{ activity: deletePost(newIri(), post, mentioned), to: hearersOf(post, mentioned), listed: false }]
  },
  'follow.requested': ({ event, me }) => [
    { activity: follow(event.data!.followId!, me, event.subject), to: { actor: event.subject }, listed: false },
  ],
  'follow.withdrawn': ({ event, me, newIri }) => [
    { activity: undoFollow(newIri(), me, event.subject, event.data!.followId!), to: { actor: event.subject }, listed: false },
  ],
  'community.ended': ({ federation, me, newIri }) => {
    const activity = deleteActor(newIri(), me)
    const followed = allFollowing(federation.ctx.db).map(({ actor }) => actor)
    return [{ activity, to: { followers: true, actors: followed }, listed: false }]
  },
  'community.moved': ({ event, me, newIri }) => [{ activity: move(newIri(), me, event.subject), to: 'followers', listed: false }],
  'actor.blocked': ({ event, me }) => [
    { activity: block(event.data!.iri!, me, event.subject), to: { actor: event.subject }, listed: false },
  ],
  'actor.unblocked': ({ event, me, newIri }) => {
    const told = event.data?.iri
    return told ? [{ activity: undoBlock(newIri(), me, event.subject, told), to: { actor: event.subject }, listed: false }] : []
  },
  'report.filed': ({ federation, event }) => {
    const report = reportOf(federation.ctx.db, Number(event.subject))
    return report ? [{ activity: flag(report), to: { actor: report.target }, listed: false }] : []
  },
  'quote.accepted': speaker => [answerQuote(speaker, 'Accept')],
  'quote.rejected': speaker => [answerQuote(speaker, 'Reject')],
  'quote.revoked': ({ event, me, newIri }) => [
    { activity: deleteStamp(newIri(), me, event.subject), to: { actor: event.data!.actor! }, listed: false },
    { activity: deleteStamp(newIri(), me, event.subject), to: 'followers', listed: false },
  ],
  'relay.added': ({ event, me }) => [
    { activity: followRelay(event.data!.followId!, me, event.data!.actor), to: { inbox: event.subject }, listed: false },
  ],
  'relay.removed': ({ federation, event, me, newIri }) => {
    const asked = activityByIri(federation.ctx.db, event.data!.followId!)
    const { '@context': _, ...shown } = JSON.parse(asked?.body ?? '{}') as Record<string, unknown>
    return asked ? [{ activity: undoFollowRelay(newIri(), me, shown), to: { inbox: event.subject }, listed: false }] : []
  },
  ...kindTranslations,
  'follower.accepted': speaker => [answer(speaker, 'Accept')],
  'follower.rejected': speaker => [answer(speaker, 'Reject')],
}

function postChanged({ federation, event, newIri }: Speaker, say: (id: string, note: object) => Activity): Outgoing[] {
  const post = postById(federation.ctx.db, Number(event.subject))
  if (!post || post.deletedAt) return []
  const mentioned = mentionedIn(federation.ctx.db, post.id)
  return [{ activity: say(newIri(), postDocument(federation.ctx.db, post)), to: hearersOf(post, mentioned), listed: isOpen(post) }]
}

function hearersOf({ visibility }: Post, mentioned: readonly Mentioned[]): Audience {
  return { followers: visibility !== 'direct', actors: mentioned.map(one => one.actor) }
}

function answer({ event, me, newIri }: Speaker, type: 'Accept' | 'Reject'): Outgoing {
  return { activity: answerFollow(newIri(), type, me, event.subject, event.data!.followId!), to: { actor: event.subject }, listed: false }
}

function answerQuote({ event, me, newIri }: Speaker, type: 'Accept' | 'Reject'): Outgoing {
  const { request, post, quoting, stamp } = event.data!
  const asked = { request: request!, post: post!, quoting: quoting! }
  return { activity: answerQuoteRequest(newIri(), type, me, event.subject, asked, stamp), to: { actor: event.subject }, listed: false }
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
  const waiting = eventsAfter(db, cursor(db, 'outbox'), BATCH)
  if (waiting.length === 0) return 0
  // First, so that who hears of the change hears of the entry that says so.
  if (waiting.some(({ kind }) => CHANGES_ENTRY.has(kind))) publishEntry(federation)
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
  const newIri = () => freshIri(ctx.db, id => activityIri(publicUrl, id), ctx.now())
  return (
    translations[event.kind]?.({ federation, event, me: communityIri(publicUrl, community.handle), handle: community.handle, newIri }) ?? []
  )
}

function queue(federation: Federation, tx: Tx, { activity, to, listed }: Outgoing): void {
  const { ctx, engine } = federation
  const now = ctx.now()
  const { id: iri, actor, type } = activity
  // What is not for everybody should not be provable by whoever passes it on.
  const open = to === 'followers' || isForEveryone(activity)
  const body = engine.stringify(open ? proven(federation, actor, activity, now) : { '@context': CONTEXT, ...activity })
  const id = saveActivity(tx, { iri, actor, type, public: listed, body, at: now })
  // A row that is no address must not stop the others.
  for (const inbox of inboxesOf(tx, activity, to))
    if (URL.canParse(inbox) && !isSuspended(tx, new URL(inbox).host) && !parked(tx, inbox, now)) queueDelivery(tx, id, inbox, now)
}

function inboxesOf(tx: Tx, activity: Activity, to: Outgoing['to']): Set<string> {
  if (to === 'followers') return new Set([...followerInboxes(tx), ...relayInboxes(tx, activity)])
  if ('inbox' in to) return new Set([to.inbox])
  if ('inboxes' in to) return new Set(to.inboxes)
  const present = (ids: readonly string[]) => ids.flatMap(id => actorOf(tx, id) ?? []).filter(({ goneAt }) => !goneAt)
  if ('actor' in to) return new Set(present([to.actor]).map(({ inbox }) => inbox))
  const named = present(to.actors).map(({ inbox, sharedInbox }) => sharedInbox ?? inbox)
  const followers = to.followers ? followerInboxes(tx) : []
  return new Set([...followers, ...named, ...relayInboxes(tx, activity)])
}

function isForEveryone(activity: Activity): boolean {
  const { to = [], cc = [] } = activity as { to?: string[]; cc?: string[] }
  return [...to, ...cc].some(isEveryone)
}

const PARKED_AFTER_MS = 7 * 24 * 3_600_000

// A server that has not answered for seven days gets nothing new until it speaks to us again.
function parked(tx: Tx, inbox: string, now: Date): boolean {
  const since = hostOf(tx, new URL(inbox).host)?.failingSince
  return since != null && now.getTime() - since.getTime() > PARKED_AFTER_MS
}
