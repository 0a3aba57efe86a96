import type { Context } from '../context.ts'
import { actorOf } from '../db/actor.ts'
import {
  actorBlockOf,
  blankActor,
  cutOff,
  forgetWordsOf,
  inhabitants,
  removeActorBlock,
  removeBlock,
  saveActorBlock,
  saveBlock,
} from '../db/block.ts'
import { record } from '../db/event.ts'
import { followerOf, removeFollower } from '../db/follower.ts'
import { followingOf, removeFollowing } from '../db/following.ts'
import { freshIri } from '../db/fresh-iri.ts'
import { transact } from '../db/open.ts'
import { domainOf, readDomain, type Severity, withParents } from '../domain/block.ts'
import { activityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { forgetRecord, forgetRecordsAt } from './directory.ts'

/**
 * Blocks a domain and its subdomains: `suspend` cuts every tie at once, `limit` takes it out of the directory.
 * @param text a domain, address or handle @returns the domain, and how many actors of it were known here
 * @throws Refusal when it is no domain, or the node's own
 */
export function blockDomain(ctx: Context, text: string, severity: Severity): { domain: string; actors: number } {
  const domain = readDomain(text)
  if (withParents(domainOf(ctx.config.host)).includes(domain)) throw new Refusal('invalid', `${domain} is this node’s own domain.`)
  return transact(ctx.db, tx => {
    const now = ctx.now()
    saveBlock(tx, { domain, severity, since: now })
    const found = inhabitants(tx, domain)
    forgetRecordsAt(tx, domain)
    if (severity === 'suspend') cutOff(tx, found, now)
    record(tx, { kind: 'domain.blocked', subject: domain, at: now, data: { severity } })
    return { domain, actors: found.actors.length }
  })
}

/** @throws Refusal when the domain is not blocked */
export function unblockDomain(ctx: Context, text: string): string {
  const domain = readDomain(text)
  transact(ctx.db, tx => {
    if (!removeBlock(tx, domain)) throw new Refusal('missing', `${domain} is not blocked.`)
    record(tx, { kind: 'domain.unblocked', subject: domain, at: ctx.now() })
  })
  return domain
}

/**
 * Blocks a single actor: both ties are cut, what it has said here is forgotten, it leaves the directory, and it is told.
 * @param id of an actor this node knows
 * @throws Refusal when it is unknown, or blocked already
 */
export function blockActor(ctx: Context, id: string): void {
  transact(ctx.db, tx => {
    if (!actorOf(tx, id)) throw new Refusal('missing', `${id} is not known here.`)
    if (actorBlockOf(tx, id)) throw new Refusal('conflict', `${id} is blocked already.`)
    const at = ctx.now()
    const iri = freshIri(tx, id => activityIri(ctx.config.publicUrl, id), at)
    const follower = followerOf(tx, id)
    const followed = followingOf(tx, id)
    // In the order in which it should hear of them.
    if (follower) record(tx, { kind: 'follower.rejected', subject: id, at, data: { followId: follower.followId } })
    if (followed) record(tx, { kind: 'follow.withdrawn', subject: id, at, data: { followId: followed.followId } })
    record(tx, { kind: 'actor.blocked', subject: id, at, data: { iri } })
    removeFollower(tx, id)
    removeFollowing(tx, id)
    forgetRecord(tx, id)
    forgetWordsOf(tx, id, at)
    blankActor(tx, id)
    saveActorBlock(tx, { actor: id, iri, since: at })
  })
}

/** Ends it, and says so. What was cut does not come back. @throws Refusal when the actor is not blocked */
export function unblockActor(ctx: Context, id: string): void {
  transact(ctx.db, tx => {
    const standing = actorBlockOf(tx, id)
    if (!standing) throw new Refusal('missing', `${id} is not blocked.`)
    removeActorBlock(tx, id)
    record(tx, { kind: 'actor.unblocked', subject: id, at: ctx.now(), ...(standing.iri ? { data: { iri: standing.iri } } : {}) })
  })
}
