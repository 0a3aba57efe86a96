import { sql } from 'drizzle-orm'
import type { Db } from './open.ts'
import type { KnownPeer } from './peer.ts'
import { prepared } from './prepared.ts'
import { confirmations, peers, records } from './schema-directory.ts'

// A community names its node. Those of one origin begin with it: "0" is what follows "/". With the sign the index of domains is used,
// and not that of states.
const seenHere = sql`exists (
  select 1 from ${records}
  where ${records.domain} = ${peers.domain} and ${records.actor} > ${peers.origin} || '/' and ${records.actor} < ${peers.origin} || '0'
    and +${records.state} = 'vouched' and ${records.kind} = 'entry' and ${records.seenAt} is not null
    and json_extract(${records.text}, '$.node') = ${peers.node})`
const counts = sql`${peers.signer} is not null
  and (${peers.bannedUntil} is null or ${peers.bannedUntil} <= ${sql.placeholder('now')}) and ${seenHere}`

const domains = (db: Db) =>
  db
    .select({ n: sql<number>`count(distinct ${peers.domain})` })
    .from(confirmations)
    .innerJoin(peers, sql`${peers.id} = ${confirmations.peer}`)
    .where(
      sql`${confirmations.key} = ${sql.placeholder('key')} and ${confirmations.signer} = ${sql.placeholder('signer')}
        and ${peers.domain} <> ${sql.placeholder('except')} and ${counts}`,
    )
    .prepare()
const one = (db: Db) =>
  db
    .select({ id: peers.id })
    .from(peers)
    .where(sql`${peers.id} = ${sql.placeholder('id')} and ${counts}`)
    .prepare()

/**
 * Whether what a node says it has seen counts here: its key is known, it is not banned, and this node has itself seen, at its origin, the
 * entry of a community that names it as its node and is vouched for. Everything else anybody could have as often as he likes.
 */
export function countsAsWitness(db: Db, { id }: Pick<KnownPeer, 'id'>, now: Date): boolean {
  return prepared(db, one).get({ id, now: now.getTime() }) !== undefined
}

/**
 * Of how many registrable domains the nodes are that have seen this key at the origin of an entry and count (`countsAsWitness`). Those of
 * the entry's own domain don't.
 * @param signer digest of the key
 */
export function witnessesOf(db: Db, key: Buffer, signer: Buffer, except: string, now: Date): number {
  return prepared(db, domains).get({ key, signer, except, now: now.getTime() })!.n
}
