import { z } from 'zod'
import type { NodeFound } from '../../actions/peer.ts'
import { isSuspended } from '../../db/block.ts'
import { LIMITS } from '../../domain/entry-limit.ts'
import { nodeIri } from '../../domain/iri.ts'
import { Refusal } from '../../domain/refusal.ts'
import { readActor } from '../activities/actor.ts'
import { ACCEPT_ACTIVITY } from '../context.ts'
import { HostSuspended, isActivityJson } from '../document.ts'
import type { Federation } from '../federation.ts'
import { DocumentRefusal, guardDocument, parseDocument } from '../guard.ts'
import { inPlainWords } from '../lookup.ts'
import { exportMultikey, importPublicKey } from '../signatures.ts'
import { sameOrigin } from '../wire.ts'

const SERVICE = 'https://www.w3.org/ns/activitystreams#Service'
const APPLICATION = 'https://www.w3.org/ns/activitystreams#Application'
const Links = z.object({ links: z.array(z.looseObject({ rel: z.string(), href: z.string().max(2048).optional() })).max(100) })
// Small documents; nobody needs more room to say who he is.
const MOST_BYTES = 131_072

/** Where stands what can't be a node: not there, not a node actor, or without a key to sign with. */
export class NoNode extends Error {
  override name = 'NoNode'
}

/**
 * Finds the node behind any address of it: by WebFinger (FEP-d556), by NodeInfo (FEP-2677), or where nodes of this kind have it.
 * @throws Refusal that says what was wrong, for a person to read
 */
export async function findNode(federation: Federation, text: string): Promise<NodeFound> {
  const address = URL.canParse(text.trim()) ? new URL(text.trim()) : undefined
  if (!address || !/^https?:$/.test(address.protocol))
    throw new Refusal('invalid', `“${text}” is not an address, such as https://example.org.`, [], { code: 'noNodeAddress', text })
  const { origin } = address
  try {
    return await readNode(federation, (await announced(federation, origin)) ?? nodeIri(origin))
  } catch (error) {
    if (error instanceof NoNode) throw new Refusal('missing', error.message, [], { code: 'noNode', origin })
    throw inPlainWords(error, origin)
  }
}

async function announced(federation: Federation, origin: string): Promise<string | undefined> {
  const resource = encodeURIComponent(`${origin}/`)
  for (const [path, rel] of [
    [`/.well-known/webfinger?resource=${resource}`, SERVICE],
    ['/.well-known/nodeinfo', APPLICATION],
  ] as const) {
    const { status, body } = await ask(federation, `${origin}${path}`, 'application/jrd+json, application/json')
    const found = status === 200 ? Links.safeParse(parsed(body)) : undefined
    const href = found?.data?.links.find(link => link.rel === rel)?.href
    if (href && sameOrigin(href, origin)) return href
  }
  return undefined
}

/** Reads a node's actor at its own address. @throws NoNode, FetchRefusal, DocumentRefusal, HostSuspended */
export async function readNode(federation: Federation, node: string): Promise<NodeFound> {
  const { status, headers, body, address } = await ask(federation, node, ACCEPT_ACTIVITY)
  if (status !== 200 || !isActivityJson(headers['content-type'])) throw new NoNode(`There is no node at ${node}.`)
  const document = parseDocument(body)
  guardDocument(document)
  const news = readActor(await federation.engine.normalise(document), federation.ctx.now())
  const key = news?.keys.find(({ algorithm }) => algorithm === 'ed25519')
  if (news?.actor.id !== node || !['Application', 'Service'].includes(news.actor.type) || !key)
    throw new NoNode(`What stands at ${node} is not the actor of a node.`)
  return { node, inbox: news.actor.inbox, signer: exportMultikey(importPublicKey(key.publicKey).key), address }
}

async function ask({ ctx }: Federation, url: string, accept: string) {
  const { host } = new URL(url)
  if (isSuspended(ctx.db, host)) throw new HostSuspended(host)
  return ctx.fetch.get(url, { accept, maxBytes: MOST_BYTES, timeoutMs: LIMITS.pageTime, redirects: 0 })
}

function parsed(body: Buffer): unknown {
  try {
    return parseDocument(body)
  } catch (error) {
    if (error instanceof DocumentRefusal) return undefined
    throw error
  }
}
