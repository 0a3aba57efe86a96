import type { Db } from '../open.ts'
import { listing } from '../statement.ts'
import type { Test } from './columns.ts'

/** So many are read at least where some of them are left out again. */
const LEAST = 200
const MOST = 20_000

/** Which ids, in ascending order: from `first` to below `end`, at most so many. */
export type Stretch = { first: number; end: number; most: number }

/**
 * The driver hands numbers over as floating point, and the full-text index passes over bounds that are no integers: it would read every
 * entry that fulfils the expression, and SQLite would drop most of them again.
 */
const WITHIN = 'rowid >= cast(? as integer) and rowid < cast(? as integer)'

/** The entries that fulfil a full-text expression, and lie where they should: the index knows places only roughly. */
export function matches(db: Db, expression: string, lies: Test | undefined, { first, end, most }: Stretch): number[] {
  const sql = `select rowid from entries_text where entries_text match ? and ${WITHIN} order by rowid limit ?`
  if (!lies) return listing(db, sql).all(expression, first, end, most) as number[]
  const found: number[] = []
  const step = Math.min(MOST, Math.max(LEAST, most))
  for (let from = first; ; ) {
    const ids = listing(db, sql).all(expression, from, end, step) as number[]
    for (const id of ids) if (found.length < most && lies(id)) found.push(id)
    if (found.length >= most || ids.length < step) return found
    from = ids.at(-1)! + 1
  }
}

/** Which of these ids fulfil a full-text expression. */
export function matchesAmong(db: Db, expression: string, ids: readonly number[]): Set<number> {
  const sql = 'select rowid from entries_text where entries_text match ? and rowid in (select value from json_each(?))'
  return new Set(listing(db, sql).all(expression, JSON.stringify(ids)) as number[])
}
