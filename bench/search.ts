import { copyFileSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Connection } from '../src/db/open.ts'
import { readThrough } from '../src/lib/read-through.ts'
import { ask } from './directory/asking.ts'
import { bareStatement, naiveStatement } from './directory/bare.ts'
import { type Built, build } from './directory/build.ts'
import { randomNumbers } from './directory/random.ts'
import { type Shape, shapesOf } from './directory/shapes.ts'
import { startHelper } from './helper.ts'
import { type BenchNode, foundNode, percentile, untilQuiet } from './node.ts'
import { fileOption, numberOption } from './option.ts'
import { type BenchOptions, type Figure, median, type Report } from './report.ts'
import type { IntakeQuestion, Taken } from './search-intake.ts'

export const question =
  'How fast is the search over a large directory? --count=1000000 entries, --each=150 queries of a shape; --from=FILE to ask a directory built before, --to=FILE to keep the one that is built.'

const CLIENTS = 16

/** A directory of invented communities on the real server, asked over HTTP: one client, then sixteen, then while entries come in. */
export async function bench({ flags, root }: BenchOptions): Promise<Report> {
  const count = numberOption(flags, 'count', 1_000_000)
  const each = numberOption(flags, 'each', 150)
  const from = fileOption(flags, 'from')
  const to = fileOption(flags, 'to')
  const folder = mkdtempSync(join(tmpdir(), 'archipelago-bench-'))
  let node: BenchNode | undefined
  try {
    node = await foundNode(root, join(folder, 'data'), from)
    const { db } = node.open()
    const built = from ? undefined : build(db, count, telling(count))
    if (to) copyFileSync(node.database, to)
    const shapes = shapesOf(count)
    const figures = [...(built ? buildFigures(built, count, node) : [])]
    figures.push({ name: 'start, until the first page', unit: 'ms', value: await node.start() })
    // As on a server that has run for a while: the file is in the memory of the system, where it fits.
    await readThrough(node.database, () => true)
    await untilQuiet(node)
    await warm(node, shapes)
    figures.push(...(await oneClient(node, db, shapes, each)))
    figures.push(...naiveFigures(db, shapes, figures))
    figures.push(await manyClients(node, shapes, each))
    figures.push(...(await whileTakingIn(node, shapes, count)))
    figures.push({ name: 'memory', unit: 'MB', value: node.memory() })
    db.$client.close()
    return { figures }
  } finally {
    await node?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

function telling(count: number): (done: number) => void {
  const step = Math.max(50_000, count / 10)
  return done => {
    if (done % step === 0) console.log(`  ${done.toLocaleString('en')} entries`)
  }
}

function buildFigures({ seconds, packSeconds, bytes }: Built, count: number, { database }: BenchNode): Figure[] {
  return [
    { name: 'build', unit: 'entries/s', value: count / (seconds + packSeconds), more: true },
    { name: 'database', unit: 'MB', value: statSync(database).size / 1e6 },
    { name: 'records and entries', unit: 'MB', value: (bytes.records + bytes.entries) / 1e6 },
    { name: 'index', unit: 'MB', value: bytes.index / 1e6, allowed: (bytes.records + bytes.entries) / 1e6 },
  ]
}

/** What a node has been asked before it is measured: some of each, none of it again. */
async function warm({ url }: BenchNode, shapes: readonly Shape[]): Promise<void> {
  const random = randomNumbers(1)
  await ask(url, shapes.flatMap(({ make }) => Array.from({ length: 30 }, () => make(random))), 1) // biome-ignore format: one line
}

async function oneClient({ url }: BenchNode, db: Connection, shapes: readonly Shape[], each: number): Promise<Figure[]> {
  const figures: Figure[] = []
  const bare = bareStatement(db)
  const all: { over: number; bare: number }[] = []
  for (const [place, { name, common, make }] of shapes.entries()) {
    const random = randomNumbers(100 + place)
    const queries = Array.from({ length: each }, () => make(random))
    const { taken } = await ask(url, queries, 1)
    const alone = median(queries.map(bare))
    all.push({ over: median(taken) - alone, bare: alone })
    figures.push({ name: `${name}, p50`, unit: 'ms', value: median(taken), limit: alone })
    figures.push({ name: `${name}, p95`, unit: 'ms', value: percentile(taken, 0.95) })
    figures.push({ name: `${name}, p99`, unit: 'ms', value: percentile(taken, 0.99), allowed: common ? 10 : 20 })
  }
  figures.push({ name: 'over the bare statement, median', unit: 'ms', value: median(all.map(({ over }) => over)), allowed: 1.5 })
  return figures
}

/** Common words by relevance as it is usually computed, against the whole answer of this node. */
function naiveFigures(db: Connection, shapes: readonly Shape[], figures: readonly Figure[]): Figure[] {
  const common = shapes.find(({ name }) => name === 'common word')!
  const ours = figures.find(({ name }) => name === 'common word, p50')!.value
  const random = randomNumbers(7)
  const naive = median(Array.from({ length: 20 }, () => naiveStatement(db)(common.make(random))))
  return [
    { name: 'common word by bm25, p50', unit: 'ms', value: naive },
    { name: 'common word, times faster than bm25', unit: 'x', value: naive / ours, allowed: 20, more: true },
  ]
}

async function manyClients({ url }: BenchNode, shapes: readonly Shape[], each: number): Promise<Figure> {
  const random = randomNumbers(3)
  const queries = Array.from({ length: each }, () => shapes.map(({ make }) => make(random))).flat()
  const { elapsedMs } = await ask(url, queries, CLIENTS)
  return { name: `mix, ${CLIENTS} clients`, unit: 'queries/s', value: (queries.length / elapsedMs) * 1000, allowed: 600, more: true }
}

async function whileTakingIn({ url, database }: BenchNode, shapes: readonly Shape[], count: number): Promise<Figure[]> {
  const entries = Math.min(10_000, Math.max(500, count / 10))
  const intake = await startHelper('search-intake', [database])
  try {
    await intake.ask({ kind: 'prepare', from: count, count: entries } satisfies IntakeQuestion)
    let taken: Taken | undefined
    const taking = intake.ask<Taken>({ kind: 'go' } satisfies IntakeQuestion).then(answer => {
      taken = answer
    })
    const random = randomNumbers(5)
    const waited: number[] = []
    while (!taken) {
      // At the pace of many visitors, not as fast as one program can ask: that would only measure how a processor is shared.
      const pause = new Promise(resolve => setTimeout(resolve, 20))
      waited.push(...(await ask(url, [shapes[waited.length % shapes.length]!.make(random)], 1)).taken)
      await pause
    }
    await taking
    return [
      { name: 'intake of signed entries', unit: 'entries/s', value: (taken.entries / taken.elapsedMs) * 1000, allowed: 1500, more: true },
      { name: 'longest transaction of the intake', unit: 'ms', value: taken.longestMs },
      { name: 'search meanwhile, p99', unit: 'ms', value: percentile(waited, 0.99), allowed: 50 },
    ]
  } finally {
    intake.stop()
  }
}
