import { tidy } from '../lib/text.ts'
import { Refusal } from './refusal.ts'

/**
 * A complaint about an actor: one this community sent (`reporter` is then its own node), or one others sent about it. Nobody but
 * stewards ever sees it.
 */
export type Report = {
  id: number
  iri: string
  reporter: string
  target: string
  posts: string[]
  comment: string
  at: Date
  closedAt: Date | null
}

/** What is kept of complaints. The last two are for those that come from elsewhere: open ones of one server within a day. */
export const REPORT_LIMITS = { comment: 5_000, posts: 50, ofOneServer: 20, withinMs: 24 * 3_600_000 } as const

/** The words of a complaint as they are kept: plain text, line by line, without control characters, cut at 5,000. */
export function complaint(text: string): string {
  return text.split('\n').map(tidy).join('\n').trim().slice(0, REPORT_LIMITS.comment)
}

/** @throws Refusal when a steward's words are none, or too many */
export function checkComplaint(text: string): string {
  const words = text.normalize('NFC').trim()
  if (!words) throw new Refusal('invalid', 'A report needs some words on what is wrong.', [], { code: 'noComplaint' })
  if (words.length > REPORT_LIMITS.comment)
    throw new Refusal(
      'invalid',
      `A report may have ${REPORT_LIMITS.comment.toLocaleString('en')} characters; this one has ${words.length.toLocaleString('en')}.`,
      [],
      { code: 'longComplaint', most: REPORT_LIMITS.comment, are: words.length },
    )
  return complaint(words)
}
