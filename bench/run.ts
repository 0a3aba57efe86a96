// npm run bench -- NAME [--json] [flags of that bench]
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BenchOptions, Report } from './report.ts'
import { asJson, asTable, passes } from './report.ts'

type Bench = { question: string; bench: (options: BenchOptions) => Promise<Report> }

const [name, ...words] = process.argv.slice(2).toSorted((a, b) => Number(a.startsWith('-')) - Number(b.startsWith('-')))
const benches = await loadAll()
const chosen = benches.get(name ?? '')

if (!chosen) {
  console.error(name && !name.startsWith('-') ? `There is no bench called ${name}.` : 'Which bench?')
  for (const [known, { question }] of benches) console.error(`  npm run bench -- ${known.padEnd(12)} ${question}`)
  process.exitCode = 1
} else {
  const flags = new Set(words)
  console.log(chosen.question)
  const report = await chosen.bench({ flags, root: fileURLToPath(new URL('../../', import.meta.url)) })
  console.log(asTable(report))
  for (const fault of report.faults ?? []) console.log(`Fault: ${fault}`)
  if (flags.has('--json')) console.log(JSON.stringify(asJson(name!, report)))
  process.exitCode = passes(report) ? 0 : 1
}

/** A bench is a file of this folder that exports `bench`; the others help it. */
async function loadAll(): Promise<Map<string, Bench>> {
  const files = readdirSync(new URL('.', import.meta.url)).filter(file => file.endsWith('.js') && file !== 'run.js')
  const loaded = await Promise.all(
    files.map(async file => [file.slice(0, -'.js'.length), (await import(`./${file}`)) as Partial<Bench>] as const),
  )
  return new Map(loaded.filter((entry): entry is [string, Bench] => typeof entry[1].bench === 'function').toSorted())
}
