import { LIMITS } from '../../src/domain/entry-limit.ts'
import { composeView, type Peer, placeOf, viewPoints } from '../../src/domain/peer.ts'
import { below, type Random } from './random.ts'

export const HONEST = 0
export const SILENT = 1
export const LYING = 2
export const VIEW = LIMITS.view.hashed + LIMITS.view.chosen + LIMITS.view.reliable

/** All nodes as numbers. A view is a row of `VIEW` numbers, -1 where it is shorter. */
export type Network = {
  nodes: number
  role: Uint8Array
  view: Int32Array
  /** How many of the first of each view its steward has named or follows. */
  chosen: Uint8Array
  /** On which side of a partition a node stands. */
  side: Uint8Array
  /** A new view for a node that begins anew. */
  join(node: number): void
}

/**
 * A network in which a share of the nodes is bad, half of those silent and half lying. Views are chosen by the project's own code: places
 * on the circle by keyed hash, and `composeView`. Six nodes each steward has named or follows; he knows those communities, so they may
 * fall silent, but they don't lie to him. It is the one thing that nobody can forge.
 */
export function buildNetwork(nodes: number, bad: number, random: Random, now: Date): Network {
  const role = Uint8Array.from({ length: nodes }, () => (random() >= bad ? HONEST : random() < 0.5 ? SILENT : LYING))
  const side = Uint8Array.from({ length: nodes }, () => (random() < 0.4 ? 1 : 0))
  const peers = Array.from({ length: nodes }, (_, node) => peerAt(node))
  const order = Int32Array.from({ length: nodes }, (_, node) => node)
  const places = Float64Array.from(peers, peer => placeOf(peer.domain))
  order.sort((a, b) => places[a]! - places[b]!)
  const sorted = Float64Array.from(order, node => places[node]!)
  const view = new Int32Array(nodes * VIEW).fill(-1)
  const chosen = new Uint8Array(nodes)

  function firstAfter(point: number): number {
    let [low, high] = [0, nodes]
    while (low < high) {
      const middle = (low + high) >> 1
      if (sorted[middle]! < point) low = middle + 1
      else high = middle
    }
    return low
  }

  const anybody = () => peers[below(random, nodes)]!
  function somebodyKnown(): Peer {
    for (;;) {
      const peer = anybody()
      if (role[peer.id] !== LYING) return peer
    }
  }

  let joined = 0
  function join(node: number): void {
    const hashed = viewPoints(`secret ${node} ${joined++}`, now).map(point => {
      const first = firstAfter(point)
      return Array.from({ length: 4 }, (_, on) => peers[order[(first + on) % nodes]!]!).filter(({ id }) => id !== node)
    })
    const known = Array.from({ length: LIMITS.view.chosen }, somebodyKnown)
    const reliable = Array.from({ length: LIMITS.view.reliable }, anybody)
    const others = (list: Peer[]) => list.filter(({ id }) => id !== node)
    const composed = composeView({ hashed, chosen: others(known), reliable: others(reliable) }, now)
    view.fill(-1, node * VIEW, (node + 1) * VIEW)
    // They come first.
    chosen[node] = composed.findIndex(peer => !known.includes(peer))
    for (const [at, { id }] of composed.slice(0, VIEW).entries()) view[node * VIEW + at] = id
  }

  for (let node = 0; node < nodes; node++) join(node)
  return { nodes, role, view, chosen, side, join }
}

// A node of its own domain and network each: many names in one hand are another matter, for the quotas.
function peerAt(id: number): Peer {
  const domain = `n${id}.example`
  const origin = `https://${domain}`
  return {
    id,
    node: `${origin}/node`,
    origin,
    domain,
    network: null,
    source: 'entry',
    score: 1,
    scoredAt: null,
    bannedUntil: null,
    visitAt: null,
    visitedAt: null,
    failures: 0,
  } as Peer
}
