import { and, asc, count, desc, eq, gt, isNull, lte, ne } from 'drizzle-orm'
import type { InvitationKind, Role, Steward } from '../domain/steward.ts'
import type { Db, Tx } from './open.ts'
import { type Flash, invitations, recoveryCodes, stewardSessions, stewards } from './schema-steward.ts'

/** What is kept of a steward to let them in; never shown. */
export type Credentials = { passwordHash: string; totpSecret: string | null; totpStep: number | null }
export type Session = {
  id: number
  steward: number
  userAgent: string
  createdAt: Date
  seenAt: Date
  expiresAt: Date
  provenAt: Date
  waiting: boolean
  flash: Flash | null
}
export type Invitation = {
  id: number
  kind: InvitationKind
  role: Role
  steward: number | null
  createdAt: Date
  expiresAt: Date
}

const shown = {
  id: stewards.id,
  name: stewards.name,
  role: stewards.role,
  totpSince: stewards.totpSince,
  createdAt: stewards.createdAt,
  leftAt: stewards.leftAt,
}
const sessionShown = {
  id: stewardSessions.id,
  steward: stewardSessions.steward,
  userAgent: stewardSessions.userAgent,
  createdAt: stewardSessions.createdAt,
  seenAt: stewardSessions.seenAt,
  expiresAt: stewardSessions.expiresAt,
  provenAt: stewardSessions.provenAt,
  waiting: stewardSessions.waiting,
  flash: stewardSessions.flash,
}
const invitationShown = {
  id: invitations.id,
  kind: invitations.kind,
  role: invitations.role,
  steward: invitations.steward,
  createdAt: invitations.createdAt,
  expiresAt: invitations.expiresAt,
}

/** Those who look after the node now. */
export function allStewards(db: Db): Steward[] {
  return db.select(shown).from(stewards).where(isNull(stewards.leftAt)).orderBy(asc(stewards.id)).all()
}

/** Everybody who ever did, for the log. */
export function namesOfStewards(db: Db): Map<number, string> {
  return new Map(
    db
      .select({ id: stewards.id, name: stewards.name })
      .from(stewards)
      .all()
      .map(({ id, name }) => [id, name]),
  )
}

export function stewardOf(db: Db, id: number): Steward | undefined {
  return db
    .select(shown)
    .from(stewards)
    .where(and(eq(stewards.id, id), isNull(stewards.leftAt)))
    .get()
}

/** @param name folded */
export function stewardNamed(db: Db, name: string): Steward | undefined {
  return db
    .select(shown)
    .from(stewards)
    .where(and(eq(stewards.name, name), isNull(stewards.leftAt)))
    .get()
}

/** Whether anybody, also one who has left, bears or bore this name. */
export function nameIsTaken(db: Db, name: string): boolean {
  return db.select({ id: stewards.id }).from(stewards).where(eq(stewards.name, name)).get() !== undefined
}

export function hasStewards(db: Db): boolean {
  return db.select({ id: stewards.id }).from(stewards).where(isNull(stewards.leftAt)).limit(1).get() !== undefined
}

export function ownersBeside(db: Db, id: number): number {
  const others = and(eq(stewards.role, 'owner'), isNull(stewards.leftAt), ne(stewards.id, id))
  return db.select({ n: count() }).from(stewards).where(others).get()?.n ?? 0
}

export function credentialsOf(db: Db, id: number): Credentials | undefined {
  return db
    .select({ passwordHash: stewards.passwordHash, totpSecret: stewards.totpSecret, totpStep: stewards.totpStep })
    .from(stewards)
    .where(and(eq(stewards.id, id), isNull(stewards.leftAt)))
    .get()
}

export function addSteward(tx: Tx, row: { name: string; passwordHash: string; role: Role; createdAt: Date }): number {
  return tx.insert(stewards).values(row).returning({ id: stewards.id }).get().id
}

export function amendSteward(tx: Tx, id: number, changes: Partial<typeof stewards.$inferInsert>): void {
  tx.update(stewards).set(changes).where(eq(stewards.id, id)).run()
}

