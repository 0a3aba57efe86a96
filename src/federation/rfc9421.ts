import { type InnerList, type Item, parseDictionary, serializeInnerList } from 'structured-headers'
import { bodyDigest, checkContentDigest, contentDigestHeader } from './digest.ts'
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

type Target = { method: string; scheme: string; authority: string; target: string; headers: IncomingRequest['headers'] }

const ALGORITHMS = { 'rsa-v1_5-sha256': 'rsa', ed25519: 'ed25519' } as const
const MAX_LABELS = 8
const MAX_COMPONENTS = 32

/**
 * Signs a request by RFC 9421: `@method`, `@target-uri` and, for POST, `content-digest` (RFC 9530), with `created` and `keyid`.
 * @returns the headers to add to the request
 */
export async function signRfc9421(request: OutgoingRequest, key: SigningKey, now: Date): Promise<Record<string, string>> {
  const { method, url, body } = request
  const headers: Record<string, string> = {}
  const names = ['@method', '@target-uri']
  if (method === 'POST') {
    headers['content-digest'] = contentDigestHeader(request.digest ?? bodyDigest(body ?? Buffer.alloc(0)))
    names.push('content-digest')
  }
  for (const [name, value] of Object.entries(request.headers ?? {})) {
    headers[name] = value
    names.push(name)
  }
  const parameters = new Map<string, string | number>([
    ['created', Math.floor(now.getTime() / 1000)],
    ['keyid', key.id],
    ['alg', key.algorithm === 'rsa' ? 'rsa-v1_5-sha256' : 'ed25519'],
  ])
  const covered: InnerList = [names.map((name): Item => [name, new Map()]), parameters]
  const target = { method, scheme: url.protocol.slice(0, -1), authority: url.host, target: `${url.pathname}${url.search}`, headers }
  const signature = await signBytes(signatureBase(covered, target), key)
  return { ...headers, 'signature-input': `sig1=${serializeInnerList(covered)}`, signature: `sig1=:${signature.toString('base64')}:` }
}

/**
 * Reads the first signature of a request that is acceptable by RFC 9421; with none, says what is wrong with the first.
 * @throws SignatureRefusal
 */
export function readRfc9421(
  input: string,
  signature: string | undefined,
  request: IncomingRequest,
  origin: string,
  now: Date,
): SignatureClaim {
  const inputs = dictionary(input)
  const signatures = dictionary(signature ?? '')
  let first: SignatureRefusal | undefined
  for (const [label, covered] of [...inputs].slice(0, MAX_LABELS)) {
    try {
      return readOne(covered, signatures.get(label), request, origin, now)
    } catch (error) {
      if (!(error instanceof SignatureRefusal)) throw error
      first ??= error
    }
  }
  throw first ?? new SignatureRefusal('unsigned', 'The Signature-Input header names no signature.')
}

function readOne(
  covered: InnerList | Item,
  signature: InnerList | Item | undefined,
  request: IncomingRequest,
  origin: string,
  now: Date,
): SignatureClaim {
  const bytes = signature?.[0]
  if (!isInnerList(covered) || !(bytes instanceof ArrayBuffer) || bytes.byteLength > 1024) throw malformed('have no usable signature')
  const [items, parameters] = covered
  const keyId = parameters.get('keyid')
  const algorithm = parameters.get('alg')
  if (typeof keyId !== 'string' || keyId.length === 0 || keyId.length > 2048) throw malformed('have no usable keyid')
  if (algorithm !== undefined && !Object.hasOwn(ALGORITHMS, String(algorithm)))
    throw new SignatureRefusal('algorithm', 'Signatures are taken with rsa-v1_5-sha256 or ed25519.')
  checkCovered(items, request)
  checkHost(request.headers, origin)
  checkFresh(seconds(parameters.get('created')) ?? Number.NaN, seconds(parameters.get('expires')), now)
  if (carriesBody(request)) checkContentDigest(header(request.headers, 'content-digest'), request.body ?? Buffer.alloc(0))
  const { protocol, host } = new URL(origin)
  const base = signatureBase(covered, { ...request, scheme: protocol.slice(0, -1), authority: host })
  const expected = algorithm === undefined ? undefined : ALGORITHMS[algorithm as keyof typeof ALGORITHMS]
  return {
    keyId,
    kind: 'rfc9421',
    covered: items.map(([name]) => String(name)),
    verify: key => (expected === undefined || expected === key.asymmetricKeyType) && verifyBytes(base, key, Buffer.from(bytes)),
  }
}

function checkCovered(items: Item[], request: IncomingRequest): void {
  const names = items.map(([name]) => name)
  // A parameter (`;req`, `;sf`, `;bs`, `;name=`) changes what a component means; none is needed, so none is understood.
  const usable = names.every(name => typeof name === 'string') && items.every(([, parameters]) => parameters.size === 0)
  if (!usable || names.length > MAX_COMPONENTS || new Set(names).size !== names.length) throw malformed('list their components wrongly')
  const covers = (name: string) => names.includes(name)
  const query = covers('@query') || !request.target.includes('?')
  const target = covers('@target-uri') || (covers('@authority') && (covers('@request-target') || (covers('@path') && query)))
  const missing = !covers('@method')
    ? '@method'
    : !target
      ? '@target-uri'
      : carriesBody(request) && !covers('content-digest')
        ? 'content-digest'
        : undefined
  if (missing) throw new SignatureRefusal('uncovered', `The signature does not cover ${missing}.`)
}

/** The signature base of RFC 9421 section 2.5. @throws SignatureRefusal when it covers what is not there or not understood */
export function signatureBase(covered: InnerList, target: Target): Buffer {
  const lines = covered[0].map(([name]) => `"${name}": ${component(String(name), target)}`)
  return Buffer.from([...lines, `"@signature-params": ${serializeInnerList(covered)}`].join('\n'), 'latin1')
}

function component(name: string, { method, scheme, authority, target, headers }: Target): string {
  const question = target.indexOf('?')
  switch (name) {
    case '@method':
      return method
    case '@target-uri':
      return `${scheme}://${authority}${target}`
    case '@authority':
      return authority
    case '@scheme':
      return scheme
    case '@request-target':
      return target
    case '@path':
      return question === -1 ? target : target.slice(0, question)
    case '@query':
      return question === -1 ? '?' : target.slice(question)
  }
  if (!/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name)) throw malformed(`cover ${name}, which is not understood`)
  return coveredHeader(headers, name)
}

function dictionary(text: string): ReturnType<typeof parseDictionary> {
  try {
    return parseDictionary(text)
  } catch {
    throw malformed('cannot be read')
  }
}

function isInnerList(value: InnerList | Item): value is InnerList {
  return Array.isArray(value[0])
}

function seconds(value: unknown): number | undefined {
  if (value === undefined) return undefined
  if (!Number.isInteger(value)) throw malformed('say created or expires wrongly')
  return Number(value) * 1000
}

function malformed(what: string): SignatureRefusal {
  return new SignatureRefusal('malformed', `The Signature-Input and Signature headers ${what}.`)
}
