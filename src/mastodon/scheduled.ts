import { putOffPost, schedulePost, unschedulePost } from '../actions/scheduled.ts'
import { pictureById } from '../db/media.ts'
import { type Scheduled, scheduledById, scheduledPage } from '../db/scheduled.ts'
import { itemById, itemsOfPosts } from '../db/timeline.ts'
import type { ScheduledDraft } from '../domain/scheduled.ts'
import { type Call, missing } from './call.ts'
import { mediaAttachment } from './entities/attachment.ts'
import { VISIBILITY_WORDS } from './entities/visibility.ts'
import { flag, type Input, id, idOf, ids, list, object, text, whole } from './input.ts'
import { linkPages, windowOf } from './paging.ts'
import { del, get, put, type Route } from './route.ts'
import { mannerOf } from './status-input.ts'

export const scheduledRoutes: readonly Route[] = [
  get('/api/v1/scheduled_statuses', 'read:statuses', page),
  get('/api/v1/scheduled_statuses/:id', 'read:statuses', call => entity(call, scheduledOf(call))),
  put('/api/v1/scheduled_statuses/:id', 'write:statuses', putOff),
  del('/api/v1/scheduled_statuses/:id', 'write:statuses', call => unschedulePost(call.ctx, scheduledOf(call).id)),
]

/** A post that an app wants to be published later. */
export function scheduleIn(call: Call, due: string) {
  return entity(call, schedulePost(call.ctx, draftIn(call), due))
}

function draftIn(call: Call): ScheduledDraft {
  const { ctx, input } = call
  const answered = id(input, 'in_reply_to_id')
  const replyTo = answered === undefined ? undefined : itemById(ctx.db, answered)?.post.id
  if (answered !== undefined && replyTo === undefined) throw missing()
  const warning = text(input, 'spoiler_text')
  const poll = pollIn(input)
  return {
    text: text(input, 'status') ?? '',
    attachments: ids(input, 'media_ids'),
    ...mannerOf(call),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(warning ? { warning } : {}),
    ...(poll ? { poll } : {}),
  }
}

function pollIn(input: Input): ScheduledDraft['poll'] {
  const asked = object(input, 'poll')
  const options = asked ? list(asked, 'options').filter(option => option.trim()) : []
  if (!asked || options.length === 0) return undefined
  return { options, multiple: flag(asked, 'multiple') ?? false, lastsS: whole(asked, 'expires_in') ?? 24 * 3600 }
}

function entity({ ctx }: Call, { id, draft, dueAt }: Scheduled) {
  const { text, replyTo, visibility, warning, sensitive = false, language, attachments = [], poll } = draft
  const answered = replyTo === undefined ? undefined : itemsOfPosts(ctx.db, [replyTo]).get(replyTo)?.id
  return {
    id: String(id),
    scheduled_at: dueAt.toISOString(),
    params: {
      text,
      poll: poll ? { options: poll.options, expires_in: poll.lastsS, multiple: poll.multiple, hide_totals: false } : null,
      media_ids: attachments.length > 0 ? attachments.map(String) : null,
      sensitive,
      spoiler_text: warning ?? null,
      visibility: visibility ? VISIBILITY_WORDS[visibility] : 'public',
      in_reply_to_id: answered ?? null,
      language: language ?? null,
      application_id: 0,
      scheduled_at: null,
      idempotency: null,
      with_rate_limit: false,
    },
    media_attachments: attachments.flatMap(number => {
      const picture = pictureById(ctx.db, number)
      return picture ? [mediaAttachment(ctx, picture)] : []
    }),
  }
}

function scheduledOf({ ctx, params }: Call): Scheduled {
  const number = idOf(params.id)
  const scheduled = number === undefined ? undefined : scheduledById(ctx.db, number)
  if (!scheduled) throw missing()
  return scheduled
}

function page(call: Call) {
  const { rows, more } = scheduledPage(call.ctx.db, windowOf(call.input, 20, 40))
  linkPages(
    call,
    rows.map(row => row.id),
    more,
  )
  return rows.map(row => entity(call, row))
}

function putOff(call: Call) {
  return entity(call, putOffPost(call.ctx, scheduledOf(call).id, text(call.input, 'scheduled_at') ?? ''))
}
