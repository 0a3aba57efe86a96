import { createHash } from 'node:crypto'
import { TREE_DEPTH } from '../domain/entry-limit.ts'
import type { Db, Tx } from './open.ts'
import { statement, writing } from './statement.ts'

/** What an empty leaf, or a node over nothing but empty ones, counts as. No row stands for it. */
export const EMPTY_HASH: Buffer = Buffer.alloc(32)

export type TreeLeafItem = { key: Buffer; seq: number; hash: Buffer }

// With the sign no index of states is used: it would have a leaf read the whole table.
const LEAF_ITEMS = `select key, seq, hash from records where key >= ? and key <= ?
  and +state in ('vouched', 'confirmed', 'forked', 'tombstoned') and hash is not null order by key`

/** The one hash over all entries this node has checked. */
export function treeRoot(db: Db): Buffer {
  return nodes(db, 0, 0, 1).get(0) ?? EMPTY_HASH
}

/** @param prefixes 0 to 3 hex digits each @returns for each the hashes of its 16 children, null for an empty one */
export function treeChildren(db: Db, prefixes: readonly string[]): { prefix: string; children: (Buffer | null)[] }[] {
  return prefixes.map(prefix => {
    const first = bitsOf(prefix) * 16
    const found = nodes(db, prefix.length + 1, first, 16)
    return { prefix, children: Array.from({ length: 16 }, (_, at) => found.get(first + at) ?? null) }
  })
}

/** @param prefix 4 hex digits @returns what stands in this leaf, by key */
export function treeLeaf(db: Db, prefix: string): TreeLeafItem[] {
  return itemsOf(db, bitsOf(prefix))
}

/** Makes the tree right again after records of these keys have changed: their leaves, and each node above them once. */
export function touchTree(tx: Tx, keys: readonly Buffer[]): void {
  let changed = new Set<number>()
  for (const key of keys) changed.add(key.readUInt16BE(0))
  for (const leaf of changed) store(tx, TREE_DEPTH, leaf, leafHash(itemsOf(tx, leaf)))
  for (let level = TREE_DEPTH - 1; level >= 0; level--) {
    changed = new Set([...changed].map(bits => bits >> 4))
    for (const bits of changed) store(tx, level, bits, parentHash(nodes(tx, level + 1, bits * 16, 16), bits * 16))
  }
}

/** SHA-256 over key (32 bytes), number (8 bytes, big-endian) and hash (32 bytes) of each item, by key; undefined for no item. */
export function leafHash(items: readonly TreeLeafItem[]): Buffer | undefined {
  if (items.length === 0) return undefined
  const sum = createHash('sha256')
  const number = Buffer.alloc(8)
  for (const { key, seq, hash } of items) {
    number.writeBigUInt64BE(BigInt(seq))
    sum.update(key).update(number).update(hash)
  }
  return sum.digest()
}

/** SHA-256 over the hashes of the 16 children, 32 zero bytes for an empty one; undefined when all are empty. */
export function parentHash(children: ReadonlyMap<number, Buffer>, first: number): Buffer | undefined {
  if (children.size === 0) return undefined
  const sum = createHash('sha256')
  for (let at = 0; at < 16; at++) sum.update(children.get(first + at) ?? EMPTY_HASH)
  return sum.digest()
}

const numberOf = (level: number, bits: number) => level * 65_536 + bits
const bitsOf = (prefix: string) => (prefix === '' ? 0 : Number.parseInt(prefix, 16))

function nodes(db: Db, level: number, first: number, length: number): Map<number, Buffer> {
  const from = numberOf(level, first)
  const rows = statement(db, 'select prefix, hash from tree where prefix >= ? and prefix < ?').all(from, from + length)
  return new Map((rows as [number, Buffer][]).map(([prefix, hash]) => [prefix - numberOf(level, 0), hash]))
}

function store(tx: Tx, level: number, bits: number, hash: Buffer | undefined): void {
  const prefix = numberOf(level, bits)
  if (hash)
    writing(tx, 'insert into tree (prefix, hash) values (?, ?) on conflict (prefix) do update set hash = excluded.hash').run(prefix, hash)
  else writing(tx, 'delete from tree where prefix = ?').run(prefix)
}

function itemsOf(db: Db, leaf: number): TreeLeafItem[] {
  const [from, to] = [Buffer.alloc(32), Buffer.alloc(32, 0xff)]
  for (const end of [from, to]) end.writeUInt16BE(leaf)
  const rows = statement(db, LEAF_ITEMS).all(from, to) as [Buffer, number, Buffer][]
  return rows.map(([key, seq, hash]) => ({ key, seq, hash }))
}
