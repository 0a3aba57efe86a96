import { createHash, type KeyObject, sign } from 'node:crypto'
import { base58 } from '@scure/base'
import { canonical } from '../lib/canonical.ts'
import { type SigningKey, verifyBytes } from './signing-key.ts'

type Json = Record<string, unknown>

/** How far ahead of our clock a proof may say it was made. */
const CLOCK_SKEW = 60 * 60_000
// A proof that says for whom, in answer to what, or after which other proof it was made is meant for a question we never ask.
const NOT_FOR_US = ['domain', 'challenge', 'previousProof']

/**
 * Adds an object integrity proof (FEP-8b32, cryptosuite eddsa-jcs-2022). Whatever proof or linked data signature the document had goes.
 * @param key an Ed25519 key whose id the owner lists in `assertionMethod`
 */
export function addProof<T extends Json>(document: T, key: SigningKey, now: Date): T & { proof: Json } {
  if (key.algorithm !== 'ed25519') throw new Error('Integrity proofs are made with Ed25519 keys.')
  const { proof: _, signature: __, ...unsecured } = document
  const context = unsecured['@context']
  const created = `${now.toISOString().slice(0, 19)}Z`
  const config = {
    ...(context === undefined ? {} : { '@context': context }),
    type: 'DataIntegrityProof',
    cryptosuite: 'eddsa-jcs-2022',
    verificationMethod: key.id,
    proofPurpose: 'assertionMethod',
  }
  const proofValue = `z${base58.encode(sign(null, hashData({ ...config, created }, unsecured), key.privateKey))}`
  return { ...unsecured, proof: { ...config, proofValue, created } } as unknown as T & { proof: Json }
}

/** The id of the key that a document's proof names: fetch that key, see that the document's owner lists it, then `verifyProof`. */
export function proofKeyId(document: Json): string | undefined {
  const method = isObject(document.proof) ? document.proof.verificationMethod : undefined
  return typeof method === 'string' && method.length <= 2048 ? method : undefined
}

/**
 * Checks a document's proof (FEP-8b32; VC Data Integrity EdDSA section 3.3) and returns what it really covers: without `proof` and
 * `signature`, and with the `@context` that was signed. Use only that; entries added to `@context` afterwards are gone from it.
 * The caller sees to it that the key belongs to the document's owner.
 * @returns undefined when the proof proves nothing
 */
export function verifyProof(document: Json, key: KeyObject, now: Date): Json | undefined {
  const { proof, signature: _, ...unsecured } = document
  if (key.asymmetricKeyType !== 'ed25519' || !isObject(proof) || !isForUs(proof, now)) return undefined
  const { proofValue, ...config } = proof
  const value = decodeProofValue(proofValue)
  if (!value) return undefined
  const verified = { ...unsecured }
  try {
    if (config['@context'] !== undefined) {
      if (!startsWith(document['@context'], config['@context'])) return undefined
      verified['@context'] = config['@context']
    }
    return verifyBytes(hashData(config, verified), key, value) ? verified : undefined
  } catch {
    // What has no canonical form (a lone surrogate, a number that is none) was never signed.
    return undefined
  }
}

function isForUs(proof: Json, now: Date): boolean {
  const { type, cryptosuite, proofPurpose, verificationMethod, created, expires } = proof
  const known = type === 'DataIntegrityProof' && cryptosuite === 'eddsa-jcs-2022' && proofPurpose === 'assertionMethod'
  const made = created === undefined || instant(created) <= now.getTime() + CLOCK_SKEW
  const lasts = expires === undefined || instant(expires) > now.getTime()
  return known && made && lasts && typeof verificationMethod === 'string' && !NOT_FOR_US.some(name => Object.hasOwn(proof, name))
}

function hashData(config: Json, document: Json): Buffer {
  return Buffer.concat([sha256(config), sha256(document)])
}

function sha256(value: Json): Buffer {
  return createHash('sha256')
    .update(canonical(value) ?? '')
    .digest()
}

function decodeProofValue(value: unknown): Buffer | undefined {
  if (typeof value !== 'string' || !/^z[1-9A-HJ-NP-Za-km-z]{64,90}$/.test(value)) return undefined
  const bytes = base58.decode(value.slice(1))
  return bytes.length === 64 ? Buffer.from(bytes) : undefined
}

// An XML Schema dateTimeStamp; anything else is NaN, which is neither before nor after any time.
function instant(value: unknown): number {
  const stamp = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/.test(value)
  return stamp ? Date.parse(value) : Number.NaN
}

function startsWith(contexts: unknown, signed: unknown): boolean {
  const all = Array.isArray(contexts) ? contexts : [contexts]
  const first = Array.isArray(signed) ? signed : [signed]
  return first.length <= all.length && first.every((entry, index) => canonical(entry) === canonical(all[index]))
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
