// npm run fuzz -- --minutes 10 [--only "inbox, signed"] [--seed 1] [--json]
// Feeds what strangers may send, well made but for a few changes, to the functions that read it and to a whole node in this process.
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { startFuzzNode } from './node.ts'
import { type Target, targets } from './targets.ts'

/** Inputs of one target in a row, before the next has its turn. */
const TURN = 100
const MOST_FAILURES = 20
const LONGEST_SHRINK_MS = 20_000
const LONGEST_SHOWN = 1_500

/** The first of its kind; `times` counts the turns in which it came again. */
type Failure = { target: string; seed: number; error: string; input: string; times: number }

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    only: { type: 'string' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const minutes = Number(values.minutes)
if (!(minutes > 0 && minutes <= 24 * 60)) throw new Error('--minutes must be a number above 0, at most 1440.')

const node = await startFuzzNode()
const chosen = Object.entries(targets(node)).filter(([name]) => values.only === undefined || name === values.only)
if (chosen.length === 0) throw new Error(`There is no target ${values.only}. There are: ${Object.keys(targets(node)).join(', ')}`)

// A promise that nobody waits for is as much of a crash as an exception.
const stray: string[] = []
for (const event of ['unhandledRejection', 'uncaughtException'] as const)
  process.on(event, error => stray.push(String((error as Error).stack ?? error)))

const counts: Record<string, number> = Object.fromEntries(chosen.map(([name]) => [name, 0]))
const failures = new Map<string, Failure>()
const end = Date.now() + minutes * 60_000
let seed = Number(values.seed ?? randomInt(2 ** 31))
while (Date.now() < end && failures.size < MOST_FAILURES && stray.length < MOST_FAILURES) {
  for (const [name, target] of chosen) await turn(name, target)
  seed++
}
await node.app.stop()
report()

async function turn(name: string, target: Target): Promise<void> {
  const result = await fc.check(target, { seed, numRuns: TURN, interruptAfterTimeLimit: LONGEST_SHRINK_MS })
  counts[name]! += result.numRuns
  if (!result.failed || result.interrupted) return
  const cause = result.errorInstance instanceof Error ? result.errorInstance : new Error(String(result.errorInstance))
  const kind = `${name}: ${cause.message}`
  const known = failures.get(kind)
  if (known) known.times++
  else
    failures.set(kind, {
      target: name,
      seed,
      error: shortened(cause.stack ?? cause.message),
      input: shown(result.counterexample),
      times: 1,
    })
}

function report(): void {
  const inputs = Object.values(counts).reduce((sum, n) => sum + n, 0)
  if (values.json) console.log(JSON.stringify({ minutes, inputs, counts, failures: [...failures.values()], stray }))
  else {
    for (const [name, n] of Object.entries(counts)) console.log(`${name.padEnd(20)} ${String(n).padStart(9)} inputs`)
    for (const { target, seed, error, input, times } of failures.values())
      console.log(`\nFAILED in ${times} turns, first with: --only "${target}" --seed ${seed}\n${error}\ngiven ${input}`)
    for (const error of stray) console.log(`\nSTRAY ${error}`)
    console.log(`${inputs} inputs, ${failures.size} failures, ${stray.length} stray errors`)
  }
  const failed = failures.size + stray.length
  // As every step of .ci/run ends; beside the JSON, not in it.
  console.error(`${failed > 0 ? 0 : chosen.length} passed, ${failed} failed`)
  process.exitCode = failed > 0 ? 1 : 0
}

function shown(input: unknown): string {
  const parts = Array.isArray(input) ? input : [input]
  return shortened(parts.map(part => (Buffer.isBuffer(part) ? part.toString() : fc.stringify(part))).join(', '))
}

function shortened(text: string): string {
  return text.slice(0, LONGEST_SHOWN)
}
