import { databaseFault, explainFault } from '../db/fault.ts'
import { Refusal } from '../domain/refusal.ts'

/** For people by default, for programs with --json. What is printed goes to standard output, what is said about it to standard error. */
export function print(data: unknown, asJson: boolean | undefined, words: () => string): void {
  const text = asJson ? JSON.stringify(data, undefined, 2) : words()
  if (text) process.stdout.write(`${text}\n`)
}

export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** What went wrong, for a person: a sentence, and every problem on a line of its own. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const fault = databaseFault(error)
  if (fault) return explainFault(fault).words
  const problems = error instanceof Refusal ? error.problems.map(({ path, message }) => `  ${path}: ${message}`) : []
  const cause = error.cause instanceof Error && !(error instanceof Refusal) ? [`  ${error.cause.message}`] : []
  return [error.message, ...problems, ...cause].join('\n')
}

export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows.reduce<number[]>((all, row) => row.map((cell, at) => Math.max(all[at] ?? 0, cell.length)), [])
  return rows.map(row => row.map((cell, at) => (at === row.length - 1 ? cell : cell.padEnd(widths[at]!))).join('  ')).join('\n')
}

export function day(date: Date): string {
  return date.toISOString().slice(0, 10)
}
