import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

const METHODS = 'GET, HEAD, POST, PUT, PATCH, DELETE'
const ALLOWED = 'Authorization, Content-Type, Idempotency-Key, Accept, If-None-Match'
const EXPOSED = 'Link, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After'
/** Browsers ask once for each address and remember for a day. */
const REMEMBER_SECONDS = 86_400

/** Pages of other origins may call: what they may do their token says, and no cookie is ever looked at here. */
export function allowOrigins(_request: FastifyRequest, reply: FastifyReply, done: () => void): void {
  reply.header('access-control-allow-origin', '*').header('access-control-expose-headers', EXPOSED)
  done()
}

/** Answers browsers that ask before they call (Fetch standard, CORS preflight). */
export function answerPreflights(app: FastifyInstance, paths: readonly string[]): void {
  for (const path of paths)
    app.options(path, (_request, reply) =>
      reply
        .code(204)
        .header('access-control-allow-methods', METHODS)
        .header('access-control-allow-headers', ALLOWED)
        .header('access-control-max-age', REMEMBER_SECONDS)
        .send(),
    )
}
