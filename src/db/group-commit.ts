import type { Connection, Tx } from './open.ts'

/** Runs `work` in a transaction that it may share with others, and resolves when that transaction is on the disk. */
export type Commit = <T>(work: (tx: Tx) => T) => Promise<T>

type Waiting = { work: (tx: Tx) => unknown; resolve: (value: never) => void; reject: (error: unknown) => void }

/**
 * Writes that arrive together are committed together: with synchronous=FULL one fsync serves them all.
 * One that throws undoes itself alone: then the others are done a second time, so work must do nothing but write.
 * @param windowMs how long the first of a group waits for others, in milliseconds
 */
export function groupCommit(db: Connection, windowMs = 2): Commit {
  const { $client: client } = db
  const tx = db as unknown as Tx
  const run = client.transaction((work: () => unknown) => work())
  let group: Waiting[] = []

  // Where one of them throws, nothing is written, and each is done again by itself, so that it fails alone.
  function apart(members: Waiting[]): void {
    const outcomes: (() => void)[] = []
    try {
      run.immediate(() => {
        for (const { work, resolve, reject } of members) {
          try {
            const value = run(() => work(tx)) as never
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

  function flush(): void {
    const members = group
    group = []
    try {
      const values = run.immediate(() => members.map(({ work }) => work(tx))) as never[]
      for (const [at, { resolve }] of members.entries()) resolve(values[at]!)
    } catch (error) {
      if (members.length === 1) members[0]!.reject(error)
      else apart(members)
    }
  }

  return work =>
    new Promise((resolve, reject) => {
      group.push({ work, resolve: resolve as (value: never) => void, reject })
      if (group.length === 1) setTimeout(flush, windowMs)
    })
}
