import helmet from '@fastify/helmet'
import swagger from '@fastify/swagger'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import { databaseFault, explainFault } from '../../db/fault.ts'
import { charterJsonSchema } from '../../domain/charter.ts'
import type { NetworkSearch } from '../../domain/network-search.ts'
import { type Reason, Refusal } from '../../domain/refusal.ts'
import { readAssets } from '../assets.ts'
import { sendPage } from '../edge.ts'
import { securityHeaders } from '../headers.ts'
import { chooseLocale } from '../locale.ts'
import { apiPage } from '../pages/api-page.tsx'
import { siteFor } from '../site.ts'
import { directoryRoutes } from './directory.ts'
import { description } from './openapi.ts'
import { openSearchDescription } from './opensearch.ts'

/**
 * The directory for programs: JSON, described by OpenAPI 3.1 that is generated from the schemas the queries are read with.
 * `network` asks other nodes, where there is somebody to do it.
 */
export async function directoryApi(app: FastifyInstance, { ctx, network }: { ctx: Context; network?: NetworkSearch }): Promise<void> {
  const { publicUrl, version } = ctx.config
  await app.register(helmet, { ...securityHeaders(publicUrl), crossOriginResourcePolicy: { policy: 'cross-origin' } })
  // The schemas of these routes describe. The domain reads parameters and says what is wrong with them, as it does for pages and commands.
  app.setValidatorCompiler(() => value => ({ value }))
  app.setSerializerCompiler(() => value => JSON.stringify(value))
  app.setErrorHandler(answerError)
  await app.register(swagger, description(publicUrl, version))
  const site = siteFor(ctx, readAssets())
  await app.register(directoryRoutes, { ctx, network, site, prefix: '/api/directory' })

  const hidden = { schema: { hide: true } }
  app.get('/api/openapi.json', hidden, async (_, reply) => {
    reply.header('cache-control', 'no-cache')
    return app.swagger()
  })
  app.addHook('onRequest', chooseLocale)
  app.get('/api', hidden, (request, reply) =>
    sendPage(reply, site(request), apiPage({ document: app.swagger(), words: site(request).words })),
  )
  app.get('/opensearch.xml', hidden, (request, reply) => {
    const { home, host, words } = site(request)
    reply.header('cache-control', 'public, max-age=3600').type('application/opensearchdescription+xml; charset=utf-8')
    reply.header('vary', 'Accept-Language, Cookie')
    return reply.send(openSearchDescription(words, publicUrl, home?.name ?? host))
  })
  app.get('/schema/charter.json', hidden, async (_, reply) => {
    reply
      .header('access-control-allow-origin', '*')
      .header('cache-control', 'public, max-age=3600')
      .type('application/schema+json; charset=utf-8')
    return { ...charterJsonSchema(), $id: `${publicUrl}/schema/charter.json` }
  })
}

const STATUS: Record<Reason, number> = { invalid: 400, forbidden: 403, missing: 404, conflict: 409, unavailable: 503 }

function answerError(error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.header('cache-control', 'no-store').type('application/json; charset=utf-8')
  if (error instanceof Refusal) {
    const { message, problems, reason } = error
    return reply.code(STATUS[reason]).send({ error: message, ...(problems.length > 0 ? { problems } : {}) })
  }
  const fault = databaseFault(error)
  if (fault) {
    request.log.error({ err: error, reason: fault }, 'the database does not work')
    return reply
      .code(503)
      .header('retry-after', explainFault(fault).retryAfter)
      .send({ error: 'This node can’t answer at the moment. Try again in a while.' })
  }
  const status = error.statusCode ?? 500
  if (status < 500) return reply.code(status).send({ error: 'This request could not be read.' })
  request.log.error(error)
  return reply.code(500).send({ error: 'Something broke here. It has been written to the log of this node.' })
}
