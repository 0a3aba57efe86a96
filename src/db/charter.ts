import { desc, eq } from 'drizzle-orm'
import { type Edition, publicCharter, shownPrecision } from '../domain/charter.ts'
import type { Db, Tx } from './open.ts'
import { charters } from './schema.ts'

type Row = typeof charters.$inferSelect
const toEdition = ({ document, edition, publishedAt }: Row): Edition => ({ edition, publishedAt, charter: document })

/** The edition in force, as the steward wrote it. Only `publicCharter()` of it may leave the node. */
export function currentEdition(db: Db): Edition | undefined {
  const row = db.select().from(charters).orderBy(desc(charters.edition)).limit(1).get()
  return row && toEdition(row)
}

export function editionOf(db: Db, edition: number): Edition | undefined {
  const row = db.select().from(charters).where(eq(charters.edition, edition)).get()
  return row && toEdition(row)
}

/** Every edition, newest first. */
export function allEditions(db: Db): Edition[] {
  return db.select().from(charters).orderBy(desc(charters.edition)).all().map(toEdition)
}

/** An edition, or the one in force, as others may see it: never finer than the one in force allows. */
export function publicEdition(db: Db, edition?: number): Edition | undefined {
  const current = currentEdition(db)
  const wanted = edition === undefined ? current : Number.isSafeInteger(edition) ? editionOf(db, edition) : undefined
  return current && wanted && { ...wanted, charter: publicCharter(wanted.charter, shownPrecision(current.charter)) }
}

export function saveEdition(tx: Tx, { charter, edition, publishedAt }: Edition): void {
  tx.insert(charters).values({ edition, document: charter, publishedAt }).run()
}
