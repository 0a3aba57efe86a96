import { createHash, generateKeyPairSync } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import canonicalize from 'canonicalize'
import type { Test } from 'tap'
import { EMPTY_HASH, leafHash, parentHash, type TreeLeafItem } from '../../src/db/tree.ts'
import { entryKey } from '../../src/domain/entry.ts'
import { CONTEXT } from '../../src/federation/context.ts'
import { addProof } from '../../src/federation/proofs.ts'
import { exportMultikey } from '../../src/federation/signatures.ts'

type Json = Record<string, unknown>
/** Answers a request, or says false to have it answered as an honest node would. */
export type Trick = (request: IncomingMessage, response: ServerResponse, url: URL, body: string) => boolean | undefined
export type EvilNode = Awaited<ReturnType<typeof startEvilNode>>

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })

/** A node that speaks the exchange with a key of its own, lists what it is told to list, and does to each request what `trick` says. */
export async function startEvilNode(t: Test, name = 'localhost') {
  const { privateKey } = generateKeyPairSync('ed25519')
  const documents = new Map<string, string>()
  const lines: Json[] = []
  const asked: string[] = []
  const actors = new Map<string, Json>()
  let trick: Trick = () => false
  let epoch = 'evil'
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk as Buffer))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', origin)
      asked.push(`${request.method} ${request.url}`)
      const body = Buffer.concat(chunks).toString()
      if (!trick(request, response, url, body)) answer(response, url, request.method === 'POST' ? body : undefined)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    return new Promise(resolve => server.close(resolve))
  })
  const origin = `http://${name}:${(server.address() as AddressInfo).port}`
  const node = `${origin}/node`
  const keyId = `${node}#ed25519-key`

  function json(response: ServerResponse, value: unknown, type = 'application/json', status = 200): void {
    response.writeHead(status, { 'content-type': type }).end(JSON.stringify(value))
  }

  function answer(response: ServerResponse, url: URL, body: string | undefined): void {
    const after = Number(url.searchParams.get('after') ?? 0)
    const limit = Number(url.searchParams.get('limit') ?? 100)
    const rest = lines.filter(line => (line.c as number) > after)
    const some = rest.slice(0, limit)
    const next = rest.length > limit ? { next: some.at(-1)!.c } : {}
    const { pathname } = url
    if (pathname === '/node') json(response, actor(node, 'Application', 'node'), 'application/activity+json')
    else if (actors.has(pathname)) json(response, actors.get(pathname), 'application/activity+json')
    else if (pathname === '/directory/feed') json(response, { epoch, items: some, ...next, newest: lines.at(-1)?.c ?? 0 })
    else if (pathname === '/directory/entries' && body !== undefined) {
      const { hashes } = JSON.parse(body) as { hashes: string[] }
      json(response, { items: hashes.flatMap(hash => (documents.has(hash) ? [JSON.parse(documents.get(hash)!)] : [])) })
    } else if (pathname === '/directory/entries')
      json(response, { epoch, items: some.map(({ c, h }) => ({ c, entry: JSON.parse(documents.get(h as string)!) })), ...next })
    else if (pathname === '/directory/tree') {
      const prefixes = (url.searchParams.get('p') ?? '').split(',')
      const nodes = prefixes.map(p => ({ p, children: childrenOf(p).map(child => child?.toString('hex') ?? null) }))
      json(response, { epoch, root: (hashAt('') ?? EMPTY_HASH).toString('hex'), nodes })
    } else if (pathname === '/directory/leaf') {
      const prefixes = url.searchParams.get('p')!.split(',')
      const leaves = prefixes.map(p => ({
        p,
        items: itemsAt(p).map(({ key, seq, hash }) => [key.toString('hex'), seq, hash.toString('hex')]),
      }))
      json(response, { epoch, leaves })
    } else if (pathname === '/directory/confirmations')
      json(response, page({ type: 'Confirmations', id: url.href, attributedTo: node, epoch, items: [], upTo: 0 }))
    else json(response, { error: 'nothing' }, 'application/json', 404)
  }

  // The tree over what it lists, made anew when that has changed: by prefix the leaves' items, and every node's hash.
  let tree = { of: '', leaves: new Map<string, TreeLeafItem[]>(), sums: new Map<string, Buffer>() }
  function treeNow() {
    const of = `${lines.length} ${String(lines[0]?.h)} ${String(lines.at(-1)?.h)}`
    if (of === tree.of) return tree
    const leaves = new Map<string, TreeLeafItem[]>()
    const newest = [...new Map(lines.map(line => [line.k as string, line])).values()]
    for (const { k, seq, h } of newest.sort((a, b) => ((a.k as string) < (b.k as string) ? -1 : 1))) {
      const item = { key: Buffer.from(k as string, 'hex'), seq: seq as number, hash: Buffer.from(h as string, 'hex') }
      const p = (k as string).slice(0, 4)
      leaves.set(p, [...(leaves.get(p) ?? []), item])
    }
    const sums = new Map([...leaves].map(([p, items]): [string, Buffer] => [p, leafHash(items)!]))
    for (let level = 3; level >= 0; level--) {
      for (const p of new Set([...leaves.keys()].map(leaf => leaf.slice(0, level)))) {
        const present = children(sums, p).flatMap((child, at): [number, Buffer][] => (child ? [[at, child]] : []))
        sums.set(p, parentHash(new Map(present), 0)!)
      }
    }
    tree = { of, leaves, sums }
    return tree
  }
  const children = (sums: Map<string, Buffer>, p: string) => Array.from({ length: 16 }, (_, at) => sums.get(p + at.toString(16)))
  const itemsAt = (p: string) => treeNow().leaves.get(p) ?? []
  const childrenOf = (p: string) => children(treeNow().sums, p)
  const hashAt = (p: string) => treeNow().sums.get(p)

  function actor(id: string, type: string, handle: string, more: Json = {}): Json {
    const publicKeyPem = rsa.publicKey.export({ type: 'spki', format: 'pem' })
    return {
      '@context': CONTEXT,
      id,
      type,
      preferredUsername: handle,
      inbox: `${id}/inbox`,
      outbox: `${id}/outbox`,
      publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem },
      assertionMethod: [{ id: keyId, type: 'Multikey', controller: id, publicKeyMultibase: exportMultikey(privateKey) }],
      ...more,
    }
  }

  const page = (value: Json): Json => addProof(value, { id: keyId, algorithm: 'ed25519', privateKey }, new Date())

  return {
    url: origin,
    node,
    asked,
    lines,
    documents,
    page,
    json,
    actor,
    serveActor: (id: string, document: Json) => void actors.set(new URL(id).pathname, document),
    setTrick(next: Trick) {
      trick = next
    },
    setEpoch(next: string) {
      epoch = next
    },
    /** Lists a document as if it had been checked. */
    list(document: Json, line: Json = {}): string {
      const text = canonicalize(document)!
      const h = createHash('sha256').update(text).digest('hex')
      const k = entryKey(document.attributedTo as string)
      documents.set(h, text)
      lines.push({ c: lines.length + 1, k, seq: document.seq, h, t: document.type === 'Tombstone' ? 'tombstone' : 'entry', ...line })
      return h
    },
  }
}
