import { isSuspended } from '../db/block.ts'
import { nodeIri } from '../domain/iri.ts'
import { ACCEPT_ACTIVITY } from './context.ts'
import { knock } from './double-knock.ts'
import type { Normalised } from './engine.ts'
import type { Federation } from './federation.ts'
import { DocumentRefusal, guardDocument, parseDocument } from './guard.ts'

/** A document and nothing it might claim to be: what was found at `id`, said by the server of `id`. */
export type Found = Normalised & { id: string; type: string }

/** Why a document could not be had. `gone` is 404 or 410; `status` is there when the server answered. */
export class NotFetched extends Error {
  override name = 'NotFetched'
  readonly status: number | undefined
  constructor(message: string, status?: number) {
    super(message)
    this.status = status
  }
  get gone(): boolean {
    return this.status === 404 || this.status === 410
  }
}

/** The steward wants nothing to do with this server: nothing is asked of it. */
export class HostSuspended extends Error {
  override name = 'HostSuspended'
  readonly code = 'suspended'
  constructor(host: string) {
    super(`${host} is blocked here.`)
  }
}

/**
 * Fetches an ActivityStreams document from its own origin (FEP-fe34): the id it carries must be the address it was read at. One
 * that names another id is read once more there.
 * @throws NotFetched, DocumentRefusal, FetchRefusal
 */
export async function fetchDocument(federation: Federation, url: string): Promise<Found> {
  const first = await read(federation, url)
  if (first.document.id === first.at) return first.document
  const second = await read(federation, first.document.id)
  if (second.document.id !== second.at) throw new DocumentRefusal('id', `What stands at ${url} has another id than its address.`)
  return second.document
}

/** What stands at an address, whatever id it carries. Believe nothing of it but what its id, fetched, confirms. */
export async function read({ ctx, engine, keyring }: Federation, url: string): Promise<{ document: Found; at: string }> {
  const address = withoutFragment(url)
  if (URL.canParse(address) && isSuspended(ctx.db, new URL(address).host)) throw new HostSuspended(new URL(address).host)
  const key = keyring.signingKey(nodeIri(ctx.config.publicUrl), 'rsa')
  const response = await knock(ctx, new URL(address).host, signer =>
    ctx.fetch.get(address, { accept: ACCEPT_ACTIVITY, sign: request => signer(request, key, ctx.now()) }),
  )
  if (response.status !== 200) throw new NotFetched(`${new URL(address).host} answered ${response.status} for ${address}`, response.status)
  if (!isActivityJson(response.headers['content-type']))
    throw new NotFetched(`What stands at ${address} is not an ActivityStreams document.`)
  const document = parseDocument(response.body)
  guardDocument(document)
  const normalised = await engine.normalise(document)
  if (typeof normalised.id !== 'string' || typeof normalised.type !== 'string')
    throw new DocumentRefusal('id', `What stands at ${address} has no id or no type.`)
  return { document: normalised as Found, at: response.url.href }
}

/** `application/activity+json`, or `application/ld+json` with the ActivityStreams profile; nothing else can be an actor or a post. */
export function isActivityJson(contentType: string | undefined): boolean {
  const [type = '', ...parameters] = (contentType ?? '')
    .toLowerCase()
    .split(';')
    .map(part => part.trim())
  if (type === 'application/activity+json') return true
  return (
    type === 'application/ld+json' &&
    parameters.some(parameter => {
      const profiles = /^profile="?([^"]*)"?$/.exec(parameter)?.[1] ?? ''
      return profiles.split(/\s+/).includes('https://www.w3.org/ns/activitystreams')
    })
  )
}

export function withoutFragment(url: string): string {
  const hash = url.indexOf('#')
  return hash === -1 ? url : url.slice(0, hash)
}
