import { parentPort, workerData } from 'node:worker_threads'
import type { Config } from '../../config.ts'
import { checkpoint, leaveCheckpoints, trustTheDisk } from '../../db/checkpoint.ts'
import { openDatabase } from '../../db/open.ts'
import { type Parcel, unpack } from './parcel.ts'

// A thread of its own, with its own connection: proofs and index writes of whole pages hold up nobody who reads one.
const config = workerData as Config
const db = openDatabase(config.database)
const port = parentPort!
leaveCheckpoints(db)
trustTheDisk(db)
/** Entries after which the log is moved into the database: the more, the fewer pages are moved twice. It is at most some 100 MB. */
const LOG_ENTRIES = 1_000
/** How long to wait for the next page before it is moved anyway, in milliseconds. */
const QUIET_MS = 1_000
const log = keepLogShort()

function keepLogShort() {
  let entries = 0
  let quiet: NodeJS.Timeout | undefined
  const move = () => {
    entries = 0
    checkpoint(db)
  }
  return {
    wait: () => clearTimeout(quiet),
    /** To be called between transactions, or one of them would last as long as this does. */
    grown(by: number): void {
      entries += by
      if (entries >= LOG_ENTRIES) move()
      else if (entries > 0) quiet = setTimeout(move, QUIET_MS)
    },
  }
}

port.on('message', async (message: { id: number; parcel: Parcel } | 'stop') => {
  log.wait()
  if (message === 'stop') {
    db.$client.close()
    port.close()
    return
  }
  const { id, parcel } = message
  try {
    const unpacked = await unpack({ db, config }, parcel, true)
    port.postMessage({ id, unpacked })
    log.grown(unpacked.fresh)
  } catch (error) {
    port.postMessage({ id, error: (error as Error).message, code: (error as { code?: unknown }).code })
  }
})
