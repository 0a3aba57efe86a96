import type { Context } from '../context.ts'
import { removeDraft } from '../db/draft.ts'
import { record } from '../db/event.ts'
import { cutOffApps } from '../db/oauth.ts'
import { type Tx, transact } from '../db/open.ts'
import {
  addInvitation,
  addSteward,
  amendSteward,
  endSessions,
  forgetOldInvitations,
  hasStewards,
  type Invitation,
  invitationByToken,
  nameIsTaken,
  ownersBeside,
  removeInvitation,
  removeInvitations,
  saveRecoveryCodes,
  stewardNamed,
  stewardOf,
} from '../db/steward.ts'
import type { EventKind } from '../domain/event.ts'
import { Refusal } from '../domain/refusal.ts'
import { foldName, LASTS, type Role, readName, type Steward } from '../domain/steward.ts'
import { newToken, tokenHash } from '../lib/private-token.ts'

/** A link that works once; its token is written nowhere but here. */
export type Offer = { id: number; token: string; expiresAt: Date }

/** What makes the first owner of a node that nobody looks after yet; an earlier link of this kind is good no more. @throws Refusal when somebody does */
export function offerFirst(ctx: Context): Offer {
  return transact(ctx.db, tx => {
    if (hasStewards(tx)) throw new Refusal('conflict', 'This node has a steward already, who can invite others.')
    removeInvitations(tx, 'first')
    return offer(ctx, tx, { kind: 'first', role: 'owner', steward: null })
  })
}

/** Invites somebody to look after the node too. */
export function inviteSteward(ctx: Context, role: Role): Offer {
  return transact(ctx.db, tx => {
    const made = offer(ctx, tx, { kind: 'invite', role, steward: null })
    record(tx, { kind: 'steward.invited', subject: String(made.id), at: ctx.now(), data: { role } })
    return made
  })
}

/** A link with which a steward who forgot the password chooses another. An earlier one is good no more. @throws Refusal when there is none of this number */
export function offerReset(ctx: Context, id: number): Offer {
  return transact(ctx.db, tx => {
    const steward = existing(tx, id)
    removeInvitations(tx, 'reset', id)
    const made = offer(ctx, tx, { kind: 'reset', role: steward.role, steward: id })
    tell(ctx, tx, 'steward.reset_offered', steward)
    return made
  })
}

/** @throws Refusal when it is used, revoked or out of date already */
export function revokeInvitation(ctx: Context, id: number): void {
  transact(ctx.db, tx => {
    if (!removeInvitation(tx, id)) throw new Refusal('missing', 'This invitation is gone already.')
    record(tx, { kind: 'steward.invitation_revoked', subject: String(id), at: ctx.now() })
  })
}

/**
 * Makes a steward of whoever holds the link.
 * @param passwordHash see lib/password.ts
 * @throws Refusal `missing` when the link is not good, `conflict` when the name is taken, `invalid` when it is none
 */
export function joinStewards(ctx: Context, token: string, given: { name: string; passwordHash: string }): Steward {
  return transact(ctx.db, tx => {
    const at = ctx.now()
    const invitation = goodInvitation(tx, token, at)
    if (!invitation || invitation.kind === 'reset') throw noInvitation()
    const name = readName(given.name)
    if (nameIsTaken(tx, name)) throw new Refusal('conflict', `There is or was a steward called ${name}. Choose another name.`)
    removeInvitation(tx, invitation.id)
    const id = addSteward(tx, { name, passwordHash: given.passwordHash, role: invitation.role, createdAt: at })
    record(tx, { kind: 'steward.joined', subject: String(id), at, data: { name, role: invitation.role }, steward: id })
    return existing(tx, id)
  })
}

