import type { Context } from '../../context.ts'
import { noticesOfGroup } from '../../db/notice.ts'
import { itemsByIds, itemsOfPosts } from '../../db/timeline.ts'
import { groupOf, type Notice, readGroup } from '../../domain/notice.ts'
import { type AccountEntity, accountEntities } from './account.ts'
import { type StatusEntity, statusEntities } from './status.ts'

export type NotificationEntity = ReturnType<typeof notificationEntity>

/** More who did the same are counted, and not looked at. */
const MOST_COUNTED = 100
const SHOWN_OF_GROUP = 8

/** Notices as apps read them, in their order. Those of whom nothing is known, or whose post is gone, are left out. */
export function notificationEntities(ctx: Context, notices: readonly Notice[]) {
  const { accounts, statuses } = gather(ctx, notices, notices)
  return notices.flatMap(notice => {
    const account = accounts.get(notice.actor)
    const status = notice.post === null ? undefined : statuses.get(notice.post)
    return account && (notice.post === null || status) ? [notificationEntity(notice, account, status)] : []
  })
}

function notificationEntity(notice: Notice, account: AccountEntity, status: StatusEntity | undefined) {
  return {
    id: String(notice.id),
    type: notice.kind,
    created_at: notice.at.toISOString(),
    group_key: groupOf(notice),
    account,
    ...(status ? { status } : {}),
  }
}

function gather(ctx: Context, actors: readonly Pick<Notice, 'actor'>[], about: readonly Pick<Notice, 'post'>[]) {
  const posts = [...new Set(about.flatMap(({ post }) => post ?? []))]
  const numbers = itemsOfPosts(ctx.db, posts)
  const items = itemsByIds(
    ctx.db,
    [...numbers.values()].map(item => item.id),
  )
  const byItem = new Map(statusEntities(ctx, items, true).map(status => [status.id, status]))
  const statuses = new Map(
    [...numbers].flatMap(([post, { id }]) => {
      const status = byItem.get(String(id))
      return status ? [[post, status] as const] : []
    }),
  )
  const accounts = accountEntities(
    ctx,
    actors.map(one => one.actor),
  )
  return { accounts, statuses }
}

/** A page of notices in groups, each where its newest stands, with the accounts and posts they are about. */
export function groupedNotifications(ctx: Context, notices: readonly Notice[], wanted: readonly string[] | undefined) {
  const groups = new Map<string, Notice[]>()
  for (const notice of notices) {
    // Kinds an app does not want together it gets one by one.
    const key = wanted && !wanted.includes(notice.kind) ? `ungrouped-${notice.id}` : groupOf(notice)
    groups.set(key, [...(groups.get(key) ?? []), notice])
  }
  const all = [...groups].map(([key, page]) => ({ key, page, members: membersOf(ctx, key, page) }))
  const { accounts, statuses } = gather(
    ctx,
    all.flatMap(({ members }) => members.slice(0, SHOWN_OF_GROUP)),
    notices,
  )
  const shown = all.flatMap(({ key, page, members }) => {
    const newest = page[0]!
    const oldest = page.at(-1)!
    const sample = [...new Set(members.map(one => one.actor))].slice(0, SHOWN_OF_GROUP).flatMap(actor => accounts.get(actor)?.id ?? [])
    const status = newest.post === null ? undefined : statuses.get(newest.post)
    if (sample.length === 0 || (newest.post !== null && !status)) return []
    const group = {
      group_key: key,
      notifications_count: members.length,
      type: newest.kind,
      most_recent_notification_id: newest.id,
      page_min_id: String(oldest.id),
      page_max_id: String(newest.id),
      latest_page_notification_at: newest.at.toISOString(),
      sample_account_ids: sample,
      ...(status ? { status_id: status.id } : {}),
    }
    return [group]
  })
  return { accounts: [...accounts.values()], statuses: [...statuses.values()], notification_groups: shown }
}

function membersOf(ctx: Context, key: string, page: readonly Notice[]): readonly Notice[] {
  const group = readGroup(key)
  return group && 'kind' in group ? noticesOfGroup(ctx.db, group, ctx.now(), MOST_COUNTED) : page
}
