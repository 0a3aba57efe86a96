import { parentPort, workerData } from 'node:worker_threads'
import type { Config } from '../../config.ts'
import { checkpoint, leaveCheckpoints } from '../../db/checkpoint.ts'
import { openDatabase } from '../../db/open.ts'
import { type Parcel, unpack } from './parcel.ts'

// A thread of its own, with its own connection: proofs and index writes of whole pages hold up nobody who reads one.
const config = workerData as Config
const db = openDatabase(config.database)
const port = parentPort!
leaveCheckpoints(db)

port.on('message', async (message: { id: number; parcel: Parcel } | 'stop') => {
  if (message === 'stop') {
    db.$client.close()
    port.close()
    return
  }
  const { id, parcel } = message
  try {
    const unpacked = await unpack({ db, config }, parcel, true)
    port.postMessage({ id, unpacked })
    // Between transactions, or one of them would last as long as this does.
    checkpoint(db)
  } catch (error) {
    port.postMessage({ id, error: (error as Error).message, code: (error as { code?: unknown }).code })
  }
})
