import type { Visibility } from './post.ts'
import { Refusal } from './refusal.ts'

/** What is to be published later, as it was written down. `poll` as apps say it: seconds from when it is published. */
export type ScheduledDraft = {
  text: string
  replyTo?: number
  visibility?: Visibility
  warning?: string
  sensitive?: boolean
  language?: string
  attachments?: number[]
  poll?: { options: string[]; multiple: boolean; lastsS: number }
}
export type ScheduledPost = { id: number; draft: ScheduledDraft; dueAt: Date }

export const MOST_SCHEDULED = 300
const SOONEST_MS = 5 * 60_000
const LATEST_MS = 3 * 366 * 24 * 3_600_000

/** @throws Refusal when it is no time, is too soon or too far away */
export function checkDue(text: string, now: Date): Date {
  const at = Date.parse(text)
  const wait = at - now.getTime()
  if (Number.isNaN(at)) throw new Refusal('invalid', 'Validation failed: Scheduled at is no time')
  if (wait < SOONEST_MS) throw new Refusal('invalid', 'Validation failed: Scheduled at must be at least 5 minutes in the future')
  if (wait > LATEST_MS) throw new Refusal('invalid', 'Validation failed: Scheduled at must be within three years')
  return new Date(at)
}
