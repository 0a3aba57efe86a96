import { followActor } from '../actions/following.ts'
import { noteUnfollowed } from '../actions/following-list.ts'
import { followSuccessor } from '../actions/move.ts'
import { forgetActor, hearActor, hearPost, hearRevision } from '../actions/neighbour.ts'
import { hearPin } from '../actions/pin.ts'
import type { Context } from '../context.ts'
import { actorOf } from '../db/actor.ts'
import { dueErrands, type Errand, errandDone, errandLater } from '../db/errand.ts'
import { transact } from '../db/open.ts'
import { postByIri } from '../db/post.ts'
import { Refusal } from '../domain/refusal.ts'
import { readActor, wasOnce } from './activities/actor.ts'
import { readPostOf } from './activities/post.ts'
import { type Found, fetchDocument, HostSuspended, NotFetched } from './document.ts'
import { fetchHinted } from './exchange/hinted.ts'
import type { Federation } from './federation.ts'
import { fetchPost, isTooFar } from './fetch-post.ts'
import { FetchRefusal } from './fetch-refusal.ts'
import { checkFollowing } from './followers-sync.ts'
import { DocumentRefusal } from './guard.ts'
import { HostBusy } from './host-gate.ts'
import { inPlainWords, seekActor } from './lookup.ts'
import { discover } from './relay.ts'
import { seekPost } from './thread.ts'

const ATTEMPTS = 8
const AT_ONCE = 8

/** Fetches, at their origin, the objects that accepted activities only named. What was answered with 202 waits here until it is done. */
export async function runErrands(federation: Federation): Promise<void> {
  const { ctx } = federation
  await Promise.all(dueErrands(ctx.db, ctx.now(), AT_ONCE).map(errand => run(federation, errand)))
}

async function run(federation: Federation, errand: Errand): Promise<void> {
  const { ctx, gate, commit } = federation
  try {
    const effect = await gate(hostOf(errand.object), () => fetchFor(federation, errand))
    await commit(() => {
      effect()
      transact(ctx.db, tx => errandDone(tx, errand.id))
    })
  } catch (error) {
    const hopeless =
      // What a relay passed on, or a peer told of, was only a hint.
      errand.kind === 'relayed' ||
      errand.kind === 'entry' ||
      isTooFar(errand) ||
      (error instanceof NotFetched && error.gone) ||
      error instanceof DocumentRefusal ||
      error instanceof Refusal ||
      error instanceof HostSuspended ||
      (error instanceof FetchRefusal && error.code !== 'network' && error.code !== 'timeout')
    const known = hopeless || error instanceof NotFetched || error instanceof FetchRefusal || error instanceof HostBusy
    if (!known) ctx.log.error({ err: error, object: errand.object }, 'errand failed in an unforeseen way')
    // The actor's own address says that it is gone for good.
    if (error instanceof NotFetched && error.status === 410 && errand.object === errand.actor)
      await commit(() => forgetActor(ctx, errand.actor))
    const over = hopeless || errand.attempts >= ATTEMPTS
    if (over && errand.kind === 'follow') await commit(() => noteUnfollowed(ctx, errand.object, wordsOf(error, errand.object)))
    const later = new Date(ctx.now().getTime() + 30_000 * 4 ** Math.min(errand.attempts, 6))
    await commit(() => transact(ctx.db, tx => (over ? errandDone(tx, errand.id) : errandLater(tx, errand.id, later))))
  }
}

/** Asks whatever must be asked, and returns what is to be done about it: synchronous, because it runs inside a commit. */
async function fetchFor(federation: Federation, errand: Errand): Promise<() => void> {
  const { ctx } = federation
  if (errand.kind === 'followers') return checkFollowing(federation, errand.actor, errand.object)
  if (errand.kind === 'post') return fetchPost(federation, errand)
  if (errand.kind === 'entry') return fetchHinted(federation, errand)
  if (errand.kind === 'follow') {
    const { actor } = await seekActor(federation, errand.object)
    return () => void followActor(ctx, actor.id)
  }
  const document = await fetchDocument(federation, errand.object)
  if (errand.kind === 'relayed') return discover(federation, document)
  return errand.kind === 'move' ? () => arrive(ctx, errand, document) : () => takeIn(ctx, errand, document)
}

const hostOf = (object: string) => (object.startsWith('acct:') ? object.slice(object.lastIndexOf('@') + 1) : new URL(object).host)

function wordsOf(error: unknown, what: string): string {
  const said = inPlainWords(error, what)
  return said instanceof Refusal || said instanceof HostBusy ? said.message : 'Something went wrong here.'
}

function takeIn(ctx: Context, { actor, kind }: Errand, document: Found): void {
  const news = document.id === actor ? readActor(document, ctx.now()) : undefined
  const post = readPostOf(ctx, actorOf(ctx.db, actor) ?? { id: actor, followers: null }, document)
  if (news) hearActor(ctx, news)
  else if (post && postByIri(ctx.db, post.iri)) hearRevision(ctx, { ...post, updatedAt: post.updatedAt ?? ctx.now() })
  else if (post && hearPost(ctx, post)) seekPost(ctx, actor, post.inReplyTo, 0)
  if (kind === 'pinned') hearPin(ctx, actor, document.id, true)
}

/** Where an actor says it has moved to: it counts if the new one says so too. */
function arrive(ctx: Context, { actor }: Errand, document: Found): void {
  const news = readActor(document, ctx.now())
  if (!news || !wasOnce(document, actor)) return
  hearActor(ctx, news, 'lookup')
  followSuccessor(ctx, actor, news.actor.id)
}
