import {
  type DueDelivery,
  deliveryDone,
  deliveryLater,
  dropLeases,
  dueHosts,
  type Host,
  hostFailed,
  hostWell,
  leaseHost,
  nextDelivery,
  releaseHost,
} from '../db/delivery.ts'
import { transact } from '../db/open.ts'
import { ACTIVITY_JSON } from './context.ts'
import { knock } from './double-knock.ts'
import type { Federation } from './federation.ts'
import { FetchRefusal } from './fetch-refusal.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

// At once, then after these, then daily, each with up to half as much again, until seven days are over.
const RETRY_AFTER = [MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR]
// A server that does not answer at all may just be starting anew.
const RETRY_UNREACHABLE_AFTER = [2 * SECOND, 5 * SECOND, 10 * SECOND, 20 * SECOND, ...RETRY_AFTER]
const GIVE_UP_AFTER = 7 * DAY
const FEWEST_ATTEMPTS = 5
const LONGEST_WISH = DAY
const LEASE = 2 * MINUTE
const HOSTS_AT_ONCE = 64

/** Sends what is queued: to many servers at once, to each one at a time and in order. */
export type Delivery = {
  /** Starts sending to every server that is due, as many as there is room for. Returns at once. */
  deliverDue(): void
  /** Resolves when nothing is being sent. Starts nothing new after `stop`. */
  idle(): Promise<void>
  stop(): Promise<void>
}

export function createDelivery(federation: Federation): Delivery {
  const { ctx } = federation
  const underWay = new Set<Promise<void>>()
  let stopped = false
  transact(ctx.db, dropLeases)

  // One server's turn: oldest first, until nothing is due or the server fails.
  async function serve(host: Host): Promise<void> {
    for (;;) {
      const delivery = stopped ? undefined : nextDelivery(ctx.db, host.host, ctx.now())
      if (!delivery) return federation.commit(() => transact(ctx.db, tx => releaseHost(tx, host.host)))
      const outcome = await attempt(federation, delivery)
      const goOn = await federation.commit(() => settle(federation, host, delivery, outcome))
      federation.counters.add('delivery', outcome.kind)
      if (!goOn) return
    }
  }

  function deliverDue(): void {
    const room = HOSTS_AT_ONCE - underWay.size
    if (stopped || room <= 0) return
    const now = ctx.now()
    const due = dueHosts(ctx.db, now, room)
    if (due.length === 0) return
    transact(ctx.db, tx => {
      for (const { host } of due) leaseHost(tx, host, new Date(now.getTime() + LEASE))
    })
    for (const host of due) {
      const turn = serve(host)
        .finally(() => {
          underWay.delete(turn)
          // The next servers do not wait for the job's next round.
          if (underWay.size === HOSTS_AT_ONCE / 2) deliverDue()
        })
        // Last, because starting the next ones can fail too: the disk may be full.
        .catch(error => ctx.log.error({ err: error, host: host.host }, 'delivery failed in an unforeseen way'))
      underWay.add(turn)
    }
  }

  return {
    deliverDue,
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
    async stop() {
      stopped = true
      await Promise.all(underWay)
    },
  }
}

type Outcome =
  | { kind: 'arrived' }
  | { kind: 'refused'; reason: string }
  | { kind: 'later'; reason: string; retryAfterMs?: number; unreachable: boolean }

async function attempt({ ctx, keyring }: Federation, { inbox, body, actor }: DueDelivery): Promise<Outcome> {
  try {
    const url = new URL(inbox)
    const bytes = Buffer.from(body)
    const key = keyring.signingKey(actor, 'rsa')
    const { status, headers } = await knock(ctx, url.host, async signer => {
      const signature = await signer({ method: 'POST', url, body: bytes }, key, ctx.now())
      return ctx.fetch.post(url, bytes, { headers: { ...signature, 'content-type': ACTIVITY_JSON } })
    })
    if (status >= 200 && status < 300) return { kind: 'arrived' }
    const reason = `answered ${status}`
    // A redirect is not followed with a signed body; whoever moved will be told by its own Update.
    if (status < 500 && ![408, 425, 429].includes(status)) return { kind: 'refused', reason }
    const wish = retryAfter(headers['retry-after'], ctx.now())
    return { kind: 'later', reason, unreachable: false, ...(wish === undefined ? {} : { retryAfterMs: wish }) }
  } catch (error) {
    if (!(error instanceof FetchRefusal)) throw error
    // What we refuse to contact at all will be no better tomorrow; a network that failed may be.
    const hopeless = ['scheme', 'credentials', 'address', 'port'].includes(error.code)
    return hopeless ? { kind: 'refused', reason: error.message } : { kind: 'later', reason: error.message, unreachable: true }
  }
}

/** Writes down what came of an attempt. True if the next delivery to this server may follow at once. */
function settle({ ctx }: Federation, host: Host, delivery: DueDelivery, outcome: Outcome): boolean {
  const now = ctx.now()
  // Attempts count too, so that a clock that leaps ahead gives up nothing.
  const overdue = now.getTime() - delivery.queuedAt.getTime() > GIVE_UP_AFTER && delivery.attempts >= FEWEST_ATTEMPTS
  return transact(ctx.db, tx => {
    if (outcome.kind !== 'later' || overdue) {
      if (outcome.kind !== 'arrived') ctx.log.warn({ inbox: delivery.inbox, reason: outcome.reason }, 'delivery given up')
      deliveryDone(tx, delivery.id)
    }
    if (outcome.kind !== 'later') {
      hostWell(tx, host.host)
      return true
    }
    const pause = Math.max(
      backOff(delivery.attempts, outcome.unreachable ? RETRY_UNREACHABLE_AFTER : RETRY_AFTER),
      outcome.retryAfterMs ?? 0,
    )
    const until = new Date(now.getTime() + pause)
    if (!overdue) deliveryLater(tx, delivery.id, until, outcome.reason)
    ctx.log.info({ inbox: delivery.inbox, reason: outcome.reason, until }, 'delivery will be tried again')
    // One bad inbox does not speak for its server; a server that can't be reached, or asks for patience, does.
    const whole = outcome.unreachable || outcome.retryAfterMs !== undefined
    if (whole) hostFailed(tx, host.host, now, until)
    return !whole
  })
}

function backOff(attempts: number, schedule: readonly number[]): number {
  const pause = schedule[attempts] ?? DAY
  return pause * (1 + Math.random() / 2)
}

/** Retry-After in milliseconds, at most a day (RFC 9110 section 10.2.3). */
function retryAfter(value: string | undefined, now: Date): number | undefined {
  if (!value) return undefined
  const ms = /^\d+$/.test(value) ? Number(value) * SECOND : Date.parse(value) - now.getTime()
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(ms, 0), LONGEST_WISH)
}
