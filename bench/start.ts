import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { cpuSeconds, freePort, residentMB, start, stop, untilAnswered } from './process.ts'
import type { BenchOptions, Figure, Report } from './report.ts'
import { median } from './report.ts'

export const question =
  'How soon does a node that is set up answer its first request, and what does it hold when idle? --fresh: from a clone.'

const RUNS = 5
const bare = `import Fastify from 'fastify'
const app = Fastify()
app.get('/', () => 'hello')
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
process.on('SIGTERM', () => app.close())`

type Run = { first: number; memory: number; cpu: number }

/** The limit is a bare Fastify with one route, started the same way in turn with the node. */
export async function bench({ flags, root }: BenchOptions): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'archipelago-bench-'))
  try {
    const env = { DATA_DIR: join(folder, 'data'), PORT: String(await freePort()), LOG_LEVEL: 'warn', NODE_ENV: 'production' }
    const charter = join(root, 'examples/brook-farm.json')
    execFileSync(process.execPath, ['bin/archipelago.js', 'setup', '--charter', charter, '--handle', 'brookfarm'], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: 'pipe',
    })
    const ours: Run[] = []
    const floor: Run[] = []
    for (let run = 0; run < RUNS; run += 1) {
      ours.push(await measure(['bin/archipelago.js', 'serve'], root, env))
      floor.push(await measure(['--input-type=module', '-e', bare], root, { PORT: env.PORT }))
    }
    const figures = [
      figure('first_answer', 'ms', 1000, run => run.first, ours, floor),
      figure('idle_memory', 'MB', 120, run => run.memory, ours, floor),
      figure('cpu_to_idle', 's', undefined, run => run.cpu, ours, floor),
    ]
    if (flags.has('--fresh')) figures.push(await fromClone(root, folder))
    return { figures }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(args: string[], cwd: string, env: Record<string, string>): Promise<Run> {
  const started = start(process.execPath, args, { cwd, env })
  try {
    const first = await untilAnswered(`http://127.0.0.1:${env.PORT}/`, started, 20_000)
    await pause(3000)
    return { first, memory: residentMB(started.child.pid!), cpu: cpuSeconds(started.child.pid!) }
  } finally {
    await stop(started.child)
  }
}

function figure(name: string, unit: string, allowed: number | undefined, pick: (run: Run) => number, ours: Run[], floor: Run[]): Figure {
  const measured = { name, unit, value: median(ours.map(pick)), limit: median(floor.map(pick)) }
  return allowed === undefined ? measured : { ...measured, allowed }
}

/** CPU seconds from `git clone` to the first answer of `npm start`, everything installed on the way. */
async function fromClone(root: string, folder: string): Promise<Figure> {
  const clone = join(folder, 'clone')
  execFileSync('git', ['clone', '--quiet', root, clone])
  const port = String(await freePort())
  const started = start('npm', ['start'], { cwd: clone, env: { PORT: port, DATA_DIR: join(folder, 'fresh') } })
  try {
    await untilAnswered(`http://127.0.0.1:${port}/`, started, 15 * 60_000)
    return { name: 'fresh_clone_cpu', unit: 's', value: cpuSeconds(started.child.pid!), allowed: 150 }
  } finally {
    await stop(started.child)
  }
}
