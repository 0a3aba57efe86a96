import { anyHostDue, type DueDelivery, dropLeases, type Host, leaseHosts, nextDelivery, releaseHost } from '../db/delivery.ts'
import { transact } from '../db/open.ts'
import { writeBatch } from '../db/write-batch.ts'
import { traced } from '../lib/trace.ts'
import { createTurnstile } from '../lib/turnstile.ts'
import { ACTIVITY_JSON } from './context.ts'
import { createContents } from './delivery-content.ts'
import { type Outcome, outcomeOf, settle } from './delivery-outcome.ts'
import { knock } from './double-knock.ts'
import type { Federation } from './federation.ts'
import { FetchRefusal } from './fetch-refusal.ts'
import { createSyncHeaders, SYNC_HEADER } from './followers-sync.ts'

const LEASE_MS = 2 * 60_000
// Whoever does not answer costs a socket and no time, so that hundreds of them hold up nobody else; and there may be thousands.
const HOSTS_AT_ONCE = 512
const FAILING_AT_ONCE = 256
// As many as keep the thread pool busy. It has other work too.
const SIGNING_AT_ONCE = 8

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
  const turns = new Map<string, Promise<void>>()
  const sender = createSender(federation)
  const write = writeBatch(ctx.db, federation.commit)
  let failing = 0
  let stopped = false
  transact(ctx.db, dropLeases)

  // One server's turn: oldest first, until nothing is due or the server fails.
  async function serve(host: Host): Promise<void> {
    let next = nextDelivery(ctx.db, host.host, ctx.now())
    let leased = true
    while (next && !stopped) {
      const delivery = next
      const outcome = await traced('delivery', describeAttempt, attempt, sender, delivery, host)
      next = await write(tx => {
        const goOn = settle(ctx, tx, host, delivery, outcome)
        const following = goOn && !stopped ? nextDelivery(tx, host.host, ctx.now()) : undefined
        if (goOn && !following) releaseHost(tx, host.host)
        return following
      })
      leased = next !== undefined
      federation.counters.add('delivery', outcome.kind)
    }
    if (leased) await write(tx => releaseHost(tx, host.host))
  }

  function begin(host: Host): void {
    const wasFailing = host.failures > 0
    if (wasFailing) failing++
    const turn = serve(host)
      .finally(() => {
        turns.delete(host.host)
        if (wasFailing) failing--
        // The next servers do not wait for the job's next round.
        if (turns.size === HOSTS_AT_ONCE / 2) deliverDue()
      })
      // Last, because starting the next ones can fail too: the disk may be full.
      .catch(error => ctx.log.error({ err: error, host: host.host }, 'delivery failed in an unforeseen way'))
    turns.set(host.host, turn)
  }

  function deliverDue(): void {
    const room = HOSTS_AT_ONCE - turns.size
    const now = ctx.now()
    if (stopped || room <= 0 || !anyHostDue(ctx.db, now)) return
    const until = new Date(now.getTime() + LEASE_MS)
    const due = transact(ctx.db, tx => leaseHosts(tx, now, until, { all: room, failing: FAILING_AT_ONCE - failing }))
    // A turn may last longer than its lease; it is still the only one.
    for (const host of due) if (!turns.has(host.host)) begin(host)
  }

  return {
    deliverDue,
    async idle() {
      while (turns.size > 0) await Promise.all(turns.values())
    },
    async stop() {
      stopped = true
      await Promise.all(turns.values())
    },
  }
}

type Sender = ReturnType<typeof createSender>

// What all attempts share.
function createSender({ ctx, keyring }: Federation) {
  return {
    ctx,
    keyring,
    contentOf: createContents(ctx.db),
    syncHeaders: createSyncHeaders(ctx.db),
    signing: createTurnstile(SIGNING_AT_ONCE),
  }
}

const describeAttempt = (_: Sender, { id, inbox, attempts }: DueDelivery, __: Host) => ({ delivery: id, inbox, attempts })

async function attempt(sender: Sender, { activity, inbox }: DueDelivery, host: Host): Promise<Outcome> {
  const { ctx, keyring, signing } = sender
  try {
    const url = new URL(inbox)
    const { actor, bytes, digest, toFollowers } = sender.contentOf(activity)
    const { status, headers } = await knock(ctx, host, async signer => {
      const signed = await signing(() => {
        // Only what goes to the followers says who they are there (FEP-8fcf).
        const sync = toFollowers ? sender.syncHeaders(actor, url) : undefined
        const more = sync === undefined ? {} : { [SYNC_HEADER]: sync }
        return signer({ method: 'POST', url, body: bytes, digest, headers: more }, keyring.signingKey(actor, 'rsa'), ctx.now())
      })
      return ctx.fetch.post(url, bytes, { headers: { ...signed, 'content-type': ACTIVITY_JSON } })
    })
    return outcomeOf(status, headers['retry-after'], ctx.now())
  } catch (error) {
    if (!(error instanceof FetchRefusal)) throw error
    // What we refuse to contact at all will be no better tomorrow; a network that failed may be.
    const hopeless = ['scheme', 'credentials', 'address', 'port'].includes(error.code)
    return hopeless ? { kind: 'refused', reason: error.message } : { kind: 'later', reason: error.message, unreachable: true }
  }
}
