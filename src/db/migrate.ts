import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type Database from 'better-sqlite3'
import { migrate } from 'drizzle-orm/better-sqlite3/migrator'
import type { Connection } from './open.ts'

/**
 * Brings the database to the newest form. Before anything changes a copy is laid beside it in `backups/`; afterwards every
 * table must hold as many rows as before, or nothing is kept.
 *
 * Foreign keys are off meanwhile: drizzle's table rebuilds drop the old table, which with foreign keys on deletes the children too.
 */
export function migrateSafely(db: Connection, file: string, folder: string): void {
  const client = db.$client
  const pending = pendingMigrations(client, folder)
  if (pending.length === 0) return
  client.pragma('foreign_keys = OFF')
  const before = rowCounts(client)
  const copy = before.size > 0 && file !== ':memory:' ? backUp(client, file, pending[0]!) : undefined
  try {
    migrate(db, { migrationsFolder: folder })
    const lost = [...before].filter(([table, rows]) => rowCounts(client).get(table) !== rows).map(([table]) => table)
    const broken = client.pragma('foreign_key_check') as unknown[]
    if (lost.length > 0 || broken.length > 0) throw new Error(`rows changed in ${lost.join(', ') || 'linked tables'}`)
  } catch (error) {
    const hint = copy ? ` The database as it was before is at ${copy}.` : ''
    throw new Error(`The database could not be brought to version ${pending.at(-1)}.${hint}`, { cause: error })
  }
}

type Journal = { entries: { when: number; tag: string }[] }

function pendingMigrations(client: Database.Database, folder: string): string[] {
  const { entries } = JSON.parse(readFileSync(join(folder, 'meta/_journal.json'), 'utf8')) as Journal
  const known = client.prepare("select 1 from sqlite_master where name = '__drizzle_migrations'").get()
  const last = known ? ((client.prepare('select max(created_at) from __drizzle_migrations').pluck().get() as number | null) ?? 0) : 0
  const newest = entries.at(-1)?.when ?? 0
  if (last > newest)
    throw new Error('This database was written by a newer version of Archipelago. Install that version, or restore a backup.')
  return entries.filter(entry => entry.when > last).map(entry => entry.tag)
}

// Shadow tables of FTS5 and R*Tree change with their index, so only our own tables are counted.
function rowCounts(client: Database.Database): Map<string, number> {
  const tables = client
    .prepare(
      "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%' and name != '__drizzle_migrations'",
    )
    .pluck()
    .all() as string[]
  return new Map(tables.map(name => [name, client.prepare(`select count(*) from "${name}"`).pluck().get() as number]))
}

function backUp(client: Database.Database, file: string, tag: string): string {
  const folder = join(dirname(file), 'backups')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const copy = join(folder, `before-${tag}.sqlite`)
  if (!existsSync(copy)) client.prepare('vacuum into ?').run(copy)
  return copy
}
