import type { Commit } from './group-commit.ts'
import { type Connection, savepoint, type Tx } from './open.ts'

type Work = (tx: Tx) => unknown
type Outcome = { value: unknown } | { error: unknown }

/**
 * Runs small writes of one kind in one shared transaction within a group commit: making a transaction costs more than such a write.
 * Where one of them throws, each is done again by itself, so that it fails alone.
 */
export function writeBatch(db: Connection, commit: Commit): <T>(work: (tx: Tx) => T) => Promise<T> {
  let open: Work[] | undefined
  let done: Promise<Outcome[]>

  function all(batch: Work[]): Outcome[] {
    try {
      return savepoint(db, tx => batch.map(work => ({ value: work(tx) })))
    } catch (error) {
      // A full disk may have ended the whole group's transaction.
      if (batch.length === 1 || !db.$client.inTransaction) throw error
      return batch.map(work => alone(db, work))
    }
  }

  return async <T>(work: (tx: Tx) => T): Promise<T> => {
    if (!open) {
      const batch: Work[] = []
      const close = () => {
        if (open === batch) open = undefined
      }
      open = batch
      done = commit(() => {
        close()
        return all(batch)
      }).finally(close)
    }
    const at = open.push(work) - 1
    const outcome = (await done)[at]!
    if ('error' in outcome) throw outcome.error
    return outcome.value as T
  }
}

function alone(db: Connection, work: Work): Outcome {
  try {
    return { value: savepoint(db, work) }
  } catch (error) {
    if (!db.$client.inTransaction) throw error
    return { error }
  }
}
