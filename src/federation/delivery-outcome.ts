import type { Context } from '../context.ts'
import { actorsOfInbox, type DueDelivery, deliveryDone, deliveryLater, type Host, hostFailed, hostWell } from '../db/delivery.ts'
import { addErrand } from '../db/errand.ts'
import type { Tx } from '../db/open.ts'

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
// A shared inbox may have thousands; that it is gone says little of each.
const CHECKED_WHEN_GONE = 20

/** What came of an attempt to deliver. */
export type Outcome =
  | { kind: 'arrived' }
  | { kind: 'refused'; reason: string; gone?: true }
  | { kind: 'later'; reason: string; retryAfterMs?: number; unreachable: boolean }

/** What an answer means: 2xx is arrival; 408, 425, 429 and 5xx are tried again, everything else is final. */
export function outcomeOf(status: number, wish: string | undefined, now: Date): Outcome {
  if (status >= 200 && status < 300) return { kind: 'arrived' }
  const reason = `answered ${status}`
  // A redirect is not followed with a signed body; whoever moved will be told by its own Update.
  if (status < 500 && ![408, 425, 429].includes(status)) return { kind: 'refused', reason, ...(status === 410 ? { gone: true } : {}) }
  const retryAfterMs = retryAfter(wish, now)
  return { kind: 'later', reason, unreachable: false, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) }
}

/** Writes down what came of an attempt. True if the next delivery to this server may follow at once; if not, the lease is given back. */
export function settle(ctx: Context, tx: Tx, host: Host, delivery: DueDelivery, outcome: Outcome): boolean {
  const now = ctx.now()
  // Attempts count too, so that a clock that leaps ahead gives up nothing.
  const overdue = now.getTime() - delivery.queuedAt.getTime() > GIVE_UP_AFTER && delivery.attempts >= FEWEST_ATTEMPTS
  if (outcome.kind !== 'later' || overdue) {
    if (outcome.kind !== 'arrived') ctx.log.warn({ inbox: delivery.inbox, reason: outcome.reason }, 'delivery given up')
    deliveryDone(tx, delivery.id)
  }
  // That the inbox is gone is no proof; what the actor's own address says is.
  if (outcome.kind === 'refused' && outcome.gone)
    for (const actor of actorsOfInbox(tx, delivery.inbox, CHECKED_WHEN_GONE)) addErrand(tx, actor, actor, now)
  if (outcome.kind !== 'later') {
    // Most are well already: then there is nothing to write.
    if (host.failures > 0) hostWell(tx, host.host)
    return true
  }
  const pause = Math.max(backOff(delivery.attempts, outcome.unreachable ? RETRY_UNREACHABLE_AFTER : RETRY_AFTER), outcome.retryAfterMs ?? 0)
  const until = new Date(now.getTime() + pause)
  if (!overdue) deliveryLater(tx, delivery.id, until, outcome.reason)
  ctx.log.info({ inbox: delivery.inbox, reason: outcome.reason, until }, 'delivery will be tried again')
  // One bad inbox does not speak for its server; a server that can't be reached, or asks for patience, does.
  const whole = outcome.unreachable || outcome.retryAfterMs !== undefined
  if (whole) hostFailed(tx, host.host, now, until)
  return !whole
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
