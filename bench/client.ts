import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Pool } from 'undici'
import type { Connection } from '../src/db/open.ts'
import { fillTimeline, makeTokens, tagOf } from './client/readers.ts'
import { openStreams } from './client/streams.ts'
import { bareStatement } from './directory/bare.ts'
import { build } from './directory/build.ts'
import { randomNumbers } from './directory/random.ts'
import { shapesOf } from './directory/shapes.ts'
import { type BenchNode, foundNode, percentile, untilQuiet } from './node.ts'
import { fileOption, numberOption } from './option.ts'
import { type BenchOptions, type Figure, median, type Report } from './report.ts'

export const question =
  'How fast is a node for apps (Mastodon’s API)? --count=1000000 directory entries, --posts=100000 of --followed=2000 communities, --each=300 requests of a kind, --streams=500; --from=FILE to read in a directory that bench search kept.'

/** An app of one may ask 3,000 times in five minutes. */
const TOKENS = 40

/** One app after the other reads, searches and listens at the real server. */
export async function bench({ flags, root }: BenchOptions): Promise<Report> {
  const count = numberOption(flags, 'count', 1_000_000)
  const posts = numberOption(flags, 'posts', 100_000)
  const followed = numberOption(flags, 'followed', 2_000)
  const each = numberOption(flags, 'each', 300)
  const streams = numberOption(flags, 'streams', 500)
  const from = fileOption(flags, 'from')
  const folder = mkdtempSync(join(tmpdir(), 'archipelago-bench-'))
  let node: BenchNode | undefined
  try {
    node = await foundNode(root, join(folder, 'data'), from)
    const { db } = node.open()
    if (!from) build(db, count, done => done % 100_000 === 0 && console.log(`  ${done.toLocaleString('en')} entries`))
    fillTimeline(db, { posts, followed })
    const tokens = makeTokens(db, TOKENS)
    await node.start()
    await untilQuiet(node)
    const figures = await readAll(node, db, tokens, { count, posts, each })
    const ofStreams = await listen(node, tokens[0]!, streams)
    db.$client.close()
    return { ...ofStreams, figures: [...figures, ...ofStreams.figures] }
  } finally {
    await node?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

type Size = { count: number; posts: number; each: number }

async function readAll({ url }: BenchNode, db: Connection, tokens: readonly string[], { count, posts, each }: Size): Promise<Figure[]> {
  const random = randomNumbers(5)
  const somewhere = () => 1 + Math.floor(random() * posts)
  const shapes = shapesOf(count).filter(({ name }) => !/facet|page/i.test(name))
  const words = Array.from({ length: each }, (_, n) => shapes[n % shapes.length]!.make(random)).filter(query => query.q !== undefined)
  const bareHome = homeStatement(db)
  const bareSearch = bareStatement(db)
  const kinds: { name: string; paths: string[]; allowed?: number; limit?: number }[] = [
    { name: 'verify_credentials', paths: many(each, () => '/api/v1/accounts/verify_credentials'), allowed: 3 },
    {
      name: 'home timeline',
      paths: many(each, n => (n % 3 === 0 ? '/api/v1/timelines/home' : `/api/v1/timelines/home?max_id=${somewhere()}`)),
      allowed: 15,
      limit: median(many(50, () => bareHome(somewhere()))),
    },
    { name: 'home timeline of 40', paths: many(each, () => `/api/v1/timelines/home?limit=40&min_id=${somewhere()}`) },
    { name: 'public timeline', paths: many(each, () => `/api/v1/timelines/public?max_id=${somewhere()}`) },
    { name: 'tag timeline', paths: many(each, n => `/api/v1/timelines/tag/${tagOf(n)}?max_id=${somewhere()}`) },
    { name: 'posts of an account', paths: many(each, n => `/api/v1/accounts/${2 + (n % 1_000)}/statuses`) },
    {
      name: 'search',
      paths: words.map(({ q }) => `/api/v2/search?q=${encodeURIComponent(q!)}&resolve=true`),
      allowed: 40,
      limit: median(words.map(bareSearch)),
    },
    { name: 'search by theme', paths: many(each, n => `/api/v2/search?type=accounts&q=theme:anarchist&offset=${(n % 20) * 20}&limit=20`) },
    { name: 'directory', paths: many(each, n => `/api/v1/directory?limit=40&offset=${n * 40}&order=${n % 2 ? 'new' : 'active'}`) },
    { name: 'suggestions', paths: many(Math.min(each, 60), () => '/api/v2/suggestions?limit=20') },
  ]
  const figures: Figure[] = []
  const warm = (paths: readonly string[]) => ask(url, paths.slice(0, 300), tokens)
  // As on a server that has run for a while: it has been asked some of everything, and of this a moment ago.
  for (const { paths } of kinds) await warm(paths)
  for (const { name, paths, allowed, limit } of kinds) {
    await warm(paths)
    const taken = await ask(url, paths, tokens)
    figures.push({ name: `${name}, p50`, unit: 'ms', value: median(taken), ...(limit === undefined ? {} : { limit }) })
    figures.push({ name: `${name}, p95`, unit: 'ms', value: percentile(taken, 0.95), ...(allowed === undefined ? {} : { allowed }) })
  }
  return figures
}

const many = <T>(times: number, make: (n: number) => T) => Array.from({ length: times }, (_, n) => make(n))

/** The least that a page of the home timeline takes: its rows and nothing around them. */
function homeStatement(db: Connection): (below: number) => number {
  const page = db.$client.prepare(
    'select t.*, p.* from timeline_items t join posts p on p.id = t.post where t.home = 1 and p.deleted_at is null and t.id < ? order by t.id desc limit 20',
  )
  return below => {
    const since = performance.now()
    page.all(below)
    return performance.now() - since
  }
}

/** @param tokens taken in turn, so that none asks too often */
async function ask(url: string, paths: readonly string[], tokens: readonly string[]): Promise<number[]> {
  const pool = new Pool(url, { connections: 1, pipelining: 1 })
  const taken: number[] = []
  for (const [n, path] of paths.entries()) {
    const token = tokens[n % tokens.length]!
    const since = performance.now()
    const answer = await pool.request({ method: 'GET', path, headers: { authorization: `Bearer ${token}` } })
    await answer.body.dump({ limit: 1 << 24 })
    taken.push(performance.now() - since)
    if (answer.statusCode !== 200) throw new Error(`${path} was answered with ${answer.statusCode}.`)
  }
  await pool.destroy()
  return taken
}

async function listen(node: BenchNode, token: string, streams: number): Promise<Report> {
  const before = node.memory()
  const { open, close } = await openStreams(node.url, token, streams)
  await pause(3_000)
  const after = node.memory()
  close()
  return {
    figures: [
      { name: 'open streams', unit: '', value: open, allowed: streams, more: true },
      { name: `memory for ${streams} streams`, unit: 'MB', value: after - before, allowed: 100 },
    ],
    ...(open === streams ? {} : { faults: [`Of ${streams} streams ${open} were taken.`] }),
  }
}