/** Gives a steward another password by the link that was made for it; all their sessions and apps end. @throws Refusal when the link is not good */
export function resetPassword(ctx: Context, token: string, passwordHash: string): Steward {
  return transact(ctx.db, tx => {
    const invitation = goodInvitation(tx, token, ctx.now())
    if (invitation?.kind !== 'reset' || invitation.steward === null) throw noInvitation()
    const steward = existing(tx, invitation.steward)
    removeInvitation(tx, invitation.id)
    amendSteward(tx, steward.id, { passwordHash })
    endSessions(tx, steward.id)
    cutOffApps(tx, steward.id)
    tell(ctx, tx, 'steward.password_reset', steward, { steward: steward.id })
    return steward
  })
}

/** Gives a steward another password; every session but one ends, every app, and open links for it. */
export function changePassword(ctx: Context, id: number, passwordHash: string, session?: number): void {
  transact(ctx.db, tx => {
    const steward = existing(tx, id)
    amendSteward(tx, id, { passwordHash })
    endSessions(tx, id, session)
    cutOffApps(tx, id)
    removeInvitations(tx, 'reset', id)
    tell(ctx, tx, 'steward.password_changed', steward)
  })
}

/** @throws Refusal when it would leave the node without an owner */
export function changeRole(ctx: Context, id: number, role: Role): void {
  transact(ctx.db, tx => {
    const steward = existing(tx, id)
    if (steward.role === role) return
    keepAnOwner(tx, steward)
    amendSteward(tx, id, { role })
    tell(ctx, tx, 'steward.role_changed', steward, { data: { from: steward.role, to: role } })
  })
}

/** Ends somebody's being a steward; what they did stays in the log under their name, and their draft is gone. @throws Refusal when nobody would own the node then */
export function removeSteward(ctx: Context, id: number): void {
  transact(ctx.db, tx => {
    const steward = existing(tx, id)
    keepAnOwner(tx, steward)
    amendSteward(tx, id, { leftAt: ctx.now(), passwordHash: '', totpSecret: null, totpSince: null, totpStep: null })
    saveRecoveryCodes(tx, id, [])
    removeInvitations(tx, 'reset', id)
    removeDraft(tx, id)
    endSessions(tx, id)
    cutOffApps(tx, id)
    tell(ctx, tx, 'steward.removed', steward, { data: { name: steward.name } })
  })
}

/** A steward by name or number. @throws Refusal when there is none */
export function findSteward(ctx: Context, who: string): Steward {
  const found = stewardNamed(ctx.db, foldName(who)) ?? (/^\d{1,9}$/.test(who) ? stewardOf(ctx.db, Number(who)) : undefined)
  if (!found) throw new Refusal('missing', `There is no steward ${who}. npx archipelago steward list names them.`)
  return found
}

export function goodInvitation(tx: Parameters<typeof invitationByToken>[0], token: string, now: Date): Invitation | undefined {
  return token.length > 100 ? undefined : invitationByToken(tx, tokenHash(token), now)
}

export function existing(tx: Tx, id: number): Steward {
  const steward = stewardOf(tx, id)
  if (!steward) throw new Refusal('missing', 'There is no such steward any more.')
  return steward
}

export function tell(
  ctx: Context,
  tx: Tx,
  kind: EventKind,
  { id }: Pick<Steward, 'id'>,
  more: { data?: Record<string, string>; steward?: number } = {},
): void {
  record(tx, { kind, subject: String(id), at: ctx.now(), ...more })
}

function offer(ctx: Context, tx: Tx, what: Pick<Invitation, 'kind' | 'role' | 'steward'>): Offer {
  const token = newToken()
  const createdAt = ctx.now()
  const expiresAt = new Date(createdAt.getTime() + LASTS[what.kind])
  forgetOldInvitations(tx, createdAt)
  return { id: addInvitation(tx, { ...what, tokenHash: tokenHash(token), createdAt, expiresAt }), token, expiresAt }
}

function keepAnOwner(tx: Tx, { id, role }: Steward): void {
  if (role === 'owner' && ownersBeside(tx, id) === 0)
    throw new Refusal('conflict', 'This is the only owner, and a node needs one. Make somebody else an owner first.')
}

function noInvitation(): Refusal {
  return new Refusal('missing', 'This link is not good any more: it was used, taken back, or has expired. Ask for another one.')
}
