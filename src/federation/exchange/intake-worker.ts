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
/** As long as this thread lives the log is its to keep short, whoever writes. It falls between two pages, or one commit would last as long. */
const MOVE_LOG_MS = 1_000
const moving = setInterval(() => checkpoint(db), MOVE_LOG_MS)

port.on('message', async (message: { id: number; parcel: Parcel } | 'stop') => {
  if (message === 'stop') {
    clearInterval(moving)
    db.$client.close()
    port.close()
    return
  }
  const { id, parcel } = message
  try {
    port.postMessage({ id, unpacked: await unpack({ db, config }, parcel, true) })
  } catch (error) {
    port.postMessage({ id, error: (error as Error).message, code: (error as { code?: unknown }).code })
  }
})
