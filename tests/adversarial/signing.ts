import { type KeyObject, sign } from 'node:crypto'
import { type Agent, request } from 'node:http'
import { bodyDigest, type SigningKey, signCavage, signRfc9421 } from '../../src/federation/signatures.ts'

type Json = Record<string, unknown>
export type Answered = { status: number; text: string; headers: Record<string, string | string[] | undefined> }
type Attempt = {
  key?: SigningKey
  kind?: 'cavage' | 'rfc9421'
  /** When it says it was signed. */
  at?: Date
  /** The address it was signed for, if not the one it goes to. */
  signedFor?: string
  /** Added to the signed ones, or instead of them; undefined takes one away. */
  headers?: Record<string, string | undefined>
  /** What goes on the wire, if not what was signed. */
  body?: string | Buffer
  agent?: Agent
}

/** POSTs a document the way no honest client could: any Host, any time, any headers, signed for one address and sent to another. */
export async function post(url: string, document: Json | string | Buffer, attempt: Attempt = {}): Promise<Answered> {
  const { key, kind = 'cavage', at = new Date(), signedFor = url, headers = {}, body, agent } = attempt
  const bytes = Buffer.isBuffer(document) ? document : Buffer.from(typeof document === 'string' ? document : JSON.stringify(document))
  const signer = kind === 'cavage' ? signCavage : signRfc9421
  const signed = key ? await signer({ method: 'POST', url: new URL(signedFor), body: bytes }, key, at) : {}
  const sent = Buffer.from(body ?? bytes)
  const all = {
    'content-type': 'application/activity+json',
    ...signed,
    host: new URL(url).host,
    'content-length': String(sent.length),
    ...headers,
  }
  const given = Object.entries(all).filter((pair): pair is [string, string] => pair[1] !== undefined)
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', setHost: false, headers: Object.fromEntries(given), ...(agent ? { agent } : {}) })
    outgoing.on('error', reject).on('response', response => {
      const chunks: Buffer[] = []
      response
        .on('data', chunk => chunks.push(chunk as Buffer))
        .on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text: Buffer.concat(chunks).toString() }))
    })
    outgoing.end(sent)
  })
}

type Forgery = {
  keyId: string
  /** What the signature is over. */
  names?: string[]
  values?: Record<string, string>
  /** Left out of the header when empty. */
  algorithm?: string
  make: (base: string) => Buffer
}

/** A draft-cavage signature made as it is told to, with the headers it needs. */
export function forge(
  url: string,
  body: string,
  { keyId, names = ['(request-target)', 'host', 'date', 'digest'], values = {}, algorithm = 'rsa-sha256', make }: Forgery,
): Record<string, string> {
  const { host, pathname } = new URL(url)
  const all: Record<string, string> = {
    '(request-target)': `post ${pathname}`,
    host,
    date: new Date().toUTCString(),
    digest: `SHA-256=${bodyDigest(Buffer.from(body))}`,
    ...values,
  }
  const base = names.map(name => `${name}: ${all[name]}`).join('\n')
  const parameters = { keyId, ...(algorithm ? { algorithm } : {}), headers: names.join(' '), signature: make(base).toString('base64') }
  const signature = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`)
  return { date: all.date!, digest: all.digest!, signature: signature.join(',') }
}

/** How RSA signs by the book. */
export const rsaSha256 = (privateKey: KeyObject) => (base: string) => sign('sha256', Buffer.from(base), privateKey)
