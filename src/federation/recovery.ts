import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { base58 } from '@scure/base'
import { theCommunity } from '../db/community.ts'
import { dropKeys, forgetPrivateKey, keysOf, type StoredKey, saveKey } from '../db/key.ts'
import { type Tx, transact } from '../db/open.ts'
import { saveSetting } from '../db/setting.ts'
import { communityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Federation } from './federation.ts'
import { exportKey, exportMultikey } from './signatures.ts'

// Multicodec ed25519-priv, as a varint.
const SECRET_PREFIX = Uint8Array.of(0x80, 0x26)
// PKCS #8 of an Ed25519 key is the same but for its last 32 bytes.
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Not a key of the actor's document: it signs nothing but an entry, and only when all others are lost. */
const holder = (actor: string) => `${actor}#recovery`

/** The key by which a community that has lost all others can still be known, made when it is first needed. Its id is its did:key. */
export function recoveryKey(tx: Tx, actor: string, now: Date): StoredKey {
  const [known] = keysOf(tx, holder(actor))
  return known ?? keep(tx, actor, generateKeyPairSync('ed25519').privateKey, now)
}

/**
 * Tells the secret of the recovery key, once: afterwards only who has written it down has it.
 * @returns its did:key, and the secret as `secretKeyMultibase`
 * @throws Refusal when there is no community yet, or it was told before
 */
export function tellRecoveryKey({ ctx }: Federation): { id: string; secret: string } {
  return transact(ctx.db, tx => {
    const { id, privateKey } = recoveryKey(tx, communityIri(ctx.config.publicUrl, theCommunity(tx).handle), ctx.now())
    if (!privateKey)
      throw new Refusal('conflict', `The recovery key ${id} was shown before. It is shown only once, and not kept here any longer.`)
    const bytes = createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'der' }).subarray(PKCS8_PREFIX.length)
    forgetPrivateKey(tx, id)
    return { id, secret: `z${base58.encode(Buffer.concat([SECRET_PREFIX, bytes]))}` }
  })
}

/**
 * Takes the secret of the recovery key of a community that was founded anew at its old address. It signs the next entry, by which
 * others know the new keys after a week.
 * @throws Refusal when it is no such secret
 */
export function recover({ ctx }: Federation, secret: string): string {
  const key = readSecret(secret.trim())
  return transact(ctx.db, tx => {
    const actor = communityIri(ctx.config.publicUrl, theCommunity(tx).handle)
    dropKeys(tx, holder(actor))
    const { id } = keep(tx, actor, key, ctx.now())
    saveSetting(tx, 'entry.recovering', 'yes')
    return id
  })
}

function keep(tx: Tx, actor: string, privateKey: KeyObject, createdAt: Date): StoredKey {
  const id = `did:key:${exportMultikey(privateKey)}`
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  const row = { id, actor: holder(actor), algorithm: 'ed25519' as const, publicKey: exportKey(privateKey), privateKey: pem, createdAt }
  saveKey(tx, row)
  return { ...row, retiredAt: null }
}

function readSecret(secret: string): KeyObject {
  try {
    const bytes = Buffer.from(base58.decode(secret.slice(1)))
    if (!secret.startsWith('z') || bytes.length !== 34 || !bytes.subarray(0, 2).equals(SECRET_PREFIX)) throw new Error('not a key')
    const key = createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, bytes.subarray(2)]), format: 'der', type: 'pkcs8' })
    createPublicKey(key)
    return key
  } catch {
    throw new Refusal('invalid', 'That is no secret of a recovery key: it begins with z3u2 and has 48 characters.')
  }
}
