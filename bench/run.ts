// npm run bench -- NAME [--json] [flags of that bench]
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { BenchOptions, Report } from './report.ts'
import { asJson, asTable, passes } from './report.ts'

type Bench = { question: string; bench: (options: BenchOptions) => Promise<Report> }

const [name = '', ...words] = process.argv.slice(2).toSorted((a, b) => Number(a.startsWith('-')) - Number(b.startsWith('-')))
const names = benchNames()

if (!names.includes(name)) {
  console.error(name && !name.startsWith('-') ? `There is no bench called ${name}.` : 'Which bench?')
  for (const known of names) console.error(`  npm run bench -- ${known.padEnd(12)} ${(await load(known)).question}`)
  process.exitCode = 1
} else {
  const { question, bench } = await load(name)
  const flags = new Set(words)
  console.log(question)
  const report = await bench({ flags, root: fileURLToPath(new URL('../../', import.meta.url)) })
  console.log(asTable(report))
  for (const fault of report.faults ?? []) console.log(`Fault: ${fault}`)
  if (flags.has('--json')) console.log(JSON.stringify(asJson(name, report)))
  process.exitCode = passes(report) ? 0 : 1
}

/** A bench is a file of this folder that exports `bench`; the others help it, and may be programs of their own. */
function benchNames(): string[] {
  const files = readdirSync(new URL('.', import.meta.url)).filter(file => file.endsWith('.js'))
  const exporting = files.filter(file => /^export async function bench\b/m.test(readFileSync(new URL(file, import.meta.url), 'utf8')))
  return exporting.map(file => file.slice(0, -'.js'.length)).sort()
}

function load(bench: string): Promise<Bench> {
  return import(`./${bench}.js`) as Promise<Bench>
}
