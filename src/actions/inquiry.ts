import type { Context } from '../context.ts'
import { forgetAbout } from '../db/activity.ts'
import { actorOf } from '../db/actor.ts'
import { theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import {
  addInquiry,
  addMessage,
  changeInquiry,
  formsSince,
  INQUIRIES,
  inquiryByToken,
  inquiryOf,
  messagesOf,
  outlivedInquiries,
  removeInquiry,
  saidBySeeker,
  takesInquiries,
} from '../db/inquiry.ts'
import { removeMentions } from '../db/mention.ts'
import { type Tx, transact } from '../db/open.ts'
import { deletePost, postById } from '../db/post.ts'
import { saveSetting } from '../db/setting.ts'
import { forgetTickets, spendTicket } from '../db/ticket.ts'
import type { EventKind } from '../domain/event.ts'
import { INQUIRY_LIMITS, type Inquiry, type InquiryDraft, type InquiryState, isSettled } from '../domain/inquiry.ts'
import { Refusal } from '../domain/refusal.ts'
import { lines, STRANGER_LIMITS } from '../domain/stranger.ts'
import { publishPost } from './post.ts'

const A_DAY = 24 * 3_600_000

/** Whether strangers may write to the community, whatever its charter says. @throws Refusal when there is no community yet */
export function allowInquiries(ctx: Context, decided: 'yes' | 'no'): void {
  transact(ctx.db, tx => {
    const { handle } = theCommunity(tx)
    saveSetting(tx, INQUIRIES, decided)
    record(tx, { kind: 'community.settings_changed', subject: handle, at: ctx.now() })
  })
}

/** A form that may be sent: `tokenHash` is what its private page is known by, `until` when nobody could send it any more. */
export type Ticket = { hash: string; until: Date; tokenHash: string; proven: boolean; language: string }

/**
 * Keeps what a stranger sent by the form. Sent twice it is the same inquiry.
 * @throws Refusal 'forbidden' when the community takes none, 'unavailable' when there are too many today, 'conflict' when this form was
 * sent before and what came of it is erased
 */
export function sendInquiry(ctx: Context, { message, ...draft }: InquiryDraft, ticket: Ticket): Inquiry {
  return transact(ctx.db, tx => {
    const sent = inquiryByToken(tx, ticket.tokenHash)
    if (sent) return sent
    if (!takesInquiries(tx)) throw new Refusal('forbidden', 'This community takes no inquiries.')
    const now = ctx.now()
    const since = new Date(now.getTime() - A_DAY)
    const crowded = formsSince(tx, since) >= INQUIRY_LIMITS.ofADay
    const { heldOfADay } = INQUIRY_LIMITS
    if (crowded || (!ticket.proven && formsSince(tx, since, { held: true }) >= heldOfADay))
      throw new Refusal('unavailable', 'Too many messages have come here today. Try again tomorrow.')
    forgetTickets(tx, now)
    if (!spendTicket(tx, ticket.hash, ticket.until)) throw new Refusal('conflict', 'This form has been sent already.')
    const { tokenHash, language } = ticket
    const row = { ...draft, tokenHash, language, actor: null, state: 'new' as const, held: !ticket.proven }
    const inquiry = { ...row, at: now, changedAt: now, settledAt: null }
    const id = addInquiry(tx, inquiry)
    addMessage(tx, id, { voice: 'seeker', text: message, post: null, at: now })
    tell(ctx, tx, 'inquiry.received', id)
    return { ...inquiry, id }
  })
}

/** The seeker says more on their private page. @throws Refusal when it is settled, or they have said too much already */
export function saySeeker(ctx: Context, hash: string, text: string): void {
  transact(ctx.db, tx => {
    const inquiry = byToken(tx, hash)
    if (isSettled(inquiry.state)) throw new Refusal('conflict', 'This conversation has ended.')
    if (saidBySeeker(tx, inquiry.id) >= INQUIRY_LIMITS.messages)
      throw new Refusal('unavailable', 'Wait for an answer before you write more.')
    addMessage(tx, inquiry.id, { voice: 'seeker', text, post: null, at: ctx.now() })
    changeInquiry(tx, inquiry.id, { changedAt: ctx.now() })
    tell(ctx, tx, 'inquiry.said', inquiry.id)
  })
}

/** The seeker no longer wants anything. What was said stays readable to both until it is erased. */
export function withdrawInquiry(ctx: Context, hash: string): void {
  transact(ctx.db, tx => {
    const inquiry = byToken(tx, hash)
    if (inquiry.state !== 'withdrawn') settle(ctx, tx, inquiry, 'withdrawn')
  })
}

/** Erases an inquiry for good, by its number or by what its private page is known by. @throws Refusal when there is none */
export function eraseInquiry(ctx: Context, which: number | string): void {
  transact(ctx.db, tx => erase(ctx, tx, typeof which === 'number' ? byNumber(tx, which) : byToken(tx, which)))
}

/**
 * The steward answers: on the seeker's private page, or with a direct post where the inquiry came as one.
 * @param text markdown @throws Refusal when it is empty or too long, or the inquiry is withdrawn or not there
 */
export function answerInquiry(ctx: Context, id: number, text: string): void {
  const words = checkWords(text)
  transact(ctx.db, tx => {
    const inquiry = byNumber(tx, id)
    if (inquiry.state === 'withdrawn')
      throw new Refusal('conflict', `Inquiry ${id} was withdrawn by who sent it, so nobody waits for an answer.`)
    const post = inquiry.actor ? answerByPost(ctx, tx, inquiry.id, inquiry.actor, words) : null
    addMessage(tx, id, { voice: 'steward', text: post === null ? words : '', post, at: ctx.now() })
    const state = inquiry.state === 'new' ? 'open' : inquiry.state
    changeInquiry(tx, id, { state, held: false, changedAt: ctx.now() })
    tell(ctx, tx, 'inquiry.answered', id)
  })
}

function answerByPost(ctx: Context, tx: Tx, id: number, author: string, text: string): number {
  const actor = actorOf(tx, author)
  if (!actor || actor.goneAt) throw new Refusal('missing', 'Whoever asked is gone from the fediverse, so there is nobody to answer.')
  const last = messagesOf(tx, id).findLast(({ voice, post }) => voice === 'seeker' && post !== null)
  const replyTo = last?.post == null ? undefined : postById(tx, last.post)
  const mentioned = [{ actor: actor.id, handle: actor.handle, host: actor.host, url: actor.url }]
  return publishPost(ctx, text, { visibility: 'direct', mentioned, ...(replyTo ? { replyTo } : {}) }).id
}

/** A word among stewards. @throws Refusal as `answerInquiry` */
export function noteInquiry(ctx: Context, id: number, text: string): void {
  const words = checkWords(text)
  transact(ctx.db, tx => {
    byNumber(tx, id)
    addMessage(tx, id, { voice: 'note', text: words, post: null, at: ctx.now() })
  })
}

/** @throws Refusal when it is that already, was withdrawn, or is not there */
export function changeInquiryState(ctx: Context, id: number, state: InquiryState): void {
  transact(ctx.db, tx => {
    const inquiry = byNumber(tx, id)
    if (inquiry.state === 'withdrawn') throw new Refusal('conflict', `Inquiry ${id} was withdrawn by who sent it.`)
    if (inquiry.state === state) throw new Refusal('conflict', `Inquiry ${id} is ${state} already.`)
    settle(ctx, tx, inquiry, state)
  })
}

/** Erases what nobody needs any more; see INQUIRY_LIMITS for when that is. @returns how many were erased */
export function forgetInquiries(ctx: Context): number {
  return transact(ctx.db, tx => {
    const before = (ms: number) => new Date(ctx.now().getTime() - ms)
    const old = outlivedInquiries(tx, before(INQUIRY_LIMITS.settledKeptMs), before(INQUIRY_LIMITS.heldKeptMs))
    for (const inquiry of old) erase(ctx, tx, inquiry)
    forgetTickets(tx, ctx.now())
    return old.length
  })
}

function settle(ctx: Context, tx: Tx, { id, state: before, settledAt }: Inquiry, state: InquiryState): void {
  const now = ctx.now()
  const since = isSettled(state) ? (isSettled(before) && settledAt ? settledAt : now) : null
  changeInquiry(tx, id, { state, held: false, changedAt: now, settledAt: since })
  tell(ctx, tx, 'inquiry.changed', id)
}

// Where it came and went as posts, these go too: here only, because what was sent is the other's now.
function erase(ctx: Context, tx: Tx, { id }: Inquiry): void {
  const said = messagesOf(tx, id).flatMap(({ post }) => (post === null ? [] : [post]))
  removeInquiry(tx, id)
  for (const number of said) {
    const post = postById(tx, number)
    if (!post) continue
    deletePost(tx, post.author, post.iri, ctx.now())
    removeMentions(tx, number)
    forgetAbout(tx, post.iri)
  }
  tell(ctx, tx, 'inquiry.erased', id)
}

/** The log of events names an inquiry by its number and says nothing of it. */
function tell(ctx: Context, tx: Tx, kind: EventKind, id: number): void {
  record(tx, { kind, subject: String(id), at: ctx.now() })
}

function byNumber(tx: Tx, id: number): Inquiry {
  const inquiry = inquiryOf(tx, id)
  if (!inquiry) throw new Refusal('missing', `There is no inquiry numbered ${id}. npx archipelago inquiries lists them.`)
  return inquiry
}

function byToken(tx: Tx, hash: string): Inquiry {
  const inquiry = inquiryByToken(tx, hash)
  if (!inquiry) throw new Refusal('missing', 'There is no conversation at this address. It may have been erased.')
  return inquiry
}

function checkWords(text: string): string {
  const words = lines(text)
  if (words === '') throw new Refusal('invalid', 'There are no words in it.')
  if (words.length > STRANGER_LIMITS.message)
    throw new Refusal(
      'invalid',
      `It may have ${STRANGER_LIMITS.message.toLocaleString('en')} characters; this has ${words.length.toLocaleString('en')}.`,
    )
  return words
}
