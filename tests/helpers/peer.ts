import { createHash, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

export type Json = Record<string, unknown>
/** A request as it arrived, and what is wrong with its signature in the eyes of the peer's software. */
export type Asked = { method: string; path: string; headers: IncomingHttpHeaders; body: Buffer; fault: string | undefined }

/** How a server of some software behaves, where it matters to us. */
export type Manners = {
  /** Ids of its actor and of the key. */
  actor: (origin: string) => string
  keyId: (actor: string) => string
  /** The actor's document, but for id, key and inbox. */
  profile: (actor: string) => Json
  /** Path of its inbox. */
  inbox: string
  sharedInbox?: string
  /** What its documents, and its POSTs, are said to be. */
  type?: string
  /** The algorithm it names, and what it signs, in its order. */
  algorithm: string
  covers: string[]
  /** What it answers to a POST or a GET (404 is for it to say; undefined serves what there is). */
  judge: (asked: Asked) => number | undefined
  /** What stands at an address of its own, besides the actor. */
  serve?: (asked: Asked, actor: Json) => Json | undefined
}

export type Peer = Awaited<ReturnType<typeof startPeer>>

/** A server of that software: its own signatures and its own checks, none of ours. */
export async function startPeer(t: Test, manners: Manners) {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }) as string
  const inbox: Json[] = []
  const asked: Asked[] = []
  const extra = new Map<string, Json>()
  let gone = false
  const type = manners.type ?? 'application/activity+json'

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk as Buffer))
    request.on('end', async () => {
      const { method = '', url: path = '', headers } = request
      const body = Buffer.concat(chunks)
      const it: Asked = { method, path, headers, body, fault: undefined }
      it.fault = await faultOf(it)
      asked.push(it)
      const status = manners.judge(it)
      if (method === 'POST') {
        if ((status ?? 202) < 300) inbox.push(JSON.parse(body.toString()) as Json)
        return response.writeHead(status ?? 202).end()
      }
      if (gone) return response.writeHead(410).end()
      const { pathname, search } = new URL(me)
      const document = manners.serve?.(it, actor) ?? extra.get(path) ?? (path === `${pathname}${search}` ? actor : undefined)
      if (status !== undefined || !document) return response.writeHead(status ?? 404).end()
      return response.writeHead(200, { 'content-type': type }).end(JSON.stringify(document))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise(resolve => server.close(resolve)))
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`
  const me = manners.actor(origin)
  const actor: Json = {
    ...manners.profile(me),
    id: me,
    inbox: `${origin}${manners.inbox}`,
    publicKey: { id: manners.keyId(me), owner: me, publicKeyPem },
    ...(manners.sharedInbox ? { endpoints: { sharedInbox: `${origin}${manners.sharedInbox}` } } : {}),
  }

  return {
    ...{ origin, me, actor, inbox, asked, publicKeyPem },
    /** Puts a document at its id. */
    put: (document: Json) => void extra.set(new URL(String(document.id)).pathname + new URL(String(document.id)).search, document),
    /** From now on nothing is here any more. */
    vanish() {
      gone = true
    },
    heard: (type: string) => inbox.filter(activity => activity.type === type),
    /** Faults of the signatures of everything it was asked with `method`. */
    faults: (method: string) => asked.filter(it => it.method === method).flatMap(it => it.fault ?? []),
    /** POSTs a document as its software does. */
    async send(url: string, document: Json): Promise<number> {
      const body = JSON.stringify(document)
      const { host, pathname } = new URL(url)
      const date = new Date().toUTCString()
      const digest = `SHA-256=${createHash('sha256').update(body).digest('base64')}`
      const values: Json = { '(request-target)': `post ${pathname}`, host, date, digest, 'content-type': type }
      const base = manners.covers.map(name => `${name}: ${values[name]}`).join('\n')
      const value = sign('sha256', Buffer.from(base), privateKey).toString('base64')
      const signature = `keyId="${manners.keyId(me)}",algorithm="${manners.algorithm}",headers="${manners.covers.join(' ')}",signature="${value}"`
      const response = await fetch(url, { method: 'POST', headers: { date, digest, signature, 'content-type': type }, body })
      await response.arrayBuffer()
      return response.status
    },
  }
}

/** Checks a draft-cavage signature the way most servers do, with nothing of this project. */
async function faultOf({ method, path, headers, body }: Asked): Promise<string | undefined> {
  const signature = String(headers.signature ?? '')
  if (!signature) return 'unsigned'
  if (headers['signature-input']) return 'RFC 9421'
  const parameter = (name: string) => new RegExp(`(?:^|,)${name}="([^"]*)"`).exec(signature)?.[1] ?? ''
  const covered = parameter('headers').split(' ')
  const needed = ['(request-target)', 'host', 'date', ...(method === 'POST' ? ['digest'] : [])]
  if (needed.some(name => !covered.includes(name))) return `covers only ${covered.join(' ')}`
  if (Math.abs(Date.now() - Date.parse(String(headers.date))) > 30_000) return 'date'
  if (method === 'POST' && headers.digest !== `SHA-256=${createHash('sha256').update(body).digest('base64')}`) return 'digest'
  const base = covered.map(name => `${name}: ${name === '(request-target)' ? `${method.toLowerCase()} ${path}` : headers[name]}`)
  const [keyAddress = ''] = parameter('keyId').split('#')
  const owner = await fetch(keyAddress, { headers: { accept: 'application/activity+json' } })
  const { publicKey } = (await owner.json()) as { publicKey?: { id: string; publicKeyPem: string } }
  if (publicKey?.id !== parameter('keyId')) return 'key'
  const good = verify(
    'sha256',
    Buffer.from(base.join('\n')),
    createPublicKey(publicKey.publicKeyPem),
    Buffer.from(parameter('signature'), 'base64'),
  )
  return good ? undefined : 'signature'
}
