import { createRequire } from 'node:module'
import type * as WebPush from 'web-push'
import { notePush, skipPush, vapidKeys } from '../actions/push.ts'
import type { Context } from '../context.ts'
import { followerOf } from '../db/follower.ts'
import { isFollowed } from '../db/following.ts'
import { latestNotice, noticesAfter } from '../db/notice.ts'
import { tokenStands } from '../db/oauth.ts'
import { type Subscription, subscriptions } from '../db/push.ts'
import type { Notice, NoticeKind } from '../domain/notice.ts'
import { lazy } from '../lib/lazy.ts'
import { htmlToText } from '../lib/sanitise.ts'
import { shortened } from '../lib/text.ts'
import { type NotificationEntity, notificationEntities } from './entities/notification.ts'

const webPush = lazy(() => createRequire(import.meta.url)('web-push') as typeof WebPush)

/** A wish to be woken is worth nothing two days later. In seconds. */
const LASTS_S = 2 * 24 * 3600
/** Of many notices at once so many are told; who opens the app sees them all. */
const MOST_AT_ONCE = 10
const LONGEST_BODY = 250

function makeVapidKeys(): { publicKey: string; privateKey: string } {
  return webPush().generateVAPIDKeys()
}

/** By which push services and apps know this node. */
export function serverKey(ctx: Context): string {
  return vapidKeys(ctx, makeVapidKeys).publicKey
}

/** Wakes the apps that want to hear of what is new (RFC 8030, RFC 8291, RFC 8292). @returns how many messages were sent */
export async function wakeApps(ctx: Context): Promise<number> {
  const latest = latestNotice(ctx.db)
  const due = subscriptions(ctx.db, ctx.now()).filter(({ sent, token }) => sent < latest && tokenStands(ctx.db, token))
  const sent = await Promise.all(due.map(subscription => wake(ctx, subscription, latest)))
  return sent.reduce((sum, count) => sum + count, 0)
}

async function wake(ctx: Context, subscription: Subscription, latest: number): Promise<number> {
  const wanted = noticesAfter(ctx.db, subscription.sent, ctx.now(), 100).filter(notice => isWanted(ctx, subscription, notice))
  let sent = 0
  for (const entity of notificationEntities(ctx, wanted.slice(-MOST_AT_ONCE))) {
    const outcome = await tell(ctx, subscription, entity)
    notePush(ctx, subscription, Number(entity.id), outcome)
    if (outcome !== 'taken') return sent
    sent++
  }
  skipPush(ctx, subscription, latest)
  return sent
}

function isWanted({ db }: Context, { alerts, policy }: Subscription, { kind, actor }: Notice): boolean {
  if (!alerts[kind] || policy === 'none') return false
  if (policy === 'followed') return isFollowed(db, actor)
  return policy === 'all' || followerOf(db, actor)?.state === 'accepted'
}

async function tell(ctx: Context, { endpoint, p256dh, auth, standard }: Subscription, entity: NotificationEntity) {
  const { publicKey, privateKey } = vapidKeys(ctx, makeVapidKeys)
  const { publicUrl, host } = ctx.config
  const subject = publicUrl.startsWith('https:') ? publicUrl : `mailto:steward@${host}`
  try {
    const { headers, body } = webPush().generateRequestDetails({ endpoint, keys: { p256dh, auth } }, JSON.stringify(message(entity)), {
      vapidDetails: { subject, publicKey, privateKey },
      TTL: LASTS_S,
      contentEncoding: standard ? 'aes128gcm' : 'aesgcm',
      urgency: 'normal',
    })
    const plain = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]))
    delete plain['content-length']
    const { status } = await ctx.fetch.post(endpoint, body!, { headers: plain })
    return status >= 200 && status < 300 ? 'taken' : status === 404 || status === 410 ? 'gone' : 'failed'
  } catch (error) {
    ctx.log.debug({ err: error }, 'an app could not be woken')
    return 'failed'
  }
}

const TITLES: Record<NoticeKind, (name: string) => string> = {
  mention: name => `${name} spoke to you`,
  status: name => `${name} has said something`,
  reblog: name => `${name} boosted your post`,
  follow: name => `${name} follows you`,
  follow_request: name => `${name} asks to follow you`,
  favourite: name => `${name} likes your post`,
  poll: () => 'A poll has ended',
  update: name => `${name} edited a post`,
}

/** What Mastodon's own apps read. The token is not in it: it is not known here, only how to know it again. */
function message({ id, type, account, status }: NotificationEntity) {
  const words = status ? status.spoiler_text || htmlToText(status.content) : htmlToText(account.note)
  return {
    access_token: '',
    preferred_locale: 'en',
    // A number here, and nowhere else: Ice Cubes and Mastodon for iOS read no text.
    notification_id: Number(id),
    notification_type: type,
    icon: account.avatar,
    title: TITLES[type](account.display_name || account.username),
    body: shortened(words, LONGEST_BODY),
  }
}
