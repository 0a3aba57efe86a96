import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Context } from '../src/context.ts'
import { saveFollowing } from '../src/db/following.ts'
import { transact } from '../src/db/open.ts'
import { type Helper, startHelper } from './helper.ts'
import type { LoadQuestion, Prepared, Sent } from './load.ts'
import { type BenchNode, foundNode, percentile, readPages, untilQuiet, watch } from './node.ts'
import { numberOption } from './option.ts'
import { cpuSeconds, freePort, residentMB } from './process.ts'
import { type BenchOptions, type Figure, median, type Report } from './report.ts'
import type { Seen, StubQuestion } from './stub.ts'
import { makeWorld, peer, type World } from './world.ts'

export const question =
  'How many signed posts a second does the inbox take, and how many strangers? --count=5000 posts, --actors=1000, --connections=50, --minutes=15.'

const HOSTS = 50
const KEYS = 20
/** Signed at a time: what is signed must not get old, nor fill the memory. */
const BATCH = 5_000
const PAGE_MS = 100
/** From so many posts on memory has to be flat: how much it may grow over the second half of them, in MB. */
const MANY = 40_000
const GROWTH_MB = 20

type Totals = { sent: number; acked: number; elapsedMs: number; latencies: number[]; cpu: number; statuses: Record<string, number> }
type Bench = { node: BenchNode; load: Helper; stub: Helper; world: World; actors: number; connections: number }

/**
 * First the actors follow the node, each for the first time, so that it has to fetch their documents; then, known, they post.
 * That the node follows them is written into its database before it starts.
 */
