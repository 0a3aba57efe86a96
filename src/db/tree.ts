import { createHash } from 'node:crypto'
import { and, gte, isNotNull, lte, sql } from 'drizzle-orm'
import { TREE_DEPTH } from '../domain/entry-limit.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { records, tree } from './schema-directory.ts'

/** What an empty leaf, or a node over nothing but empty ones, counts as. No row stands for it. */
export const EMPTY_HASH: Buffer = Buffer.alloc(32)

export type TreeLeafItem = { key: Buffer; seq: number; hash: Buffer }

const given = (name: string) => sql.placeholder(name)
const range = (db: Db) =>
  db
    .select()
    .from(tree)
    .where(and(gte(tree.prefix, given('from')), lte(tree.prefix, given('to'))))
    .prepare()
const put = (db: Db) =>
  db
    .insert(tree)
    .values({ prefix: given('prefix'), hash: sql`${given('hash')}` })
    .onConflictDoUpdate({ target: tree.prefix, set: { hash: sql`excluded.hash` } })
    .prepare()
const remove = (db: Db) =>
  db
    .delete(tree)
    .where(sql`${tree.prefix} = ${given('prefix')}`)
    .prepare()
const leafItems = (db: Db) =>
  db
    .select({ key: records.key, seq: records.seq, hash: records.hash })
    .from(records)
    .where(
      and(
        sql`${records.key} >= ${given('from')}`,
        sql`${records.key} <= ${given('to')}`,
        // With the sign no index of states is used: it would have a leaf read the whole table.
        sql`+${records.state} in ('vouched', 'confirmed', 'forked', 'tombstoned')`,
        isNotNull(records.hash),
      ),
    )
    .orderBy(records.key)
    .prepare()

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
  const rows = prepared(db, range).all({ from, to: from + length - 1 })
  return new Map(rows.map(({ prefix, hash }) => [prefix - numberOf(level, 0), hash]))
}

function store(tx: Tx, level: number, bits: number, hash: Buffer | undefined): void {
  const prefix = numberOf(level, bits)
  if (hash) prepared(tx, put).run({ prefix, hash })
  else prepared(tx, remove).run({ prefix })
}

function itemsOf(db: Db, leaf: number): TreeLeafItem[] {
  const bits = Buffer.alloc(2)
  bits.writeUInt16BE(leaf)
  const [from, to] = [Buffer.concat([bits, Buffer.alloc(30)]), Buffer.concat([bits, Buffer.alloc(30, 0xff)])]
  return prepared(db, leafItems)
    .all({ from, to })
    .map(row => ({ ...row, hash: row.hash! }))
}
