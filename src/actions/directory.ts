import type { Context } from '../context.ts'
import { actorOf } from '../db/actor.ts'
import { isBlocked, severityOf } from '../db/block.ts'
import { currentEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { entryOf, removeEntry, saveEntry } from '../db/directory.ts'
import { followerOf } from '../db/follower.ts'
import { followingOf } from '../db/following.ts'
import type { Tx } from '../db/open.ts'
import { publicCharter } from '../domain/charter.ts'
import type { EntrySource } from '../domain/directory.ts'
import { communityIri } from '../domain/iri.ts'

/** Puts the community into its own node's directory, or takes it out, as its steward wants. */
export function listSelf({ config, now }: Context, tx: Tx): void {
  const community = localCommunity(tx)
  const current = currentEdition(tx)
  if (!community || !current) return
  const actor = communityIri(config.publicUrl, community.handle)
  if (!community.listed) {
    removeEntry(tx, actor)
    return
  }
  const { edition, publishedAt, charter } = current
  const place = { actor, url: actor, host: config.host, handle: community.handle }
  saveEntry(tx, { ...place, charter: publicCharter(charter), edition, publishedAt, verifiedAt: now(), source: 'self' })
}

/**
 * Puts an actor into the directory if it shows a charter and somebody here wants to know of it: it follows, is followed, or was looked
 * up. One that shows no charter any more, or does not want to be found, leaves.
 */
export function listActor(tx: Tx, id: string, wanted?: 'lookup'): void {
  const actor = actorOf(tx, id)
  const source = sourceOf(tx, id) ?? wanted
  const shown = actor?.charter && !severityOf(tx, actor.host) && !isBlocked(tx, id)
  if (!shown) removeEntry(tx, id)
  if (!shown || !actor.charter || !source) return
  const { url, host, handle, fetchedAt } = actor
  const { charter, edition, published } = actor.charter
  saveEntry(tx, { actor: id, url, host, handle, charter, edition, publishedAt: new Date(published), verifiedAt: fetchedAt, source })
}

function sourceOf(tx: Tx, actor: string): EntrySource | undefined {
  if (followingOf(tx, actor)) return 'follow'
  if (followerOf(tx, actor)) return 'follower'
  return entryOf(tx, actor)?.source
}
