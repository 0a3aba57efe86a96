import { existsSync, mkdirSync, statSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { Config } from '../config.ts'
import { Refusal } from '../domain/refusal.ts'
import { packMedia, unpackMedia } from './backup-media.ts'
import { writeCopy } from './copy.ts'
import { EPOCH } from './epoch.ts'
import { databaseFault } from './fault.ts'
import { migrationsFolder, pendingMigrations } from './migrate.ts'
import { LAST_BACKUP, type MadeBackup } from './node-status.ts'
import { holdServingLock } from './serving-lock.ts'

/** What a copy holds: whose it is, and how large it is in bytes. */
export type Backup = { publicUrl: string; bytes: number }
type Place = Pick<Config, 'dataDir' | 'database'>

/**
 * A copy of a node's whole database, keys and pictures included, while the node runs: one moment of it, checked and on the disk before this returns.
 * Changes nothing, so that it also works before an upgrade.
 * @throws Refusal when there is no node in `database`, or `file` is already there
 */
export function backUp(database: string, file: string): Backup {
  if (!existsSync(database)) throw new Refusal('missing', `There is nothing to back up: ${database} is not there.`)
  refuseIfThere([file], `${file} is already there, and a backup overwrites nothing. Choose another name.`)
  return withReader(database, source => {
    const publicUrl = whose(source, database)
    writeCopy(source, file, part => packMedia(database, part))
    return { publicUrl, bytes: statSync(file).size }
  })
}

/**
 * Makes a backup the data of a node that has none.
 * @throws Refusal when there are data already, a server runs on them, or `file` is no backup of a node or one of a newer version
 */
export function restore(file: string, { dataDir, database }: Place): Backup {
  if (!existsSync(file)) throw new Refusal('missing', `There is no file ${file}. Is the name right?`)
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const release = holdServingLock(dataDir)
  try {
    // The log of another database, left lying there, would be read into this one.
    const standing = ['', '-wal', '-shm', '-journal'].map(suffix => database + suffix)
    refuseIfThere(
      standing,
      `There are data in ${dataDir} already, and a restore overwrites nothing. Move them away, or use another DATA_DIR.`,
    )
    return withReader(file, source => {
      const publicUrl = whose(source, file)
      pendingMigrations(source, migrationsFolder())
      writeCopy(source, database, part => unpackMedia(database, part))
      endEpoch(database)
      return { publicUrl, bytes: statSync(database).size }
    })
  } finally {
    release()
  }
}

/** What other nodes remember of this one's feed is of a later day: they begin anew. */
function endEpoch(database: string): void {
  const restored = new Database(database)
  try {
    restored.pragma('synchronous = FULL')
    restored.prepare('delete from settings where name = ?').run(EPOCH)
  } finally {
    restored.close()
  }
}

/** Remembers that a backup was made. What can't be written is no reason to have none. */
export function noteBackup(database: string, { at, file, bytes }: MadeBackup): void {
  const value = JSON.stringify({ at: at.getTime(), file, bytes })
  try {
    const client = new Database(database, { fileMustExist: true, timeout: 5_000 })
    try {
      client.pragma('synchronous = FULL')
      client
        .prepare('insert into settings (name, value) values (?, ?) on conflict (name) do update set value = excluded.value')
        .run(LAST_BACKUP, value)
    } finally {
      client.close()
    }
  } catch {
    // The backup itself is there.
  }
}

function refuseIfThere(paths: readonly string[], message: string): void {
  if (paths.some(path => existsSync(path))) throw new Refusal('conflict', message)
}

function withReader<T>(file: string, work: (source: Database.Database) => T): T {
  const source = new Database(file, { readonly: true, fileMustExist: true })
  try {
    source.pragma('busy_timeout = 5000')
    return work(source)
  } finally {
    source.close()
  }
}

/** The address of the node a database belongs to. */
function whose(source: Database.Database, file: string): string {
  const refusal = new Refusal('invalid', `${file} is no database of an Archipelago node.`)
  try {
    const tables = source.prepare("select count(*) from sqlite_master where name in ('settings', 'keys', '__drizzle_migrations')").pluck()
    if (tables.get() !== 3) throw refusal
    const address = source.prepare("select value from settings where name = 'publicUrl'").pluck().get() as string | undefined
    if (address === undefined) throw refusal
    return address
  } catch (error) {
    throw databaseFault(error) === 'corrupt' ? refusal : error
  }
}
