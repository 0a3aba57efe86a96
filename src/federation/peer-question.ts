import { parse } from 'secure-json-parse'
import type { KnownPeer } from '../db/peer.ts'
import type { DirectoryQuery } from '../domain/directory-query.ts'
import { LIMITS } from '../domain/entry-limit.ts'
import type { PeerAnswer } from '../domain/network-search.ts'
import { queryParameters } from '../domain/query-parameters.ts'
import { writeExpression } from '../domain/search-expression.ts'
import { ACCEPT_ACTIVITY } from './context.ts'
import type { Federation } from './federation.ts'
import { sameOrigin } from './wire.ts'

/** A node gave no answer, or none that can be read. */
export class NoAnswer extends Error {
  override name = 'NoAnswer'
  readonly outcome: Exclude<PeerAnswer['outcome'], 'answered'>
  constructor(outcome: Exclude<PeerAnswer['outcome'], 'answered'>) {
    super(`The other node was ${outcome}.`)
    this.outcome = outcome
  }
}

/** What another node answered: entries as they came, not checked yet, and how many bytes it took. */
export type PeerWords = { entries: unknown[]; bytes: number }

/**
 * Puts a search to another node: at its `/api/directory`, which takes all that ours takes, or else at the `endpoints.search` of its node
 * actor (FEP-f011), as far as words and fields go. @throws NoAnswer, FetchRefusal, HostBusy
 */
export async function askPeer(federation: Federation, peer: Pick<KnownPeer, 'node' | 'origin'>, query: DirectoryQuery): Promise<PeerWords> {
  const parameters = queryParameters(query)
  parameters.set('signed', 'true')
  const found = await get(federation, `${peer.origin}/api/directory?${parameters}`, 'application/json')
  if (found.status === 200) return words(found, 'items')
  if (found.status !== 404) throw new NoAnswer('refused')
  const endpoint = await searchEndpoint(federation, peer)
  if (!endpoint || query.near || query.bbox) throw new NoAnswer('refused')
  const url = new URL(endpoint)
  url.searchParams.set('q', writeExpression(queryParameters(query)))
  const collection = await get(federation, url.href, ACCEPT_ACTIVITY)
  if (collection.status !== 200) throw new NoAnswer('refused')
  return words(collection, 'orderedItems')
}

type Got = { status: number; bytes: number; json: Record<string, unknown> }

async function get({ ctx, gate }: Federation, url: string, accept: string): Promise<Got> {
  const options = { accept, maxBytes: LIMITS.pageSize, timeoutMs: LIMITS.networkSearch.deadline }
  const { status, body } = await gate(new URL(url).host, () => ctx.fetch.get(url, options))
  if (status !== 200) return { status, bytes: body.length, json: {} }
  const json: unknown = readJson(body)
  if (typeof json !== 'object' || json === null) throw new NoAnswer('refused')
  return { status, bytes: body.length, json: json as Record<string, unknown> }
}

function readJson(body: Buffer): unknown {
  try {
    return parse(body.toString('utf8'), { protoAction: 'remove', constructorAction: 'remove' })
  } catch {
    throw new NoAnswer('refused')
  }
}

function words({ json, bytes }: Got, name: 'items' | 'orderedItems'): PeerWords {
  const items = json[name]
  if (!Array.isArray(items)) throw new NoAnswer('refused')
  // What stands beside the entry nobody has signed.
  return { entries: items.slice(0, 100).map(item => (item as { entry?: unknown } | null)?.entry), bytes }
}

async function searchEndpoint(federation: Federation, { node }: Pick<KnownPeer, 'node'>): Promise<string | undefined> {
  const { json } = await get(federation, node, ACCEPT_ACTIVITY)
  const { search } = (json.endpoints ?? {}) as { search?: unknown }
  return json.id === node && typeof search === 'string' && sameOrigin(search, node) ? search : undefined
}
