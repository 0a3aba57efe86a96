import type { Context } from '../context.ts'
import { record } from '../db/event.ts'
import { transact } from '../db/open.ts'
import type { Flash } from '../db/schema-steward.ts'
import { addSession, amendSession, endSession, endSessions, forgetOldSessions, type Session } from '../db/steward.ts'
import { LASTS, type Steward } from '../domain/steward.ts'
import { newToken, tokenHash } from '../lib/private-token.ts'
import { tell } from './steward.ts'

const SEEN_EVERY_MS = 5 * 60_000
const LONGEST_USER_AGENT = 300

/**
 * Signs a steward in whose password was right. Where a one-time code is wanted too, the session opens nothing until `completeSession`.
 * @returns what the cookie is to hold
 */
export function startSession(ctx: Context, steward: Steward, userAgent: string): { token: string; waiting: boolean; expiresAt: Date } {
  const token = newToken()
  const now = ctx.now()
  const waiting = steward.totpSince !== null
  const expiresAt = later(now, waiting ? LASTS.waiting : LASTS.idle)
  transact(ctx.db, tx => {
    forgetOldSessions(tx, now)
    const times = { createdAt: now, seenAt: now, provenAt: now, expiresAt }
    addSession(tx, {
      tokenHash: tokenHash(token),
      steward: steward.id,
      userAgent: userAgent.slice(0, LONGEST_USER_AGENT),
      waiting,
      ...times,
    })
    if (!waiting) tell(ctx, tx, 'steward.signed_in', steward, { steward: steward.id })
  })
  return { token, waiting, expiresAt }
}

/** The second step was taken as well. The token is a new one, because the old one was given out before. */
export function completeSession(ctx: Context, steward: Steward, session: Session): { token: string; expiresAt: Date } {
  const token = newToken()
  const expiresAt = later(ctx.now(), LASTS.idle)
  transact(ctx.db, tx => {
    amendSession(tx, session.id, { waiting: false, tokenHash: tokenHash(token), expiresAt, seenAt: ctx.now(), provenAt: ctx.now() })
    tell(ctx, tx, 'steward.signed_in', steward, { steward: steward.id })
  })
  return { token, expiresAt }
}

/** Somebody tried and was not let in. @param steward whose name it was, if it was anybody's */
export function signInFailed(ctx: Context, steward: Steward | undefined, step: 'password' | 'code'): void {
  const subject = steward ? String(steward.id) : 'unknown'
  transact(ctx.db, tx => record(tx, { kind: 'steward.sign_in_failed', subject, at: ctx.now(), data: { step }, steward: null }))
}

/** Notes now and then that a session is used, and lets it last on. */
export function sessionSeen(ctx: Context, session: Session): void {
  const now = ctx.now()
  if (now.getTime() - session.seenAt.getTime() < SEEN_EVERY_MS) return
  const last = later(session.createdAt, LASTS.session)
  const next = later(now, LASTS.idle)
  transact(ctx.db, tx => amendSession(tx, session.id, { seenAt: now, expiresAt: next < last ? next : last }))
}

/** The password was given once more. */
export function sessionProven(ctx: Context, session: Session): void {
  transact(ctx.db, tx => amendSession(tx, session.id, { provenAt: ctx.now() }))
}

/** What the next page of this session says first; null when it has been said. */
export function flashSession(ctx: Context, session: Session, flash: Flash | null): void {
  transact(ctx.db, tx => amendSession(tx, session.id, { flash }))
}

export function signOut(ctx: Context, session: Session): void {
  transact(ctx.db, tx => {
    if (endSession(tx, session.steward, session.id) && !session.waiting) tell(ctx, tx, 'steward.signed_out', { id: session.steward })
  })
}

/** Ends one session of a steward, or all but `but`. @returns how many ended */
export function revokeSessions(ctx: Context, steward: number, which: { one: number } | { but?: number | undefined }): number {
  return transact(ctx.db, tx => {
    const ended = 'one' in which ? Number(endSession(tx, steward, which.one)) : endSessions(tx, steward, which.but)
    if (ended > 0) tell(ctx, tx, 'steward.sessions_revoked', { id: steward }, { data: { sessions: String(ended) } })
    return ended
  })
}

function later(date: Date, ms: number): Date {
  return new Date(date.getTime() + ms)
}
