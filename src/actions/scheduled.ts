import type { Context } from '../context.ts'
import { pictureById } from '../db/media.ts'
import { transact } from '../db/open.ts'
import { postById } from '../db/post.ts'
import { addScheduled, noteFault, removeScheduled, reschedule, type Scheduled, scheduledById, scheduledCount } from '../db/scheduled.ts'
import { MOST_PICTURES } from '../domain/media.ts'
import { checkPost, checkWarning, type Post } from '../domain/post.ts'
import { checkQuestion } from '../domain/post-kind.ts'
import type { Mentioned } from '../domain/post-text.ts'
import { Refusal } from '../domain/refusal.ts'
import { checkDue, MOST_SCHEDULED, type ScheduledDraft } from '../domain/scheduled.ts'
import { actingAs, whoActs } from '../lib/acting.ts'
import { publishPost } from './post.ts'

/** Keeps a post to be published later. What could not be published now is refused now. @param due as ISO 8601 @throws Refusal */
export function schedulePost(ctx: Context, draft: ScheduledDraft, due: string): Scheduled {
  const now = ctx.now()
  const dueAt = checkDue(due, now)
  const { text, attachments = [], warning, poll } = draft
  checkPost(text, attachments.length > 0)
  if (warning !== undefined) checkWarning(warning)
  if (poll) question(draft, now)
  if (attachments.length > MOST_PICTURES) throw new Refusal('invalid', `A post may have ${MOST_PICTURES} pictures.`)
  return transact(ctx.db, tx => {
    if (scheduledCount(tx) >= MOST_SCHEDULED) throw new Refusal('invalid', 'Validation failed: Too many posts are waiting already')
    if (attachments.some(id => pictureById(tx, id)?.post !== null))
      throw new Refusal('missing', 'There is no such picture, or another post has it already.')
    return scheduledById(tx, addScheduled(tx, draft, dueAt, whoActs() ?? null))!
  })
}

/** @throws Refusal when there is none, or it is no time to come */
export function putOffPost(ctx: Context, id: number, due: string): Scheduled {
  const dueAt = checkDue(due, ctx.now())
  return transact(ctx.db, tx => {
    const scheduled = scheduledById(tx, id)
    if (!scheduled) throw new Refusal('missing', 'Record not found')
    reschedule(tx, scheduled, dueAt)
    return scheduledById(tx, id)!
  })
}

/** @throws Refusal when there is none */
export function unschedulePost(ctx: Context, id: number): void {
  if (!transact(ctx.db, tx => removeScheduled(tx, id))) throw new Refusal('missing', 'Record not found')
}

/** Publishes what was kept, for whom it was kept for. What can't be published any more stays, with the reason. */
export function publishScheduled(ctx: Context, { id, draft, steward }: Scheduled, mentioned: readonly Mentioned[]): Post | undefined {
  const publish = () =>
    transact(ctx.db, tx => {
      // Somebody may have called it off meanwhile.
      if (!removeScheduled(tx, id)) return undefined
      const { text, replyTo, poll, ...rest } = draft
      const answered = replyTo === undefined ? undefined : postById(tx, replyTo)
      if (replyTo !== undefined && (!answered || answered.deletedAt)) throw new Refusal('missing', 'What it answers is deleted.')
      return publishPost(ctx, text, {
        ...rest,
        mentioned,
        ...(answered ? { replyTo: answered } : {}),
        ...(poll ? question(draft, ctx.now()) : {}),
      })
    })
  try {
    return steward === null ? publish() : actingAs(steward, publish)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    transact(ctx.db, tx => noteFault(tx, id, error.message))
    return undefined
  }
}

function question({ text, poll }: ScheduledDraft, now: Date): Pick<Post, 'type' | 'name' | 'details'> {
  const { options, multiple, lastsS } = poll!
  const closes = new Date(now.getTime() + lastsS * 1000).toISOString()
  const { type, name, details } = checkQuestion({ question: text, options, multiple, closes }, now)
  return { type, name, details }
}
