import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { base58 } from '@scure/base'
import { SignatureRefusal } from './signature-refusal.ts'

export type KeyAlgorithm = 'rsa' | 'ed25519'
/** A private key with the id under which others find its public half. */
export type SigningKey = { id: string; algorithm: KeyAlgorithm; privateKey: KeyObject }
export type VerifyingKey = { algorithm: KeyAlgorithm; key: KeyObject }

/** How much of a stranger's key we look at, and what we take. Bits of the RSA modulus; 8,192 bits verify in under a millisecond. */
export const KEY_LIMITS = { pemLength: 16_384, minimumBits: 2048, maximumBits: 8192, multikeyLength: 64 } as const

const ED25519_PREFIX = Uint8Array.of(0xed, 0x01)

// The y coordinates of Ed25519's points of small order, little-endian, sign bit cleared: 0, 1, -1 and the two of order 8.
// A signature that verifies for every message can be made for each of them.
const SMALL_ORDER = new Set([
  '00'.repeat(32),
  `01${'00'.repeat(31)}`,
  `ec${'ff'.repeat(30)}7f`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
])

/**
 * Reads a `publicKeyPem`: RSA of 2,048 to 8,192 bits, or Ed25519.
 * @throws SignatureRefusal 'malformed' when it is no public key of these kinds, 'weak-key' when it proves nothing
 */
export function importPublicKey(pem: string): VerifyingKey {
  const text = pem.length <= KEY_LIMITS.pemLength ? pem.trim() : ''
  // A private key or a certificate would be read as well, so the label is checked first.
  if (!/^-----BEGIN (RSA )?PUBLIC KEY-----\s[A-Za-z0-9+/=\s]+-----END (RSA )?PUBLIC KEY-----$/.test(text)) throw malformed()
  const key = parseKey(() => createPublicKey({ key: text, format: 'pem' }))
  if (key.asymmetricKeyType === 'ed25519') {
    refuseSmallOrder(rawEd25519(key))
    return { algorithm: 'ed25519', key }
  }
  if (key.asymmetricKeyType !== 'rsa') throw malformed()
  const { modulusLength = 0, publicExponent = 0n } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < KEY_LIMITS.minimumBits || modulusLength > KEY_LIMITS.maximumBits)
    throw weak(`An RSA key of ${modulusLength} bits is not taken.`)
  if (publicExponent < 3n || publicExponent % 2n === 0n || publicExponent >= 2n ** 32n)
    throw weak('The exponent of the RSA key is not taken.')
  return { algorithm: 'rsa', key }
}

/**
 * Reads a `publicKeyMultibase` (FEP-521a): Ed25519 in base58btc, `z6Mk…`.
 * @throws SignatureRefusal 'malformed' or 'weak-key'
 */
export function importMultikey(publicKeyMultibase: string): VerifyingKey {
  if (!publicKeyMultibase.startsWith('z') || publicKeyMultibase.length > KEY_LIMITS.multikeyLength) throw malformed()
  const bytes = parseKey(() => base58.decode(publicKeyMultibase.slice(1)))
  if (bytes.length !== 34 || bytes[0] !== ED25519_PREFIX[0] || bytes[1] !== ED25519_PREFIX[1]) throw malformed()
  const raw = Buffer.from(bytes.subarray(2))
  refuseSmallOrder(raw)
  const key = parseKey(() => createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' }))
  return { algorithm: 'ed25519', key }
}

/** An Ed25519 key as `publicKeyMultibase` (FEP-521a). Takes the private key as well as the public one. */
export function exportMultikey(key: KeyObject): string {
  return `z${base58.encode(Buffer.concat([ED25519_PREFIX, rawEd25519(key)]))}`
}

/** A public key as PEM (SubjectPublicKeyInfo), the form `importPublicKey` reads. */
export function exportKey(key: KeyObject): string {
  const half = key.type === 'private' ? createPublicKey(key) : key
  return half.export({ type: 'spki', format: 'pem' }).toString()
}

/** Signs in the thread pool: RSA takes about a millisecond that the event loop does not have. The algorithm follows from the key. */
export function signBytes(bytes: Buffer, { algorithm, privateKey }: SigningKey): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    sign(algorithm === 'rsa' ? 'sha256' : null, bytes, privateKey, (error, signature) => (error ? reject(error) : resolve(signature)))
  })
}

/** Whether a signature is right: RSASSA-PKCS1-v1_5 with SHA-256, or Ed25519, as the key (never the sender) decides. Throws nothing. */
export function verifyBytes(bytes: Buffer, key: KeyObject, signature: Buffer): boolean {
  if (key.asymmetricKeyType !== 'rsa' && key.asymmetricKeyType !== 'ed25519') return false
  try {
    return verify(key.asymmetricKeyType === 'rsa' ? 'sha256' : null, bytes, key, signature)
  } catch {
    return false
  }
}

// Not as a JWK: while Node 20 writes one it holds a lock that the garbage collector may want for the same key, and waits for itself for ever.
function rawEd25519(key: KeyObject): Buffer {
  if (key.asymmetricKeyType !== 'ed25519') throw malformed()
  const half = key.type === 'private' ? createPublicKey(key) : key
  return half.export({ type: 'spki', format: 'der' }).subarray(-32)
}

function refuseSmallOrder(raw: Buffer): void {
  const y = Buffer.from(raw)
  y[31] = y[31]! & 0x7f
  // y of 2^255 - 19 or more is a second spelling of a small number, two of which are of small order.
  const beyondField = y[31] === 0x7f && y[0]! >= 0xed && y.subarray(1, 31).every(byte => byte === 0xff)
  if (beyondField || SMALL_ORDER.has(y.toString('hex'))) throw weak('An Ed25519 key of small order proves nothing.')
}

function parseKey<T>(read: () => T): T {
  try {
    return read()
  } catch {
    throw malformed()
  }
}

function malformed(): SignatureRefusal {
  return new SignatureRefusal('malformed', 'The public key cannot be read: RSA or Ed25519 is expected.')
}

function weak(message: string): SignatureRefusal {
  return new SignatureRefusal('weak-key', message)
}
