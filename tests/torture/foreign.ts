import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

const AS = 'https://www.w3.org/ns/activitystreams'
const PUBLIC = `${AS}#Public`
const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const publicKeyPem = pair.publicKey.export({ type: 'spki', format: 'pem' })

type Json = Record<string, unknown>
/** What arrived: the ids of activities, and for each answer to a Follow the id of that Follow. */
export type Arrived = { creates: Set<string>; answers: Map<string, Set<string>> }
export type ForeignHost = { origin: string; arrived: Arrived; close(): void }

/** One server of somebody else: any actor it is asked for exists, and it remembers what was delivered to it. */
export async function startForeignHost(): Promise<ForeignHost> {
  const arrived: Arrived = { creates: new Set(), answers: new Map() }
  let origin = ''

  function take(body: string, response: ServerResponse): void {
    const activity = JSON.parse(body) as { id: string; type: string; object: Json | string }
    if (activity.type === 'Create') arrived.creates.add(activity.id)
    if (activity.type === 'Accept') {
      const follow = typeof activity.object === 'string' ? activity.object : String(activity.object.id)
      arrived.answers.set(follow, (arrived.answers.get(follow) ?? new Set()).add(activity.id))
    }
    response.writeHead(202).end()
  }

  const server = createServer((request: IncomingMessage, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk
    })
    request.on('end', () => {
      if (request.method === 'POST') return take(body, response)
      const [, name] = /^\/users\/(\w+)$/.exec(request.url ?? '') ?? []
      if (!name) return response.writeHead(404).end()
      return response.writeHead(200, { 'content-type': 'application/activity+json' }).end(JSON.stringify(actorDocument(origin, name)))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    arrived,
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

function actorDocument(origin: string, name: string): Json {
  const id = `${origin}/users/${name}`
  return {
    '@context': [AS, 'https://w3id.org/security/v1'],
    ...{ id, type: 'Person', preferredUsername: name, inbox: `${id}/inbox`, outbox: `${id}/outbox` },
    endpoints: { sharedInbox: `${origin}/inbox` },
    publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem },
  }
}

export function follow(actor: string, id: string, object: string): Json {
  return { '@context': AS, id, type: 'Follow', actor, object }
}

export function undo(actor: string, id: string, followed: Json): Json {
  return { '@context': AS, id, type: 'Undo', actor, object: followed }
}

export function create(actor: string, id: string): Json {
  const note = { id: `${id}/note`, type: 'Note', attributedTo: actor, content: '<p>Still here.</p>', to: [PUBLIC] }
  return { '@context': AS, id, type: 'Create', actor, to: [PUBLIC], object: note }
}

/** POSTs a document, signed by its actor. Gives the status, or undefined when no answer came. */
export async function post(inbox: string, document: Json): Promise<number | undefined> {
  const body = JSON.stringify(document)
  const { host, pathname } = new URL(inbox)
  const date = new Date().toUTCString()
  const digest = `SHA-256=${createHash('sha256').update(body).digest('base64')}`
  const base = `(request-target): post ${pathname}\nhost: ${host}\ndate: ${date}\ndigest: ${digest}`
  const value = sign('sha256', Buffer.from(base), pair.privateKey).toString('base64')
  const signature = `keyId="${document.actor}#main-key",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="${value}"`
  const headers = { date, digest, signature, 'content-type': 'application/activity+json' }
  try {
    const answer = await fetch(inbox, { method: 'POST', headers, body, signal: AbortSignal.timeout(15_000) })
    await answer.arrayBuffer().catch(() => {})
    return answer.status
  } catch {
    return undefined
  }
}
