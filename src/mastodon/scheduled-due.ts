import { publishScheduled } from '../actions/scheduled.ts'
import type { Context } from '../context.ts'
import { dueScheduled } from '../db/scheduled.ts'
import { handlesIn, type Mentioned } from '../domain/post-text.ts'

const AT_ONCE = 20

/** Publishes what was to be published by now. @param mentions finds those a text names */
export async function publishDue(ctx: Context, mentions: (text: string) => Promise<Mentioned[]>): Promise<void> {
  for (const scheduled of dueScheduled(ctx.db, ctx.now(), AT_ONCE)) {
    const { text } = scheduled.draft
    publishScheduled(ctx, scheduled, handlesIn(text).length > 0 ? await mentions(text) : [])
  }
}