/** The session a cookie opens, and whose it is; one that is still waiting for the second step is among them. */
export function sessionByToken(db: Db, tokenHash: string, now: Date): { session: Session; steward: Steward } | undefined {
  return db
    .select({ session: sessionShown, steward: shown })
    .from(stewardSessions)
    .innerJoin(stewards, eq(stewards.id, stewardSessions.steward))
    .where(and(eq(stewardSessions.tokenHash, tokenHash), gt(stewardSessions.expiresAt, now), isNull(stewards.leftAt)))
    .get()
}

/** The browsers a steward is signed in with, the last used first. */
export function sessionsOf(db: Db, steward: number, now: Date): Session[] {
  return db
    .select(sessionShown)
    .from(stewardSessions)
    .where(and(eq(stewardSessions.steward, steward), gt(stewardSessions.expiresAt, now), eq(stewardSessions.waiting, false)))
    .orderBy(desc(stewardSessions.seenAt), desc(stewardSessions.id))
    .all()
}

export function addSession(tx: Tx, row: typeof stewardSessions.$inferInsert): number {
  return tx.insert(stewardSessions).values(row).returning({ id: stewardSessions.id }).get().id
}

export function amendSession(tx: Tx, id: number, changes: Partial<typeof stewardSessions.$inferInsert>): void {
  tx.update(stewardSessions).set(changes).where(eq(stewardSessions.id, id)).run()
}

/** @returns whether there was one */
export function endSession(tx: Tx, steward: number, id: number): boolean {
  const own = and(eq(stewardSessions.id, id), eq(stewardSessions.steward, steward))
  return tx.delete(stewardSessions).where(own).run().changes > 0
}

/** Ends the sessions of a steward, but for one. @returns how many */
export function endSessions(tx: Tx, steward: number, but?: number): number {
  const all = eq(stewardSessions.steward, steward)
  return tx
    .delete(stewardSessions)
    .where(but === undefined ? all : and(all, ne(stewardSessions.id, but)))
    .run().changes
}

export function forgetOldSessions(tx: Tx, now: Date): void {
  tx.delete(stewardSessions).where(lte(stewardSessions.expiresAt, now)).run()
}

export function recoveryCodesLeft(db: Db, steward: number): number {
  return db.select({ n: count() }).from(recoveryCodes).where(eq(recoveryCodes.steward, steward)).get()?.n ?? 0
}

export function saveRecoveryCodes(tx: Tx, steward: number, hashes: readonly string[]): void {
  tx.delete(recoveryCodes).where(eq(recoveryCodes.steward, steward)).run()
  if (hashes.length > 0)
    tx.insert(recoveryCodes)
      .values(hashes.map(hash => ({ steward, hash })))
      .run()
}

/** @returns whether there was such a code; there is none now */
export function spendRecoveryCode(tx: Tx, steward: number, hash: string): boolean {
  const one = and(eq(recoveryCodes.steward, steward), eq(recoveryCodes.hash, hash))
  return tx.delete(recoveryCodes).where(one).run().changes > 0
}

/** The links that are still good. */
export function openInvitations(db: Db, now: Date): Invitation[] {
  return db.select(invitationShown).from(invitations).where(gt(invitations.expiresAt, now)).orderBy(asc(invitations.id)).all()
}

export function invitationByToken(db: Db, tokenHash: string, now: Date): Invitation | undefined {
  const good = and(eq(invitations.tokenHash, tokenHash), gt(invitations.expiresAt, now))
  return db.select(invitationShown).from(invitations).where(good).get()
}

export function addInvitation(tx: Tx, row: typeof invitations.$inferInsert): number {
  return tx.insert(invitations).values(row).returning({ id: invitations.id }).get().id
}

/** @returns whether there was one */
export function removeInvitation(tx: Tx, id: number): boolean {
  return tx.delete(invitations).where(eq(invitations.id, id)).run().changes > 0
}

/** Links of a kind are replaced, not collected: those for a first owner, or for the password of one steward. */
export function removeInvitations(tx: Tx, kind: InvitationKind, steward?: number): void {
  const all = eq(invitations.kind, kind)
  tx.delete(invitations)
    .where(steward === undefined ? all : and(all, eq(invitations.steward, steward)))
    .run()
}

export function forgetOldInvitations(tx: Tx, now: Date): void {
  tx.delete(invitations).where(lte(invitations.expiresAt, now)).run()
}
