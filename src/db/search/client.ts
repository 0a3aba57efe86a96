import type Database from 'better-sqlite3'
import type { Db } from '../open.ts'

/** SQLite itself, for what drizzle can't say: virtual tables, and rows as arrays. Of a connection or of a transaction on it. */
export function clientOf(db: Db): Database.Database {
  return (db as unknown as { session: { client: Database.Database } }).session.client
}
