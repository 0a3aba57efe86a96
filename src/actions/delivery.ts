import type { Context } from '../context.ts'
import { record } from '../db/event.ts'
import { transact } from '../db/open.ts'
import { giveUp, hurry } from '../db/waiting.ts'
import { Refusal } from '../domain/refusal.ts'

/** Tries everything that waits for a server at once. @returns how many deliveries @throws Refusal when nothing waits */
export function retryDeliveries(ctx: Context, host: string): number {
  return transact(ctx.db, tx => {
    const count = hurry(tx, host, ctx.now())
    if (count === 0) throw nothingFor(host)
    record(tx, { kind: 'deliveries.retried', subject: host, at: ctx.now(), data: { count: String(count) } })
    return count
  })
}

/** Gives up everything that waits for a server. It can't be had back. @returns how many deliveries @throws Refusal when nothing waits */
export function dropDeliveries(ctx: Context, host: string): number {
  return transact(ctx.db, tx => {
    const count = giveUp(tx, host)
    if (count === 0) throw nothingFor(host)
    record(tx, { kind: 'deliveries.dropped', subject: host, at: ctx.now(), data: { count: String(count) } })
    return count
  })
}

function nothingFor(host: string): Refusal {
  return new Refusal('missing', `Nothing waits for ${host}. npx archipelago deliveries lists what waits.`)
}
