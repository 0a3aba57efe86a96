import { and, asc, count, desc, eq, sql } from 'drizzle-orm'
import type { ListedBlock } from '../domain/blocklist.ts'
import type { Db, Tx } from './open.ts'
import { blocklistRows, blocklists } from './schema-moderation.ts'

export type Blocklist = typeof blocklists.$inferSelect
export type BlocklistRow = typeof blocklistRows.$inferSelect

/** Newest first, with how many rows each has. */
export function allBlocklists(db: Db): (Blocklist & { rows: number; applied: number })[] {
  const rows = count(blocklistRows.id)
  const applied = sql<number>`coalesce(sum(${blocklistRows.state} = 'applied'), 0)`
  return db
    .select({ list: blocklists, rows, applied })
    .from(blocklists)
    .leftJoin(blocklistRows, eq(blocklistRows.list, blocklists.id))
    .groupBy(blocklists.id)
    .orderBy(desc(blocklists.id))
    .all()
    .map(({ list, ...counts }) => ({ ...list, ...counts }))
}

export function blocklistOf(db: Db, id: number): Blocklist | undefined {
  return db.select().from(blocklists).where(eq(blocklists.id, id)).get()
}

export function rowsOf(db: Db, list: number, state?: BlocklistRow['state']): BlocklistRow[] {
  const wanted = and(eq(blocklistRows.list, list), state ? eq(blocklistRows.state, state) : undefined)
  return db.select().from(blocklistRows).where(wanted).orderBy(asc(blocklistRows.domain)).all()
}

export function addBlocklist(tx: Tx, name: string, rows: readonly ListedBlock[], at: Date): number {
  const { id } = tx.insert(blocklists).values({ name, at }).returning({ id: blocklists.id }).get()
  for (let from = 0; from < rows.length; from += 500)
    tx.insert(blocklistRows)
      .values(rows.slice(from, from + 500).map(row => ({ ...row, list: id })))
      .run()
  return id
}

/** @param rows with the block that stood there before, if one did */
export function markApplied(tx: Tx, rows: readonly { id: number; before: BlocklistRow['before'] }[]): void {
  const ids = JSON.stringify(rows.map(({ id }) => id))
  tx.update(blocklistRows)
    .set({ state: 'applied', before: null })
    .where(sql`${blocklistRows.id} in (select value from json_each(${ids}))`)
    .run()
  for (const { id, before } of rows) if (before) tx.update(blocklistRows).set({ before }).where(eq(blocklistRows.id, id)).run()
}

export function markDrafts(tx: Tx, list: number): void {
  tx.update(blocklistRows).set({ state: 'draft', before: null }).where(eq(blocklistRows.list, list)).run()
}

export function markList(tx: Tx, id: number, when: Partial<Pick<Blocklist, 'appliedAt' | 'undoneAt'>>): void {
  tx.update(blocklists).set(when).where(eq(blocklists.id, id)).run()
}

export function removeBlocklist(tx: Tx, id: number): void {
  tx.delete(blocklistRows).where(eq(blocklistRows.list, id)).run()
  tx.delete(blocklists).where(eq(blocklists.id, id)).run()
}
