import { createHash } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { type Connection, openDatabase, transact } from '../src/db/open.ts'
import { dropRecord, type EntryRecord, saveRecord } from '../src/db/record.ts'
import { EMPTY_HASH, touchTree, treeChildren, treeLeaf, treeRoot } from '../src/db/tree.ts'

type Item = { key: Buffer; seq: number; hash: Buffer }
const at = new Date('2026-01-01T00:00:00Z')
const sha = (...parts: Uint8Array[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const keyOf = (name: string) => sha(Buffer.from(name))

function record(name: string, key: Buffer, seq: number, state: EntryRecord['state']): Omit<EntryRecord, 'id'> {
  const times = { heardAt: at, updatedAt: at, expiresAt: at, seenAt: null, checkAt: null, checks: 0 }
  const rest = { domain: name, kind: 'entry' as const, text: '{}', keys: [], recovery: null, peer: null }
  return { key, actor: name, seq, state, hash: sha(key, Buffer.from(String(seq))), ...rest, ...times }
}

/** The root as FEDERATION.md says, from nothing but the items. */
function rootOf(items: readonly Item[], prefix = ''): Buffer {
  if (items.length === 0) return EMPTY_HASH
  if (prefix.length === 4) {
    const sorted = [...items].sort((a, b) => Buffer.compare(a.key, b.key))
    const number = (seq: number) => Buffer.from(seq.toString(16).padStart(16, '0'), 'hex')
    return sha(...sorted.flatMap(({ key, seq, hash }) => [key, number(seq), hash]))
  }
  return sha(
    ...[...'0123456789abcdef'].map(digit =>
      rootOf(
        items.filter(({ key }) => key.toString('hex').startsWith(prefix + digit)),
        prefix + digit,
      ),
    ),
  )
}

const rows = (db: Connection) =>
  (
    db.$client
      .prepare("select key, seq, hash from records where state in ('vouched', 'confirmed', 'forked', 'tombstoned') and hash is not null")
      .all() as Item[]
  ).map(row => ({ ...row }))

t.test('an empty tree is 32 zero bytes, and one entry is hashed on every level', async t => {
  const db = openDatabase(':memory:')
  t.same(treeRoot(db), EMPTY_HASH)
  const key = keyOf('a')
  const leaf = key.toString('hex').slice(0, 4)
  transact(db, tx => {
    saveRecord(tx, record('a', key, 7, 'confirmed'))
    touchTree(tx, [key])
  })
  t.same(treeLeaf(db, leaf), [{ key, seq: 7, hash: sha(key, Buffer.from('7')) }])
  t.same(treeRoot(db), rootOf(rows(db)))
  t.equal(treeChildren(db, [''])[0]!.children.filter(Boolean).length, 1)
  t.ok(treeChildren(db, [leaf.slice(0, 3)])[0]!.children[key[1]! & 15])
  transact(db, tx => {
    dropRecord(tx, 'a')
    touchTree(tx, [key])
  })
  t.same(treeRoot(db), EMPTY_HASH, 'what is gone leaves nothing')
  t.equal(db.$client.prepare('select count(*) from tree').pluck().get(), 0)
})

t.test('whatever happens in whatever order, the tree is that of what is there', async t => {
  const states = ['vouched', 'confirmed', 'heard', 'forked', 'tombstoned', 'expired'] as const
  const change = fc.record({
    name: fc.integer({ min: 0, max: 40 }).map(String),
    seq: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constant(2 ** 40)),
    state: fc.option(fc.constantFrom(...states), { nil: undefined }),
  })
  fc.assert(
    fc.property(fc.array(fc.array(change, { minLength: 1, maxLength: 6 }), { maxLength: 12 }), batches => {
      const db = openDatabase(':memory:')
      for (const batch of batches)
        transact(db, tx => {
          const keys = batch.map(({ name, seq, state }) => {
            // Few prefixes, so that leaves and branches are shared.
            const key = keyOf(name)
            key.writeUInt16BE([0x0000, 0x0001, 0x0010, 0x0100, 0x1000, 0xffff, 0xfffe][Number(name) % 7]!)
            if (state) saveRecord(tx, record(name, key, seq, state))
            else dropRecord(tx, name)
            return key
          })
          touchTree(tx, keys)
        })
      const same = treeRoot(db).equals(rootOf(rows(db)))
      db.$client.close()
      return same
    }),
    { numRuns: Number(process.env.RUNS ?? 60) },
  )
  t.pass()
})
