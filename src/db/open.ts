import { accessSync, constants, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { RunResult } from 'better-sqlite3'
import Database from 'better-sqlite3'
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3'
import type { BaseSQLiteDatabase } from 'drizzle-orm/sqlite-core'
import { migrateSafely, migrationsFolder } from './migrate.ts'
import * as schema from './schema.ts'

type Schema = typeof schema
/** The open database; the only thing that can start a transaction. */
export type Connection = BetterSQLite3Database<Schema> & { $client: Database.Database }
/** Readers take a Db, writers take a Tx. A Tx is a Db, but a Db is not a Tx: a route that writes without an action does not compile. */
export type Tx = Parameters<Parameters<Connection['transaction']>[0]>[0]
export type Db = BaseSQLiteDatabase<'sync', RunResult, Schema>

/**
 * Pages of the log (16 MB) from which on a commit moves them into the database itself. The same pages of an index are written again and
 * again, so that four times as many as SQLite waits for cost little more than those.
 */
export const LOG_PAGES = 4_000

/**
 * Opens (and creates, and migrates) the node's database.
 * @param file path of the SQLite file, or ':memory:'
 * @param migrations the folder of migrations, for those who test them
 * @throws when the file is not a database, or was written by a newer version
 */
export function openDatabase(file: string, migrations = migrationsFolder()): Connection {
  if (file !== ':memory:') {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
    // SQLite itself would say of a disk that can't be written that it can't be opened.
    accessSync(dirname(file), constants.W_OK)
  }
  const client = new Database(file)
  try {
    client.pragma('busy_timeout = 5000')
    client.pragma('journal_mode = WAL')
    // better-sqlite3 is compiled with DEFAULT_WAL_SYNCHRONOUS=1: without this line a commit could be lost with the power.
    client.pragma('synchronous = FULL')
    client.pragma(`wal_autocheckpoint = ${LOG_PAGES}`)
    // 64 MB, taken only as it is used. With the 2 MB there are otherwise, a search and a batch of entries read the same pages again and again.
    client.pragma('cache_size = -65536')
    migrateSafely(client, file, migrations)
    client.pragma('foreign_keys = ON')
  } catch (error) {
    client.close()
    throw error
  }
  return drizzle({ client, schema, casing: 'snake_case' }) as Connection
}

/**
 * The only way to write. The lock is taken at once, so that a command and the running server wait for each other instead of failing.
 * Called within another `transact` it is part of that one: what throws undoes the whole. See `savepoint`.
 */
export function transact<T>(db: Connection, work: (tx: Tx) => T): T {
  // A transaction of drizzle is the connection with a `rollback` that nobody here calls; to make one takes longer than to use it.
  const tx = db as unknown as Tx
  return db.$client.inTransaction ? work(tx) : (runnerOf(db.$client).immediate(() => work(tx)) as T)
}

/** A part of a transaction that is undone alone where it throws. SQLite keeps a copy of every page it changes, so this is for few. */
export function savepoint<T>(db: Connection, work: (tx: Tx) => T): T {
  return runnerOf(db.$client).immediate(() => work(db as unknown as Tx)) as T
}

/**
 * Several reads as one: they see one state, and to begin reading, which takes longer than to read, happens once.
 * @param work must not wait for anything, and nothing it starts may write before it returns
 */
export function reading<T>(db: Connection, work: () => T): T {
  return db.$client.inTransaction ? work() : (runnerOf(db.$client).deferred(work) as T)
}

const runners = new WeakMap<Database.Database, Database.Transaction<(work: () => unknown) => unknown>>()

function runnerOf(client: Database.Database) {
  const runner = runners.get(client) ?? client.transaction((work: () => unknown) => work())
  runners.set(client, runner)
  return runner
}
