import { parentPort, workerData } from 'node:worker_threads'
import { backUp } from './backup.ts'
import { databaseFault, explainFault } from './fault.ts'

// A thread of its own: to copy a large database takes a minute of one processor.
const { database, file } = workerData as { database: string; file: string }
try {
  parentPort!.postMessage({ made: backUp(database, file) })
} catch (error) {
  const fault = databaseFault(error)
  parentPort!.postMessage({ refused: fault ? explainFault(fault).words : error instanceof Error ? error.message : String(error) })
}
