import { sql } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { statement } from './statement.ts'

/** What was said under an idempotency key, if it still stands. */
export function postUnderKey(db: Db, hash: string): number | undefined {
  const text = 'select k.post from idempotency_keys k join posts p on p.id = k.post where k.hash = ? and p.deleted_at is null'
  return (statement(db, text).get(hash) as [number] | undefined)?.[0]
}

export function keepKey(tx: Tx, hash: string, post: number, at: Date): void {
  tx.run(sql`insert or replace into idempotency_keys (hash, post, at) values (${hash}, ${post}, ${at.getTime()})`)
}

export function forgetKeys(tx: Tx, before: Date): void {
  tx.run(sql`delete from idempotency_keys where at < ${before.getTime()}`)
}
