import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { LARGEST_PICTURE } from '../domain/media.ts'
import { Refusal } from '../domain/refusal.ts'
import { isMediaName, readMedia, writeMedia } from './media-file.ts'

const TABLE = 'backup_media'

/**
 * Puts the pictures of a node into a copy of its database, so that one file holds everything.
 * @param database where the node's own database is @param copy of it, which nobody else has open
 */
export function packMedia(database: string, copy: string): void {
  const place = { dataDir: dirname(database) }
  changing(copy, client => {
    if (!has(client, 'attachments')) return
    client.exec(`create table ${TABLE} (name text primary key, bytes blob not null)`)
    const names = client.prepare(
      'select file from attachments where file is not null union select preview from attachments where preview is not null',
    )
    const put = client.prepare(`insert into ${TABLE} values (?, ?)`)
    for (const name of names.pluck().all() as string[]) {
      const bytes = readMedia(place, name)
      // One may have been deleted since.
      if (bytes) put.run(name, bytes)
    }
  })
}

/**
 * Takes the pictures out of a copy again and lays them where the node looks for them. Those that are there already stay.
 * @throws Refusal when one is larger than any that a node keeps
 */
export function unpackMedia(database: string, copy: string): void {
  const place = { dataDir: dirname(database) }
  changing(copy, client => {
    if (!has(client, TABLE)) return
    const large = client.prepare(`select name from ${TABLE} where length(bytes) > ?`).pluck().get(LARGEST_PICTURE)
    if (large !== undefined)
      throw new Refusal(
        'invalid',
        `The picture ${large} in this backup is larger than ${LARGEST_PICTURE >> 20} MB. No node has written that.`,
      )
    const bytesOf = client.prepare(`select bytes from ${TABLE} where name = ?`).pluck()
    for (const name of client.prepare(`select name from ${TABLE}`).pluck().all() as string[])
      if (isMediaName(name) && !readMedia(place, name)) writeMedia(place, name, bytesOf.get(name) as Buffer)
    client.exec(`drop table ${TABLE}`)
  })
}

function has(client: Database.Database, table: string): boolean {
  return client.prepare('select 1 from sqlite_master where type = ? and name = ?').get('table', table) !== undefined
}

function changing(copy: string, work: (client: Database.Database) => void): void {
  const client = new Database(copy, { fileMustExist: true })
  try {
    client.pragma('synchronous = FULL')
    client.transaction(work)(client)
  } finally {
    client.close()
  }
}