export async function bench({ flags, root }: BenchOptions): Promise<Report> {
  const count = numberOption(flags, 'count', 5_000)
  const actors = numberOption(flags, 'actors', 1_000)
  const connections = numberOption(flags, 'connections', 50)
  const minutes = numberOption(flags, 'minutes', 15)
  const folder = mkdtempSync(join(tmpdir(), 'archipelago-bench-'))
  const helpers: Helper[] = []
  const helper = async (name: string, args: string[]) => {
    const started = await startHelper(name, args)
    helpers.push(started)
    return started
  }
  const world = makeWorld({ hosts: HOSTS, port: await freePort(), keys: KEYS })
  const worldFile = join(folder, 'world.json')
  writeFileSync(worldFile, JSON.stringify(world))
  const node = await foundNode(root, join(folder, 'data'))
  try {
    withContext(node, ctx => followAll(ctx, world, actors))
    const stub = await helper('stub', [worldFile])
    const load = await helper('load', [worldFile])
    await node.start()
    await untilQuiet(node)
    const all: Bench = { node, load, stub, world, actors, connections }
    const strangers = await firstContact(all)
    const known = await knownActors(all, count, minutes)
    await node.stop()
    const floorPort = await freePort()
    const floor = await helper('floor', [worldFile, join(folder, 'floor.sqlite'), String(floorPort), String(actors)])
    const limit = await posts(all, `http://127.0.0.1:${floorPort}`, Math.min(count, 10_000), () => cpuSeconds(floor.pid))
    const floorMemory = residentMB(floor.pid)
    const stored = withContext(node, ctx => countPosts(ctx))
    const perThousand = (totals: Totals) => (totals.cpu / totals.acked) * 1000
    const rate = (totals: Totals) => totals.acked / (totals.elapsedMs / 1000)
    const { totals } = known
    const figures: Figure[] = [
      { name: 'acked', unit: '/s', value: rate(totals), limit: rate(limit), allowed: 0.3 * rate(limit), more: true },
      { name: 'p50', unit: 'ms', value: percentile(totals.latencies, 0.5), limit: percentile(limit.latencies, 0.5) },
      { name: 'p99', unit: 'ms', value: percentile(totals.latencies, 0.99), limit: percentile(limit.latencies, 0.99), allowed: 130 },
      { name: 'cpu_per_1000', unit: 's', value: perThousand(totals), limit: perThousand(limit), allowed: 1.5 },
      { name: 'memory_before', unit: 'MB', value: known.memory[0]! },
      { name: 'memory_after', unit: 'MB', value: known.memory.at(-1)!, limit: floorMemory },
      { name: 'pages_p95', unit: 'ms', value: percentile(known.pages, 0.95), allowed: PAGE_MS },
      ...strangers.figures,
    ]
    const faults = [...(strangers.faults ?? []), ...unexpected('posts', totals), ...unexpected('posts to the floor', limit)]
    if (stored !== totals.acked) faults.push(`${totals.acked} posts were acknowledged and ${stored} are in the database.`)
    console.log(`${totals.acked} posts of ${known.bytes} bytes by ${actors} actors on ${HOSTS} hosts with ${KEYS} keys; ${stored} stored.`)
    console.log(`Memory in MB over the run: ${known.memory.map(Math.round).join(' ')}`)
    if (totals.sent < count) console.log(`After ${minutes} minutes the rest of ${count} was left out.`)
    if (totals.acked >= MANY) figures.push({ name: 'memory_growth', unit: 'MB', value: growth(known.samples), allowed: GROWTH_MB })
    return { figures, faults }
  } finally {
    for (const started of helpers) started.stop()
    await node.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A Follow from each actor, none of which the node has ever heard of; done when each has its Accept. */
async function firstContact({ node, load, stub, actors, connections }: Bench): Promise<Report> {
  await load.ask<Prepared>(order({ kind: 'prepare', what: 'follow', origin: node.url, target: node.actor, from: 0, count: actors, actors }))
  await stub.ask<Seen>(wish({ kind: 'forget' }))
  const cpu = node.cpu()
  const began = performance.timeOrigin + performance.now()
  const stopReading = readPages([`${node.url}/`, node.actor])
  const sent = await load.ask<Sent>(order({ kind: 'go', connections }))
  const seen = await stub.ask<Seen>(wish({ kind: 'until', posts: sent.latencies.length, patienceMs: 60_000 }))
  const used = node.cpu() - cpu
  const pages = await stopReading()
  const answered = seen.types.Accept ?? 0
  const faults = unexpected('first contacts', sent)
  if (answered !== actors) faults.push(`${actors} strangers asked to follow and ${answered} got an Accept.`)
  const figures: Figure[] = [
    { name: 'strangers', unit: '/s', value: answered / ((seen.last - began) / 1000), allowed: 150, more: true },
    { name: 'strangers_p99', unit: 'ms', value: percentile(sent.latencies, 0.99) },
    { name: 'strangers_cpu_per_1000', unit: 's', value: (used / answered) * 1000, allowed: 5 },
    { name: 'requests_per_stranger', unit: '', value: seen.gets / actors, allowed: 3 },
    { name: 'strangers_pages_p95', unit: 'ms', value: percentile(pages, 0.95), allowed: PAGE_MS },
  ]
  return { figures, faults }
}

async function knownActors(all: Bench, count: number, minutes: number) {
  const { node } = all
  const samples: number[] = []
  // What the first part left for the second: compiled code, as on a server that has run for a while.
  const curve = watch(500, node.memory)
  const stopReading = readPages([`${node.url}/`, node.actor])
  const totals = await posts(all, node.url, count, node.cpu, performance.now() + minutes * 60_000, () => samples.push(node.memory()))
  const pages = await stopReading()
  return { totals, pages, memory: curve(), samples, bytes: totals.bytes }
}

async function posts(
  { load, actors, connections }: Bench,
  origin: string,
  count: number,
  cpu: () => number,
  until = Number.POSITIVE_INFINITY,
  afterBatch = () => {},
): Promise<Totals & { bytes: number }> {
  const totals = { sent: 0, acked: 0, elapsedMs: 0, latencies: [] as number[], cpu: 0, statuses: {} as Record<string, number>, bytes: 0 }
  for (let from = 0; from < count && performance.now() < until; from += BATCH) {
    const some = Math.min(BATCH, count - from)
    const { bytes } = await load.ask<Prepared>(order({ kind: 'prepare', what: 'create', origin, target: '', from, count: some, actors }))
    const before = cpu()
    const sent = await load.ask<Sent>(order({ kind: 'go', connections }))
    totals.cpu += cpu() - before
    totals.bytes = bytes
    totals.sent += some
    totals.acked += sent.latencies.length
    totals.elapsedMs += sent.elapsedMs
    // One at a time: spread into a call, a batch would have to fit on the stack.
    for (const latency of sent.latencies) totals.latencies.push(latency)
    for (const [status, n] of Object.entries(sent.statuses)) totals.statuses[status] = (totals.statuses[status] ?? 0) + n
    afterBatch()
  }
  return totals
}

/** From the third quarter of the run to the last. */
function growth(samples: number[]): number {
  const quarter = Math.floor(samples.length / 4)
  return median(samples.slice(-quarter)) - median(samples.slice(-2 * quarter, -quarter))
}

function unexpected(what: string, { statuses }: Pick<Totals, 'statuses'>): string[] {
  return Object.entries(statuses).flatMap(([status, n]) => (status === '202' ? [] : [`${n} ${what} were answered with ${status}.`]))
}

function followAll(ctx: Context, world: World, actors: number): void {
  transact(ctx.db, tx => {
    for (let n = 0; n < actors; n++) {
      const { id } = peer(world, n)
      saveFollowing(tx, { actor: id, followId: `${ctx.config.publicUrl}/a/bench-${n}`, state: 'accepted', since: ctx.now() })
    }
  })
}

function countPosts(ctx: Context): number {
  return ctx.db.$client.prepare('select count(*) from posts where not local').pluck().get() as number
}

function withContext<T>(node: BenchNode, work: (ctx: Context) => T): T {
  const ctx = node.open()
  try {
    return work(ctx)
  } finally {
    ctx.db.$client.close()
  }
}

const order = (it: LoadQuestion) => it
const wish = (it: StubQuestion) => it
