import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { publishPost } from '../src/actions/post.ts'
import type { Context } from '../src/context.ts'
import { queueLength } from '../src/db/delivery.ts'
import { addFollowers, addQueue, silentHosts } from './crowd.ts'
import type { FloorAnswer, FloorQuestion } from './delivery-floor.ts'
import { type Helper, startHelper } from './helper.ts'
import { type BenchNode, foundNode, percentile, readPages, watch } from './node.ts'
import { numberOption } from './option.ts'
import { freePort } from './process.ts'
import type { BenchOptions, Figure, Report } from './report.ts'
import { median } from './report.ts'
import type { Seen, StubQuestion } from './stub.ts'
import { makeWorld, type World } from './world.ts'

export const question =
  'How fast does one post reach 5,000 followers on 500 servers? --runs=5. --queue=100000: does a queue to dead servers weigh on the node?'

const HOSTS = 500
const FOLLOWERS = 5_000
const AT_ONCE = 50
const QUEUE_SECONDS = 40
const DEAD = { refusing: 400, silent: 100 }

export async function bench({ flags, root }: BenchOptions): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'archipelago-bench-'))
  const node = await foundNode(root, join(folder, 'data'))
  const ctx = node.open()
  try {
    const queued = flags.has('--queue') || [...flags].some(flag => flag.startsWith('--queue='))
    if (queued) return await longQueue(node, ctx, numberOption(flags, 'queue', 100_000))
    return await fanOut(node, ctx, folder, numberOption(flags, 'runs', 5))
  } finally {
    ctx.db.$client.close()
    await node.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Run = { first: number; all: number; cpu: number; arrived: number }

/** The post is published by another process than the server, as the command does; the clock starts when that is on the disk. */
async function fanOut(node: BenchNode, ctx: Context, folder: string, runs: number): Promise<Report> {
  const world = makeWorld({ hosts: HOSTS, port: await freePort(), keys: 1 })
  const worldFile = join(folder, 'world.json')
  writeFileSync(worldFile, JSON.stringify(world))
  addFollowers(ctx, world, FOLLOWERS)
  const stub = await startHelper('stub', [worldFile])
  const floor = await startHelper('delivery-floor', [worldFile])
  try {
    await node.start()
    const memory = node.memory()
    const ours: Run[] = []
    const limits: Run[] = []
    // The first one founds the connections and compiles the code; the others are counted.
    for (let run = 0; run <= runs; run++) {
      const done = await publish(node, ctx, stub, world, run)
      const limit = await atFloor(floor, stub)
      if (run === 0) continue
      ours.push(done)
      limits.push(limit)
    }
    const faults = ours.flatMap(run => (run.arrived === HOSTS ? [] : [`${run.arrived} of ${HOSTS} deliveries arrived.`]))
    const figure = (name: string, unit: string, allowed: number, pick: (run: Run) => number): Figure => ({
      ...{ name, unit, value: median(ours.map(pick)), limit: median(limits.map(pick)), allowed },
    })
    const figures: Figure[] = [
      figure('first_delivery', 'ms', 200, run => run.first),
      figure('all_delivered', 'ms', 600, run => run.all),
      { ...figure('deliveries', '/s', 900, run => run.arrived / ((run.all - run.first) / 1000)), more: true },
      figure('cpu_per_1000', 's', 1, run => (run.cpu / run.arrived) * 1000),
      { name: 'memory_before', unit: 'MB', value: memory },
      { name: 'memory_after', unit: 'MB', value: node.memory() },
    ]
    console.log(`All delivered after, in ms: ${ours.map(run => Math.round(run.all)).join(' ')}`)
    return { figures, faults }
  } finally {
    stub.stop()
    floor.stop()
  }
}

async function publish(node: BenchNode, ctx: Context, stub: Helper, { hosts }: World, run: number): Promise<Run> {
  await stub.ask<Seen>(wish({ kind: 'forget' }))
  const before = node.cpu()
  publishPost(ctx, `Haymaking on Saturday. Bring a rake, a hat and a poem. ${run}`)
  const since = performance.timeOrigin + performance.now()
  const seen = await stub.ask<Seen>(wish({ kind: 'until', posts: hosts.length, patienceMs: 30_000 }))
  // What is still to be written down belongs to the deliveries.
  for (let round = 0; queueLength(ctx.db) > 0 && round < 100; round++) await pause(20)
  return { first: seen.first - since, all: seen.last - since, cpu: node.cpu() - before, arrived: seen.posts }
}

async function atFloor(floor: Helper, stub: Helper): Promise<Run> {
  await stub.ask<Seen>(wish({ kind: 'forget' }))
  const since = performance.timeOrigin + performance.now()
  const body = JSON.stringify({ type: 'Create', content: 'x'.repeat(2_500) })
  const answer = await floor.ask<FloorAnswer>({ body, atOnce: AT_ONCE } satisfies FloorQuestion)
  const seen = await stub.ask<Seen>(wish({ kind: 'until', posts: HOSTS, patienceMs: 10_000 }))
  return { first: seen.first - since, all: seen.last - since, cpu: answer.cpuSeconds, arrived: answer.arrived }
}

/** Most of the dead servers refuse at once, the others take the connection and say nothing. */
async function longQueue(node: BenchNode, ctx: Context, count: number): Promise<Report> {
  const port = await freePort()
  const [refusing, silent] = [host('127.0.3', DEAD.refusing), host('127.0.5', DEAD.silent)]
  addQueue(
    ctx,
    count,
    [...refusing, ...silent].map(address => `${address}:${port}`),
  )
  const servers = await silentHosts(silent, port)
  try {
    await node.start()
    const curve = watch(1000, node.memory)
    const stopReading = readPages([`${node.url}/`, node.actor])
    const before = node.cpu()
    await pause(QUEUE_SECONDS * 1000)
    const pages = await stopReading()
    const memory = curve()
    console.log(`Memory over ${QUEUE_SECONDS} s in MB: ${memory.map(Math.round).join(' ')}`)
    console.log(`${queueLength(ctx.db)} of ${count} deliveries are still queued.`)
    const faults = queueLength(ctx.db) === count ? [] : ['Deliveries to dead servers have left the queue.']
    // From the second half on: a process that has just started still grows.
    const settled = memory.slice(memory.length >> 1)
    const figures: Figure[] = [
      { name: 'memory_start', unit: 'MB', value: memory[0]! },
      { name: 'memory_end', unit: 'MB', value: memory.at(-1)! },
      { name: 'memory_growth', unit: 'MB', value: settled.at(-1)! - settled[0]!, allowed: 30 },
      { name: 'pages_p95', unit: 'ms', value: percentile(pages, 0.95), allowed: 100 },
      { name: 'pages_p50', unit: 'ms', value: percentile(pages, 0.5) },
      { name: 'cpu_share', unit: '%', value: ((node.cpu() - before) / QUEUE_SECONDS) * 100 },
    ]
    return { figures, faults }
  } finally {
    for (const server of servers) server.close()
  }
}

function host(prefix: string, count: number): string[] {
  const [a, b, c] = prefix.split('.')
  return Array.from({ length: count }, (_, n) => `${a}.${b}.${Number(c) + Math.floor(n / 250)}.${1 + (n % 250)}`)
}

const wish = (it: StubQuestion) => it
