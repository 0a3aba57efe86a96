import type { Context } from '../context.ts'
import { actorAt, actorOf } from '../db/actor.ts'
import { pastEvents } from '../db/audit.ts'
import { isBlocked, isSuspended } from '../db/block.ts'
import { theCommunity } from '../db/community.ts'
import { addErrand, followErrands } from '../db/errand.ts'
import { record } from '../db/event.ts'
import { followingOf } from '../db/following.ts'
import { type Db, transact } from '../db/open.ts'
import { type ReadFollows, readFollowingList } from '../domain/following-list.ts'
import { communityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'

/** Between two that are looked for: what others have told this node must be fetched meanwhile too. */
const APART_MS = 500
const MOST_FAILED = 100

/** What would become of one of a list. Only who is `new` is asked. */
export type FollowPreview = { address: string; state: 'new' | 'accepted' | 'pending' | 'waiting' | 'own' | 'blocked' }

/** Whom a list names, and what would become of each. Changes nothing. @throws Refusal when it is no such list */
export function previewFollows(ctx: Context, file: Uint8Array | string): Omit<ReadFollows, 'addresses'> & { rows: FollowPreview[] } {
  const { addresses, ...read } = readFollowingList(file)
  return { ...read, rows: statesOf(ctx, ctx.db, addresses) }
}

/**
 * Has each of these looked for and asked, one after another.
 * @returns how many are new
 * @throws Refusal when there is no community yet, or nobody of them is new
 */
export function queueFollows(ctx: Context, addresses: readonly string[]): number {
  return transact(ctx.db, tx => {
    const me = communityIri(ctx.config.publicUrl, theCommunity(tx).handle)
    const wanted = statesOf(ctx, tx, addresses).filter(({ state }) => state === 'new')
    if (wanted.length === 0) throw new Refusal('conflict', 'Of these nobody is left to be asked.')
    const now = ctx.now()
    for (const [at, { address }] of wanted.entries())
      addErrand(tx, me, objectOf(address), new Date(now.getTime() + at * APART_MS), 'follow')
    record(tx, { kind: 'follows.imported', subject: String(wanted.length), at: now })
    return wanted.length
  })
}

/** Somebody of a list is not to be found, or can't be followed. @param object what the errand was after */
export function noteUnfollowed(ctx: Context, object: string, why: string): void {
  transact(ctx.db, tx => record(tx, { kind: 'follow.failed', subject: addressOf(object), at: ctx.now(), data: { why } }))
}

export type FollowProgress = { waiting: number; failed: { address: string; why: string; at: Date }[] }

/** How far the last list is; undefined if there never was one. */
export function followProgress(db: Db): FollowProgress | undefined {
  const [last] = pastEvents(db, { kind: 'follows.imported' }, 1)
  if (!last) return undefined
  const failed = pastEvents(db, { kind: 'follow.failed' }, MOST_FAILED).filter(({ id }) => id > last.id)
  return {
    waiting: followErrands(db).length,
    failed: failed.map(({ subject, data, at }) => ({ address: subject, why: data?.why ?? '', at })),
  }
}

function statesOf({ config }: Context, db: Db, addresses: readonly string[]): FollowPreview[] {
  const { handle } = theCommunity(db)
  const own = [communityIri(config.publicUrl, handle), `${handle}@${config.host}`]
  const waiting = new Set(followErrands(db))
  return addresses.map(address => {
    const [, name, host = new URL(address).host] = /^([^@]+)@(.+)$/.exec(address) ?? []
    const actor = name ? actorAt(db, name, host) : actorOf(db, address)
    const state = actor && followingOf(db, actor.id)?.state
    if (own.includes(address)) return { address, state: 'own' }
    if (isSuspended(db, host) || (actor && isBlocked(db, actor.id))) return { address, state: 'blocked' }
    if (state === 'accepted' || state === 'pending') return { address, state }
    return { address, state: waiting.has(objectOf(address)) ? 'waiting' : 'new' }
  })
}

const objectOf = (address: string) => (address.includes('://') ? address : `acct:${address}`)
const addressOf = (object: string) => object.replace(/^acct:/, '')
