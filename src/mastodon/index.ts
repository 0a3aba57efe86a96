import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../context.ts'
import { actingAs } from '../lib/acting.ts'
import { createDoor } from './auth.ts'
import { acceptBodies, readInput } from './body.ts'
import type { Call, Reach } from './call.ts'
import { allowOrigins, answerPreflights } from './cors.ts'
import { answerError } from './errors.ts'
import { createRate } from './rate.ts'
import type { Route } from './route.ts'
import { routes } from './routes.ts'

/** Addresses under which apps may ask first whether they may ask. */
const PREFLIGHTS = ['/api/*', '/oauth/token', '/oauth/revoke', '/oauth/userinfo', '/.well-known/*', '/nodeinfo/*']
/** What is under /api and is not for apps. */
const OTHERS = /^\/api\/(?:directory|openapi\.json)(?:[/?]|$)/

/** The interface for apps (Mastodon's API): everything `routes` lists, and nothing else. */
export async function mastodonApi(app: FastifyInstance, { ctx, reach }: { ctx: Context; reach: Reach }): Promise<void> {
  const door = createDoor(ctx, createRate())
  await acceptBodies(app)
  app.setErrorHandler(answerError)
  app.addHook('onRequest', allowOrigins)
  answerPreflights(app, PREFLIGHTS)

  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      onRequest: async (request, reply) => door.admit(route.needs, request, reply),
      handler: async (request, reply) => answer(route, await read(route, request, reply)),
    })
  }
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/api/*',
    handler: (request, reply) => (OTHERS.test(request.url) ? reply.callNotFound() : reply.code(404).send({ error: 'Record not found' })),
  })

  async function read(route: Route, request: FastifyRequest, reply: FastifyReply): Promise<Call> {
    // What one may see another may not, so nobody keeps it.
    reply.header('cache-control', 'private, no-store').header('vary', 'Authorization').type('application/json; charset=utf-8')
    const { input, files } = await readInput(request, route.files === true)
    const params = request.params as Record<string, string>
    return { ctx, reach, request, reply, params, input, files, grant: door.grantOf(request) }
  }
}

/** What is done by a token is done by its steward: the log will say so. */
async function answer(route: Route, call: Call): Promise<unknown> {
  const steward = call.grant?.steward
  const said = await (steward ? actingAs(steward.id, async () => route.answer(call)) : route.answer(call))
  return said === undefined ? {} : said
}
