import { createHash, randomBytes } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { searchableCharter } from '../../src/domain/entry.ts'
import { LIMITS } from '../../src/domain/entry-limit.ts'
import { manyEntries } from '../../tests/helpers/entries.ts'
import { aKey, anAuthor } from '../../tests/helpers/signed-entry.ts'
import { SIGNED_AT } from './stories.ts'

/** What one of each takes on the wire: really made, really packed. Bytes. */
export type Sizes = { document: number; feedLine: number; confirmation: number; poll: number; treeNode: number; leafLine: number }

/** Head of a request and of its answer, both ways, on a connection that is kept open. */
const HEADS = 700
const LEAVES = 65_536

export function measureSizes(): Sizes {
  const documents = [...manyEntries(LIMITS.documentPage)].map(({ actor, charter }) => {
    const { summary, ...rest } = searchableCharter(charter)
    return anAuthor(actor, aKey()).entry(1_790_000_000, SIGNED_AT, {}, { charter: { ...rest, summary: summary.slice(0, 400) } })
  })
  const hex = (bytes: number) => randomBytes(bytes).toString('hex')
  const packed = (items: unknown[]) => gzipSync(JSON.stringify({ items })).length / items.length
  const some = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n))
  const at = new Date(SIGNED_AT).toISOString()
  return {
    document: packed(documents.map((entry, c) => ({ c, entry }))),
    feedLine: packed(some(LIMITS.feedPage, c => ({ c, seq: 1_790_000_000 + c, t: SIGNED_AT + c * 977, k: hex(32), h: hex(32) }))),
    confirmation: packed(some(LIMITS.confirmationPage, c => ({ k: hex(32), signer: hex(16), seq: 1_790_000_000 + c, at }))),
    poll: HEADS,
    treeNode: packed(
      some(LIMITS.treePage, n => ({
        p: n.toString(16),
        children: some(16, child => createHash('sha256').update(`${n} ${child}`).digest('hex')),
      })),
    ),
    leafLine: packed(some(1000, n => [hex(32), 1_790_000_000 + n, hex(32)])),
  }
}

/** Bytes of one reconciliation of two trees over so many entries that differ in so many leaves. */
export function reconciling(sizes: Sizes, entries: number, differing: number): number {
  let asked = 0
  for (const width of [1, 16, 256, 4096]) asked += width * (1 - (1 - 1 / width) ** differing)
  const leaves = LEAVES * (1 - (1 - 1 / LEAVES) ** differing)
  return (
    asked * sizes.treeNode + leaves * Math.max(1, entries / LEAVES) * sizes.leafLine + Math.ceil((asked + leaves) / LIMITS.treePage) * HEADS
  )
}
