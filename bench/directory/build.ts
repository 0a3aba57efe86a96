import { createHash, generateKeyPairSync } from 'node:crypto'
import canonicalize from 'canonicalize'
import { saveEntries } from '../../src/db/directory.ts'
import { type Connection, type Tx, transact } from '../../src/db/open.ts'
import { saveRecord } from '../../src/db/record.ts'
import { packIndex } from '../../src/db/search/tend.ts'
import { touchTree } from '../../src/db/tree.ts'
import type { DirectoryEntry } from '../../src/domain/directory.ts'
import { searchableCharter } from '../../src/domain/entry.ts'
import { LIMITS } from '../../src/domain/entry-limit.ts'
import { addProof } from '../../src/federation/proofs.ts'
import { exportMultikey, type SigningKey } from '../../src/federation/signatures.ts'
import { type Invented, inventor } from './communities.ts'

const BATCH = 500
/** One key for everybody: to make a million takes minutes, and no search looks at them. */
export type Keys = { multikey: string; privateKey: SigningKey['privateKey'] }

export function makeKeys(): Keys {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  return { multikey: exportMultikey(publicKey), privateKey }
}

const actorOf = ({ host, handle }: Invented) => `https://${host}/c/${handle}`
const seconds = (time: Date) => `${time.toISOString().slice(0, 19)}Z`

/** The entry of an invented community as its node would make it, but for the proof. */
export function entryBody(community: Invented, { multikey }: Keys, now: Date) {
  const { host, handle, charter, publishedAt } = community
  const actor = actorOf(community)
  return {
    type: 'DirectoryEntry',
    id: `${actor}/entry`,
    attributedTo: actor,
    node: `https://${host}/node`,
    preferredUsername: handle,
    url: actor,
    published: seconds(publishedAt),
    updated: seconds(now),
    expires: seconds(new Date(now.getTime() + LIMITS.lease - 60_000)),
    discoverable: true,
    indexable: true,
    seq: Math.floor(now.getTime() / 1000),
    charter: {
      ...searchableCharter(charter),
      edition: 1,
      published: seconds(publishedAt),
      digest: `zQm${createHash('sha256').update(actor).digest('hex').slice(0, 43)}`,
    },
    assertionMethod: [{ id: `${actor}#ed25519`, type: 'Multikey', controller: actor, publicKeyMultibase: multikey }],
    recovery: `did:key:${multikey}`,
  }
}

/** The same with a proof that verifies. */
export function signedEntry(community: Invented, keys: Keys, now: Date): Record<string, unknown> {
  const key: SigningKey = { id: `${actorOf(community)}#ed25519`, algorithm: 'ed25519', privateKey: keys.privateKey }
  return addProof(entryBody(community, keys, now), key, now) as Record<string, unknown>
}

/** Keeps an entry as the exchange would: its record, the tree over all records, and what can be searched. */
export function keep(tx: Tx, all: readonly { community: Invented; text: string; keys: Keys }[], now: Date): void {
  const entries: DirectoryEntry[] = []
  const touched: Buffer[] = []
  for (const { community, text, keys } of all) {
    const { host, handle, charter, state, publishedAt, verifiedAt } = community
    const actor = actorOf(community)
    const key = createHash('sha256').update(actor).digest()
    const expiresAt = new Date(now.getTime() + LIMITS.lease)
    const record = saveRecord(tx, {
      key,
      actor,
      domain: host,
      kind: 'entry',
      state,
      seq: Math.floor(now.getTime() / 1000),
      hash: createHash('sha256').update(text).digest(),
      text,
      keys: [keys.multikey],
      recovery: `did:key:${keys.multikey}`,
      peer: null,
      heardAt: verifiedAt,
      updatedAt: verifiedAt,
      expiresAt,
      seenAt: verifiedAt,
      checkAt: null,
      checks: 0,
    })
    touched.push(key)
    entries.push({
      actor,
      url: actor,
      host,
      handle,
      charter,
      edition: 1,
      source: 'network',
      publishedAt,
      verifiedAt,
      state,
      expiresAt,
      record,
    })
  }
  touchTree(tx, touched)
  saveEntries(tx, entries)
}

export type Built = { seconds: number; packSeconds: number; bytes: Record<'records' | 'entries' | 'index', number> }

/** Fills a directory. Their proofs have the form of proofs, and verify nothing: what is measured here is storing and indexing. */
export function build(db: Connection, count: number, tell: (done: number) => void): Built {
  const keys = makeKeys()
  const invent = inventor(count)
  const now = new Date()
  const proof = { type: 'DataIntegrityProof', cryptosuite: 'eddsa-jcs-2022', created: seconds(now), proofPurpose: 'assertionMethod' }
  const since = performance.now()
  for (let from = 0; from < count; from += BATCH) {
    const some = Array.from({ length: Math.min(BATCH, count - from) }, (_, n) => {
      const community = invent(from + n)
      const proofValue = `z${createHash('sha512').update(community.handle).digest('hex').slice(0, 88)}`
      const verificationMethod = `${actorOf(community)}#ed25519`
      return {
        community,
        keys,
        text: canonicalize({ ...entryBody(community, keys, now), proof: { ...proof, verificationMethod, proofValue } })!,
      }
    })
    transact(db, tx => keep(tx, some, now))
    tell(from + some.length)
  }
  const built = performance.now()
  transact(db, packIndex)
  db.$client.pragma('wal_checkpoint(TRUNCATE)')
  return { seconds: (built - since) / 1000, packSeconds: (performance.now() - built) / 1000, bytes: sizes(db) }
}

function sizes(db: Connection): Built['bytes'] {
  const rows = db.$client.prepare('select name, sum(pgsize) bytes from dbstat where aggregate = true group by name').all() as { name: string; bytes: number }[] // biome-ignore format: one line
  const sum = (pattern: RegExp) => rows.filter(({ name }) => pattern.test(name)).reduce((all, { bytes }) => all + bytes, 0)
  return {
    records: sum(/^(records|sqlite_autoindex_records)/),
    entries: sum(/^(entries|sqlite_autoindex_entries_\d|entries_(verified|published|name|actor|address))$/),
    index: sum(/^(entries_text|entries_place|entry_facets|facet_values|search_)/),
  }
}
