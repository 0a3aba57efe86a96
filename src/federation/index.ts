import type { FastifyInstance, FastifyReply } from 'fastify'
import { activityByIri } from '../db/activity.ts'
import { publicEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { databaseFault, explainFault } from '../db/fault.ts'
import { openReplies, openReplyCount, postById, postByIri } from '../db/post.ts'
import { quoteByStamp } from '../db/quote.ts'
import { reactionCounts } from '../db/reaction.ts'
import { recordOf } from '../db/record.ts'
import { activityIri, communityIri, nodeIri, objectIri, quoteIri } from '../domain/iri.ts'
import { isOpen, type Post } from '../domain/post.ts'
import { communityActor, essenceNote, hashtags, nodeActor } from './activities/community.ts'
import { featuredItems } from './activities/featured.ts'
import { charterArticle, repliesTo } from './activities/post.ts'
import { quoteAuthorization } from './activities/quote.ts'
import { ACTIVITY_JSON, CONTEXT } from './context.ts'
import type { CollectionName } from './engine.ts'
import type { Federation } from './federation.ts'
import { followersSyncRoutes } from './followers-sync.ts'
import { inboxRoutes } from './inbox-route.ts'
import { postDocument } from './post-document.ts'
import { proven } from './proven.ts'
import { createReaders, forThisReader, mayRead } from './reader.ts'
import { searchRoute } from './search-route.ts'
import { createSenders } from './sender.ts'
import { wellKnownRoutes } from './well-known.ts'

const MOST_REPLIES = 50
const COLLECTIONS: CollectionName[] = ['outbox', 'followers', 'following']
const activity = { constraints: { representation: 'activity' } }

/** Everything the fediverse asks of this node. Registered beside the web, which serves people at the same addresses. */
export async function federationRoutes(app: FastifyInstance, { federation }: { federation: Federation }): Promise<void> {
  const { ctx, engine } = federation
  const origin = ctx.config.publicUrl

  app.removeAllContentTypeParsers()
  app.setErrorHandler((error, request, reply) => {
    const fault = databaseFault(error)
    request.log.error({ err: error, reason: fault ?? 'unforeseen' }, 'could not answer')
    if (fault) return reply.code(503).header('retry-after', explainFault(fault).retryAfter).send({ error: 'Not now. Try again later.' })
    return reply.code(500).send({ error: 'Something went wrong here. It has been written down.' })
  })
  const senders = createSenders(federation)
  const readers = createReaders(federation, senders)
  app.addHook('preHandler', readers.admit)
  wellKnownRoutes(app, federation)
  app.register(async scope => inboxRoutes(scope, federation, senders))
  followersSyncRoutes(app, federation, readers)
  searchRoute(app, federation)

  const send = (reply: FastifyReply, document: object | '' | undefined) => {
    if (!reply.hasHeader('cache-control')) reply.header('vary', 'Accept').header('cache-control', 'public, max-age=180')
    if (!document) return reply.code(404).send({ error: 'There is nothing here.' })
    return reply.type(`${ACTIVITY_JSON}; charset=utf-8`).send(engine.stringify({ '@context': CONTEXT, ...document }))
  }
  // What a public object says stays provable when others pass it on.
  const prove = (document: object | undefined) => {
    const { attributedTo, id, updated, published } = (document ?? {}) as Record<string, string>
    return document && proven(federation, attributedTo ?? id!, document, new Date(updated ?? published!))
  }

  const ours = (handle: string) => {
    const community = localCommunity(ctx.db)
    return community && community.handle === handle.toLowerCase() ? communityIri(origin, community.handle) : undefined
  }

  app.get<{ Params: { handle: string } }>('/c/:handle', activity, (request, reply) =>
    send(reply, ours(request.params.handle) && prove(communityActor(federation))),
  )
  app.get<{ Params: { handle: string } }>('/c/:handle/entry', (request, reply) => {
    const actor = ours(request.params.handle)
    const record = actor ? recordOf(ctx.db, actor) : undefined
    if (!record?.hash) return send(reply, undefined)
    // As it was signed, byte for byte: its hash is known to others.
    return reply
      .code(record.kind === 'tombstone' ? 410 : 200)
      .header('cache-control', 'public, max-age=180')
      .type('application/json; charset=utf-8')
      .send(record.text)
  })
  app.get('/node', (_request, reply) => send(reply, nodeActor(federation)))

  const onlyGet = (_request: unknown, reply: FastifyReply) =>
    reply.code(405).header('allow', 'GET, HEAD').send({ error: 'This is only read here.' })
  app.post('/c/:handle/outbox', onlyGet)
  for (const name of COLLECTIONS) {
    app.get<{ Params: { handle: string }; Querystring: { page?: unknown } }>(`/c/:handle/${name}`, async (request, reply) => {
      const actor = ours(request.params.handle)
      const { page } = request.query
      return send(reply, actor && (await engine.collection(actor, name, page === undefined ? undefined : String(page))))
    })
  }
  app.get('/node/outbox', (_request, reply) =>
    send(reply, { id: `${nodeIri(origin)}/outbox`, type: 'OrderedCollection', totalItems: 0, orderedItems: [] }),
  )

  app.get<{ Params: { handle: string } }>('/c/:handle/featured', (request, reply) => {
    const actor = ours(request.params.handle)
    const current = publicEdition(ctx.db)
    const items = actor ? featuredItems(ctx.db, origin, actor, request.params.handle.toLowerCase(), current) : []
    return send(reply, actor && { id: `${actor}/featured`, type: 'OrderedCollection', totalItems: items.length, orderedItems: items })
  })
  app.get<{ Params: { handle: string } }>('/c/:handle/tags', (request, reply) => {
    const actor = ours(request.params.handle)
    const current = publicEdition(ctx.db)
    const items = current ? hashtags(origin, current.charter) : []
    return send(reply, actor && { id: `${actor}/tags`, type: 'Collection', totalItems: items.length, items })
  })
  app.get<{ Params: { handle: string; edition: string } }>('/c/:handle/charter/:edition', activity, (request, reply) => {
    const edition = publicEdition(ctx.db, Number(request.params.edition))
    return send(
      reply,
      ours(request.params.handle) && edition && prove(charterArticle(origin, request.params.handle.toLowerCase(), edition)),
    )
  })

  const reactionsTo = (post: number) => {
    const { likes, boosts } = reactionCounts(ctx.db, post)
    return { likes: { type: 'Collection', totalItems: likes }, shares: { type: 'Collection', totalItems: boosts } }
  }

  const repliesOf = ({ iri }: Post) => repliesTo(iri, openReplies(ctx.db, iri, MOST_REPLIES), openReplyCount(ctx.db, iri))

  app.get<{ Params: { id: string } }>('/o/:id', activity, async (request, reply) => {
    const { id } = request.params
    const numbered = /^(charter|essence)-([1-9]\d{0,8})$/.exec(id)
    if (numbered) {
      const handle = localCommunity(ctx.db)?.handle
      const edition = handle && publicEdition(ctx.db, Number(numbered[2]))
      return send(reply, edition ? prove((numbered[1] === 'charter' ? charterArticle : essenceNote)(origin, handle, edition)) : undefined)
    }
    const post = postByIri(ctx.db, objectIri(origin, id))
    // What is not for everybody is asked for, and answered, like what is not there: neither headers nor time tell them apart.
    if (!post?.local || !isOpen(post)) {
      const reader = await readers.whoAsks(request)
      forThisReader(reply)
      if (!post?.local || !mayRead(ctx.db, post, reader)) return send(reply, undefined)
    }
    // A deleted post says so, so that others forget it too (ActivityPub section 6.4).
    if (post.deletedAt) return send(reply.code(410), { id: post.iri, type: 'Tombstone', deleted: post.deletedAt.toISOString() })
    const document = { ...postDocument(ctx.db, post), ...reactionsTo(post.id) }
    return send(reply, isOpen(post) ? prove({ ...document, replies: repliesOf(post) }) : document)
  })
  app.get<{ Params: { id: string } }>('/o/:id/replies', (request, reply) => {
    const post = postByIri(ctx.db, objectIri(origin, request.params.id))
    return send(reply, post?.local && isOpen(post) && !post.deletedAt ? repliesOf(post) : undefined)
  })
  app.get<{ Params: { id: string } }>('/q/:id', (request, reply) => {
    const quote = quoteByStamp(ctx.db, quoteIri(origin, request.params.id))
    const post = quote && postById(ctx.db, quote.post)
    if (!quote || !post) return send(reply, undefined)
    if (quote.revokedAt || post.deletedAt) return reply.code(410).send({ error: 'This agreement has been taken back.' })
    return send(reply, proven(federation, post.author, quoteAuthorization(quote, post), quote.at))
  })
  app.get<{ Params: { id: string } }>('/a/:id', (request, reply) => {
    const made = activityByIri(ctx.db, activityIri(origin, request.params.id))
    return send(reply, made?.public ? (JSON.parse(made.body) as object) : undefined)
  })
}
