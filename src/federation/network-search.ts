import { hearEntries } from '../actions/entry.ts'
import { judgePeer, viewOf } from '../actions/peer.ts'
import { entryOf } from '../db/directory.ts'
import { transact } from '../db/open.ts'
import { bookBytes, bytesLeft, type KnownPeer } from '../db/peer.ts'
import { searchDirectory } from '../db/search.ts'
import { themePolicy } from '../db/theme-policy.ts'
import type { FoundEntry, SearchResult } from '../domain/directory.ts'
import type { DirectoryQuery } from '../domain/directory-query.ts'
import { isShown, type SignedEntry } from '../domain/entry.ts'
import { LIMITS } from '../domain/entry-limit.ts'
import { mergeFound, passesFilters } from '../domain/merge-search.ts'
import type { NetworkResult, NetworkSearch, PeerAnswer } from '../domain/network-search.ts'
import { mayVisit } from '../domain/peer.ts'
import { queryParameters } from '../domain/query-parameters.ts'
import { isHiddenBy } from '../domain/theme-policy.ts'
import { checkEntry, EntryRefusal } from './entry-check.ts'
import type { Federation } from './federation.ts'
import { FetchRefusal } from './fetch-refusal.ts'
import { askPeer, NoAnswer } from './peer-question.ts'

type Remembered = { at: number; result: Promise<NetworkResult> }
type Answered = { peer: PeerAnswer; items: FoundEntry[] }

/**
 * Live questions to other nodes. What they answer is believed only as far as each entry proves itself, and is heard like everything
 * that is heard of a community. Visitors can't make this node hammer others: one question is asked once a minute, and only so many
 * different ones are.
 */
export function createNetworkSearch(federation: Federation): NetworkSearch {
  const { ctx } = federation
  const remembered = new Map<string, Remembered>()
  let asked: number[] = []

  return query => {
    const now = ctx.now().getTime()
    const key = queryParameters(query).toString()
    const known = remembered.get(key)
    if (known && now - known.at >= 0 && now - known.at < LIMITS.networkSearch.kept) return known.result
    asked = asked.filter(at => now - at >= 0 && now - at < 60_000)
    if (asked.length >= LIMITS.networkSearch.aMinute) return Promise.resolve(alone(federation, query, 'too often'))
    const peers = peersToAsk(federation)
    if (peers.length === 0) return Promise.resolve(alone(federation, query, 'no peers'))
    asked.push(now)
    const result = searchNetwork(federation, query, peers)
    for (const [other, { at }] of remembered) if (now - at >= LIMITS.networkSearch.kept) remembered.delete(other)
    remembered.set(key, { at: now, result })
    result.catch(() => remembered.delete(key))
    return result
  }
}

function alone({ ctx }: Federation, query: DirectoryQuery, unasked: 'no peers' | 'too often'): NetworkResult {
  return { ...withoutNext(searchDirectory(ctx.db, query)), peers: [], unchecked: 0, unasked }
}

async function searchNetwork(federation: Federation, query: DirectoryQuery, peers: readonly KnownPeer[]): Promise<NetworkResult> {
  const { ctx } = federation
  const answers = await Promise.all(peers.map(peer => questioned(federation, query, peer)))
  const own = withoutNext(searchDirectory(ctx.db, query))
  const seen = new Set(own.items.map(({ actor }) => actor))
  const unchecked = new Set<string>()
  for (const { peer, items } of answers) {
    for (const { actor, state } of items) {
      if (!seen.has(actor)) peer.added++
      seen.add(actor)
      if (!isShown(state)) unchecked.add(actor)
    }
  }
  // What this node has only just heard of is nothing it can answer for.
  const shown = (entries: FoundEntry[]) => (query.include === 'all' ? entries : entries.filter(({ state }) => isShown(state)))
  const items = mergeFound(query, [own.items, ...answers.map(answer => shown(answer.items))])
  const total = Math.max(own.total, items.length)
  return { ...own, total, items, peers: answers.map(({ peer }) => peer), unchecked: unchecked.size }
}

// The cursor counts in our own list, and what others add is not in it.
function withoutNext({ next: _, ...result }: SearchResult): SearchResult {
  return result
}

async function questioned(federation: Federation, query: DirectoryQuery, peer: KnownPeer): Promise<Answered> {
  const since = performance.now()
  const answer = (outcome: PeerAnswer['outcome'], counts = { given: 0, taken: 0 }, items: FoundEntry[] = []): Answered => ({
    peer: { node: peer.origin, outcome, ms: Math.round(performance.now() - since), ...counts, added: 0 },
    items,
  })
  try {
    const { entries, bytes } = await withinDeadline(askPeer(federation, peer, query))
    transact(federation.ctx.db, tx => bookBytes(tx, peer.id, bytes, federation.ctx.now()))
    const items = takeIn(federation, query, peer, entries)
    return answer('answered', { given: entries.length, taken: items.length }, items)
  } catch (error) {
    return answer(outcomeOf(federation, error))
  }
}

/** Hears every entry that proves itself, and gives those of them that say what was asked for, as this node knows them now. */
function takeIn({ ctx }: Federation, query: DirectoryQuery, peer: KnownPeer, entries: readonly unknown[]): FoundEntry[] {
  const signed = entries.slice(0, query.limit).flatMap(entry => checked(entry, peer))
  const policy = themePolicy(ctx.db)
  const verdicts = hearEntries(ctx, signed, { peer: peer.id })
  return signed.flatMap(({ document }, place) => {
    // Whatever a peer answers, it is our own view of the community that is shown.
    if (verdicts[place] === 'unwanted' && !isOurs(document.attributedTo)) return []
    const entry = entryOf(ctx.db, document.attributedTo)
    return entry && passesFilters(query, entry) && !isHiddenBy(policy, entry.charter.themes) ? [entry] : []
  })

  function isOurs(actor: string): boolean {
    return actor.startsWith(`${ctx.config.publicUrl}/`)
  }

  function checked(entry: unknown, { id }: KnownPeer): SignedEntry[] {
    try {
      const signed = checkEntry(entry, ctx.now())
      return signed.document.type === 'DirectoryEntry' ? [signed] : []
    } catch (error) {
      if (!(error instanceof EntryRefusal)) throw error
      if (error.code === 'proof') judgePeer(ctx, id, LIMITS.score.badSignature, 'a bad signature in a search')
      return []
    }
  }
}

/** A few of the view, at random, so that not always the same carry the questions of everybody's visitors. */
function peersToAsk({ ctx }: Federation): KnownPeer[] {
  const now = ctx.now()
  return viewOf(ctx.db, now)
    .filter(peer => mayVisit(peer, now) && bytesLeft(peer, now) > 0 && peer.origin !== ctx.config.publicUrl)
    .map(peer => ({ peer, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .slice(0, LIMITS.networkSearch.peers)
    .map(({ peer }) => peer)
}

async function withinDeadline<T>(task: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NoAnswer('late')), LIMITS.networkSearch.deadline)
  })
  task.catch(() => {})
  try {
    return await Promise.race([task, late])
  } finally {
    clearTimeout(timer)
  }
}

function outcomeOf({ ctx }: Federation, error: unknown): PeerAnswer['outcome'] {
  if (error instanceof NoAnswer) return error.outcome
  if (error instanceof FetchRefusal && error.code === 'timeout') return 'late'
  if (error instanceof FetchRefusal) return error.code === 'network' ? 'unreachable' : 'refused'
  if (error instanceof Error && error.name === 'HostBusy') return 'unreachable'
  ctx.log.warn({ err: error }, 'a question to another node went wrong')
  return 'refused'
}
