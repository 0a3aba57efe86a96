import { createHash } from 'node:crypto'
import { parseDictionary } from 'structured-headers'
import { SignatureRefusal } from './signature-refusal.ts'

/** SHA-256 of a body in base64: computed once for a body that goes to many inboxes. */
export function bodyDigest(body: Buffer): string {
  return createHash('sha256').update(body).digest('base64')
}

/** The `Digest` header of RFC 3230, as draft-cavage senders use it. */
export function digestHeader(digest: string): string {
  return `SHA-256=${digest}`
}

/** The `Content-Digest` header of RFC 9530. */
export function contentDigestHeader(digest: string): string {
  return `sha-256=:${digest}:`
}

/** @throws SignatureRefusal('digest') unless the header's one SHA-256 digest is that of the body; digests of other kinds are passed over */
export function checkDigest(header: string | undefined, body: Buffer): void {
  const digests = (header ?? '').split(',').flatMap(part => {
    const [, name, value] = /^\s*([A-Za-z0-9-]+)=(\S*)\s*$/.exec(part) ?? []
    return name?.toLowerCase() === 'sha-256' ? [value] : []
  })
  // Compared as text: there is one way to write 32 bytes in base64, and any other is refused with the wrong ones.
  if (digests.length !== 1 || digests[0] !== bodyDigest(body))
    throw new SignatureRefusal('digest', 'The Digest header is not the SHA-256 of the body.')
}

/** As `checkDigest`, for RFC 9530. */
export function checkContentDigest(header: string | undefined, body: Buffer): void {
  const [value] = parseHeader(header).get('sha-256') ?? []
  const matches = value instanceof ArrayBuffer && value.byteLength === 32 && Buffer.from(value).toString('base64') === bodyDigest(body)
  if (!matches) throw new SignatureRefusal('digest', 'The Content-Digest header is not the SHA-256 of the body.')
}

function parseHeader(header: string | undefined): ReturnType<typeof parseDictionary> {
  try {
    return parseDictionary(header ?? '')
  } catch {
    throw new SignatureRefusal('digest', 'The Content-Digest header cannot be read.')
  }
}
