import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { Refusal } from '../domain/refusal.ts'
import type { Backup } from './backup.ts'
import { diskOf, type MadeBackup } from './node-status.ts'
import type { Connection } from './open.ts'

/** So many are kept in the folder; older ones go. */
const KEPT = 5
const ROOM_LEFT = 64 << 20
const NAME = /^archipelago-\d{8}-\d{6}\.sqlite$/

/** Backups that are made from within the node, in the folder `backups` beside its data. */
export type Backups = {
  /** Makes one in a thread of its own, so that nobody waits; asked again meanwhile it is the same one. */
  make(): Promise<MadeBackup>
  isMaking(): boolean
  /** Newest first. */
  all(): MadeBackup[]
  /** Where a backup of this name lies. @throws Refusal when there is none */
  path(name: string): string
}

/** @param note remembers that one was made */
export function createBackups(db: Connection, now: () => Date, note: (made: MadeBackup) => void): Backups {
  const { name: database, memory } = db.$client
  const folder = join(dirname(database), 'backups')
  let making: Promise<MadeBackup> | undefined

  function all(): MadeBackup[] {
    if (memory) return []
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return readdirSync(folder)
      .filter(name => NAME.test(name))
      .sort()
      .reverse()
      .map(name => {
        const { size, mtime } = statSync(join(folder, name))
        return { at: mtime, file: name, bytes: size }
      })
  }

  async function make(): Promise<MadeBackup> {
    if (memory)
      throw new Refusal('unavailable', 'The data of this node are in memory only, so there is nothing to back up.', [], {
        code: 'memoryOnly',
      })
    all()
    if (diskOf(folder).free < statSync(database).size + ROOM_LEFT)
      throw new Refusal(
        'unavailable',
        'There is not enough room on the disk for a backup. Make room, or back up to another disk from the terminal.',
        [],
        { code: 'noRoom' },
      )
    const at = now()
    const file = `archipelago-${at.toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)}.sqlite`
    const { bytes } = await aside(database, join(folder, file))
    const made = { at, file, bytes }
    note(made)
    for (const old of all().slice(KEPT)) rmSync(join(folder, old.file), { force: true })
    return made
  }

  return {
    all,
    isMaking: () => making !== undefined,
    make() {
      making ??= make().finally(() => {
        making = undefined
      })
      return making
    },
    path(name) {
      const found = all().find(({ file }) => file === basename(name))
      if (!found) throw new Refusal('missing', 'There is no backup of this name.')
      return join(folder, found.file)
    },
  }
}

function aside(database: string, file: string): Promise<Backup> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url.replace(/backup-folder(\.\w+)$/, 'backup-worker$1')), {
      workerData: { database, file },
    })
    worker.once('message', ({ made, refused }: { made?: Backup; refused?: string }) => {
      if (made) resolve(made)
      else reject(new Refusal('unavailable', refused ?? 'The backup could not be made.'))
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('The thread that makes the backup has ended.')))
  })
}
