import { and, asc, count, eq, gte, isNull, lt } from 'drizzle-orm'
import type { Report } from '../domain/report.ts'
import type { Db, Tx } from './open.ts'
import { reports } from './schema-post.ts'

/** Oldest first. Closed ones only if they are wanted. */
export function allReports(db: Db, { closed = false } = {}): Report[] {
  return db
    .select()
    .from(reports)
    .where(closed ? undefined : isNull(reports.closedAt))
    .orderBy(asc(reports.id))
    .all()
}

export function reportOf(db: Db, id: number): Report | undefined {
  return db.select().from(reports).where(eq(reports.id, id)).get()
}

/** Returns its number, unless one with its IRI is already there. */
export function addReport(tx: Tx, report: Omit<Report, 'id'>): number | undefined {
  return tx.insert(reports).values(report).onConflictDoNothing().returning({ id: reports.id }).get()?.id
}

/** Whether this reporter has complained of this actor since, and the complaint still stands. */
export function complainedSince(db: Db, reporter: string, target: string, since: Date): boolean {
  const same = and(eq(reports.reporter, reporter), eq(reports.target, target), gte(reports.at, since), isNull(reports.closedAt))
  return db.select({ n: count() }).from(reports).where(same).get()!.n > 0
}

/** Open complaints since then of everybody on one server. @param origin scheme and host */
export function openReportsFrom(db: Db, origin: string, since: Date): number {
  // '0' is the character behind '/': every id of this origin lies between the two, and the index knows where.
  const theirs = and(gte(reports.reporter, `${origin}/`), lt(reports.reporter, `${origin}0`))
  return db
    .select({ n: count() })
    .from(reports)
    .where(and(theirs, gte(reports.at, since), isNull(reports.closedAt)))
    .get()!.n
}

export function markClosed(tx: Tx, id: number, at: Date): boolean {
  return (
    tx
      .update(reports)
      .set({ closedAt: at })
      .where(and(eq(reports.id, id), isNull(reports.closedAt)))
      .run().changes > 0
  )
}
