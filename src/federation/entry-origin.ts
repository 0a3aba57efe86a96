import { acceptRecovered, entryEnded, entryUnconfirmed, hearEntry } from '../actions/entry.ts'
import { expireEntries, wakeContenders } from '../actions/entry-upkeep.ts'
import { takeLooks } from '../actions/look-due.ts'
import { hearActor } from '../actions/neighbour.ts'
import { actorOf } from '../db/actor.ts'
import type { EntryRecord } from '../db/record.ts'
import { readActor } from './activities/actor.ts'
import { fetchDocument, HostSuspended, NotFetched } from './document.ts'
import { checkEntry, EntryRefusal } from './entry-check.ts'
import type { Federation } from './federation.ts'
import { FetchRefusal } from './fetch-refusal.ts'
import { DocumentRefusal } from './guard.ts'
import { HostBusy } from './host-gate.ts'

export type CheckOutcome = 'confirmed' | 'denied' | 'gone' | 'away'
/** Told of the peer whose word about a community turned out to be nothing. */
export type Disappointed = (peer: number) => void

/** Looks at the origins of entries that wait for it, as far as this day's budgets go. @returns how many waited */
export async function checkEntries(federation: Federation, disappointed: Disappointed = () => {}): Promise<number> {
  const { looks, due } = takeLooks(federation.ctx)
  await Promise.all(looks.map(record => checkAtOrigin(federation, record, disappointed)))
  return due
}

/**
 * Asks a community's own server what it says of itself: the keys in its actor's document, and the entry there. What it says is heard as
 * its origin's word.
 */
export async function checkAtOrigin(
  federation: Federation,
  { actor }: Pick<EntryRecord, 'actor'>,
  disappointed: Disappointed = () => {},
): Promise<CheckOutcome> {
  const { ctx, gate, commit } = federation
  try {
    const document = await gate(new URL(actor).host, () => fetchDocument(federation, actor))
    const news = document.id === actor ? readActor(document, ctx.now()) : undefined
    return await commit(() => {
      if (news && actorOf(ctx.db, actor)) hearActor(ctx, news)
      else if (news?.entry) hearEntry(ctx, news.entry, 'origin')
      if (news?.entry) return 'confirmed'
      return unconfirmed(federation, actor, 'denied', disappointed)
    })
  } catch (error) {
    const why = outcomeOf(error)
    if (!why) ctx.log.error({ err: error, actor }, 'an entry could not be checked, in an unforeseen way')
    return commit(() => {
      if (error instanceof NotFetched && error.status === 410) entryEnded(ctx, actor)
      return unconfirmed(federation, actor, why ?? 'away', disappointed)
    })
  }
}

/** What has to be done about entries as time goes by: leases that have run out, quarantines that are over. */
export function keepEntries({ ctx }: Federation): void {
  while (expireEntries(ctx) > 0);
  for (const text of wakeContenders(ctx)) {
    try {
      acceptRecovered(ctx, checkEntry(JSON.parse(text), ctx.now()))
    } catch (error) {
      if (!(error instanceof EntryRefusal)) throw error
    }
  }
}

function unconfirmed({ ctx }: Federation, actor: string, why: 'denied' | 'gone' | 'away', disappointed: Disappointed): CheckOutcome {
  const peer = entryUnconfirmed(ctx, actor, why)
  if (peer !== null) disappointed(peer)
  return why
}

function outcomeOf(error: unknown): 'denied' | 'gone' | 'away' | undefined {
  if (error instanceof NotFetched) return error.gone ? 'gone' : 'away'
  if (error instanceof DocumentRefusal) return 'denied'
  if (error instanceof FetchRefusal) return error.code === 'network' || error.code === 'timeout' ? 'away' : 'denied'
  return error instanceof HostBusy || error instanceof HostSuspended ? 'away' : undefined
}
