import cors from '@fastify/cors'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { signerDigest } from '../actions/entry.ts'
import { epochOf } from '../db/epoch.ts'
import { databaseFault, explainFault } from '../db/fault.ts'
import { recordsAfter, recordsByHash } from '../db/record.ts'
import { feedAfter, newestRecord, sightsAfter } from '../db/record-page.ts'
import { treeChildren, treeLeaf, treeRoot } from '../db/tree.ts'
import { type Entry, signerOf } from '../domain/entry.ts'
import { LIMITS } from '../domain/entry-limit.ts'
import { nodeIri } from '../domain/iri.ts'
import { changesCollection, changesPage } from './activities/hint.ts'
import { ACTIVITY_JSON } from './context.ts'
import { sendPacked } from './exchange/packed.ts'
import { BadParameter, onlyThese, readNumber, readPrefixes } from './exchange/parameters.ts'
import type { Federation } from './federation.ts'
import { addProof } from './proofs.ts'

const LARGEST_QUESTION = 32_768
const FRESH = 'public, max-age=30'
const FOR_EVER = 'public, max-age=31536000, immutable'

/**
 * What this node has checked, for other nodes and for anybody else: the feed, the entries, the tree over them and what this node has seen
 * itself (FEDERATION.md, "Exchange of entries"). Registered under /directory. Public like the directory, whoever asks.
 */
export async function exchangeRoutes(app: FastifyInstance, { federation }: { federation: Federation }): Promise<void> {
  const { db, config, now } = federation.ctx
  const origin = config.publicUrl
  await app.register(cors, { origin: '*', methods: ['GET', 'HEAD', 'POST'], maxAge: 86_400 })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LARGEST_QUESTION }, (_request, body, done) => done(null, body))
  app.setErrorHandler(answerError)

  app.get('/feed', (request, reply) => {
    const { after, limit } = range(request, LIMITS.feedPage)
    const items = feedAfter(db, after, limit).map(({ k, h, ...rest }) => ({ ...rest, k: k.toString('hex'), h: h.toString('hex') }))
    const next = items.length === limit ? items.at(-1)!.c : undefined
    return send(request, reply, JSON.stringify({ epoch: epochOf(db), items, next, newest: newestRecord(db) }))
  })

  app.get('/entries', (request, reply) => {
    const { after, limit } = range(request, LIMITS.documentPage)
    const rows = recordsAfter(db, after, limit)
    const next = rows.length === limit ? `,"next":${rows.at(-1)!.id}` : ''
    const items = rows.map(({ id, text }) => `{"c":${id},"entry":${text}}`).join(',')
    return send(request, reply, `{"epoch":${JSON.stringify(epochOf(db))},"items":[${items}]${next}}`)
  })

  app.get<{ Params: { hash: string } }>('/entries/:hash', (request, reply) => {
    onlyThese(request.query, [])
    const { hash } = request.params
    const [record] = /^[0-9a-f]{64}$/.test(hash) ? recordsByHash(db, [Buffer.from(hash, 'hex')]) : []
    if (!record)
      return reply.code(404).header('cache-control', 'no-store').send({ error: 'This node has no such entry, or has not checked it.' })
    return send(request, reply, record.text, FOR_EVER)
  })

  app.post('/entries', (request, reply) => {
    onlyThese(request.query, [])
    const found = new Map(recordsByHash(db, hashesIn(request.body)).map(record => [record.hash!.toString('hex'), record.text]))
    return send(request, reply, `{"items":[${[...found.values()].join(',')}]}`, 'no-store')
  })

  app.get('/tree', (request, reply) => {
    onlyThese(request.query, ['p'])
    const prefixes = readPrefixes(request.query, { least: 0, most: 3, limit: LIMITS.treePage, whenMissing: [''] })
    const nodes = treeChildren(db, prefixes).map(({ prefix, children }) => ({
      p: prefix,
      children: children.map(child => child?.toString('hex') ?? null),
    }))
    return send(request, reply, JSON.stringify({ epoch: epochOf(db), root: treeRoot(db).toString('hex'), nodes }))
  })

  app.get('/leaf', (request, reply) => {
    onlyThese(request.query, ['p'])
    const leaves: { p: string; items: [string, number, string][] }[] = []
    let lines = 0
    for (const p of readPrefixes(request.query, { least: 4, most: 4, limit: LIMITS.treePage })) {
      const items = treeLeaf(db, p).map(({ key, seq, hash }): [string, number, string] => [key.toString('hex'), seq, hash.toString('hex')])
      lines += items.length
      // The first is always answered, so that whoever asks for what is missing gets on.
      if (leaves.length > 0 && lines > LIMITS.leafPage) break
      leaves.push({ p, items: items.slice(0, LIMITS.leafPage) })
    }
    return send(request, reply, JSON.stringify({ epoch: epochOf(db), leaves }))
  })

  app.get('/confirmations', (request, reply) => {
    const { after, limit } = range(request, LIMITS.confirmationPage)
    const seen = sightsAfter(db, after, limit)
    const items = seen.flatMap(({ key, text, seq, at }) => {
      const signer = signerOf(JSON.parse(text) as Entry)
      return signer ? [{ k: key.toString('hex'), signer: signerDigest(signer).toString('hex'), seq, at: at.toISOString() }] : []
    })
    const next = seen.length === limit ? seen.at(-1)!.c : undefined
    const upTo = seen.at(-1)?.c ?? after
    const page = {
      type: 'Confirmations',
      id: `${origin}/directory/confirmations?after=${after}&limit=${limit}`,
      attributedTo: nodeIri(origin),
      epoch: epochOf(db),
      items,
      upTo,
      ...(next === undefined ? {} : { next }),
    }
    // The same page has the same proof, so that it can be cached.
    const newest = seen.reduce((latest, { at }) => (at > latest ? at : latest), new Date(0))
    const key = federation.keyring.signingKey(nodeIri(origin), 'ed25519')
    return send(request, reply, JSON.stringify(addProof(page, key, seen.length > 0 && newest < now() ? newest : now())))
  })

  app.get('/changes', (request, reply) => {
    onlyThese(request.query, ['after', 'limit'])
    const paged = Object.keys(request.query as object).length > 0
    const { after, limit } = range(request, LIMITS.documentPage)
    const document = paged ? changesPage(origin, recordsAfter(db, after, limit), after, limit) : changesCollection(origin, newestRecord(db))
    return send(request, reply, JSON.stringify(document), FRESH, `${ACTIVITY_JSON}; charset=utf-8`)
  })
}

