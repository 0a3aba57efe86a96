import type { Context } from '../context.ts'
import { latestNotice } from '../db/notice.ts'
import { transact } from '../db/open.ts'
import { changeSubscription, endSubscription, removeSubscription, type Subscription, saveSubscription, subscriptionOf } from '../db/push.ts'
import { saveSetting, setting } from '../db/setting.ts'
import { isNoticeKind } from '../domain/notice.ts'
import { Refusal } from '../domain/refusal.ts'

/** How often an app that can't be reached is tried, and how long is waited after the first time. */
const MOST_FAILURES = 8
const FIRST_WAIT_MS = 60_000
const LONGEST_ADDRESS = 2_000

export type Keys = { publicKey: string; privateKey: string }
export type Wish = {
  endpoint: string
  p256dh: string
  auth: string
  standard: boolean
  alerts: Record<string, boolean>
  policy: Subscription['policy']
}

/** The pair by which push services know this node (RFC 8292). @param make a new one, when there is none yet */
export function vapidKeys(ctx: Context, make: () => Keys): Keys {
  const known = setting(ctx.db, 'vapid')
  if (known !== undefined) return JSON.parse(known) as Keys
  return transact(ctx.db, tx => {
    const meanwhile = setting(tx, 'vapid')
    const keys = meanwhile === undefined ? make() : (JSON.parse(meanwhile) as Keys)
    if (meanwhile === undefined) saveSetting(tx, 'vapid', JSON.stringify(keys))
    return keys
  })
}

/** An app wants to be woken. @param token the number of its token @throws Refusal when its address or keys are none */
export function subscribe(ctx: Context, token: number, wish: Wish): Subscription {
  checkEndpoint(wish.endpoint, ctx.config.allowPrivateAddresses)
  const [key, auth] = [decoded(wish.p256dh), decoded(wish.auth)]
  if (key?.length !== 65 || key[0] !== 4) throw new Refusal('invalid', 'Validation failed: P256dh is no public key')
  if (auth?.length !== 16) throw new Refusal('invalid', 'Validation failed: Auth is no secret')
  return transact(ctx.db, tx =>
    saveSubscription(tx, { ...wish, alerts: known(wish.alerts), token, sent: latestNotice(tx), createdAt: ctx.now() }),
  )
}

/** @throws Refusal when there is none */
export function changeWish(ctx: Context, token: number, change: Partial<Pick<Wish, 'alerts' | 'policy'>>): Subscription {
  return transact(ctx.db, tx => {
    const standing = subscriptionOf(tx, token)
    if (!standing) throw new Refusal('missing', 'Record not found')
    changeSubscription(tx, standing.id, { ...change, ...(change.alerts ? { alerts: known(change.alerts) } : {}) })
    return subscriptionOf(tx, token)!
  })
}

export function unsubscribe(ctx: Context, token: number): void {
  transact(ctx.db, tx => removeSubscription(tx, token))
}

/** What a push service has answered: it took it, knows of no such app any more, or could not be reached. */
export function notePush(ctx: Context, subscription: Subscription, upTo: number, outcome: 'taken' | 'gone' | 'failed'): void {
  const failures = subscription.failures + 1
  transact(ctx.db, tx => {
    if (outcome === 'taken') changeSubscription(tx, subscription.id, { sent: upTo, failures: 0, dueAt: null })
    else if (outcome === 'gone' || failures >= MOST_FAILURES) endSubscription(tx, subscription)
    else changeSubscription(tx, subscription.id, { failures, dueAt: new Date(ctx.now().getTime() + FIRST_WAIT_MS * 2 ** (failures - 1)) })
  })
}

/** There is nothing in it for this app. */
export function skipPush(ctx: Context, { id }: Subscription, upTo: number): void {
  transact(ctx.db, tx => changeSubscription(tx, id, { sent: upTo }))
}

function checkEndpoint(endpoint: string, allowHttp: boolean): void {
  const url = endpoint.length <= LONGEST_ADDRESS && URL.canParse(endpoint) ? new URL(endpoint) : undefined
  const fine = url && (url.protocol === 'https:' || (allowHttp && url.protocol === 'http:')) && !url.username && !url.password
  if (!fine) throw new Refusal('invalid', 'Validation failed: Endpoint must be an https address')
}

function known(alerts: Record<string, boolean>): Record<string, boolean> {
  return Object.fromEntries(Object.entries(alerts).filter(([kind]) => isNoticeKind(kind)))
}

function decoded(text: string): Buffer | undefined {
  return /^[A-Za-z0-9_+/-]{16,128}={0,2}$/.test(text) ? Buffer.from(text, 'base64url') : undefined
}
