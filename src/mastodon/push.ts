import { changeWish, subscribe, unsubscribe } from '../actions/push.ts'
import { type Subscription, subscriptionOf } from '../db/push.ts'
import { NOTICE_KINDS } from '../domain/notice.ts'
import { type Call, missing } from './call.ts'
import { flag, type Input, object, text } from './input.ts'
import { serverKey } from './push-message.ts'
import { del, get, post, put, type Route } from './route.ts'

export const pushRoutes: readonly Route[] = [
  post('/api/v1/push/subscription', 'push', begin),
  get('/api/v1/push/subscription', 'push', call => entity(call, subscriptionOf(call.ctx.db, tokenOf(call)))),
  put('/api/v1/push/subscription', 'push', change),
  del('/api/v1/push/subscription', 'push', call => unsubscribe(call.ctx, tokenOf(call))),
]

function tokenOf({ grant }: Call): number {
  if (!grant) throw missing()
  return grant.token
}

function begin(call: Call) {
  const { ctx, input } = call
  const wish = object(input, 'subscription') ?? {}
  const keys = object(wish, 'keys') ?? {}
  const data = object(input, 'data') ?? {}
  const subscription = subscribe(ctx, tokenOf(call), {
    endpoint: text(wish, 'endpoint') ?? '',
    p256dh: text(keys, 'p256dh') ?? '',
    auth: text(keys, 'auth') ?? '',
    standard: flag(wish, 'standard') ?? false,
    alerts: alertsIn(data) ?? {},
    policy: policyIn(data) ?? 'all',
  })
  return entity(call, subscription)
}

function change(call: Call) {
  const { ctx, input } = call
  const data = object(input, 'data') ?? {}
  const [alerts, policy] = [alertsIn(data), policyIn(data) ?? policyIn(input)]
  return entity(call, changeWish(ctx, tokenOf(call), { ...(alerts ? { alerts } : {}), ...(policy ? { policy } : {}) }))
}

function alertsIn(data: Input): Record<string, boolean> | undefined {
  const alerts = object(data, 'alerts')
  return alerts && Object.fromEntries(NOTICE_KINDS.flatMap(kind => (flag(alerts, kind) === undefined ? [] : [[kind, flag(alerts, kind)!]])))
}

function policyIn(data: Input): Subscription['policy'] | undefined {
  const word = text(data, 'policy')
  return (['all', 'followed', 'follower', 'none'] as const).find(policy => policy === word)
}

function entity({ ctx }: Call, subscription: Subscription | undefined) {
  if (!subscription) throw missing()
  const { id, endpoint, standard, alerts, policy } = subscription
  return {
    id,
    endpoint,
    standard,
    alerts: Object.fromEntries(NOTICE_KINDS.map(kind => [kind, alerts[kind] ?? false])),
    policy,
    server_key: serverKey(ctx),
  }
}
