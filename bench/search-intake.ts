import { setTimeout as pause } from 'node:timers/promises'
import { checkpoint, leaveCheckpoints, trustTheDisk } from '../src/db/checkpoint.ts'
import { openDatabase, transact } from '../src/db/open.ts'
import { checkEntry } from '../src/federation/entry-check.ts'
import { batchAfter, FIRST_BATCH } from '../src/federation/exchange/parcel.ts'
import { canonical } from '../src/lib/canonical.ts'
import { keep, makeKeys, signedEntry } from './directory/build.ts'
import { type Invented, inventor } from './directory/communities.ts'
import { answerQuestions, isProgram } from './helper.ts'

/** `prepare` signs, `go` checks and keeps what was prepared. Communities are numbered on from `from`. */
export type IntakeQuestion = { kind: 'prepare'; from: number; count: number } | { kind: 'go' }
export type Taken = { entries: number; elapsedMs: number; longestMs: number }

/** A process that takes entries in as the worker of a node does: each proof is checked, and what holds is kept in short transactions. */
async function main(database: string): Promise<void> {
  const db = openDatabase(database)
  const keys = makeKeys()
  leaveCheckpoints(db)
  trustTheDisk(db)
  let waiting: { community: Invented; sent: string }[] = []
  answerQuestions<IntakeQuestion>(async question => {
    const now = new Date()
    if (question.kind === 'prepare') {
      const invent = inventor(question.from + question.count)
      waiting = Array.from({ length: question.count }, (_, n) => {
        const community = invent(question.from + n)
        // As a peer passes it on.
        return { community, sent: canonical(signedEntry(community, keys, now))! }
      })
      return { ready: waiting.length }
    }
    const since = performance.now()
    let longestMs = 0
    let size = FIRST_BATCH
    let log = 0
    for (let from = 0; from < waiting.length; ) {
      const some = waiting.slice(from, from + size)
      const checked = some.map(({ community, sent }) => ({ community, keys, text: checkEntry(JSON.parse(sent), now).text }))
      const began = performance.now()
      transact(db, tx => keep(tx, checked, now))
      const tookMs = performance.now() - began
      longestMs = Math.max(longestMs, tookMs)
      from += some.length
      size = batchAfter(some.length, tookMs)
      log += some.length
      if (log >= 1_000) {
        checkpoint(db)
        log = 0
      }
      // Whoever else wants to write gets a turn.
      await pause(0)
    }
    return { entries: waiting.length, elapsedMs: performance.now() - since, longestMs } satisfies Taken
  })
}

if (isProgram(import.meta.url)) await main(process.argv[2]!)
