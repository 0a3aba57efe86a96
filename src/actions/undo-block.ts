import type { Context } from '../context.ts'
import { actorOf, saveActor } from '../db/actor.ts'
import { blockOf } from '../db/block.ts'
import { type CutTie, forgetTies, tiesCutBy } from '../db/cut-tie.ts'
import { record } from '../db/event.ts'
import { followerOf, saveFollower } from '../db/follower.ts'
import { type Tx, transact } from '../db/open.ts'
import { handleOf } from '../domain/actor.ts'
import { readDomain } from '../domain/block.ts'
import { Refusal } from '../domain/refusal.ts'
import { unblockActor, unblockDomain } from './block.ts'
import { isUnwanted, listActor } from './directory.ts'
import { followActor } from './following.ts'

/**
 * What an undone block brings back, by handle: `following` are asked again, `followers` are there again as they were because their
 * servers had not been told, and `lost` must follow again themselves. Posts, reactions and deliveries are gone; entries of the directory
 * come back as other nodes tell of them.
 */
export type Restored = { following: string[]; followers: string[]; lost: string[] }

/** Ends the block of a domain and brings back what can be. @throws Refusal when it is not blocked */
export function undoDomainBlock(ctx: Context, text: string): Restored & { domain: string } {
  const domain = readDomain(text)
  return transact(ctx.db, tx => {
    if (!blockOf(tx, domain)) throw new Refusal('missing', `${domain} is not blocked.`)
    const ties = tiesCutBy(tx, domain)
    unblockDomain(ctx, domain)
    return { domain, ...restoreTies(ctx, tx, ties, true) }
  })
}

/** Ends the block of an actor, who was told of it: who followed must follow again. @throws Refusal when it is not blocked */
export function undoActorBlock(ctx: Context, id: string): Restored {
  return transact(ctx.db, tx => {
    const ties = tiesCutBy(tx, id)
    unblockActor(ctx, id)
    return restoreTies(ctx, tx, ties, false)
  })
}

/** @param untold their servers still think that they follow */
export function restoreTies(ctx: Context, tx: Tx, ties: readonly CutTie[], untold: boolean): Restored {
  const restored: Restored = { following: [], followers: [], lost: [] }
  for (const { tie, actor, followId, state, since, known, target } of ties) {
    if (known && !actorOf(tx, actor) && !isUnwanted(tx, actor)) saveActor(tx, known, [])
    const name = known ? handleOf(known) : actor
    const there = actorOf(tx, actor)
    const back = there && !there.goneAt && !isUnwanted(tx, actor)
    if (tie === 'following') {
      if (back && state !== 'rejected') followActor(ctx, actor)
      restored[back && state !== 'rejected' ? 'following' : 'lost'].push(name)
    } else if (back && untold && state !== 'rejected') {
      if (!followerOf(tx, actor)) {
        saveFollower(tx, { actor, followId, state, since })
        listActor(tx, actor)
        record(tx, { kind: 'follower.restored', subject: actor, at: ctx.now() })
      }
      restored.followers.push(name)
    } else restored.lost.push(name)
    forgetTies(tx, target)
  }
  return restored
}
