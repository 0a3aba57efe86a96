import type { Context } from '../context.ts'
import { bookLook, type LookBook, lastLook, lookBook, ownLooksDue, putOffLook, saveLookBook } from '../db/look.ts'
import { transact } from '../db/open.ts'
import { amendRecord, type EntryRecord, recordsToCheck } from '../db/record.ts'
import { LIMITS } from '../domain/entry-limit.ts'
import { confirmByWitnesses } from './entry.ts'
import { isTooSoon } from './entry-look.ts'

const DAY_MS = 24 * 3_600_000
/** Looks nobody can pay for today are put off so many at a time, so that the others' turn comes. */
const SORTED_AT_ONCE = 64
/** How long the transaction should last at most, in milliseconds. */
const WRITE_MS = 20

/**
 * The looks at origins that are to be made now, as many as go on at the same time, and books them. This node's own come first, from a
 * budget of their own. What three others have confirmed meanwhile needs none.
 * @returns them, and how many were due
 */
export function takeLooks({ db, now: clock }: Pick<Context, 'db' | 'now'>): { looks: EntryRecord[]; due: number } {
  const now = clock()
  const own = ownLooksDue(db, now, LIMITS.checksAtOnce)
  const told = recordsToCheck(db, now, SORTED_AT_ONCE)
  if (own.length + told.length === 0) return { looks: [], due: 0 }
  const begun = performance.now()
  return transact(db, tx => {
    const book = lookBook(tx, now)
    const looks = new Map<string, EntryRecord>()
    for (const record of own) {
      const at = putOff(record, spend(book, null))
      if (at) putOffLook(tx, record.key, at)
      else looks.set(record.actor, record)
    }
    for (const record of told) {
      if (looks.size >= LIMITS.checksAtOnce || performance.now() - begun > WRITE_MS) break
      if (looks.has(record.actor) || confirmByWitnesses(tx, record.key, now)) continue
      const at = putOff(record, spend(book, record.peer))
      if (at) amendRecord(tx, record.actor, { checkAt: at })
      else looks.set(record.actor, record)
    }
    for (const { key } of looks.values()) bookLook(tx, key, now)
    saveLookBook(tx, book)
    return { looks: [...looks.values()], due: own.length + told.length }

    function putOff({ key }: EntryRecord, pay: () => boolean): Date | undefined {
      const last = lastLook(tx, key)
      if (last && isTooSoon(last, now)) return new Date(last.getTime() + LIMITS.checkAgain)
      // At a time of chance within the next day: who comes first is not served first, so a flood pushes nobody out.
      return pay() ? undefined : new Date(now.getTime() + Math.random() * DAY_MS)
    }
  })
}

/** @param peer whose word it is; null for this node's own reasons @returns what pays for one look, if there is enough for it */
function spend(book: LookBook, peer: number | null): () => boolean {
  return () => {
    if (peer === null) return book.own < LIMITS.ownChecksADay && ++book.own > 0
    const mine = book.peers[peer] ?? 0
    if (book.all >= LIMITS.checksADay || mine >= LIMITS.checksPerPeerADay) return false
    book.all++
    book.peers[peer] = mine + 1
    return true
  }
}
