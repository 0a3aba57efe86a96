import { bodyDigest, checkDigest, digestHeader } from './digest.ts'
import { SignatureRefusal } from './signature-refusal.ts'
import {
  carriesBody,
  checkFresh,
  checkHost,
  coveredHeader,
  header,
  type IncomingRequest,
  type OutgoingRequest,
  type SignatureClaim,
} from './signed-request.ts'
import { type SigningKey, signBytes, verifyBytes } from './signing-key.ts'

type Parameters = {
  keyId: string
  algorithm: string | undefined
  names: string[]
  signature: Buffer
  created: number | undefined
  expires: number | undefined
}

const PARAMETER = /([A-Za-z]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([0-9]{1,15}(?:\.[0-9]{1,9})?))[ \t]*(?:,[ \t]*|$)/y
const ALGORITHMS = new Set([undefined, 'rsa-sha256', 'hs2019'])

/**
 * Signs a request as draft-cavage-http-signatures-12 has it: `(request-target)` with its query, host, date, and for POST the digest.
 * @returns the headers to add to the request
 */
export async function signCavage(request: OutgoingRequest, key: SigningKey, now: Date): Promise<Record<string, string>> {
  if (key.algorithm !== 'rsa') throw new Error('draft-cavage signatures are made with RSA keys.')
  if (/["\\\s]/.test(key.id)) throw new Error(`${key.id} cannot stand in a signature.`)
  const { method, url, body } = request
  const headers: Record<string, string> = { host: url.host, date: now.toUTCString() }
  const names = ['(request-target)', 'host', 'date']
  if (method === 'POST') {
    headers.digest = digestHeader(request.digest ?? bodyDigest(body ?? Buffer.alloc(0)))
    names.push('digest')
  }
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    headers[name] = value
    names.push(name)
  }
  const target = `${url.pathname}${url.search}`
  const base = names.map(name => `${name}: ${name === '(request-target)' ? `${method.toLowerCase()} ${target}` : headers[name]}`).join('\n')
  const signature = await signBytes(Buffer.from(base, 'latin1'), key)
  headers.signature = `keyId="${key.id}",algorithm="rsa-sha256",headers="${names.join(' ')}",signature="${signature.toString('base64')}"`
  return headers
}

/**
 * Reads a draft-cavage-12 signature, the cheap checks first and the hash of the body last.
 * @throws SignatureRefusal
 */
export function readCavage(text: string, request: IncomingRequest, origin: string, now: Date): SignatureClaim {
  const parameters = parse(text)
  const { names, algorithm, signature, keyId } = parameters
  if (!ALGORITHMS.has(algorithm)) throw new SignatureRefusal('algorithm', 'Signatures are taken with rsa-sha256 or hs2019.')
  const dated = names.includes('date') || names.includes('(created)')
  const needed = carriesBody(request) ? ['(request-target)', 'host', 'digest'] : ['(request-target)', 'host']
  const missing = needed.find(name => !names.includes(name)) ?? (dated ? undefined : 'date')
  if (missing) throw new SignatureRefusal('uncovered', `The signature does not cover ${missing}.`)
  checkHost(request.headers, origin)
  checkTimes(parameters, request, now)
  if (carriesBody(request)) checkDigest(header(request.headers, 'digest'), request.body ?? Buffer.alloc(0))
  const base = Buffer.from(names.map(name => `${name}: ${component(name, parameters, request)}`).join('\n'), 'latin1')
  return { keyId, kind: 'cavage', covered: names, verify: key => key.asymmetricKeyType === 'rsa' && verifyBytes(base, key, signature) }
}

function component(name: string, { created, expires }: Parameters, { method, target, headers }: IncomingRequest): string {
  switch (name) {
    case '(request-target)':
      return `${method.toLowerCase()} ${target}`
    case '(created)':
      return String(created)
    case '(expires)':
      return String(expires)
    default:
      return coveredHeader(headers, name)
  }
}

// Each date that is signed must be fresh; an unsigned `expires` is believed only in so far as it shortens.
function checkTimes({ names, created, expires }: Parameters, { headers }: IncomingRequest, now: Date): void {
  const end = expires === undefined ? undefined : expires * 1000
  if (names.includes('(created)')) checkFresh((created ?? Number.NaN) * 1000, end, now)
  if (names.includes('date')) checkFresh(httpDate(coveredHeader(headers, 'date')), end, now)
}

// Only the one form of RFC 9110 section 5.6.7 that may be sent, so that a date means the same to everyone.
function httpDate(text: string): number {
  const time = Date.parse(text)
  if (Number.isNaN(time) || new Date(time).toUTCString() !== text)
    throw new SignatureRefusal('malformed', 'The Date header cannot be read.')
  return time
}

function parse(text: string): Parameters {
  const values = new Map<string, string>()
  // A sticky expression remembers where it was, also where the last text could not be read.
  PARAMETER.lastIndex = 0
  while (PARAMETER.lastIndex < text.length) {
    const [, name, quoted, number] = PARAMETER.exec(text) ?? malformed('cannot be read')
    if (values.has(name!)) malformed(`says ${name} twice`)
    values.set(name!, quoted ?? number ?? '')
  }
  const keyId = values.get('keyId') ?? ''
  const signature = values.get('signature') ?? ''
  const names = (values.get('headers') ?? '(created)').toLowerCase().split(' ')
  const algorithm = values.get('algorithm')?.toLowerCase()
  if (!/^[\x21-\x7e]{1,2048}$/.test(keyId)) malformed('has no usable keyId')
  if (!/^[A-Za-z0-9+/]{1,1400}={0,2}$/.test(signature)) malformed('has no usable signature')
  if (
    names.length > 32 ||
    new Set(names).size !== names.length ||
    names.some(name => !/^(\((request-target|created|expires)\)|[a-z0-9-]+)$/.test(name))
  )
    malformed('lists headers wrongly')
  // Section 2.3: with the old algorithm names these two must not be used.
  if (algorithm?.startsWith('rsa') && (names.includes('(created)') || names.includes('(expires)')))
    malformed('mixes (created) with an old algorithm')
  const created = seconds(values, '(created)', names)
  const expires = seconds(values, '(expires)', names)
  return { keyId, algorithm, names, signature: Buffer.from(signature, 'base64'), created, expires }
}

function seconds(values: Map<string, string>, name: '(created)' | '(expires)', names: string[]): number | undefined {
  const text = values.get(name.slice(1, -1))
  if (text === undefined) return names.includes(name) ? malformed(`covers ${name} and does not say it`) : undefined
  if (!/^[0-9]{1,12}$/.test(text)) return names.includes(name) ? malformed(`says ${name} wrongly`) : undefined
  return Number(text)
}

function malformed(what: string): never {
  throw new SignatureRefusal('malformed', `The Signature header ${what}.`)
}
