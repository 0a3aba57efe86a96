import { readCavage } from './cavage.ts'
import { readRfc9421 } from './rfc9421.ts'
import { SignatureRefusal } from './signature-refusal.ts'
import { type IncomingRequest, type SignatureClaim, soleHeader } from './signed-request.ts'

export { signCavage } from './cavage.ts'
export { bodyDigest } from './digest.ts'
export { signRfc9421 } from './rfc9421.ts'
export { type SignatureFault, SignatureRefusal } from './signature-refusal.ts'
export type { IncomingRequest, OutgoingRequest, SignatureClaim } from './signed-request.ts'
export { exportKey, exportMultikey, importMultikey, importPublicKey, type SigningKey, type VerifyingKey } from './signing-key.ts'

const HEADER_LIMIT = 8192

/**
 * Everything about a request's signature that needs no key, so that a flood of bad requests costs neither a fetch nor a key:
 * presence, syntax, what is covered (method, target with query, host, date, and the body's SHA-256), host, time, digest, algorithm.
 * A `Signature-Input` header makes it RFC 9421 and nothing else; without one it is draft-cavage-12.
 * @param origin scheme and host by which this node is known; what the request says about it must agree
 * @throws SignatureRefusal
 */
export function readSignature(request: IncomingRequest, origin: string, now: Date): SignatureClaim {
  const input = soleHeader(request.headers, 'signature-input', HEADER_LIMIT)
  const signature = soleHeader(request.headers, 'signature', HEADER_LIMIT)
  if (!input && !signature) throw new SignatureRefusal('unsigned', 'The request is not signed.')
  if (!/^\/[\x21-\x7e\x80-\xff]*$/.test(request.target)) throw new SignatureRefusal('malformed', 'The request target is not a path.')
  return input ? readRfc9421(input, signature, request, origin, now) : readCavage(signature ?? '', request, origin, now)
}
