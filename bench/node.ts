import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import { readConfig } from '../src/config.ts'
import type { Context } from '../src/context.ts'
import { openNode } from '../src/node.ts'
import { cpuSeconds, freePort, residentMB, start, stop, untilAnswered } from './process.ts'

/** The real server on a folder of its own, in its own process. */
export type BenchNode = {
  url: string
  actor: string
  database: string
  /** The node's data opened in this process, as a command opens them; to be closed by who asked. */
  open(): Context
  /** @returns after how many milliseconds it answered */
  start(): Promise<number>
  stop(): Promise<void>
  /** Ends it without a word, as a power cut would. */
  kill(): Promise<void>
  cpu(): number
  memory(): number
}

const HANDLE = 'brookfarm'
/** A million entries that were copied a moment ago are still on their way to the disk. */
const PATIENCE_MS = 180_000

const QUIET_PATIENCE_S = 120

/** Founds a community on an empty folder. The server does not run yet. @param from a database that was kept, with its community if it has one */
export async function foundNode(root: string, dataDir: string, from?: string): Promise<BenchNode> {
  const database = join(dataDir, 'archipelago.sqlite')
  if (from) {
    mkdirSync(dataDir, { recursive: true })
    copyFileSync(from, database)
  }
  const known = from && keptAddress(database)
  const port = known ? Number(new URL(known).port) : await freePort()
  const url = `http://127.0.0.1:${port}`
  const env = {
    DATA_DIR: dataDir,
    PORT: String(port),
    PUBLIC_URL: url,
    ALLOW_PRIVATE_ADDRESSES: 'true',
    LOG_LEVEL: 'warn',
    NODE_ENV: 'production',
  }
  const program = programFile(root)
  if (!known)
    execFileSync(process.execPath, [program, 'setup', '--charter', join(root, 'examples/brook-farm.json'), '--handle', HANDLE], {
      env: { ...process.env, ...env },
    })
  let running: ReturnType<typeof start> | undefined
  const pid = () => running!.child.pid!
  return {
    url,
    actor: `${url}/c/${HANDLE}`,
    database,
    open: () => openNode(readConfig(env), pino({ level: 'silent' })),
    async start() {
      running = start(process.execPath, [program, 'serve'], { cwd: root, env })
      return untilAnswered(`${url}/`, running, PATIENCE_MS)
    },
    async stop() {
      if (running) await stop(running.child)
      running = undefined
    },
    async kill() {
      const child = running?.child
      running = undefined
      if (!child || child.exitCode !== null || child.signalCode !== null) return
      const ended = new Promise<unknown>(resolve => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    },
    cpu: () => cpuSeconds(pid()),
    memory: () => residentMB(pid()),
  }
}

/** Waits until a node that was just started has read ahead what it wants, and does nothing by itself: as one that has run for a while. */
export async function untilQuiet({ cpu }: BenchNode): Promise<void> {
  for (let second = 0; second < QUIET_PATIENCE_S; second++) {
    const before = cpu()
    await pause(1_000)
    if (cpu() - before < 0.1) return
  }
}

function keptAddress(file: string): string | undefined {
  const db = new Database(file)
  const address = db.prepare("select value from settings where name = 'publicUrl'").pluck().get() as string | undefined
  db.close()
  return address
}

// Beside the bench itself, so that what is measured was built with it.
function programFile(root: string): string {
  const beside = new URL('../src/cli.js', import.meta.url)
  return existsSync(beside) ? beside.pathname : join(root, 'dist/src/cli.js')
}

/** Asks for pages like somebody who reads, until told to stop; gives the milliseconds each took. */
export function readPages(urls: string[]): () => Promise<number[]> {
  const taken: number[] = []
  let reading = true
  const reader = (async () => {
    for (let n = 0; reading; n++) {
      const since = performance.now()
      const answer = await fetch(urls[n % urls.length]!, { headers: { accept: 'text/html' } })
      await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`${urls[n % urls.length]} answered ${answer.status}.`)
      taken.push(performance.now() - since)
      await pause(100)
    }
  })()
  return async () => {
    reading = false
    await reader
    return taken
  }
}

/** Asks for a value again and again; gives ten of them at most, evenly over the time. */
export function watch(everyMs: number, look: () => number): () => number[] {
  const seen = [look()]
  const timer = setInterval(() => seen.push(look()), everyMs)
  return () => {
    clearInterval(timer)
    seen.push(look())
    const step = Math.max(1, (seen.length - 1) / 9)
    return Array.from({ length: Math.min(10, seen.length) }, (_, n) => seen[Math.round(n * step)]!)
  }
}

/** The value below which `share` (0 to 1) of them lie. */
export function percentile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
