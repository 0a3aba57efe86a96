import { dismissAll, dismissGroup, dismissNotice } from '../actions/notice.ts'
import { accountById } from '../db/account.ts'
import { markerOf } from '../db/marker.ts'
import { noticeCountAfter, noticesByIds, noticesIn, noticesOfGroup, type Wanted } from '../db/notice.ts'
import { isNoticeKind, type Notice, readGroup } from '../domain/notice.ts'
import { type Call, missing, stewardOf } from './call.ts'
import { accountList } from './entities/account.ts'
import { groupedNotifications, notificationEntities } from './entities/notification.ts'
import { id, idOf, isGiven, list } from './input.ts'
import { limitOf, linkPages, windowOf } from './paging.ts'
import { get, patch, post, put, type Route } from './route.ts'

const READ = 'read:notifications'
const WRITE = 'write:notifications'
const MOST_OF_GROUP = 200

export const notificationRoutes: readonly Route[] = [
  get('/api/v1/notifications', READ, page),
  get('/api/v1/notifications/unread_count', READ, unread),
  get('/api/v1/notifications/policy', READ, () => policyV1),
  put('/api/v1/notifications/policy', WRITE, () => policyV1),
  patch('/api/v1/notifications/policy', WRITE, () => policyV1),
  get('/api/v1/notifications/requests', READ, () => []),
  get('/api/v1/notifications/requests/merged', READ, () => ({ merged: true })),
  get('/api/v1/notifications/:id', READ, one),
  post('/api/v1/notifications/clear', WRITE, call => dismissAll(call.ctx)),
  post('/api/v1/notifications/dismiss', WRITE, call => dismiss(call, id(call.input, 'id'))),
  post('/api/v1/notifications/:id/dismiss', WRITE, call => dismiss(call, idOf(call.params.id))),
  get('/api/v2/notifications', READ, grouped),
  get('/api/v2/notifications/unread_count', READ, unread),
  get('/api/v2/notifications/policy', READ, () => policyV2),
  put('/api/v2/notifications/policy', WRITE, () => policyV2),
  patch('/api/v2/notifications/policy', WRITE, () => policyV2),
  get('/api/v2/notifications/:key', READ, group),
  get('/api/v2/notifications/:key/accounts', READ, accounts),
  post('/api/v2/notifications/:key/dismiss', WRITE, call => dismissGroup(call.ctx, call.params.key ?? '')),
]

/** Everybody may be heard: who should not be is muted or blocked. */
const policyV1 = {
  filter_not_following: false,
  filter_not_followers: false,
  filter_new_accounts: false,
  filter_private_mentions: false,
  summary: { pending_requests_count: 0, pending_notifications_count: 0 },
}
const policyV2 = {
  for_not_following: 'accept',
  for_not_followers: 'accept',
  for_new_accounts: 'accept',
  for_private_mentions: 'accept',
  for_limited_accounts: 'accept',
  summary: { pending_requests_count: 0, pending_notifications_count: 0 },
}

// Kinds nobody here knows are asked for by newer apps; there are none of them.
function wanted({ ctx, input }: Call): Wanted {
  const actor = id(input, 'account_id')
  return {
    ...(isGiven(input, 'types') ? { kinds: list(input, 'types').filter(isNoticeKind) } : {}),
    ...(isGiven(input, 'exclude_types') ? { without: list(input, 'exclude_types').filter(isNoticeKind) } : {}),
    ...(actor === undefined ? {} : { actor: accountById(ctx.db, actor)?.actor ?? '' }),
  }
}

function pageOf(call: Call): Notice[] {
  const { ctx, input } = call
  const { notices, more } = noticesIn(ctx.db, windowOf(input, 40, 80), ctx.now(), wanted(call))
  linkPages(
    call,
    notices.map(notice => notice.id),
    more,
  )
  return notices
}

function page(call: Call) {
  return notificationEntities(call.ctx, pageOf(call))
}

function grouped(call: Call) {
  const kinds = isGiven(call.input, 'grouped_types') ? list(call.input, 'grouped_types') : undefined
  return groupedNotifications(call.ctx, pageOf(call), kinds)
}

function one({ ctx, params }: Call) {
  const number = idOf(params.id)
  const [entity] = number === undefined ? [] : notificationEntities(ctx, noticesByIds(ctx.db, [number]))
  if (!entity) throw missing()
  return entity
}

function dismiss({ ctx }: Call, number: number | undefined): void {
  if (number === undefined) throw missing()
  dismissNotice(ctx, number)
}

function unread(call: Call) {
  const { ctx, input } = call
  const read = Number(markerOf(ctx.db, stewardOf(call), 'notifications')?.lastRead ?? 0)
  return { count: noticeCountAfter(ctx.db, read, ctx.now(), limitOf(input, 100, 1_000), wanted(call)) }
}

function membersOf({ ctx, params }: Call): Notice[] {
  const key = readGroup(params.key ?? '')
  const found = !key ? [] : 'id' in key ? noticesByIds(ctx.db, [key.id]) : noticesOfGroup(ctx.db, key, ctx.now(), MOST_OF_GROUP)
  if (found.length === 0) throw missing()
  return found
}

function group(call: Call) {
  return groupedNotifications(call.ctx, membersOf(call), undefined)
}

function accounts(call: Call) {
  return accountList(
    call.ctx,
    membersOf(call).map(notice => notice.actor),
  )
}
