import type { KeyObject } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { SignatureRefusal } from './signature-refusal.ts'

/** A request to sign. `digest` is `bodyDigest(body)`, when it is known already; `headers` are more to sign, names in lower case. */
export type OutgoingRequest = {
  method: 'GET' | 'POST'
  url: URL
  body?: Buffer | undefined
  digest?: string | undefined
  headers?: Readonly<Record<string, string>> | undefined
}
/** A request as it arrived: `target` as it stood in the request line, `body` before anything parsed it. */
export type IncomingRequest = { method: string; target: string; headers: IncomingHttpHeaders; body: Buffer | undefined }
/** Everything about a signature is right but the one thing that needs the key. `covered` are the names of what is signed. */
export type SignatureClaim = { keyId: string; kind: 'cavage' | 'rfc9421'; covered: readonly string[]; verify(key: KeyObject): boolean }

const MINUTE = 60_000
/** A request is good for 5 minutes, and clocks may differ by an hour: it is taken from 60 minutes before to 65 after its date. */
const VALID_FOR = 5 * MINUTE
const CLOCK_SKEW = 60 * MINUTE

/**
 * @param created milliseconds @param expires milliseconds; may shorten the five minutes, never lengthen them
 * @throws SignatureRefusal('stale')
 */
export function checkFresh(created: number, expires: number | undefined, now: Date): void {
  const end = Math.min(created + VALID_FOR, expires ?? Number.POSITIVE_INFINITY)
  // Written so that NaN is stale.
  const fresh = created <= now.getTime() + CLOCK_SKEW && end + CLOCK_SKEW >= now.getTime()
  if (!fresh) throw new SignatureRefusal('stale', 'The request was signed too long ago, or in the future.')
}

/** @throws SignatureRefusal('host') unless the request was made for the host this node is known by */
export function checkHost(headers: IncomingHttpHeaders, origin: string): void {
  const { host, protocol } = new URL(origin)
  const asked = header(headers, 'host')?.toLowerCase()
  const withPort = protocol === 'https:' ? `${host}:443` : `${host}:80`
  if (asked !== host && asked !== withPort) throw new SignatureRefusal('host', `The request was made for another host than ${host}.`)
}

/** Whether the method carries a body that the signature has to cover. */
export function carriesBody({ method, body }: IncomingRequest): boolean {
  return (method !== 'GET' && method !== 'HEAD') || (body !== undefined && body.length > 0)
}

/** A header as signatures see it: repeated ones joined (RFC 9421 section 2.1). Never a property of Object. */
export function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined
  const text = Array.isArray(value) ? value.map(part => part.trim()).join(', ') : value?.trim()
  // Node's parser lets no line break through; another way in must not be able to add lines to what is verified.
  if (text !== undefined && /[\r\n]/.test(text)) throw new SignatureRefusal('malformed', `The ${name} header has a line break.`)
  return text
}

/** A header that a signature names, which therefore has to be there. */
export function coveredHeader(headers: IncomingHttpHeaders, name: string): string {
  const value = header(headers, name)
  if (value === undefined) throw new SignatureRefusal('malformed', `The signature covers a ${name} header that is not there.`)
  return value
}

/** The one value of a header that must not be repeated. */
export function soleHeader(headers: IncomingHttpHeaders, name: string, limit: number): string | undefined {
  if (Object.hasOwn(headers, name) && Array.isArray(headers[name]))
    throw new SignatureRefusal('malformed', `There is more than one ${name} header.`)
  const value = header(headers, name)
  if (value !== undefined && value.length > limit) throw new SignatureRefusal('malformed', `The ${name} header is too long.`)
  return value
}
