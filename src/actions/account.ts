import type { Context } from '../context.ts'
import {
  type Account,
  accountsOf,
  addAccounts,
  type FollowOptions,
  followOptionsOf,
  removeMute,
  saveFollowOptions,
  saveMute,
  saveNote,
} from '../db/account.ts'
import { followingOf } from '../db/following.ts'
import { transact } from '../db/open.ts'
import { Refusal } from '../domain/refusal.ts'

const LONGEST_NOTE = 2_000

/** The numbers by which apps know some actors: given to those who have none yet, and never changed. */
export function numberAccounts(ctx: Context, actors: readonly string[]): Map<string, Account> {
  const wanted = [...new Set(actors)]
  let known = accountsOf(ctx.db, wanted)
  if (known.length < wanted.length) {
    const numbered = new Set(known.map(one => one.actor))
    const fresh = wanted.filter(actor => !numbered.has(actor))
    transact(ctx.db, tx => addAccounts(tx, fresh, ctx.now()))
    known = [...known, ...accountsOf(ctx.db, fresh)]
  }
  return new Map(known.map(one => [one.actor, one]))
}

/**
 * Shows an actor's posts no more, without telling it.
 * @param notifications whether nothing is told of what it does either @param seconds how long; 0 is for ever
 */
export function muteActor(ctx: Context, actor: string, { notifications, seconds }: { notifications: boolean; seconds: number }): void {
  const since = ctx.now()
  const until = seconds > 0 ? new Date(since.getTime() + Math.min(seconds, 400 * 24 * 3600) * 1000) : null
  transact(ctx.db, tx => saveMute(tx, { actor, notifications, since, until }))
}

export function unmuteActor(ctx: Context, actor: string): void {
  transact(ctx.db, tx => removeMute(tx, actor))
}

/** @throws Refusal when it is longer than 2,000 characters */
export function noteActor(ctx: Context, actor: string, text: string): void {
  const words = text.normalize('NFC').trim()
  if (words.length > LONGEST_NOTE) throw new Refusal('invalid', 'Validation failed: a note may have 2,000 characters')
  transact(ctx.db, tx => saveNote(tx, actor, words))
}

/** Changes how somebody is followed. @throws Refusal when they are not */
export function changeFollowOptions(ctx: Context, actor: string, changes: Partial<FollowOptions>): void {
  transact(ctx.db, tx => {
    if (!followingOf(tx, actor)) throw new Refusal('missing', 'Record not found')
    saveFollowOptions(tx, actor, { ...followOptionsOf(tx, actor), ...changes })
  })
}
