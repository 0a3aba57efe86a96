import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import canonicalize from 'canonicalize'
import { namePeer } from '../src/actions/peer.ts'
import type { Context } from '../src/context.ts'
import { transact } from '../src/db/open.ts'
import { saveRecord } from '../src/db/record.ts'
import { touchTree } from '../src/db/tree.ts'
import { LIMITS } from '../src/domain/entry-limit.ts'
import { checkEntry } from '../src/federation/entry-check.ts'
import { type Keys, makeKeys, signedEntry } from './directory/build.ts'
import { inventor } from './directory/communities.ts'
import { randomNumbers } from './directory/random.ts'
import { type BenchNode, foundNode, percentile, readPages } from './node.ts'
import { numberOption } from './option.ts'
import type { BenchOptions, Figure, Report } from './report.ts'

export const question =
  'How soon does a fresh node that knows one other hold its whole directory, and can it be read meanwhile? --entries=N (100,000)'

const KEYS = 64
const BATCH = 500
const ALLOWED_SECONDS = 180

/** Both nodes are the real program, each in a process of its own; the entries are really signed, and verified by the fresh one. */
export async function bench({ flags, root }: BenchOptions): Promise<Report> {
  const count = numberOption(flags, 'entries', 100_000)
  const folder = mkdtempSync(join(tmpdir(), 'archipelago-bench-'))
  const faults: string[] = []
  const full = await foundNode(root, join(folder, 'full'))
  const fresh = await foundNode(root, join(folder, 'fresh'))
  let ctx: Context | undefined
  try {
    fill(full, count, wordsOf(root))
    await Promise.all([full.start(), fresh.start()])
    ctx = fresh.open()
    const pages = readPages([`${fresh.url}/`, `${fresh.url}/?q=garden`, `${fresh.url}/?theme=ecological`, `${fresh.url}/about`])
    const since = performance.now()
    const { id } = namePeer(ctx, { node: `${full.url}/node`, inbox: `${full.url}/node/inbox`, signer: '' })
    const held = await untilHeld(ctx, count)
    const seconds = (performance.now() - since) / 1000
    const taken = await pages()
    if (held < count) faults.push(`After ${Math.round(seconds)} s it holds ${held} of ${count} entries.`)
    const wire = ctx.db.$client.prepare<[number], number>('select bytes from peers where id = ?').pluck().get(id)!
    const figures: Figure[] = [
      { name: 'until_all_held', unit: 's', value: seconds, allowed: ALLOWED_SECONDS },
      { name: 'entries_a_second', unit: '', value: held / seconds, more: true },
      { name: 'bytes_an_entry', unit: 'B', value: wire / Math.max(1, held), allowed: 450 },
      { name: 'page_p95_meanwhile', unit: 'ms', value: percentile(taken, 0.95), allowed: 100 },
      { name: 'page_p50_meanwhile', unit: 'ms', value: percentile(taken, 0.5) },
      { name: 'memory', unit: 'MB', value: fresh.memory() },
      { name: 'cpu', unit: 's', value: fresh.cpu() },
    ]
    return { figures, faults }
  } finally {
    ctx?.db.$client.close()
    await ctx?.fetch.close()
    await Promise.all([full.stop(), fresh.stop()])
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Every word of the example charters, as often as it stands there: invented words pack worse than what people write. */
function wordsOf(root: string): string[] {
  const files = readdirSync(join(root, 'examples')).filter(name => name.endsWith('.json'))
  const texts = files.map(name => readFileSync(join(root, 'examples', name), 'utf8'))
  return texts.flatMap(text => [...text.matchAll(/"(?:summary|text)": "([^"]+)"/g)].flatMap(([, words]) => words!.split(/\s+/)))
}

function proseOf(words: readonly string[], number: number): string {
  const random = randomNumbers(number)
  return Array.from({ length: 25 + Math.floor(random() * 30) }, () => words[Math.floor(random() * words.length)]!)
    .join(' ')
    .slice(0, 500)
}

/** The directory of a node that has long been there: every entry checked. Its search is not asked anything, and left empty. */
function fill(node: BenchNode, count: number, words: readonly string[]): void {
  const ctx = node.open()
  const now = new Date()
  const keys = Array.from({ length: KEYS }, makeKeys)
  const invent = inventor(count)
  for (let from = 0; from < count; from += BATCH) {
    transact(ctx.db, tx => {
      const touched = Array.from({ length: Math.min(BATCH, count - from) }, (_, n) => {
        const number = from + n
        // Names of this machine, at which nobody answers: nothing of this bench leaves it.
        const community = invent(number)
        const charter = { ...community.charter, summary: proseOf(words, number) }
        const document = signedEntry({ ...community, charter, host: `c${number}.localhost` }, keys[number % KEYS]!, now)
        if (n === 0) checkEntry(document, now)
        return keep(tx, document, keys[number % KEYS]!, now)
      })
      touchTree(tx, touched)
    })
  }
  ctx.db.$client.pragma('wal_checkpoint(TRUNCATE)')
  ctx.db.$client.close()
  void ctx.fetch.close()
}

function keep(tx: Parameters<typeof saveRecord>[0], document: Record<string, unknown>, { multikey }: Keys, now: Date): Buffer {
  const actor = String(document.attributedTo)
  const text = canonicalize(document)!
  const key = createHash('sha256').update(actor).digest()
  saveRecord(tx, {
    key,
    actor,
    domain: new URL(actor).host,
    kind: 'entry',
    state: 'confirmed',
    seq: Number(document.seq),
    hash: createHash('sha256').update(text).digest(),
    text,
    keys: [multikey],
    recovery: null,
    peer: null,
    heardAt: now,
    updatedAt: now,
    expiresAt: new Date(now.getTime() + LIMITS.lease - 60_000),
    seenAt: now,
    checkAt: null,
    checks: 0,
  })
  return key
}

async function untilHeld({ db }: Context, count: number): Promise<number> {
  const held = db.$client.prepare<[], number>("select count(*) from records where hash is not null and kind = 'entry'").pluck()
  // Its own entry is one more.
  const own = held.get()!
  const until = performance.now() + (ALLOWED_SECONDS + 60) * 1000
  for (;;) {
    const now = held.get()! - own
    if (now >= count || performance.now() > until) return now
    await pause(250)
  }
}
