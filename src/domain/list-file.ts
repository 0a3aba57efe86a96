import { parse } from 'csv-parse/sync'
import { Refusal } from './refusal.ts'

/** What could not be taken of a list: `reason` is a word for those who say it in another language. */
export type ListProblem<Fault extends string> = { line: number; text: string; reason: Fault }

/** So many problems of a list are told one by one. */
const MOST_PROBLEMS = 50

/**
 * Goes through a list as others export it: CSV with a head, or one thing in each line, where a # begins a remark.
 * @param main the column that has to be there if there is a head; without one everything stands in the first
 * @param read takes a row, of which it is given the cell of each column; answers with what is wrong, if anything is
 * @returns how many lines are left out, and the first of them
 * @throws Refusal when it is no text, or larger than `bytes`
 */
export function readList<Fault extends string>(
  file: Uint8Array | string,
  { main, bytes }: { main: string; bytes: number },
  read: (cell: (name: string) => string) => Fault | undefined,
): { left: number; problems: ListProblem<Fault>[] } {
  const cells = cellsOf(textOf(file, bytes))
  const head = cells[0]?.map(cell => cell.trim().toLowerCase().replace(/^#/, ''))
  const named = head?.includes(main) ? head : undefined
  const problems: ListProblem<Fault>[] = []
  let left = 0
  for (const [at, row] of cells.entries()) {
    if (row.every(cell => cell.trim() === '') || (named ? at === 0 : row[0]!.trim().startsWith('#'))) continue
    const cell = (name: string) => (named ? (row[named.indexOf(name)] ?? '') : name === main ? row[0]! : '').trim()
    const reason = read(cell)
    if (!reason) continue
    left++
    if (problems.length < MOST_PROBLEMS) problems.push({ line: at + 1, text: row.join(',').slice(0, 120), reason })
  }
  return { left, problems }
}

function cellsOf(text: string): string[][] {
  try {
    return parse(text, { relax_column_count: true, relax_quotes: true, skip_empty_lines: false, max_record_size: 20_000 }) as string[][]
  } catch {
    throw new Refusal('invalid', 'This is no list: its quotation marks don’t fit together.', [], { code: 'brokenList' })
  }
}

function textOf(file: Uint8Array | string, bytes: number): string {
  if (file.length > bytes)
    throw new Refusal('invalid', `A list may have ${bytes >> 20} MB.`, [], { code: 'largeList', megabytes: bytes >> 20 })
  if (typeof file === 'string') return file.replace(/^\ufeff/, '')
  const [first, second] = file
  const wide = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined
  try {
    const text = new TextDecoder(wide ?? 'utf-8', { fatal: true }).decode(file)
    if (!text.includes('\0')) return text
  } catch {
    // Said below.
  }
  throw new Refusal('invalid', 'This file is no text. Export the list as CSV (UTF-8).', [], { code: 'noText' })
}
