import { addErrand } from '../../db/errand.ts'
import { transact } from '../../db/open.ts'
import { peerOf, strangerCount } from '../../db/peer.ts'
import type { EntryRecord } from '../../db/record.ts'
import { recordsByHash } from '../../db/record.ts'
import { LIMITS } from '../../domain/entry-limit.ts'
import { nodeIri } from '../../domain/iri.ts'
import { isBanned } from '../../domain/peer.ts'
import { CONTEXT, PUBLIC } from '../context.ts'
import { type Handler, objectId } from '../received.ts'

const HINT = /^(https?:\/\/[^/?#]+)\/directory\/entries\/([0-9a-f]{64})$/
const ORDER = {
  orderType: { '@id': 'https://w3id.org/fep/1985/orderType', '@type': '@vocab' },
  ForwardChronological: 'https://w3id.org/fep/1985/ForwardChronological',
  entry: { '@id': 'archipelago:entry', '@type': '@json' },
}

// Ours to the wire.

export const hintIri = (origin: string, hash: string) => `${origin}/directory/entries/${hash}`

/** The node tells its peers that there is an entry to fetch. Whoever misses it finds it in the feed. */
export function hint(id: string, origin: string, hash: string) {
  return { id, type: 'Announce', actor: nodeIri(origin), to: [PUBLIC], object: hintIri(origin, hash) }
}

/** The feed as an ActivityStreams collection, oldest first (FEP-1985). */
export function changesCollection(origin: string, newest: number): object {
  const id = `${origin}/directory/changes`
  const page = (after: number) => `${id}?after=${after}&limit=${LIMITS.documentPage}`
  return {
    '@context': [...CONTEXT, ORDER],
    id,
    type: 'OrderedCollection',
    attributedTo: nodeIri(origin),
    orderType: 'ForwardChronological',
    first: page(0),
    last: page(Math.max(0, newest - 1)),
  }
}

/**
 * A page of it: for each record what happened to the community, as an `Add` to the directory or a `Remove` from it, with the signed
 * document as a literal for those who know what to do with one.
 */
export function changesPage(origin: string, records: readonly EntryRecord[], after: number, limit: number): object {
  const id = `${origin}/directory/changes`
  const last = records.at(-1)
  const items = records.map(record => ({
    id: `${id}?after=${record.id - 1}&limit=1#${record.id}`,
    type: record.kind === 'entry' ? 'Add' : 'Remove',
    actor: nodeIri(origin),
    object: record.actor,
    target: id,
    published: record.updatedAt.toISOString(),
    entry: JSON.parse(record.text) as unknown,
  }))
  return {
    '@context': [...CONTEXT, ORDER],
    id: `${id}?after=${after}&limit=${limit}`,
    type: 'OrderedCollectionPage',
    partOf: id,
    orderType: 'ForwardChronological',
    orderedItems: items,
    ...(last && records.length === limit ? { next: `${id}?after=${last.id}&limit=${limit}` } : {}),
  }
}

// The wire to ours.

/** Whether an announced object is an entry at the announcer's own node. */
export function isHint(sender: string, object: unknown): boolean {
  return hashOf(sender, object) !== undefined
}

/** Another node says that it has something new. It is asked for it, if it is one we know, or there is room to get to know it. */
export const onHint: Handler = ({ ctx }, { sender, object }) => {
  const { db, now } = ctx
  const hash = hashOf(sender.id, object)!
  if (recordsByHash(db, [Buffer.from(hash, 'hex')]).length > 0) return 'nothing new'
  const peer = peerOf(db, sender.id)
  if (peer && isBanned(peer, now())) return 'not heard'
  if (!peer && (sender.type !== 'Application' || strangerCount(db) >= LIMITS.strangers)) return 'a stranger'
  transact(db, tx => addErrand(tx, sender.id, objectId(object)!, now(), 'entry'))
  return undefined
}

function hashOf(sender: string, object: unknown): string | undefined {
  const [, origin, hash] = HINT.exec(objectId(object) ?? '') ?? []
  return hash && sender === nodeIri(origin!) ? hash : undefined
}
