import type { Context } from '../context.ts'
import { record } from '../db/event.ts'
import {
  addInquiry,
  addMessage,
  changeInquiry,
  inquiryWithPost,
  openInquiryOf,
  postsSince,
  saidBySeeker,
  takesInquiries,
} from '../db/inquiry.ts'
import type { Tx } from '../db/open.ts'
import { postByIri } from '../db/post.ts'
import { INQUIRY_LIMITS, isSettled } from '../domain/inquiry.ts'
import type { HeardPost } from '../domain/post.ts'

const A_DAY = 24 * 3_600_000

/**
 * Somebody elsewhere said something to the community alone: an inquiry, or more of one. What answers a direct post that the community
 * sent for another reason stays a post and nothing else.
 * @param id the post's number here
 */
export function hearInquiry(ctx: Context, tx: Tx, id: number, { author, inReplyTo, language }: HeardPost): void {
  const answered = inReplyTo ? postByIri(tx, inReplyTo) : undefined
  const thread = answered && inquiryWithPost(tx, answered.id)
  if (answered?.local && !thread) return
  const standing = thread && thread.actor === author && !isSettled(thread.state) ? thread : openInquiryOf(tx, author)
  const at = ctx.now()
  const message = { voice: 'seeker' as const, text: '', post: id, at }
  if (standing) {
    if (saidBySeeker(tx, standing.id) >= INQUIRY_LIMITS.messages) return
    addMessage(tx, standing.id, message)
    changeInquiry(tx, standing.id, { changedAt: at })
    record(tx, { kind: 'inquiry.said', subject: String(standing.id), at })
    return
  }
  const since = new Date(at.getTime() - A_DAY)
  if (!takesInquiries(tx) || postsSince(tx, new URL(author).origin, since) >= INQUIRY_LIMITS.ofOneServer) return
  const empty = { tokenHash: null, name: null, contact: null, settledAt: null, held: false }
  const inquiry = addInquiry(tx, { ...empty, actor: author, state: 'new', wish: 'question', language, at, changedAt: at })
  addMessage(tx, inquiry, message)
  record(tx, { kind: 'inquiry.received', subject: String(inquiry), at })
}