function range({ query }: FastifyRequest, most: number): { after: number; limit: number } {
  onlyThese(query, ['after', 'limit'])
  return {
    after: readNumber(query, 'after', { least: 0, most: Number.MAX_SAFE_INTEGER, otherwise: 0 }),
    limit: readNumber(query, 'limit', { least: 1, most, otherwise: most }),
  }
}

function hashesIn(body: unknown): Buffer[] {
  let hashes: unknown
  try {
    hashes = (JSON.parse((body as Buffer).toString('utf8')) as { hashes?: unknown } | null)?.hashes
  } catch {
    // Whatever it was, it was no list of hashes.
  }
  const known = Array.isArray(hashes) && hashes.length <= LIMITS.documentPage && hashes.every(hash => /^[0-9a-f]{64}$/.test(String(hash)))
  if (!known) throw new BadParameter('hashes', `hashes must be a list of at most ${LIMITS.documentPage} SHA-256 in hex: {"hashes":["…"]}.`)
  return [...new Set(hashes as string[])].map(hash => Buffer.from(hash, 'hex'))
}

function send(request: FastifyRequest, reply: FastifyReply, body: string, cache = FRESH, type = 'application/json; charset=utf-8') {
  return sendPacked(request, reply.header('cache-control', cache).type(type), body)
}

function answerError(error: FastifyError | BadParameter, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.header('cache-control', 'no-store').type('application/json; charset=utf-8')
  if (error instanceof BadParameter) return reply.code(400).send({ error: error.message, parameter: error.parameter })
  const fault = databaseFault(error)
  if (fault) {
    request.log.error({ err: error, reason: fault }, 'the database does not work')
    return reply.code(503).header('retry-after', explainFault(fault).retryAfter).send({ error: 'Not now. Try again later.' })
  }
  const status = error.statusCode ?? 500
  if (status < 500) return reply.code(status).send({ error: 'This request could not be read.' })
  request.log.error(error)
  return reply.code(500).send({ error: 'Something broke here. It has been written to the log of this node.' })
}
