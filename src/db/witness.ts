import { sql } from 'drizzle-orm'
import type { Db } from './open.ts'
import { prepared } from './prepared.ts'
import { confirmations, peers } from './schema-directory.ts'

const domains = (db: Db) =>
  db
    .select({ n: sql<number>`count(distinct ${peers.domain})` })
    .from(confirmations)
    .innerJoin(peers, sql`${peers.id} = ${confirmations.peer}`)
    .where(
      sql`${confirmations.key} = ${sql.placeholder('key')} and ${confirmations.signer} = ${sql.placeholder('signer')}
        and ${peers.domain} <> ${sql.placeholder('except')} and ${peers.signer} is not null
        and (${peers.bannedUntil} is null or ${peers.bannedUntil} <= ${sql.placeholder('now')})`,
    )
    .prepare()

/**
 * Of how many registrable domains the nodes are that have seen this key at the origin of an entry. Only nodes count whose own key is
 * known here, and that are not banned; those of the entry's own domain don't.
 * @param signer digest of the key
 */
export function witnessesOf(db: Db, key: Buffer, signer: Buffer, except: string, now: Date): number {
  return prepared(db, domains).get({ key, signer, except, now: now.getTime() })!.n
}
