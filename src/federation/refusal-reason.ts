import { databaseFault } from '../db/fault.ts'
import { NotFetched } from './document.ts'
import { HostBusy } from './host-gate.ts'

/** One word, out of few, for why a request to an inbox was refused: for the log, and to be counted. */
export function refusalReason(error: unknown): string {
  const fault = databaseFault(error)
  if (fault) return `database-${fault}`
  if (error instanceof HostBusy) return 'host-busy'
  if (error instanceof NotFetched) return 'not-fetched'
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code.toLowerCase().replaceAll('_', '-') : 'unforeseen'
}
