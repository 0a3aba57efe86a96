import type { Context } from '../context.ts'
import { actorOf } from '../db/actor.ts'
import {
  actorBlockOf,
  blankActor,
  blockOf,
  cutOff,
  forgetMediaOf,
  forgetWordsOf,
  inhabitants,
  removeActorBlock,
  removeBlock,
  saveActorBlock,
  saveBlock,
} from '../db/block.ts'
import { forgetTies, rememberTies } from '../db/cut-tie.ts'
import { record } from '../db/event.ts'
import { followerOf, removeFollower } from '../db/follower.ts'
import { followingOf, removeFollowing } from '../db/following.ts'
import { freshIri } from '../db/fresh-iri.ts'
import { transact } from '../db/open.ts'
import {
  type BlockDetails,
  blockComment,
  domainOf,
  isPublicSuffix,
  NO_DETAILS,
  readDomain,
  type Severity,
  withParents,
} from '../domain/block.ts'
import { activityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { forgetRecord, forgetRecordsAt } from './directory.ts'

/** A domain that may be blocked. @throws Refusal when it is none, everybody's, or the node's own */
export function blockableDomain({ config }: Pick<Context, 'config'>, text: string): string {
  const domain = readDomain(text)
  if (withParents(domainOf(config.host)).includes(domain))
    throw new Refusal('invalid', `${domain} is this node’s own domain.`, [], { code: 'ownDomain', domain })
  if (isPublicSuffix(domain))
    throw new Refusal('invalid', `${domain} is what many strangers’ names end in. Block a whole name below it.`, [], {
      code: 'everybodysDomain',
      domain,
    })
  return domain
}

/**
 * Blocks a domain and its subdomains: `suspend` cuts every tie at once, `limit` takes it out of the directory.
 * @param text a domain, address or handle @param details what else is to be kept; what is left out stays as it was
 * @returns the domain, and how many actors of it were known here
 * @throws Refusal when it is no domain, everybody's, or the node's own
 */
export function blockDomain(
  ctx: Context,
  text: string,
  severity: Severity,
  details: Partial<BlockDetails> = {},
): { domain: string; actors: number } {
  const domain = blockableDomain(ctx, text)
  return transact(ctx.db, tx => {
    const now = ctx.now()
    const { since: _, ...standing } = blockOf(tx, domain) ?? { ...NO_DETAILS, since: now }
    const words = { ...standing, ...details }
    saveBlock(tx, { ...words, comment: blockComment(words.comment), note: blockComment(words.note), domain, severity, since: now })
    const found = inhabitants(tx, domain)
    forgetRecordsAt(tx, domain)
    for (const actor of found.entries) forgetRecord(tx, actor)
    if (severity === 'suspend') {
      rememberTies(tx, found.actors, () => domain, now)
      cutOff(tx, found, now)
    } else if (words.rejectMedia) forgetMediaOf(tx, found.actors)
    record(tx, { kind: 'domain.blocked', subject: domain, at: now, data: { severity } })
    return { domain, actors: found.actors.length }
  })
}

/** Ends it; what was cut stays cut. `undoBlock` brings ties back. @throws Refusal when the domain is not blocked */
export function unblockDomain(ctx: Context, text: string): string {
  const domain = readDomain(text)
  transact(ctx.db, tx => {
    if (!removeBlock(tx, domain)) throw new Refusal('missing', `${domain} is not blocked.`)
    forgetTies(tx, domain)
    record(tx, { kind: 'domain.unblocked', subject: domain, at: ctx.now() })
  })
  return domain
}

/**
 * Blocks a single actor: both ties are cut, what it has said here is forgotten, it leaves the directory, and it is told.
 * @param id of an actor this node knows @param comment why, for stewards
 * @throws Refusal when it is unknown, or blocked already
 */
export function blockActor(ctx: Context, id: string, comment = ''): void {
  transact(ctx.db, tx => {
    if (!actorOf(tx, id)) throw new Refusal('missing', `${id} is not known here.`, [], { code: 'unknownActor', actor: id })
    if (actorBlockOf(tx, id)) throw new Refusal('conflict', `${id} is blocked already.`, [], { code: 'blockedAlready', actor: id })
    const at = ctx.now()
    const iri = freshIri(tx, id => activityIri(ctx.config.publicUrl, id), at)
    const follower = followerOf(tx, id)
    const followed = followingOf(tx, id)
    rememberTies(tx, [id], () => id, at)
    // In the order in which it should hear of them.
    if (follower) record(tx, { kind: 'follower.rejected', subject: id, at, data: { followId: follower.followId } })
    if (followed) record(tx, { kind: 'follow.withdrawn', subject: id, at, data: { followId: followed.followId } })
    record(tx, { kind: 'actor.blocked', subject: id, at, data: { iri } })
    removeFollower(tx, id)
    removeFollowing(tx, id)
    forgetRecord(tx, id)
    forgetWordsOf(tx, id, at)
    blankActor(tx, id)
    saveActorBlock(tx, { actor: id, iri, since: at, comment: blockComment(comment) })
  })
}

/** Ends it, and says so. What was cut does not come back. @throws Refusal when the actor is not blocked */
export function unblockActor(ctx: Context, id: string): void {
  transact(ctx.db, tx => {
    const standing = actorBlockOf(tx, id)
    if (!standing) throw new Refusal('missing', `${id} is not blocked.`)
    removeActorBlock(tx, id)
    forgetTies(tx, id)
    record(tx, { kind: 'actor.unblocked', subject: id, at: ctx.now(), ...(standing.iri ? { data: { iri: standing.iri } } : {}) })
  })
}
