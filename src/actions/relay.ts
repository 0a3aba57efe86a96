import type { Context } from '../context.ts'
import { isSuspended } from '../db/block.ts'
import { theCommunity } from '../db/community.ts'
import { addErrand } from '../db/errand.ts'
import { record } from '../db/event.ts'
import { freshIri } from '../db/fresh-iri.ts'
import { transact } from '../db/open.ts'
import { relayAsked, relayAt, removeRelay, saveRelay, takeAllowance } from '../db/relay.ts'
import { activityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Relay } from '../domain/relay.ts'

/**
 * Asks a relay to pass on what the community posts. Asking again while the answer is out, or after yes, changes nothing.
 * @param actor its id, where it is one that is followed itself (LitePub); others are only known by their inbox
 * @throws Refusal when there is no community yet, or the relay's server is blocked
 */
export function addRelay(ctx: Context, inbox: string, actor?: string): Relay {
  return transact(ctx.db, tx => {
    theCommunity(tx)
    const { host } = new URL(inbox)
    if (isSuspended(tx, host)) throw new Refusal('forbidden', `${host} is blocked here. npx archipelago unblock ${host} ends that.`)
    const standing = relayAt(tx, inbox)
    if (standing && standing.state !== 'rejected') return standing
    const now = ctx.now()
    const followId = freshIri(tx, id => activityIri(ctx.config.publicUrl, id), now)
    const relay: Relay = { inbox, actor: actor ?? null, followId, state: 'pending', since: now }
    saveRelay(tx, relay)
    record(tx, { kind: 'relay.added', subject: inbox, at: now, data: { followId, ...(actor ? { actor } : {}) } })
    return relay
  })
}

/** @param address its inbox, or its id @throws Refusal when there is no such relay */
export function leaveRelay(ctx: Context, address: string): Relay {
  return transact(ctx.db, tx => {
    const relay = relayAt(tx, address)
    if (!relay) throw new Refusal('missing', `${address} is no relay of this community. npx archipelago relay list shows them.`)
    removeRelay(tx, relay.inbox)
    record(tx, { kind: 'relay.removed', subject: relay.inbox, at: ctx.now(), data: { followId: relay.followId } })
    return relay
  })
}

/** A relay answers. Only the one that was asked can: the same actor if it is known, else one that lives where its inbox does. */
export function relayAnswered(ctx: Context, from: string, followId: string, answer: 'accepted' | 'rejected'): boolean {
  return transact(ctx.db, tx => {
    const relay = relayAsked(tx, followId)
    if (!relay || relay.state === answer) return false
    if (relay.actor ? relay.actor !== from : new URL(relay.inbox).origin !== new URL(from).origin) return false
    saveRelay(tx, { ...relay, actor: from, state: answer, since: ctx.now() })
    record(tx, { kind: 'relay.answered', subject: relay.inbox, at: ctx.now(), data: { answer, actor: from } })
    return true
  })
}

/** A relay points to something of somebody's: it is looked into, so that communities are found, but only so often (RELAY_LIMITS). */
export function hearOfObject(ctx: Context, relay: string, object: string): boolean {
  return transact(ctx.db, tx => {
    if (isSuspended(tx, new URL(object).host) || !takeAllowance(tx, ctx.now())) return false
    addErrand(tx, relay, object, ctx.now(), 'relayed')
    return true
  })
}
