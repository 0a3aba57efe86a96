import type { FastifyReply, FastifyRequest } from 'fastify'
import { databaseFault, explainFault } from '../db/fault.ts'
import { HostSuspended, NotFetched } from './document.ts'
import { FetchRefusal } from './fetch-refusal.ts'
import { DocumentRefusal } from './guard.ts'
import { HostBusy } from './host-gate.ts'
import { TooOften } from './pace.ts'
import { refusalReason } from './refusal-reason.ts'
import { SenderRefusal } from './sender.ts'
import { SignatureRefusal } from './signatures.ts'

/** Answers for a request that is not taken, in the words and with the status of what was wrong with it. */
export function refuse(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { message } = error as Error
  const what = request.method === 'POST' ? 'activity refused' : 'document refused'
  request.log.info({ reason: refusalReason(error), detail: message, ip: request.ip }, what)
  if (error instanceof SignatureRefusal || error instanceof SenderRefusal) return reply.code(401).send({ error: message })
  if (error instanceof HostSuspended) return reply.code(403).send({ error: message })
  if (error instanceof DocumentRefusal) return reply.code(400).send({ error: message })
  if (error instanceof TooOften) return reply.code(429).header('retry-after', error.retryAfter).send({ error: message })
  // Their key's server may be up again in a while; what is wrong is not for us to say.
  if (error instanceof HostBusy) return reply.code(503).header('retry-after', error.retryAfter).send({ error: message })
  if (error instanceof FetchRefusal && ['network', 'timeout'].includes(error.code))
    return reply
      .code(503)
      .header('retry-after', error.code === 'network' ? 5 : 300)
      .send({ error: message })
  if (error instanceof FetchRefusal || error instanceof NotFetched) return reply.code(401).send({ error: message })
  const fault = databaseFault(error)
  if (fault) request.log.error({ fault }, 'a request could not be dealt with')
  if (fault) return reply.code(503).header('retry-after', explainFault(fault).retryAfter).send({ error: 'Not now. Try again later.' })
  const { statusCode } = error as { statusCode?: number }
  if (statusCode && statusCode < 500) return reply.code(statusCode).send({ error: message })
  request.log.error(error)
  return reply.code(500).send({ error: 'Something went wrong here. It has been written down.' })
}
