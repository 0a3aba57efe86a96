import { randomBytes } from 'node:crypto'
import { confirmByWitnesses, hearEntry, signerDigest } from '../../src/actions/entry.ts'
import { readConfig } from '../../src/config.ts'
import { saveConfirmation } from '../../src/db/confirmation.ts'
import { openDatabase, transact } from '../../src/db/open.ts'
import { addPeer } from '../../src/db/peer.ts'
import { amendRecord, saveRecord } from '../../src/db/record.ts'
import { entryKey } from '../../src/domain/entry.ts'
import { LIMITS } from '../../src/domain/entry-limit.ts'
import type { Trust } from './simulate.ts'
import { BEGIN, type Story } from './stories.ts'

/** Asks the project's own code whose confirmations count, with nodes whose communities were seen at their origins. @param story any */
export function trustInUse({ documents, actor }: Story): Trust {
  const db = openDatabase(':memory:')
  const now = new Date(BEGIN)
  const ctx = { db, now: () => now, config: readConfig({ PORT: '3000' }) }
  const [entry] = documents
  const keyOf = (id: string) => Buffer.from(entryKey(id), 'hex')
  const witnesses = Array.from({ length: LIMITS.confirmations }, (_, n) => `https://n${n}.example/c/oak`)
  try {
    transact(db, tx => {
      for (const witness of witnesses) {
        const { origin, host } = new URL(witness)
        const { id } = addPeer(tx, `${origin}/node`, 'entry', now, { signer: entry!.signer })
        saveConfirmation(tx, { key: keyOf(actor), peer: id, signer: signerDigest(entry!.signer), seq: 1, at: now })
        saveRecord(tx, seenAtOrigin(witness, host, now, keyOf(witness)))
      }
    })
    hearEntry(ctx, entry!, { peer: 1 })
    const believes = () => transact(db, tx => confirmByWitnesses(tx, keyOf(actor), now))
    if (believes()) return 'confirmed'
    transact(db, tx => {
      for (const witness of witnesses) amendRecord(tx, witness, { state: 'vouched' })
    })
    if (believes()) return 'vouched'
    throw new Error('Nobody’s confirmations count.')
  } finally {
    db.$client.close()
  }
}

function seenAtOrigin(actor: string, domain: string, now: Date, key: Buffer): Parameters<typeof saveRecord>[1] {
  return {
    key,
    actor,
    domain,
    kind: 'entry',
    state: 'confirmed',
    seq: 1,
    hash: randomBytes(32),
    text: JSON.stringify({ node: `https://${domain}/node` }),
    keys: [],
    recovery: null,
    peer: null,
    heardAt: now,
    updatedAt: now,
    expiresAt: new Date(now.getTime() + LIMITS.lease),
    seenAt: now,
    checkAt: null,
    checks: 0,
  }
}
