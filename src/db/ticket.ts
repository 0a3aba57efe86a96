import { eq, lte } from 'drizzle-orm'
import type { Db, Tx } from './open.ts'
import { spentTickets } from './schema-inquiry.ts'

/** Notes that a form has been sent; false if it was before. */
export function spendTicket(tx: Tx, hash: string, until: Date): boolean {
  return tx.insert(spentTickets).values({ hash, until }).onConflictDoNothing().run().changes > 0
}

export function isSpent(db: Db, hash: string): boolean {
  return db.select().from(spentTickets).where(eq(spentTickets.hash, hash)).get() !== undefined
}

export function forgetTickets(tx: Tx, now: Date): void {
  tx.delete(spentTickets).where(lte(spentTickets.until, now)).run()
}
