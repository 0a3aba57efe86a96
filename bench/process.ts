import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** Clock ticks a second in /proc; 100 on every Linux that Node runs on. */
const TICKS = 100

export type Started = { child: ChildProcess; output: () => string }

/** A port nobody listens on at this moment. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise(resolve => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}

/** Starts a program that says nothing; `output` tells afterwards what it did say. What npm told us about this command is kept from it. */
export function start(command: string, args: string[], options: { cwd: string; env: Record<string, string> }): Started {
  const inherited = Object.entries(process.env).filter(([name]) => !/^npm_(?!config_(nodedir|cache|registry|userconfig)$)/.test(name))
  const env = { ...Object.fromEntries(inherited), ...options.env }
  const child = spawn(command, args, { cwd: options.cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', data => {
      output += data
    })
  return { child, output: () => output }
}

/** Milliseconds until `url` answers with a success; throws when the process ends first or `patience` (ms) is over. */
export async function untilAnswered(
  url: string,
  started: { child: ChildProcess; output: () => string },
  patience: number,
): Promise<number> {
  const since = performance.now()
  while (performance.now() - since < patience) {
    if (started.child.exitCode !== null) throw new Error(`The process ended with ${started.child.exitCode}:\n${started.output()}`)
    // Asking costs the process being measured processor time, so it is asked in full only once somebody listens.
    const answer = (await listens(new URL(url))) ? await fetch(url).catch(() => undefined) : undefined
    await answer?.arrayBuffer()
    if (answer?.ok) return performance.now() - since
    await pause(10)
  }
  throw new Error(`${url} did not answer within ${patience / 1000} s:\n${started.output()}`)
}

function listens({ hostname, port }: URL): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(Number(port), hostname, () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })
}

/** Asks a process to end and waits for it; gives its exit code. */
export async function stop(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  const ended = new Promise<number | null>(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  return ended
}

/** Resident memory of a process in MB (10^6 bytes), as Linux counts it. */
export function residentMB(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return (Number(kilobytes) * 1024) / 1e6
}

/** CPU seconds, user and system, of a process, all its descendants and those of them that have ended. */
export function cpuSeconds(pid: number): number {
  const all = readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(readStat)
  const family = new Set([pid])
  // Parents have smaller numbers than their children, except where numbers start again; twice through catches those too.
  for (const { pid, parent } of [...all, ...all]) if (family.has(parent)) family.add(pid)
  return all.filter(process => family.has(process.pid)).reduce((sum, process) => sum + process.ticks, 0) / TICKS
}

function readStat(name: string): { pid: number; parent: number; ticks: number }[] {
  try {
    // The program's name stands in brackets and may hold anything.
    const fields = readFileSync(`/proc/${name}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0)
    return [{ pid: Number(name), parent: Number(fields[1]), ticks }]
  } catch {
    return []
  }
}
