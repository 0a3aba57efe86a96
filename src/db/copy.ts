import { closeSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'

/**
 * Lays a whole copy of an open database at `file`, readable by its owner alone, as it is at this moment: others may go on writing.
 * It appears under its name only when it is complete, checked and on the disk; what stood there is replaced.
 *
 * `VACUUM INTO` and not SQLite's backup API: that one starts anew whenever another process writes, and beside a busy node never ends.
 * @param finish changes the copy before anybody sees it
 * @throws when there is no room, or the source is damaged; nothing is left behind
 */
export function writeCopy(source: Database.Database, file: string, finish: (part: string) => void = () => {}): void {
  const part = `${file}.${process.pid}.part`
  closeSync(openSync(part, 'wx', 0o600))
  try {
    source.prepare('vacuum into ?').run(part)
    finish(part)
    checkWhole(part)
    // SQLite does not flush what it vacuums into another file.
    flush(part)
    renameSync(part, file)
    flush(dirname(file))
  } catch (error) {
    for (const suffix of ['', '-journal']) rmSync(part + suffix, { force: true })
    throw error
  }
}

function checkWhole(file: string): void {
  const copy = new Database(file, { readonly: true, fileMustExist: true })
  try {
    const [first] = copy.pragma('integrity_check(1)') as { integrity_check: string }[]
    if (first?.integrity_check !== 'ok') throw new Error(`The copy is damaged: ${first?.integrity_check}`)
  } finally {
    copy.close()
  }
}

function flush(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
