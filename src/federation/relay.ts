import { hearActor } from '../actions/neighbour.ts'
import { actorOf } from '../db/actor.ts'
import { isBlocked, severityOf } from '../db/block.ts'
import type { Db } from '../db/open.ts'
import { acceptedRelays } from '../db/relay.ts'
import { readActor } from './activities/actor.ts'
import { PUBLIC } from './context.ts'
import { type Found, fetchDocument } from './document.ts'
import type { Federation } from './federation.ts'
import { objectId } from './received.ts'
import { sameOrigin } from './wire.ts'

const PASSED_ON = ['Create', 'Update', 'Delete']
const FRESH_FOR_MS = 24 * 3_600_000

/** Where an activity goes besides the followers: what everybody may read of posts and charters, to every relay (FEP-ae0c). */
export function relayInboxes(db: Db, activity: object): string[] {
  const { type, to, object, actor } = activity as { type: string; to?: unknown; object?: unknown; actor: string }
  const forAll = [to].flat().includes(PUBLIC)
  return forAll && PASSED_ON.includes(type) && objectId(object) !== actor ? acceptedRelays(db) : []
}

/**
 * Whose object a relay pointed to, if that is a community that wants to be found: its charter enters the directory. Its posts are none
 * of our business, and of anybody else nothing is kept.
 * @returns takes it in @throws NotFetched, DocumentRefusal, FetchRefusal
 */
export async function discover(federation: Federation, found: Found): Promise<() => void> {
  const { ctx } = federation
  const nothing = () => {}
  const author = found.attributedTo === undefined ? found.id : objectId(found.attributedTo)
  if (!author || !sameOrigin(author, found.id)) return nothing
  if (severityOf(ctx.db, new URL(author).host) || isBlocked(ctx.db, author)) return nothing
  const known = actorOf(ctx.db, author)
  if (known && ctx.now().getTime() - known.fetchedAt.getTime() < FRESH_FOR_MS) return nothing
  const news = readActor(author === found.id ? found : await fetchDocument(federation, author), ctx.now())
  return news?.actor.charter ? () => hearActor(ctx, news, 'lookup') : nothing
}
