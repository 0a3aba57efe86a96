import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { keysOf } from '../db/key.ts'
import type { Db } from '../db/open.ts'
import type { SigningKey } from './signatures.ts'

/** The local actors' keys, ready for use. Parsed once, because parsing a PEM costs more than verifying with it. */
export type Keyring = {
  /** @throws when the actor has no such key, which means it was never founded */
  signingKey(actor: string, algorithm: SigningKey['algorithm']): SigningKey
  publicKeys(actor: string): { id: string; algorithm: SigningKey['algorithm']; pem: string; key: KeyObject }[]
}

export function createKeyring(db: Db): Keyring {
  const parsed = new Map<string, SigningKey>()
  return {
    signingKey(actor, algorithm) {
      const row = keysOf(db, actor).find(key => key.algorithm === algorithm)
      if (!row) throw new Error(`${actor} has no ${algorithm} key.`)
      let key = parsed.get(row.id)
      if (!key) {
        key = { id: row.id, algorithm, privateKey: createPrivateKey(row.privateKey) }
        parsed.set(row.id, key)
      }
      return key
    },
    publicKeys: actor =>
      keysOf(db, actor).map(({ id, algorithm, publicKey }) => ({ id, algorithm, pem: publicKey, key: createPublicKey(publicKey) })),
  }
}
