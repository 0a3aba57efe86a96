import type { Context } from '../../context.ts'
import { muteOf } from '../../db/account.ts'
import { conversations } from '../../db/conversation.ts'
import { eventsAfter, type LoggedEvent, latestEvent } from '../../db/event.ts'
import { attachmentsOf } from '../../db/media.ts'
import { latestNotice, noticesAfter } from '../../db/notice.ts'
import { allLists, listsShowing } from '../../db/reading-list.ts'
import { tagsOf } from '../../db/tag.ts'
import { isAtHome, itemById, itemsAfter, itemsOfPosts, latestItem, type TimelineItem } from '../../db/timeline.ts'
import { conversationEntities } from '../entities/conversation.ts'
import { notificationEntities } from '../entities/notification.ts'
import { statusEntity } from '../entities/status.ts'

/** A post or boost as it concerns streams: who shows it. */
export type Shown = { item: TimelineItem; home: boolean; tags: readonly string[]; lists: readonly number[]; media: boolean }
/**
 * Something that apps with an open stream should hear at once. `payload` is made when it is first wanted, and once for everybody.
 * @param signedIn whether what the community thinks of it is told
 */
export type News = { event: string; shown?: Shown; payload(signedIn: boolean): string | undefined } & (
  | { kind: 'post' | 'edit'; shown: Shown }
  | { kind: 'delete' | 'notice' | 'filters' }
  | { kind: 'conversation' }
)
/** How far the streams have told. */
export type Told = { item: number; notice: number; event: number }

const AT_ONCE = 100

export function toldUpToNow({ db }: Context): Told {
  return { item: latestItem(db), notice: latestNotice(db), event: latestEvent(db) }
}

/** What has come since, in the order in which each kind of it came. */
export function newsSince(ctx: Context, told: Told): { news: News[]; told: Told; more: boolean } {
  const { db } = ctx
  const items = itemsAfter(db, told.item, AT_ONCE)
  const notices = noticesAfter(db, told.notice, ctx.now(), AT_ONCE)
  const events = eventsAfter(db, told.event, AT_ONCE)
  const news = [
    ...items.flatMap(item => arrived(ctx, item, item.home)),
    ...notices.map((notice): News => {
      const payload = once(() => asJson(notificationEntities(ctx, [notice])[0]))
      return { kind: 'notice', event: 'notification', payload }
    }),
    ...events.flatMap(event => happened(ctx, event)),
  ]
  return {
    news,
    told: {
      // Of what is deleted already nothing comes back, so the end of the table says how far this went.
      item: items.length < AT_ONCE ? Math.max(told.item, latestItem(db)) : items.at(-1)!.id,
      notice: notices.length < AT_ONCE ? Math.max(told.notice, latestNotice(db)) : notices.at(-1)!.id,
      event: events.at(-1)?.id ?? told.event,
    },
    more: items.length === AT_ONCE || notices.length === AT_ONCE || events.length === AT_ONCE,
  }
}

function arrived(ctx: Context, item: TimelineItem, home: boolean): News[] {
  if (isMuted(ctx, item)) return []
  const news = postNews(ctx, 'post', item, home)
  if (item.post.visibility !== 'direct' || item.boost) return [news]
  const payload = once(() => {
    const one = conversations(ctx.db).find(({ posts }) => posts.includes(item.post.id))
    return one && asJson(conversationEntities(ctx, [one])[0])
  })
  return [news, { kind: 'conversation', event: 'conversation', payload }]
}

function postNews(ctx: Context, kind: 'post' | 'edit', item: TimelineItem, home: boolean): News {
  const lists = listsShowing(ctx.db, item.actor)
  const apart = lists.length > 0 && allLists(ctx.db).some(list => list.exclusive && lists.includes(list.id))
  const shown = {
    item,
    home: home && !apart,
    tags: (tagsOf(ctx.db, [item.post.id]).get(item.post.id) ?? []).map(tag => tag.name),
    lists,
    media: attachmentsOf(ctx.db, item.post.id).length > 0,
  }
  const forSteward = once(() => asJson(statusEntity(ctx, item, true)))
  const forOthers = once(() => asJson(statusEntity(ctx, item, false)))
  return { kind, event: kind === 'post' ? 'update' : 'status.update', shown, payload: signedIn => (signedIn ? forSteward() : forOthers()) }
}

function happened(ctx: Context, { kind, subject }: LoggedEvent): News[] {
  if (kind === 'filters.changed') return [{ kind: 'filters', event: 'filters_changed', payload: () => '' }]
  const known = /^post\.(?:edited|revised|deleted|retracted)$/.test(kind)
    ? itemsOfPosts(ctx.db, [Number(subject)]).get(Number(subject))
    : undefined
  if (!known) return []
  if (kind === 'post.deleted' || kind === 'post.retracted') return [{ kind: 'delete', event: 'delete', payload: () => String(known.id) }]
  const item = itemById(ctx.db, known.id)
  return item && !isMuted(ctx, item) ? [postNews(ctx, 'edit', item, isAtHome(ctx.db, item.post.id, new Date(0)))] : []
}

function isMuted(ctx: Context, { actor, post }: TimelineItem): boolean {
  const now = ctx.now()
  return muteOf(ctx.db, actor, now) !== undefined || muteOf(ctx.db, post.author, now) !== undefined
}

const asJson = (entity: unknown) => (entity === undefined ? undefined : JSON.stringify(entity))

function once(make: () => string | undefined): () => string | undefined {
  let made: { text: string | undefined } | undefined
  return () => {
    made ??= { text: make() }
    return made.text
  }
}
