import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { actorOf, ownerOfKey } from '../db/actor.ts'
import { localCommunity } from '../db/community.ts'
import { reading } from '../db/open.ts'
import { traced } from '../lib/trace.ts'
import { isActivityJson, withoutFragment } from './document.ts'
import type { Federation } from './federation.ts'
import { heedFollowers } from './followers-sync.ts'
import { DocumentRefusal, guardDocument, parseDocument } from './guard.ts'
import { receive } from './inbox.ts'
import { nameNameless } from './nameless.ts'
import { createPace } from './pace.ts'
import { proofKeyId, verifyProof } from './proofs.ts'
import { refuseBarred } from './reader.ts'
import { objectId, type Received } from './received.ts'
import { refusalReason } from './refusal-reason.ts'
import { refuse } from './refuse.ts'
import { SenderRefusal, type Senders } from './sender.ts'
import { readSignature, type SignatureClaim } from './signatures.ts'
import { reference, sameOrigin } from './wire.ts'

const LARGEST_BODY = 1 << 20
const Activity = z.looseObject({ id: z.string(), type: z.string(), actor: z.tuple([reference]) })

/**
 * The inboxes. In order of cost: size and type, what the signature claims, its digest and date, the shape of the document, whose key
 * it is, the signature itself, how much its server has sent; then the document is read as JSON-LD, and only what that says decides who
 * speaks. 202 means written down.
 */
export function inboxRoutes(app: FastifyInstance, federation: Federation, senders: Senders): void {
  const { ctx, engine } = federation
  const keepPace = createPace(federation)

  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LARGEST_BODY }, (_request, body, done) => done(null, body))
  app.setErrorHandler((error, request, reply) => {
    federation.counters.add('refused', refusalReason(error))
    return refuse(error, request, reply)
  })

  async function post(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const read = reading(ctx.db, () => examine(request))
    if (!read) return reply.code(202).send()
    const { claim, nameless } = read
    const { sender, said, direct } = await read.proven
    // Of the one who made the request it has just been asked.
    if (!direct) refuseBarred(ctx.db, sender.id)
    const activity = { ...(await authorised(said, sender.id)), sender }
    if (nameless) activity.object = objectId(activity.object)
    const why = await receive(federation, activity)
    // After the activity has had its effect: it may be the very answer that was missing.
    if (direct) heedFollowers(federation, sender, request.headers, claim)
    federation.counters.add('received', why ? 'no effect' : 'effect')
    request.log.debug({ id: activity.id, type: activity.type, sender: sender.id, why: why ?? 'done' }, 'activity received')
    return reply.code(202).send()
  }

  /** All that needs no waiting, and the beginning of what may. Undefined for what would come to nothing anyway. */
  function examine(request: FastifyRequest) {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const claim = readSignature({ method: 'POST', target: request.url, headers: request.headers, body }, ctx.config.publicUrl, ctx.now())
    refuseBarred(ctx.db, claim.keyId)
    const { 'content-type': type, 'content-encoding': encoding = 'identity' } = request.headers
    if (!isActivityJson(type) || encoding !== 'identity')
      throw Object.assign(new Error('Send application/activity+json, not compressed.'), { code: 'media-type', statusCode: 415 })
    const document = parseDocument(body)
    const nameless = nameNameless(document, body, request.headers)
    guardDocument(document)
    const speaker = speakerOf(document, claim)
    return forgottenAnyway(document, speaker) ? undefined : { claim, nameless, proven: proven(document, speaker, claim) }
  }

  /** The activity as JSON-LD reads it, if it is its sender's to say. */
  async function authorised(document: Record<string, unknown>, sender: string): Promise<Omit<Received, 'sender'>> {
    const activity = Activity.safeParse(await engine.normalise(document))
    if (!activity.success) throw new DocumentRefusal('shape', 'An activity needs an id, a type and one actor.')
    const { id, type, actor, object, target, instrument, content, published } = activity.data
    if (actor[0] !== sender) throw new SenderRefusal('owner', 'The signature is not its actor’s.')
    if (!sameOrigin(id, sender)) throw new SenderRefusal('owner', 'An activity lives where its actor lives.')
    return { id, type, object, target, instrument, content, published }
  }

  /** Who is said to speak. Nothing is fetched for a key that could not be theirs. */
  function speakerOf(document: Record<string, unknown>, claim: SignatureClaim): string {
    const actor = reference.safeParse(document.actor)
    if (!actor.success) throw new DocumentRefusal('shape', 'An activity needs one actor.')
    if (actor.data !== withoutFragment(claim.keyId)) refuseBarred(ctx.db, actor.data)
    if (!sameOrigin(actor.data, claim.keyId) && !provenBy(document, actor.data))
      throw new SenderRefusal('owner', 'The key does not live where its actor lives.')
    return actor.data
  }

  // The id of the key of a proof that could be the speaker's own.
  function provenBy(document: Record<string, unknown>, speaker: string): string | undefined {
    const keyId = proofKeyId(document)
    return keyId && sameOrigin(keyId, speaker) ? keyId : undefined
  }

  /** Who speaks, and what of the document is really theirs: all of it if they made the request, what their proof covers if it was passed on. */
  async function proven(document: Record<string, unknown>, speaker: string, claim: SignatureClaim) {
    const owner = ownerOfKey(ctx.db, claim.keyId)
    let tried = 0
    const signer = await senders.prove(claim.keyId, key => {
      tried++
      return claim.verify(key)
    })
    // Where nothing had to be fetched, this is the one that was asked about a moment ago.
    if (signer.id !== owner || tried > 1) refuseBarred(ctx.db, signer.id)
    keepPace(signer.id)
    if (signer.id === speaker) return { sender: signer, said: document, direct: true }
    const keyId = provenBy(document, speaker)
    if (!keyId) throw new SenderRefusal('owner', 'The signature is not its actor’s.')
    let said: Record<string, unknown> | undefined
    const sender = await senders.prove(keyId, key => {
      said = verifyProof(document, key, ctx.now())
      return said !== undefined
    })
    if (!said) throw new SenderRefusal('forged', 'The proof does not verify.')
    return { sender, said, direct: false }
  }

  // Servers tell everybody when an account is deleted, and then its key can't be had any more. If we never knew it there is nothing to do.
  function forgottenAnyway(document: Record<string, unknown>, speaker: string): boolean {
    return document.type === 'Delete' && objectId(document.object) === speaker && !actorOf(ctx.db, speaker)
  }

  // An inbox is only written to here (RFC 9110 section 15.5.6).
  const onlyPost = (_request: FastifyRequest, reply: FastifyReply) =>
    reply.code(405).header('allow', 'POST').send({ error: 'This inbox takes POST only.' })
  for (const path of ['/inbox', '/node/inbox', '/c/:handle/inbox']) app.get(path, onlyPost)
  const take = (request: FastifyRequest, reply: FastifyReply) => traced('inbox', describeRequest, post, request, reply)
  app.post('/inbox', take)
  app.post('/node/inbox', take)
  app.post<{ Params: { handle: string } }>('/c/:handle/inbox', async (request, reply) => {
    if (localCommunity(ctx.db)?.handle !== request.params.handle.toLowerCase())
      throw Object.assign(new Error('Nobody here has this inbox.'), { code: 'no-such-inbox', statusCode: 404 })
    return take(request, reply)
  })
}

const describeRequest = ({ url, ip }: FastifyRequest) => ({ path: url, ip })
