import type { Db } from './open.ts'
import { prepared } from './prepared.ts'
import { clientOf, databaseVersion, listing } from './statement.ts'

const counts = (_: Db) => new Map<string, { version: string; n: number }>()

/** A count that apps ask for all the time: counted again only once anybody has written anything. */
export function keptCount(db: Db, sql: string): number {
  // What is written in a transaction may yet be undone, and nothing would tell.
  if (clientOf(db).inTransaction) return listing(db, sql).get() as number
  const version = databaseVersion(db)
  const kept = prepared(db, counts)
  const known = kept.get(sql)
  if (known?.version === version) return known.n
  const n = listing(db, sql).get() as number
  kept.set(sql, { version, n })
  return n
}
