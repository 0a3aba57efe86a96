import { csvOf } from '../lib/csv.ts'
import { type Block, blockComment, isPublicSuffix, readDomain, type Severity } from './block.ts'
import { type ListProblem, readList } from './list-file.ts'
import { Refusal } from './refusal.ts'

/** What is taken of a list. */
export const BLOCKLIST_LIMITS = { bytes: 4 << 20, rows: 20_000 } as const

/** One server of a list, as it would be blocked. */
export type ListedBlock = {
  domain: string
  severity: Severity
  rejectMedia: boolean
  rejectReports: boolean
  comment: string
  obfuscate: boolean
}
export type ListFault = 'hidden' | 'domain' | 'suffix' | 'own' | 'severity' | 'nothing' | 'twice'
/** What a file says. `left` is how many lines are left out, `problems` the first of them. */
export type ReadList = { rows: ListedBlock[]; left: number; problems: ListProblem<ListFault>[] }

const COLUMNS = ['#domain', '#severity', '#reject_media', '#reject_reports', '#public_comment', '#obfuscate']
const SEVERITIES: Record<string, Severity> = { suspend: 'suspend', silence: 'limit', limit: 'limit' }

/**
 * A list of servers as Mastodon exports it (CSV with a head), or simply one domain in each line; a # begins a remark.
 * @param own domains that are this node's
 * @throws Refusal when it is no text, too large, or no server is in it
 */
export function readBlocklist(file: Uint8Array | string, own: readonly string[] = []): ReadList {
  const found = new Map<string, ListedBlock>()
  const { left, problems } = readList<ListFault>(file, { main: 'domain', bytes: BLOCKLIST_LIMITS.bytes }, cell => {
    const row = readRow(cell, own)
    if (typeof row === 'string') return row
    if (found.has(row.domain)) return 'twice'
    found.set(row.domain, row)
    return undefined
  })
  if (found.size > BLOCKLIST_LIMITS.rows) {
    const [most, are] = [BLOCKLIST_LIMITS.rows, found.size].map(n => n.toLocaleString('en'))
    throw new Refusal('invalid', `A list may name ${most} servers; this one names ${are}. Part it into several files.`, [], {
      code: 'manyServers',
      most: BLOCKLIST_LIMITS.rows,
      are: found.size,
    })
  }
  if (found.size === 0 && left === 0) throw new Refusal('invalid', 'There is no server in this list.', [], { code: 'noServer' })
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
