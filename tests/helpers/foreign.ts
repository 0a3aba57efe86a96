import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { type SigningKey, signCavage } from '../../src/federation/signatures.ts'

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const AS = 'https://www.w3.org/ns/activitystreams'
const PUBLIC = `${AS}#Public`

type Json = Record<string, unknown>
type Answer = { status?: number; body?: unknown; type?: string; headers?: Record<string, string> }

/**
 * A server of somebody else: serves what it is told to, signs what it is told to, and remembers what is sent to it.
 * Its first actor is `mallory`, with one RSA key. Another name than localhost is for fetchers that know where it is.
 */
export async function startForeign(t: Test, { name = 'localhost', who = 'mallory', keys = pair } = {}) {
  const answers = new Map<string, Answer | ((headers: IncomingHttpHeaders) => Answer)>()
  const asked: string[] = []
  const inbox: Json[] = []
  let inboxAnswer: Answer | ((headers: IncomingHttpHeaders) => Answer) = { status: 202 }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk as Buffer))
    request.on('end', () => {
      asked.push(`${request.method} ${request.url}`)
      const found = answers.get(request.url ?? '')
      const told = request.method === 'POST' ? inboxAnswer : found
      const answer = typeof told === 'function' ? told(request.headers) : told
      if (request.method === 'POST') inbox.push(JSON.parse(Buffer.concat(chunks).toString()) as Json)
      response.writeHead(answer ? (answer.status ?? 200) : 404, {
        'content-type': answer?.type ?? 'application/activity+json',
        ...answer?.headers,
      })
      response.end(answer?.body === undefined ? '' : typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise(resolve => server.close(resolve)))
  const origin = `http://${name}:${(server.address() as AddressInfo).port}`
  let count = 0

  const actor = (name: string, publicKey: KeyObject = keys.publicKey, more: Json = {}): Json => ({
    '@context': [AS, 'https://w3id.org/security/v1', { toot: 'http://joinmastodon.org/ns#', discoverable: 'toot:discoverable' }],
    id: `${origin}/users/${name}`,
    type: 'Person',
    preferredUsername: name,
    name,
    inbox: `${origin}/users/${name}/inbox`,
    outbox: `${origin}/users/${name}/outbox`,
    endpoints: { sharedInbox: `${origin}/inbox` },
    publicKey: {
      id: `${origin}/users/${name}#main-key`,
      owner: `${origin}/users/${name}`,
      publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }),
    },
    ...more,
  })
  const serve = (path: string, answer: Answer | ((headers: IncomingHttpHeaders) => Answer)) => void answers.set(path, answer)
  const me = `${origin}/users/${who}`
  serve(`/users/${who}`, { body: actor(who) })
  serve(`/.well-known/webfinger?resource=${encodeURIComponent(`acct:${who}@${new URL(origin).host}`)}`, {
    type: 'application/jrd+json',
    body: { subject: `acct:${who}@${new URL(origin).host}`, links: [{ rel: 'self', type: 'application/activity+json', href: me }] },
  })
  const key: SigningKey = { id: `${me}#main-key`, algorithm: 'rsa', privateKey: keys.privateKey }

  return {
    origin,
    host: new URL(origin).host,
    me,
    key,
    asked,
    inbox,
    serve,
    actor,
    answerInbox(answer: typeof inboxAnswer) {
      inboxAnswer = answer
    },
    newId: () => `${origin}/activities/${++count}`,
    activity: (type: string, object: unknown, more: Json = {}): Json => ({
      '@context': AS,
      id: `${origin}/activities/${++count}`,
      type,
      actor: me,
      object,
      ...more,
    }),
    note: (content: string, more: Json = {}): Json => ({
      id: `${origin}/notes/${++count}`,
      type: 'Note',
      attributedTo: me,
      content,
      to: [PUBLIC],
      published: new Date().toISOString(),
      ...more,
    }),
    /** POSTs a document, signed as it should be unless told otherwise. */
    async send(
      url: string,
      document: Json | string,
      { headers = {}, sign = key, body }: { headers?: Record<string, string | undefined>; sign?: SigningKey | null; body?: string } = {},
    ) {
      const bytes = Buffer.from(typeof document === 'string' ? document : JSON.stringify(document))
      const signed = sign ? await signCavage({ method: 'POST', url: new URL(url), body: bytes }, sign, new Date()) : {}
      const all = Object.entries({ 'content-type': 'application/activity+json', ...signed, ...headers }).filter(
        (pair): pair is [string, string] => pair[1] !== undefined && pair[0] !== 'host',
      )
      const response = await fetch(url, { method: 'POST', headers: Object.fromEntries(all), body: body ?? bytes })
      return { status: response.status, text: await response.text() }
    },
  }
}
export type Foreign = Awaited<ReturnType<typeof startForeign>>
