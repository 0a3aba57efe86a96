import type { Context } from '../context.ts'
import { lastLook, lookBook, saveLookBook, shownCount, wantLook } from '../db/look.ts'
import { type Db, type Tx, transact } from '../db/open.ts'
import { amendRecord, type EntryRecord, recordOf } from '../db/record.ts'
import { isShown } from '../domain/entry.ts'
import { LIMITS, lookWithin } from '../domain/entry-limit.ts'

/**
 * When to look at an origin that there is a reason to ask: at a time of chance, the further off the more communities there are, so that
 * the nodes of a large network don't all ask a newcomer at once, and most of them need not ask at all.
 */
export function timeToLook(db: Db, now: Date): Date {
  return new Date(now.getTime() + Math.random() * lookWithin(shownCount(db)))
}

/**
 * A peer names a community that others have named, or contradicts what is known of it: its origin is asked, or is asked sooner, at the
 * cost of that peer. How many looks it may hasten in a day is limited like those that it may cause, so that nobody can make all others wait.
 */
export function hasten(tx: Tx, { actor, peer, checkAt }: EntryRecord, by: number, now: Date): void {
  if (checkAt && (checkAt <= now || peer === by)) return
  const book = lookBook(tx, now)
  const mine = book.hastened[by] ?? 0
  if (mine >= LIMITS.checksPerPeerADay) return
  book.hastened[by] = mine + 1
  saveLookBook(tx, book)
  const sooner = checkAt ? new Date((checkAt.getTime() + now.getTime()) / 2) : timeToLook(tx, now)
  amendRecord(tx, actor, { peer: by, checkAt: sooner })
}

/** Somebody opens the page of a community: what was never seen at its origin is looked at at once. */
export function entryOpened(ctx: Pick<Context, 'db' | 'now'>, actor: string): void {
  const now = ctx.now()
  const known = recordOf(ctx.db, actor)
  if (!known?.hash || known.seenAt || !(known.state === 'heard' || isShown(known.state))) return
  if (isTooSoon(lastLook(ctx.db, known.key), now)) return
  transact(ctx.db, tx => {
    const book = lookBook(tx, now)
    if (book.opened >= LIMITS.openedADay) return
    saveLookBook(tx, { ...book, opened: book.opened + 1 })
    wantLook(tx, known.key, now)
  })
}

/** Whether a community was looked at so lately that nobody's word makes this node look again. */
export function isTooSoon(last: Date | null, now: Date): boolean {
  return last !== null && last <= now && now.getTime() - last.getTime() < LIMITS.checkAgain
}
