import { LIMITS, lookWithin } from '../../src/domain/entry-limit.ts'
import { HONEST, LYING, type Network, VIEW } from './network.ts'
import { below, type Random } from './random.ts'
import { isWrong, type Rules } from './rules.ts'

export const ROUNDS_A_DAY = (24 * 3_600_000) / LIMITS.pull.every
const WEEK = 7 * ROUNDS_A_DAY
const PATIENCE = 60 * ROUNDS_A_DAY
const AGAIN = LIMITS.checkAgain / LIMITS.pull.every
const VISITS_A_DAY = (ROUNDS_A_DAY * LIMITS.pull.peers) / VIEW
/** Share of the nodes that saw an old entry at its origin themselves, before the story begins: the others came later than it. */
const SEEN_BEFORE = 0.4

/** Whose confirmations count: those of every node whose community was seen at its origin, or only of those that are vouched for. */
export type Trust = 'confirmed' | 'vouched'

export type Plan = {
  rules: readonly Rules[]
  copies: number
  network: Network
  random: Random
  churn: number
  partition: boolean
  trust: Trust
}

export type Outcome = {
  /** Rounds until so many of the honest nodes know the end of the slowest story, counted from its last document (or from the healing). */
  half: number
  most: number
  all: number
  converged: boolean
  /** Times an honest node came to show something forged, rolled back or resurrected. */
  wrong: number
  /** Looks at the origin of a new community, by how many nodes at most. */
  looks: number
  /** Documents an honest node fetched for one change, in the mean. */
  fetched: number
  newcomers: number
  /** Rounds until the last newcomer has had everything confirmed. */
  last: number
}

