import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { build } from './directory/build.ts'
import { randomNumbers } from './directory/random.ts'
import { shapesOf } from './directory/shapes.ts'
import { type BenchNode, foundNode, percentile } from './node.ts'
import { numberOption } from './option.ts'
import { seen } from './page-browser.ts'
import { type BenchOptions, type Figure, median, type Report } from './report.ts'

export const question =
  'How fast and how heavy are the pages for visitors? --count=100000 entries, --each=20 pages of a kind; --from=FILE to ask a directory built before, --no-browser to leave Chromium out.'

/** The promises of the search page: milliseconds on the server, kilobytes compressed, milliseconds in a browser. */
const ALLOWED = { searchMs: 60, plainKb: 60, mapKb: 200, lcpMs: 1000, cls: 0, otherMs: 250 }

/** Pages over a large directory: what the server needs for each, how much is sent, and how soon a browser shows it. */
export async function bench({ flags, root }: BenchOptions): Promise<Report> {
  const count = numberOption(flags, 'count', 100_000)
  const each = numberOption(flags, 'each', 20)
  const from = [...flags].find(flag => flag.startsWith('--from='))?.slice(7)
  const folder = mkdtempSync(join(tmpdir(), 'archipelago-bench-'))
  let node: BenchNode | undefined
  try {
    const dataDir = join(folder, 'data')
    if (from) {
      mkdirSync(dataDir)
      copyFileSync(from, join(dataDir, 'archipelago.sqlite'))
    }
    node = await foundNode(root, dataDir)
    if (!from) {
      const { db } = node.open()
      build(db, count, done => done % 50_000 === 0 && console.log(`  ${done.toLocaleString('en')} entries`))
      db.$client.close()
    }
    await node.start()
    const figures = await served(node, count, each)
    if (!flags.has('--no-browser')) figures.push(...(await shown(node)))
    figures.push({ name: 'memory', unit: 'MB', value: node.memory() })
    return { figures }
  } finally {
    await node?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function served(node: BenchNode, count: number, each: number): Promise<Figure[]> {
  const random = randomNumbers(11)
  const queries = shapesOf(count).flatMap(({ make }) => Array.from({ length: each }, () => `/?${new URLSearchParams(make(random))}`))
  const communities = await communitiesOf(node, each * 5)
  const kinds: [string, string[], number][] = [
    ['search page', queries, ALLOWED.searchMs],
    ['first page', Array.from({ length: each * 2 }, () => '/'), ALLOWED.searchMs],
    ['community page', communities, ALLOWED.otherMs],
    ['questionnaire', Array.from({ length: each }, () => '/match?edit=yes'), ALLOWED.otherMs],
    ['questionnaire answered', answersOf(each * 2), ALLOWED.otherMs],
    ['comparison', comparisons(communities), ALLOWED.otherMs],
    ['map points', queries.map(path => path.replace(/^\//, '/map/points')), ALLOWED.otherMs],
    ['town names of a square', squares(each * 5), 20],
  ]
  const figures: Figure[] = []
  for (const [name, paths, allowed] of kinds) {
    // Each once before, a few of them: what is measured is a node that has been running.
    await timed(node.url, paths.slice(0, 5))
    const before = node.cpu()
    const taken = await timed(node.url, paths)
    figures.push({ name: `${name}, p50`, unit: 'ms', value: median(taken) })
    figures.push({ name: `${name}, p95`, unit: 'ms', value: percentile(taken, 0.95), allowed })
    figures.push({ name: `${name}, processor`, unit: 'ms', value: ((node.cpu() - before) * 1000) / paths.length })
  }
  return figures
}

async function timed(url: string, paths: readonly string[]): Promise<number[]> {
  const pool = new Pool(url, { connections: 1, pipelining: 1 })
  const taken: number[] = []
  for (const path of paths) {
    const since = performance.now()
    const answer = await pool.request({ method: 'GET', path, headers: { accept: 'text/html' } })
    await answer.body.dump({ limit: 1 << 24 })
    taken.push(performance.now() - since)
    if (answer.statusCode !== 200) throw new Error(`${path} was answered with ${answer.statusCode}.`)
  }
  await pool.destroy()
  return taken
}

async function communitiesOf({ url }: BenchNode, count: number): Promise<string[]> {
  const answer = await fetch(`${url}/api/directory?limit=100&sort=newest`)
  const { items } = (await answer.json()) as { items: { address: string }[] }
  const paths = items.flatMap(({ address }) => {
    const [, handle, host] = /^@([^@]+)@(.+)$/.exec(address) ?? []
    return handle && host && !url.endsWith(host) ? [`/communities/${host}/${handle}`] : []
  })
  return Array.from({ length: Math.min(count, paths.length) }, (_, n) => paths[n]!)
}

// What seekers want: a few things each, one of them always a must.
function answersOf(count: number): string[] {
  const some = [
    '/match?setting=rural&incomeSharing=none&must=setting',
    '/match?children=yes&diet=vegetarian,vegan&near=48.85,2.35&within=500',
    '/match?kind=ecovillage&theme=ecological&openToMembers=yes&must=openToMembers',
    '/match?country=ES,PT&language=es&decisionMaking=consensus&words=garden',
    '/match?people=some&labour=suggested&regularFee=300&currency=EUR&must=regularFee',
  ]
  return Array.from({ length: count }, (_, n) => some[n % some.length]!)
}

function comparisons(communities: readonly string[]): string[] {
  const handles = communities.map(path => path.replace(/^\/communities\/([^/]+)\/(.+)$/, '@$2@$1'))
  return Array.from({ length: Math.floor(handles.length / 5) }, (_, n) => {
    const some = handles.slice(n * 5, n * 5 + 5).map(handle => `c=${encodeURIComponent(handle)}`)
    return `/compare?${some.join('&')}`
  })
}

function squares(count: number): string[] {
  return Array.from({ length: count }, (_, n) => {
    const z = 3 + (n % 7)
    const across = 2 ** (z - 1)
    return `/map/towns/en/${z}/${Math.floor(across * 0.5 + (n % 5)) % across}/${Math.floor(across * 0.34)}`
  })
}

async function shown({ url }: BenchNode): Promise<Figure[]> {
  const phone = await seen(url, { width: 360, map: false })
  const desk = await seen(url, { width: 1280, map: true })
  const near = await seen(`${url}/?near=48.85,2.35&within=250`, { width: 1280, map: true })
  return [
    { name: 'first page without the map', unit: 'kB', value: phone.kb, allowed: ALLOWED.plainKb },
    { name: 'first page with the map', unit: 'kB', value: desk.kb, allowed: ALLOWED.mapKb },
    { name: 'page around a town with the map', unit: 'kB', value: near.kb, allowed: ALLOWED.mapKb },
    { name: 'largest contentful paint, 360 px', unit: 'ms', value: phone.lcpMs, allowed: ALLOWED.lcpMs },
    { name: 'largest contentful paint, 1280 px', unit: 'ms', value: desk.lcpMs, allowed: ALLOWED.lcpMs },
    { name: 'layout shift, 360 px', unit: '', value: phone.cls, allowed: ALLOWED.cls },
    { name: 'layout shift, 1280 px', unit: '', value: desk.cls, allowed: ALLOWED.cls },
  ]
}
