import { parentPort, workerData } from 'node:worker_threads'
import type { Config } from '../../config.ts'
import { openDatabase } from '../../db/open.ts'
import { type Parcel, unpack } from './parcel.ts'

// A thread of its own, with its own connection: proofs and index writes of whole pages hold up nobody who reads one.
const config = workerData as Config
const db = openDatabase(config.database)
const port = parentPort!

port.on('message', ({ id, parcel }: { id: number; parcel: Parcel }) => {
  unpack({ db, config }, parcel, true).then(
    unpacked => port.postMessage({ id, unpacked }),
    (error: Error) => port.postMessage({ id, error: error.message, code: (error as { code?: unknown }).code }),
  )
})
