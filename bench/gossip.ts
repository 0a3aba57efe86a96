import { LIMITS } from '../src/domain/entry-limit.ts'
import { buildNetwork, HONEST, type Network, VIEW } from './gossip/network.ts'
import { randomNumbers } from './gossip/random.ts'
import { findRules, isFinal, type Rules } from './gossip/rules.ts'
import { type Outcome, ROUNDS_A_DAY, simulate, type Trust } from './gossip/simulate.ts'
import { measureSizes, reconciling, type Sizes } from './gossip/sizes.ts'
import { BEGIN, refused, stories } from './gossip/stories.ts'
import { trustInUse } from './gossip/trust.ts'
import type { BenchOptions, Figure, Report } from './report.ts'

export const question =
  'How do entries spread, and is nobody ever shown a lie? --nodes=N (1,000 and 10,000), --seed=N, --witnesses=vouched|confirmed to try another rule.'

const COPIES = 2
const CHURN = 0.01
/** How often a community changes or renews its entry, in days. */
const CHANGES_EVERY = 30
const SHARES = [0, 0.3, 0.5]

const WHAT_IS_REAL = `Real: the documents, their keys and signatures, checkEntry on each of them and on forged copies; what a node comes to
know when it hears, looks or is told (hearEntry, entryConfirmed, entryUnconfirmed, tried in every order on a real database and
then looked up); whose confirmations count; the view (viewPoints, placeOf, composeView); every limit; the sizes of packed pages.
Simulated: the clock, the network and the nodes; a round is ${LIMITS.pull.every / 60_000} minutes, in which a node asks ${LIMITS.pull.peers} peers of its view. Hints, which spread
a change within seconds, scores and bans are left out, so that nothing but the pull is measured; who leaves is replaced in his
place by who begins anew; liars lie to everybody who asks, about every community, and confirm their lies.`

export async function bench({ flags }: BenchOptions): Promise<Report> {
  const figures: Figure[] = []
  const faults: string[] = []
  console.log(WHAT_IS_REAL)
  const all = stories()
  const check = refused(all)
  if (check.refused !== check.tried) faults.push(`Of ${check.tried} documents with a wrong signature ${check.refused} were refused.`)
  const rules = all.map(findRules)
  for (const one of rules) if (!isFinal(one)) faults.push(`Whoever knows the end of “${one.story.name}” can be talked out of it.`)
  const sizes = measureSizes()
  figures.push({ name: 'document_bytes', unit: 'B', value: sizes.document })
  const trust = wordOption(flags, 'witnesses') as Trust | undefined
  const seed = Number(wordOption(flags, 'seed') ?? 1)
  for (const nodes of sizesOf(flags)) for (const bad of SHARES) play(nodes, bad, false)
  for (const nodes of sizesOf(flags)) for (const bad of SHARES) play(nodes, bad, true)
  return { figures, faults }

  function play(nodes: number, bad: number, partition: boolean): void {
    const random = randomNumbers(seed + nodes + bad * 10)
    const network = buildNetwork(nodes, bad, random, new Date(BEGIN))
    const outcome = simulate({ rules, copies: COPIES, network, random, churn: CHURN, partition, trust: trust ?? trustInUse(all[0]!) })
    const name = `${nodes >= 1000 ? `${nodes / 1000}k` : nodes}_bad${bad * 100}${partition ? '_healed' : ''}`
    figures.push(...figuresOf(name, outcome, partition, network, rules, sizes))
    if (!outcome.converged) faults.push(`${name}: not every honest node came to know everything.`)
    if (outcome.wrong > 0)
      faults.push(`${name}: ${outcome.wrong} times an honest node showed something forged, rolled back or resurrected.`)
  }
}

function figuresOf(name: string, it: Outcome, partition: boolean, network: Network, rules: readonly Rules[], sizes: Sizes): Figure[] {
  const rounds = (what: string, value: number): Figure => ({ name: `${name}_${what}`, unit: 'rounds', value })
  const spread = [
    rounds('50%', it.half),
    rounds('99%', it.most),
    rounds('100%', it.all || Number.NaN),
    rounds('newcomers', it.last || Number.NaN),
  ]
  const shown: Figure = { name: `${name}_lies_shown`, unit: '', value: it.wrong, allowed: 0 }
  if (partition) return [...spread, shown]
  const share = network.role.filter(role => role === HONEST).length / network.nodes || 1
  const looks: Figure = { name: `${name}_looks_at_new`, unit: 'a node', value: it.looks / (network.nodes * share) }
  return [...spread, shown, { name: `${name}_traffic`, unit: 'MB a day', value: trafficADay(it, network, rules, sizes) / 1e6 }, looks]
}

/** What a node reads in a day, where every node has one community. */
function trafficADay({ fetched, half, looks }: Outcome, network: Network, rules: readonly Rules[], sizes: Sizes): number {
  const { nodes, role, view } = network
  let answering = 0
  let honest = 0
  for (let node = 0; node < nodes; node++) {
    if (role[node] !== HONEST) continue
    honest++
    for (let slot = 0; slot < VIEW; slot++) if (view[node * VIEW + slot]! >= 0 && role[view[node * VIEW + slot]!] === HONEST) answering++
  }
  const peers = answering / honest
  const changes = nodes / CHANGES_EVERY + 2 * CHURN * nodes
  const said = rules.reduce((sum, { story }) => sum + story.said.length, 0) / rules.length
  const polls = ROUNDS_A_DAY * LIMITS.pull.peers * 2 * sizes.poll
  const confirmations = 2 * CHURN * nodes * Math.min(1, looks / honest) * peers * sizes.confirmation
  // What is on its way at any time makes two trees differ.
  const differing = changes * (half / ROUNDS_A_DAY)
  const trees = LIMITS.reconcile.peers * reconciling(sizes, nodes, differing)
  return polls + changes * (peers * sizes.feedLine + (fetched / said) * sizes.document) + confirmations + trees
}

function sizesOf(flags: ReadonlySet<string>): number[] {
  const asked = wordOption(flags, 'nodes')
  if (asked === undefined) return [1000, 10_000]
  if (!/^[1-9]\d{2,5}$/.test(asked)) throw new Error('--nodes must be a number from 100 to 999999.')
  return [Number(asked)]
}

function wordOption(flags: ReadonlySet<string>, name: string): string | undefined {
  return [...flags].find(word => word.startsWith(`--${name}=`))?.split('=')[1]
}
