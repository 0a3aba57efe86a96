import type { Connection } from './open.ts'

/** Runs `work` in a transaction that it may share with others, and resolves when that transaction is on the disk. */
export type Commit = <T>(work: () => T) => Promise<T>

type Waiting = { work: () => unknown; resolve: (value: never) => void; reject: (error: unknown) => void }

/**
 * Writes that arrive together are committed together: with synchronous=FULL one fsync serves them all.
 * Each piece of work is a savepoint of its own; one that throws undoes itself alone.
 * @param windowMs how long the first of a group waits for others, in milliseconds
 */
export function groupCommit(db: Connection, windowMs = 2): Commit {
  const { $client: client } = db
  const run = client.transaction((work: () => unknown) => work())
  let group: Waiting[] = []

  function flush(): void {
    const members = group
    group = []
    const outcomes: (() => void)[] = []
    try {
      run.immediate(() => {
        for (const { work, resolve, reject } of members) {
          try {
            const value = run(work) as never
            outcomes.push(() => resolve(value))
          } catch (error) {
            // A full disk may have ended the whole transaction, and not only this member's part.
            if (!client.inTransaction) throw error
            outcomes.push(() => reject(error))
          }
        }
      })
    } catch (error) {
      for (const { reject } of members) reject(error)
      return
    }
    for (const settle of outcomes) settle()
  }

  return work =>
    new Promise((resolve, reject) => {
      group.push({ work, resolve: resolve as (value: never) => void, reject })
      if (group.length === 1) setTimeout(flush, windowMs)
    })
}
