import { and, eq, sql } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { hasSeenCommunityAt } from './peer.ts'
import { prepared } from './prepared.ts'
import { confirmations, peers } from './schema-directory.ts'

/** What another node says it has seen at an origin. `signer` is the digest of the key the entry was signed with. */
export type Confirmation = typeof confirmations.$inferSelect

const given = (name: string) => sql.placeholder(name)
const upsert = (db: Db) =>
  db
    .insert(confirmations)
    .values({
      key: sql`${given('key')}`,
      peer: given('peer'),
      signer: sql`${given('signer')}`,
      seq: given('seq'),
      at: sql`${given('at')}`,
    })
    .onConflictDoUpdate({
      target: [confirmations.key, confirmations.peer],
      set: { signer: sql`excluded.signer`, seq: sql`excluded.seq`, at: sql`excluded.at` },
    })
    .prepare()
const witnesses = (db: Db) =>
  db
    .select({ origin: peers.origin, domain: peers.domain, bannedUntil: peers.bannedUntil })
    .from(confirmations)
    .innerJoin(peers, eq(peers.id, confirmations.peer))
    .where(and(eq(confirmations.key, given('key')), eq(confirmations.signer, given('signer'))))
    .prepare()

export function saveConfirmation(tx: Tx, { at, ...row }: Confirmation): void {
  prepared(tx, upsert).run({ ...row, at: at.getTime() })
}

/**
 * How many registrable domains have a node that says it has seen this key at the origin of this community. Only nodes count whose own
 * community this node has seen at its origin, and none that is banned, or of the community's own domain.
 */
export function witnessesOf(db: Db, key: Buffer, signer: Buffer, own: string, now: Date): number {
  const domains = new Set<string>()
  for (const { origin, domain, bannedUntil } of prepared(db, witnesses).all({ key, signer })) {
    const counts = domain !== own && !domains.has(domain) && !(bannedUntil && bannedUntil > now) && hasSeenCommunityAt(db, origin)
    if (counts) domains.add(domain)
  }
  return domains.size
}

/** What a peer has said counts no longer. */
export function dropConfirmationsOf(tx: Tx, peer: number): void {
  tx.delete(confirmations).where(eq(confirmations.peer, peer)).run()
}
