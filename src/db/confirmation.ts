import { eq, sql } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { confirmations } from './schema-directory.ts'

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
export function saveConfirmation(tx: Tx, { at, ...row }: Confirmation): void {
  prepared(tx, upsert).run({ ...row, at: at.getTime() })
}

/** What a peer has said counts no longer. */
export function dropConfirmationsOf(tx: Tx, peer: number): void {
  tx.delete(confirmations).where(eq(confirmations.peer, peer)).run()
}

/** Whatever was said about this community counts no longer: this node has seen otherwise. */
export function dropConfirmationsAbout(tx: Tx, key: Buffer): void {
  tx.delete(confirmations).where(eq(confirmations.key, key)).run()
}
