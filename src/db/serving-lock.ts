import { accessSync, constants, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { Refusal } from '../domain/refusal.ts'
import { databaseFault } from './fault.ts'

/**
 * Makes this process the only server of the data; two would send everything twice. The lock is the operating system's: it ends with
 * the process, however that ends.
 * @returns gives the lock back
 * @throws Refusal when another process holds it
 */
export function holdServingLock(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  accessSync(dataDir, constants.W_OK)
  const lock = new Database(join(dataDir, 'serving.lock'), { timeout: 0 })
  try {
    lock.pragma('locking_mode = EXCLUSIVE')
    lock.exec('begin exclusive; create table if not exists held (pid); commit')
    lock.prepare('insert into held values (?)').run(process.pid)
  } catch (error) {
    lock.close()
    if (databaseFault(error) !== 'busy') throw error
    throw new Refusal('conflict', `Another server is already running on the data in ${dataDir}. Stop it first, or use another DATA_DIR.`)
  }
  return () => lock.close()
}
