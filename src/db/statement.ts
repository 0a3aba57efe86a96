import type { Database, Statement } from 'better-sqlite3'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'

/** SQLite itself, for what drizzle can't say: virtual tables, and rows as arrays. Of a connection or of a transaction on it. */
export function clientOf(db: Db): Database {
  return (db as unknown as { session: { client: Database } }).session.client
}

/** A statement made once for each connection: there are few texts, and each is asked often. Rows come as arrays. */
export function statement(db: Db, sql: string): Statement {
  return made(db, openStatements, sql, () => clientOf(db).prepare(sql).raw())
}

/**
 * The same for a statement of one column: rows come as its values. Where every request asks several times, this takes a third of what
 * drizzle does.
 */
export function listing(db: Db, sql: string): Statement {
  return made(db, openListings, sql, () => clientOf(db).prepare(sql).pluck())
}

/** A statement that writes. What each inbox request writes is written through this: drizzle takes three times as long to fill it in. */
export function writing(tx: Tx, sql: string): Statement {
  return made(tx, openWritings, sql, () => clientOf(tx).prepare(sql))
}

/** Another text whenever anybody has written anything, in this process or in another. */
export function databaseVersion(db: Db): string {
  return `${listing(db, 'pragma data_version').get()} ${listing(db, 'select total_changes()').get()}`
}

function made(db: Db, all: (db: Db) => Map<string, Statement>, sql: string, make: () => Statement): Statement {
  const known = prepared(db, all)
  const statement = known.get(sql) ?? make()
  known.set(sql, statement)
  return statement
}

const openStatements = (_: Db) => new Map<string, Statement>()
const openListings = (_: Db) => new Map<string, Statement>()
const openWritings = (_: Db) => new Map<string, Statement>()
