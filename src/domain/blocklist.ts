import { parse } from 'csv-parse/sync'
import { csvOf } from '../lib/csv.ts'
import { type Block, blockComment, isPublicSuffix, readDomain, type Severity } from './block.ts'
import { Refusal } from './refusal.ts'

/** What is taken of a list. */
export const BLOCKLIST_LIMITS = { bytes: 4 << 20, rows: 20_000, problems: 50 } as const

/** One server of a list, as it would be blocked. */
export type ListedBlock = {
  domain: string
  severity: Severity
  rejectMedia: boolean
  rejectReports: boolean
  comment: string
  obfuscate: boolean
}
/** A line that is left out, and why: `reason` is a word for those who say it in another language. */
export type ListProblem = { line: number; text: string; reason: ListFault }
export type ListFault = 'hidden' | 'domain' | 'suffix' | 'own' | 'severity' | 'nothing' | 'twice'
/** What a file says. `left` is how many lines are left out, `problems` the first of them. */
export type ReadList = { rows: ListedBlock[]; left: number; problems: ListProblem[] }

const COLUMNS = ['#domain', '#severity', '#reject_media', '#reject_reports', '#public_comment', '#obfuscate']
const SEVERITIES: Record<string, Severity> = { suspend: 'suspend', silence: 'limit', limit: 'limit' }

/**
 * A list of servers as Mastodon exports it (CSV with a head), or simply one domain in each line; a # begins a remark.
 * @param own domains that are this node's
 * @throws Refusal when it is no text, too large, or no server is in it
 */
export function readBlocklist(file: Uint8Array | string, own: readonly string[] = []): ReadList {
  const cells = cellsOf(textOf(file))
  const head = cells[0]?.map(cell => cell.trim().toLowerCase().replace(/^#/, ''))
  const named = head?.includes('domain') ? head : undefined
  const found = new Map<string, ListedBlock>()
  const problems: ListProblem[] = []
  let left = 0
  for (const [at, row] of cells.entries()) {
    if (row.every(cell => cell.trim() === '') || (named ? at === 0 : row[0]!.trim().startsWith('#'))) continue
    const cell = (name: string) => (named ? (row[named.indexOf(name)] ?? '') : name === 'domain' ? row[0]! : '').trim()
    const read = readRow(cell, own)
    const fault = typeof read === 'string' ? read : found.has(read.domain) ? 'twice' : undefined
    if (typeof read !== 'string' && !fault) found.set(read.domain, read)
    if (!fault) continue
    left++
    if (problems.length < BLOCKLIST_LIMITS.problems) problems.push({ line: at + 1, text: row.join(',').slice(0, 120), reason: fault })
  }
  if (found.size > BLOCKLIST_LIMITS.rows) {
    const [most, are] = [BLOCKLIST_LIMITS.rows, found.size].map(n => n.toLocaleString('en'))
    throw new Refusal('invalid', `A list may name ${most} servers; this one names ${are}. Part it into several files.`)
  }
  if (found.size === 0 && left === 0) throw new Refusal('invalid', 'There is no server in this list.')
  return { rows: [...found.values()], left, problems }
}

/** Blocks as Mastodon and others read them. Notes of stewards stay here. */
export function writeBlocklist(blocks: readonly Block[]): string {
  return csvOf([
    COLUMNS,
    ...blocks.map(({ domain, severity, rejectMedia, rejectReports, comment, obfuscate }) => [
      domain,
      severity === 'limit' ? 'silence' : 'suspend',
      rejectMedia,
      rejectReports,
      comment,
      obfuscate,
    ]),
  ])
}

function readRow(cell: (name: string) => string, own: readonly string[]): ListedBlock | ListFault {
  const written = cell('domain')
  if (/[*?]/.test(written)) return 'hidden'
  const domain = domainIn(written)
  if (!domain) return 'domain'
  if (isPublicSuffix(domain)) return 'suffix'
  if (own.includes(domain)) return 'own'
  const said = cell('severity').toLowerCase()
  if (said === 'noop') return 'nothing'
  const severity = said === '' ? 'suspend' : SEVERITIES[said]
  if (!severity) return 'severity'
  const yes = (name: string) => /^(true|t|1|yes)$/i.test(cell(name))
  return {
    domain,
    severity,
    rejectMedia: yes('reject_media'),
    rejectReports: yes('reject_reports'),
    comment: blockComment(cell('public_comment').replace(/^'(?=[=+\-@])/, '')),
    obfuscate: yes('obfuscate'),
  }
}

function domainIn(text: string): string | undefined {
  try {
    return readDomain(text)
  } catch {
    return undefined
  }
}

function cellsOf(text: string): string[][] {
  try {
    return parse(text, { relax_column_count: true, relax_quotes: true, skip_empty_lines: false, max_record_size: 20_000 }) as string[][]
  } catch {
    throw new Refusal('invalid', 'This is no list of servers: its quotation marks don’t fit together.')
  }
}

function textOf(file: Uint8Array | string): string {
  if (file.length > BLOCKLIST_LIMITS.bytes) throw new Refusal('invalid', `A list may have ${BLOCKLIST_LIMITS.bytes >> 20} MB.`)
  if (typeof file === 'string') return file.replace(/^\ufeff/, '')
  const [first, second] = file
  const wide = first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : undefined
  try {
    const text = new TextDecoder(wide ?? 'utf-8', { fatal: true }).decode(file)
    if (!text.includes('\0')) return text
  } catch {
    // Said below.
  }
  throw new Refusal('invalid', 'This file is no text. Export the list as CSV (UTF-8).')
}
