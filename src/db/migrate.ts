import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type Database from 'better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { Refusal } from '../domain/refusal.ts'
import { writeCopy } from './copy.ts'
import { databaseFault } from './fault.ts'

/**
 * Brings the database to the newest form, in one transaction: all of it or nothing, however the process ends. Before anything changes
 * a copy is laid beside it in `backups/`; in the end every table must hold as many rows as before, and every reference must lead somewhere.
 *
 * Foreign keys are off meanwhile: drizzle's table rebuilds drop the old table, which with foreign keys on deletes the children too.
 * @throws Refusal when the database was written by a newer version
 */
export function migrateSafely(client: Database.Database, file: string, folder: string): void {
  const [next] = pendingMigrations(client, folder)
  if (!next) return
  client.pragma('foreign_keys = OFF')
  const copy = file !== ':memory:' && rowCounts(client).size > 0 ? copyBefore(client, file, next) : undefined
  try {
    client.transaction(() => apply(client, folder)).immediate()
  } catch (error) {
    if (databaseFault(error)) throw error
    const hint = copy ? ` Nothing was changed; a copy is at ${copy}.` : ''
    throw new Error(`The database could not be brought to the form of this version.${hint}`, { cause: error })
  }
}

/** Migrations that this database has not had yet, oldest first. @throws Refusal when it has had more than there are */
export function pendingMigrations(client: Database.Database, folder: string): string[] {
  const { entries } = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as Journal
  const last = lastApplied(client)
  if (last > (entries.at(-1)?.when ?? 0))
    throw new Refusal(
      'conflict',
      'This database was written by a newer version of Archipelago. Install that version, or restore an older backup.',
    )
  return entries.filter(entry => entry.when > last).map(entry => entry.tag)
}

/** The same folder from src/ (under a test runner) and from dist/src/ (as built). */
export function migrationsFolder(): string {
  for (const up of ['../../migrations', '../../../migrations']) {
    const folder = fileURLToPath(new URL(up, import.meta.url))
    if (existsSync(join(folder, 'meta/_journal.json'))) return folder
  }
  throw new Error('The migrations folder is missing.')
}

type Journal = { entries: { when: number; tag: string }[] }

function apply(client: Database.Database, folder: string): void {
  const before = rowCounts(client)
  // The table drizzle keeps, so that its own tools understand the database.
  client.exec('create table if not exists __drizzle_migrations (id SERIAL PRIMARY KEY, hash text NOT NULL, created_at numeric)')
  // Asked again now that nobody else can write: two processes may have been started at once.
  const last = lastApplied(client)
  for (const { sql, hash, folderMillis } of readMigrationFiles({ migrationsFolder: folder })) {
    if (folderMillis <= last) continue
    for (const statement of sql) client.exec(statement)
    client.prepare('insert into __drizzle_migrations (hash, created_at) values (?, ?)').run(hash, folderMillis)
  }
  const after = rowCounts(client)
  const lost = [...before].filter(([table, rows]) => after.get(table) !== rows).map(([table]) => table)
  if (lost.length > 0) throw new Error(`Rows would change in ${lost.join(', ')}.`)
  const [broken] = client.pragma('foreign_key_check') as { table: string; parent: string }[]
  if (broken) throw new Error(`Rows of ${broken.table} would refer to rows of ${broken.parent} that are not there.`)
}

function lastApplied(client: Database.Database): number {
  const known = client.prepare("select 1 from sqlite_master where name = '__drizzle_migrations'").get()
  return known ? ((client.prepare('select max(created_at) from __drizzle_migrations').pluck().get() as number | null) ?? 0) : 0
}

/** Made anew from other tables when a migration empties it. */
const DERIVED: readonly string[] = ['entry_facets']

// Shadow tables of FTS5 and R*Tree change with their index, so only our own tables are counted.
function rowCounts(client: Database.Database): Map<string, number> {
  const tables = client
    .prepare(
      "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%' and name != '__drizzle_migrations'",
    )
    .pluck()
    .all() as string[]
  const kept = tables.filter(name => !DERIVED.includes(name))
  return new Map(kept.map(name => [name, client.prepare(`select count(*) from "${name}"`).pluck().get() as number]))
}

// Always the state right before: one that a failed attempt left behind may be long out of date.
function copyBefore(client: Database.Database, file: string, tag: string): string {
  const folder = join(dirname(file), 'backups')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const copy = join(folder, `before-${tag}.sqlite`)
  writeCopy(client, copy)
  return copy
}
