import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Config } from '../config.ts'
import { directorySize } from './directory.ts'
import { figures } from './figures.ts'
import type { Connection } from './open.ts'
import { peerCount } from './peer.ts'
import { setting } from './setting.ts'
import { hiddenCount } from './theme-policy.ts'
import { waitingHosts } from './waiting.ts'

/** A backup that was made: when, where it lies, and how many bytes it has. */
export type MadeBackup = { at: Date; file: string; bytes: number }
export const LAST_BACKUP = 'backup.last'

/** How a node stands, as far as its data tell. Sizes in bytes; `disk` is undefined where the data are in memory only. */
export function nodeStatus(db: Connection, { version, publicUrl }: Pick<Config, 'version' | 'publicUrl'>) {
  const { name, memory } = db.$client
  const waiting = waitingHosts(db)
  return {
    version,
    publicUrl,
    sqlite: db.$client.prepare('select sqlite_version()').pluck().get() as string,
    disk: memory ? undefined : diskOf(dirname(name)),
    database: memory ? pagesOf(db) : fileSize(name) + fileSize(`${name}-wal`),
    media: memory ? 0 : folderSize(join(dirname(name), 'media')),
    lastBackup: lastBackup(db),
    ...figures(db),
    listed: directorySize(db),
    hidden: hiddenCount(db, 'all'),
    peers: peerCount(db),
    stuck: waiting.filter(({ failures, attempts }) => failures > 0 || attempts > 0).length,
  }
}
export type NodeStatus = ReturnType<typeof nodeStatus>

export function lastBackup(db: Connection): MadeBackup | undefined {
  const said = setting(db, LAST_BACKUP)
  if (said === undefined) return undefined
  const { at, file, bytes } = JSON.parse(said) as { at: number; file: string; bytes: number }
  return { at: new Date(at), file, bytes }
}

/** Room on the disk a folder is on. */
export function diskOf(folder: string): { free: number; total: number } {
  const { bavail, blocks, bsize } = statfsSync(folder)
  return { free: bavail * bsize, total: blocks * bsize }
}

function pagesOf(db: Connection): number {
  const pragma = (name: string) => db.$client.pragma(name, { simple: true }) as number
  return pragma('page_count') * pragma('page_size')
}

function fileSize(path: string): number {
  return existsSync(path) ? statSync(path).size : 0
}

function folderSize(path: string): number {
  if (!existsSync(path)) return 0
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).reduce((sum, name) => sum + fileSize(join(path, name)), 0)
}
