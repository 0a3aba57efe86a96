import { desc, eq } from 'drizzle-orm'
import { type Charter, type Edition, publicCharter, shownPrecision } from '../domain/charter.ts'
import { withConfirmation } from '../domain/charter-confirm.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { charters } from './schema.ts'
import { saveSetting, setting } from './setting.ts'
import { statement } from './statement.ts'

type Row = typeof charters.$inferSelect
const toEdition = ({ document, edition, publishedAt }: Row): Edition => ({ edition, publishedAt, charter: document })

/** The edition in force, as the steward wrote it: frozen, because nearly everything asks for it. Only `publicCharter()` of it may leave the node. */
export function currentEdition(db: Db): Edition | undefined {
  const row = statement(db, NEWEST).get() as [edition: number, publishedAt: number, document: string] | undefined
  if (!row) return undefined
  const [edition, publishedAt, document] = row
  const read = prepared(db, lastRead)
  if (read.document !== document) Object.assign(read, { document, charter: frozen(JSON.parse(document)) })
  return { edition, publishedAt: new Date(publishedAt), charter: read.charter! }
}

const NEWEST = 'select edition, published_at, document from charters order by edition desc limit 1'
const lastRead = (_: Db): { document?: string; charter?: Charter } => ({})

function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null) for (const part of Object.values(Object.freeze(value))) frozen(part)
  return value
}

export function editionOf(db: Db, edition: number): Edition | undefined {
  const row = db.select().from(charters).where(eq(charters.edition, edition)).get()
  return row && toEdition(row)
}

/** Every edition, newest first. */
export function allEditions(db: Db): Edition[] {
  return db.select().from(charters).orderBy(desc(charters.edition)).all().map(toEdition)
}

/** The name of the setting: edition and moment (in milliseconds) of the last confirmation. */
const CONFIRMED = 'charter.confirmed'

/** When the edition in force was last confirmed as still true. */
export function confirmedAt(db: Db, { edition }: Pick<Edition, 'edition'>): Date | undefined {
  const [confirmed, at] = (setting(db, CONFIRMED) ?? '').split(' ')
  return Number(confirmed) === edition ? new Date(Number(at)) : undefined
}

export function saveConfirmation(tx: Tx, edition: number, at: Date): void {
  saveSetting(tx, CONFIRMED, `${edition} ${at.getTime()}`)
}

/** The edition in force with the day it was last confirmed: what the steward wrote otherwise, so only `publicCharter()` of it may leave. */
export function standingEdition(db: Db): Edition | undefined {
  const current = currentEdition(db)
  return current && { ...current, charter: withConfirmation(current.charter, confirmedAt(db, current)) }
}

/** An edition, or the one in force, as others may see it: never finer than the one in force allows. */
export function publicEdition(db: Db, edition?: number): Edition | undefined {
  const current = edition === undefined ? standingEdition(db) : currentEdition(db)
  const wanted = edition === undefined ? current : Number.isSafeInteger(edition) ? editionOf(db, edition) : undefined
  return current && wanted && { ...wanted, charter: publicCharter(wanted.charter, shownPrecision(current.charter)) }
}

export function saveEdition(tx: Tx, { charter, edition, publishedAt }: Edition): void {
  tx.insert(charters).values({ edition, document: charter, publishedAt }).run()
}