/** Plays all stories at once, `copies` times each, until every honest node knows their ends. One round is the time between two pulls. */
export function simulate({ rules, copies, network, random, churn, partition, trust }: Plan): Outcome {
  const { nodes, role, view, side, chosen } = network
  const cases = Array.from({ length: copies * rules.length }, (_, at) => rules[at % rules.length]!)
  const width = Math.ceil(cases.length / 4) * 4
  const state = new Uint8Array(nodes * width)
  const seen = new Uint8Array(nodes * width)
  const honestWitnesses = new Int32Array(nodes * width)
  const lyingWitnesses = new Int32Array(nodes * width)
  /** In which round a look is due, and in which the last one was; 0 for none. */
  const dueAt = new Uint16Array(nodes * width)
  const lookedAt = new Uint16Array(nodes * width)
  const done = new Uint8Array(nodes)
  const arrived = new Float64Array(nodes).fill(Number.NEGATIVE_INFINITY)
  const owners = cases.map(() => honestOwner())
  const owned = new Set(owners)
  const good = cases.map(({ states, end }) =>
    Uint8Array.from(states, known => (known.hash === states[end]!.hash && known.passedOn ? 1 : 0)),
  )
  const forgedKey = cases.map(({ states, story }) =>
    Uint8Array.from(states, ({ document }) => (document !== undefined && story.forged[document] ? 1 : 0)),
  )
  const wrongMoves = cases.map(one =>
    Uint8Array.from({ length: one.states.length ** 2 }, (_, cell) =>
      isWrong(one, Math.floor(cell / one.states.length), cell % one.states.length) ? 1 : 0,
    ),
  )
  const budget = Math.min(1, LIMITS.checksADay / ROUNDS_A_DAY / nodes)
  const within = lookWithin(nodes) / LIMITS.pull.every
  // A liar contradicts whatever it can about every community, but makes a node look at so many in a day.
  const heeded = Math.min(1, LIMITS.checksPerPeerADay / nodes / VISITS_A_DAY)
  // A newcomer has as much to look at as there are communities, and may look at so many a day.
  const grace = ROUNDS_A_DAY * (1 + nodes / LIMITS.checksADay)
  const latest = Math.max(...cases.flatMap(({ story }) => story.said.map(({ round }) => round)))
  const healed = partition ? WEEK : 0
  const from = Math.max(healed, latest)
  const outcome: Outcome = { half: 0, most: 0, all: 0, converged: false, wrong: 0, looks: 0, fetched: 0, newcomers: 0, last: 0 }
  const looks = new Int32Array(cases.length)
  let fetched = 0

  for (let node = 0; node < nodes; node++)
    for (const [at, { start }] of cases.entries()) {
      state[node * width + at] = start
      seen[node * width + at] = start !== 0 && random() < SEEN_BEFORE ? 1 : 0
    }

  function honestOwner(): number {
    for (;;) {
      const node = below(random, nodes)
      if (role[node] === HONEST) return node
    }
  }

  function move(at: number, cell: number, to: number): void {
    const from = state[cell]!
    if (from === to) return
    if (wrongMoves[at]![from * cases[at]!.states.length + to]) outcome.wrong++
    state[cell] = to
  }

  function hear(node: number, at: number, document: number, lie = false): void {
    const { hear: table, story, states } = cases[at]!
    const cell = node * width + at
    const before = state[cell]!
    const after = table[before * story.documents.length + document]!
    if (lie && states[before]!.passedOn && states[after]!.due && !states[before]!.due && random() >= heeded) return
    if (states[after]!.hash !== states[before]!.hash) fetched++
    move(at, cell, after)
  }

  /** The document its origin shows to who asks; undefined before there is any. */
  function published(at: number, round: number, asker: number): number | undefined {
    const { story } = cases[at]!
    const said = story.said.filter(one => one.round <= round).at(-1)
    return said ? said.documents[asker % said.documents.length] : story.before
  }

  function lookAtOrigin(node: number, at: number, round: number): void {
    const one = cases[at]!
    const cell = node * width + at
    const document = published(at, round, node)
    looks[at]!++
    lookedAt[cell] = round + 1
    dueAt[cell] = 0
    if (document === undefined) {
      move(at, cell, one.denied[state[cell]!]!)
      return
    }
    move(at, cell, one.origin[state[cell]! * one.story.documents.length + document]!)
    if (!forgedKey[at]![state[cell]!] && one.states[state[cell]!]!.passedOn) seen[cell] = 1
  }

  const counts = (node: number, slot: number) => trust === 'confirmed' || slot < chosen[node]!

  function learn(node: number, peer: number, slot: number, before: Uint8Array): void {
    const [mine, theirs] = [node * width, peer * width]
    for (let at = 0; at < cases.length; at++) {
      const known = before[theirs + at]!
      if (seen[theirs + at] && counts(node, slot)) honestWitnesses[mine + at]! |= 1 << slot
      if (known === state[mine + at] || known === 0) continue
      for (const document of cases[at]!.states[known]!.told) hear(node, at, document)
    }
  }

  function beLiedTo(node: number, slot: number): void {
    for (let at = 0; at < cases.length; at++) {
      const { lies } = cases[at]!.story
      if (counts(node, slot)) lyingWitnesses[node * width + at]! |= 1 << slot
      hear(node, at, lies[below(random, lies.length)]!, true)
    }
  }

  function settle(node: number, round: number, cut: boolean): void {
    for (let at = 0; at < cases.length; at++) {
      const cell = node * width + at
      const { states, witnessed } = cases[at]!
      const known = states[state[cell]!]!
      if (known.heard) {
        const witnesses = (forgedKey[at]![state[cell]!] ? lyingWitnesses : honestWitnesses)[cell]!
        if (bits(witnesses) >= LIMITS.confirmations) move(at, cell, witnessed[state[cell]!]!)
      }
      if (!states[state[cell]!]!.due) {
        dueAt[cell] = 0
        continue
      }
      dueAt[cell] ||= round + 1 + Math.floor(random() * within)
      if (round + 1 < dueAt[cell]! || (cut && side[node] !== side[owners[at]!])) continue
      if (lookedAt[cell]! > 0 && round + 1 - lookedAt[cell]! < AGAIN) continue
      if (round - arrived[node]! >= grace || random() < budget) lookAtOrigin(node, at, round)
    }
  }

  function beginAnew(node: number, round: number): void {
    if (owned.has(node)) return
    const row = node * width
    for (const table of [state, seen, dueAt, lookedAt, honestWitnesses, lyingWitnesses]) table.fill(0, row, row + width)
    network.join(node)
    arrived[node] = round
    done[node] = 0
    outcome.newcomers++
  }

  // Nothing that is heard can move it any more: it need not ask on, only answer.
  function isDone(node: number): boolean {
    for (let at = 0; at < cases.length; at++) if (!good[at]![state[node * width + at]!]) return false
    return true
  }

  function playRound(round: number, cut: boolean): void {
    for (const [at, { story }] of cases.entries())
      for (const { round: when, documents } of story.said)
        if (when === round)
          for (const document of documents) {
            const cell = owners[at]! * width + at
            move(at, cell, cases[at]!.origin[state[cell]! * story.documents.length + document]!)
            seen[cell] = 1
          }
    const before = state.slice()
    for (let node = 0; node < nodes; node++) {
      if (done[node] || role[node] !== HONEST) continue
      const first = below(random, VIEW)
      for (let visit = 0; visit < LIMITS.pull.peers; visit++) {
        const slot = (first + visit * 7) % VIEW
        const peer = view[node * VIEW + slot]!
        if (peer < 0 || (cut && side[peer] !== side[node])) continue
        if (role[peer] === HONEST) learn(node, peer, slot, before)
        else if (role[peer] === LYING) beLiedTo(node, slot)
      }
      settle(node, round, cut)
      done[node] = round >= latest && isDone(node) ? 1 : 0
    }
  }

  const honest = () => {
    let count = 0
    for (let node = 0; node < nodes; node++) if (role[node] === HONEST) count++
    return count
  }
  const grown = honest()

  /** The share of honest nodes that know the end, in the case where it is smallest; newcomers count when they have had time to look at everything. */
  function spread(round: number): { least: number; everybody: boolean } {
    const known = new Int32Array(cases.length)
    const all = new Int32Array(cases.length)
    let counted = 0
    for (let node = 0; node < nodes; node++) {
      if (role[node] !== HONEST) continue
      const counts = round - arrived[node]! >= grace
      if (counts) counted++
      for (let at = 0; at < cases.length; at++) {
        const yes = good[at]![state[node * width + at]!]!
        all[at]! += yes
        if (counts) known[at]! += yes
      }
    }
    return { least: Math.min(...known) / Math.max(1, counted), everybody: Math.min(...all) === grown }
  }

  let round = 0
  if (partition) {
    const quiet = latest + 4 * Math.ceil(Math.log2(nodes))
    for (; round < quiet; round++) step(true)
    // For the rest of the week nothing new is said; only nodes leave and others begin.
    const gone = churn * 7 * nodes
    for (let n = 0; n < gone; n++) beginAnew(below(random, nodes), round)
    for (let n = 0; n < 2 * Math.ceil(Math.log2(nodes)); n++, round++) step(true)
    round = healed
  }
  for (; round < from + PATIENCE; round++) {
    step(false)
    if (round < from) continue
    const { least, everybody } = spread(round)
    const passed = round - from + 1
    if (least >= 0.5) outcome.half ||= passed
    if (least >= 0.99) outcome.most ||= passed
    if (least >= 1) outcome.all ||= passed
    outcome.converged = everybody
    if (everybody) outcome.last ||= passed
    else outcome.last = 0
    if (everybody && outcome.all > 0 && passed > ROUNDS_A_DAY) break
  }
  for (const [at, { start }] of cases.entries()) if (start === 0) outcome.looks = Math.max(outcome.looks, looks[at]!)
  outcome.fetched = fetched / grown / cases.length
  return outcome

  function step(cut: boolean): void {
    // Nodes come and go until a day after the last word; then everybody must come to know it.
    if (round < from + ROUNDS_A_DAY) {
      const leaving = (churn / ROUNDS_A_DAY) * nodes
      for (let n = 0; n < leaving - (leaving % 1) + (random() < leaving % 1 ? 1 : 0); n++) beginAnew(below(random, nodes), round)
    }
    playRound(round, cut)
  }
}

function bits(mask: number): number {
  let count = 0
  for (let rest = mask; rest !== 0; rest &= rest - 1) count++
  return count
}
