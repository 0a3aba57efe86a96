import { acceptRecovered, entryEnded, entryUnconfirmed, hearEntry } from '../actions/entry.ts'
import { expireEntries, wakeContenders } from '../actions/entry-upkeep.ts'
import { hearActor } from '../actions/neighbour.ts'
import { actorOf } from '../db/actor.ts'
import { transact } from '../db/open.ts'
import { amendRecord, type EntryRecord, recordsToCheck } from '../db/record.ts'
import { saveSetting, setting } from '../db/setting.ts'
import { LIMITS } from '../domain/entry-limit.ts'
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

const DAY_MS = 24 * 3_600_000

/** Looks at the origins of entries that wait for it, as many as this day's budget allows, of all peers and of each. */
export async function checkEntries(federation: Federation, disappointed: Disappointed = () => {}): Promise<number> {
  const { ctx } = federation
  const due = recordsToCheck(ctx.db, ctx.now(), LIMITS.checksAtOnce)
  const affordable = transact(ctx.db, tx => {
    const spent = budgetOf(setting(tx, 'entry.checks'), ctx.now())
    const chosen = due.filter(record => {
      if (spend(spent, record.state === 'heard' ? record.peer : null)) return true
      // At a time of chance within the next day: who comes first is not served first, so a flood pushes nobody out.
      amendRecord(tx, record.actor, { checkAt: new Date(ctx.now().getTime() + Math.random() * DAY_MS) })
      return false
    })
    if (due.length > 0) saveSetting(tx, 'entry.checks', JSON.stringify(spent))
    return chosen
  })
  await Promise.all(affordable.map(record => checkAtOrigin(federation, record, disappointed)))
  return due.length
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

type Budget = { day: number; all: number; peers: Record<string, number> }

function budgetOf(text: string | undefined, now: Date): Budget {
  const day = Math.floor(now.getTime() / DAY_MS)
  const known = text ? (JSON.parse(text) as Budget) : undefined
  return known?.day === day ? known : { day, all: 0, peers: {} }
}

function spend(budget: Budget, peer: number | null): boolean {
  if (peer === null) return true
  const mine = budget.peers[peer] ?? 0
  if (budget.all >= LIMITS.checksADay || mine >= LIMITS.checksPerPeerADay) return false
  budget.all++
  budget.peers[peer] = mine + 1
  return true
}
