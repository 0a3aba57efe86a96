import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { databaseFault, explainFault } from '../db/fault.ts'
import { OAuthRefusal } from '../domain/oauth.ts'
import { type Reason, Refusal } from '../domain/refusal.ts'

const STATUS: Record<Reason, number> = { invalid: 422, forbidden: 403, missing: 404, conflict: 422, unavailable: 503 }

const WORDS: Partial<Record<number, string>> = { 413: 'This is too large', 429: 'Too many requests' }

/** A request without a token that allows it (RFC 6750). */
export class Denied extends Error {
  override name = 'Denied'
  readonly status: 401 | 403
  constructor(status: 401 | 403, message: string) {
    super(message)
    this.status = status
  }
}

/** What went wrong, in the form in which apps read it: `{"error": "…"}`. */
export function answerError(error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.type('application/json; charset=utf-8')
  if (error instanceof Denied) {
    const code = error.status === 401 ? 'invalid_token' : 'insufficient_scope'
    return reply.code(error.status).header('www-authenticate', `Bearer realm="Archipelago", error="${code}"`).send({ error: error.message })
  }
  if (error instanceof OAuthRefusal) {
    const status = error.code === 'invalid_client' ? 401 : 400
    return reply.code(status).send({ error: error.code, error_description: error.message })
  }
  if (error instanceof Refusal) return reply.code(STATUS[error.reason]).send({ error: error.message })
  const fault = databaseFault(error)
  if (fault) {
    request.log.error({ err: error, reason: fault }, 'the database does not work')
    return reply.code(503).header('retry-after', explainFault(fault).retryAfter).send({ error: 'This node can’t do that at the moment' })
  }
  const status = error.statusCode ?? 500
  if (status < 500) return reply.code(status).send({ error: WORDS[status] ?? 'This request could not be read' })
  request.log.error(error)
  return reply.code(500).send({ error: 'Something went wrong on this node' })
}
