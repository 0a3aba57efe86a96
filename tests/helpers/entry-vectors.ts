import { createHash, createPrivateKey } from 'node:crypto'
import { openDatabase, transact } from '../../src/db/open.ts'
import { saveRecord } from '../../src/db/record.ts'
import { touchTree, treeChildren, treeRoot } from '../../src/db/tree.ts'
import { entryKey, forkOf } from '../../src/domain/entry.ts'
import { checkEntry } from '../../src/federation/entry-check.ts'
import { aKey, anAuthor, DAY } from './signed-entry.ts'

const at = Date.parse('2026-06-01T12:00:00Z')
const seedOf = (name: string) => createHash('sha256').update(`archipelago test ${name}`).digest()

/** An Ed25519 key from 32 bytes: PKCS #8 says the same before each. */
function keyOf(name: string) {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seedOf(name)])
  return aKey(createPrivateKey({ key: der, format: 'der', type: 'pkcs8' }))
}

/** What stands in tests/vectors/entries: made from seeds, so that it is the same every time. */
export function entryVectors() {
  const [elm, next, fir, spare] = ['elm', 'elm-2', 'fir', 'elm recovery'].map(keyOf) as [Key, Key, Key, Key]
  const author = anAuthor('https://elm.example/c/elm', elm, spare)
  const other = anAuthor('https://fir.example/c/fir', fir)
  const documents = {
    entry: author.entry(1_780_315_200, at),
    renewed: author.entry(1_785_499_200, at + 60 * DAY),
    rotated: author.entry(1_785_499_201, at + 60 * DAY, { successions: [author.succession(elm, [next], at + 60 * DAY)] }, { by: next }),
    recovered: author.entry(1_785_499_300, at + 60 * DAY, {}, { by: spare, keys: [next] }),
    tombstone: author.tombstone(1_785_499_400, at + 60 * DAY, at + 180 * DAY),
    other: other.entry(1_780_315_200, at, { vouchesFor: [author.actor] }),
    'other-contradicting': other.entry(1_780_315_200, at, {}, { charter: { name: 'Two Firs' } }),
  }
  const signed = Object.entries(documents).map(([name, document]) => ({ name, ...checkEntry(document, new Date(at + 60 * DAY)) }))
  const by = (name: string) => signed.find(one => one.name === name)!
  const fork = forkOf([by('other'), by('other-contradicting')])
  const leaves = [by('entry'), by('tombstone'), by('other')].map(({ document, hash }) => ({
    actor: document.attributedTo,
    seq: document.seq,
    hash,
  }))
  const forked = { actor: other.actor, seq: by('other').document.seq, hash: fork.hash }
  return {
    keys: Object.fromEntries(
      ['elm', 'elm-2', 'fir', 'elm recovery'].map(name => [
        name,
        { seed: seedOf(name).toString('hex'), publicKeyMultibase: keyOf(name).multibase },
      ]),
    ),
    at: new Date(at + 60 * DAY).toISOString(),
    documents: signed.map(({ name, text, hash, signer, speakers }) => ({ name, text, hash, signer, speakers })),
    fork,
    trees: [treeOf([]), treeOf([leaves[0]!]), treeOf([leaves[0]!, leaves[2]!]), treeOf([leaves[1]!, forked]), treeOf(manyLeaves())],
  }
}
type Key = ReturnType<typeof keyOf>
type Leaf = { actor: string; seq: number; hash: string }

function manyLeaves(): Leaf[] {
  return Array.from({ length: 300 }, (_, number) => ({
    actor: `https://n${number}.example/c/x`,
    seq: 1_780_000_000 + number,
    hash: createHash('sha256').update(String(number)).digest('hex'),
  }))
}

/** Only what the tree is made of is said; the records behind it don't matter. */
function treeOf(leaves: readonly Leaf[]) {
  const db = openDatabase(':memory:')
  const time = new Date(at)
  transact(db, tx => {
    const keys = leaves.map(({ actor, seq, hash }) => {
      const key = Buffer.from(entryKey(actor), 'hex')
      const times = { heardAt: time, updatedAt: time, expiresAt: time, seenAt: null, checkAt: null, checks: 0 }
      const rest = { domain: actor, kind: 'entry' as const, state: 'confirmed' as const, text: '{}', keys: [], recovery: null, peer: null }
      saveRecord(tx, { key, actor, seq, hash: Buffer.from(hash, 'hex'), ...rest, ...times })
      return key
    })
    touchTree(tx, keys)
  })
  const children = treeChildren(db, [''])[0]!.children.map(child => child?.toString('hex') ?? null)
  const tree = { entries: leaves.map(leaf => ({ ...leaf, key: entryKey(leaf.actor) })), children, root: treeRoot(db).toString('hex') }
  db.$client.close()
  return tree
}
