import type { Context } from '../context.ts'
import { contendersSince, removeContender } from '../db/contender.ts'
import { removeEntry } from '../db/directory.ts'
import { forgetLooks, lastLook, wantLook } from '../db/look.ts'
import { transact } from '../db/open.ts'
import { dropRecord, isPassedOn, recordOf, recordsOver, saveRecord } from '../db/record.ts'
import { touchTree } from '../db/tree.ts'
import { LIMITS } from '../domain/entry-limit.ts'
import { isTooSoon } from './entry-look.ts'
import { ownActor } from './own-entry.ts'

type Keeping = Pick<Context, 'db' | 'now' | 'config'>

/** Records whose time has passed, in one transaction: short, so that nobody waits. */
const BATCH = 200

/**
 * Ends what its community has not renewed. Of an entry that was confirmed only its keys are remembered, for half a year; a tombstone goes
 * when nothing is left that it could hold back; what was only heard goes at once.
 * @returns how many have ended
 */
export function expireEntries(ctx: Keeping): number {
  return transact(ctx.db, tx => {
    const now = ctx.now()
    const own = ownActor(ctx, tx)
    // Our own is renewed by whoever runs this node, or not at all.
    const over = recordsOver(tx, now, BATCH).filter(({ actor }) => actor !== own)
    const changed = over.filter(isPassedOn).map(({ key }) => key)
    for (const record of over) {
      const { actor, kind, state } = record
      removeEntry(tx, actor)
      removeContender(tx, actor)
      if (kind === 'tombstone' || state === 'heard' || state === 'expired') dropRecord(tx, actor)
      else saveRecord(tx, { ...record, state: 'expired', checkAt: null, expiresAt: new Date(now.getTime() + LIMITS.expiredKept) })
    }
    touchTree(tx, changed)
    return over.length
  })
}

/**
 * Contenders that have waited for seven days: their origin is asked whether it still says so.
 * @returns those that the recovery key has signed, as text, for which no origin has to be asked
 */
export function wakeContenders(ctx: Keeping): string[] {
  return transact(ctx.db, tx => {
    const now = ctx.now()
    forgetLooks(tx, new Date(now.getTime() - LIMITS.checkAgain), now)
    return contendersSince(tx, new Date(now.getTime() - LIMITS.quarantine)).flatMap(({ actor, signer, text }) => {
      const known = recordOf(tx, actor)
      if (known?.recovery === `did:key:${signer}`) return [text]
      if (known && !isTooSoon(lastLook(tx, known.key), now)) wantLook(tx, known.key, now)
      if (!known) removeContender(tx, actor)
      return []
    })
  })
}
