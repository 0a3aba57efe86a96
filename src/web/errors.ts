import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { databaseFault, explainFault } from '../db/fault.ts'
import { type Reason, Refusal } from '../domain/refusal.ts'
import { sendPage } from './edge.ts'
import { messagePage } from './pages/message-page.tsx'
import type { Site, SiteFor } from './site.ts'

const STATUS: Record<Reason, number> = { invalid: 400, forbidden: 403, missing: 404, conflict: 409, unavailable: 503 }
const TITLES: Partial<Record<number, string>> = {
  400: 'This was not understood',
  403: 'This is not open',
  404: 'Not found',
  409: 'This does not fit any more',
  410: 'Gone',
  414: 'This address is too long',
  503: 'Not now',
}

const NOT_NOW =
  'This node can’t do that at the moment: something is wrong with its disk, and whoever runs it has been told. Try again in a while.'

/** Whatever goes wrong under the web's routes, and every address that leads nowhere, is answered with a page of ours. */
export function answerErrors(app: FastifyInstance, site: SiteFor): void {
  app.setErrorHandler((error: FastifyError | Refusal, request, reply) => {
    if (error instanceof Refusal) return sayWhy(request, reply, site(request), STATUS[error.reason], error)
    const fault = databaseFault(error)
    if (fault) {
      request.log.error({ err: error, reason: fault }, 'the database does not work')
      reply.header('retry-after', explainFault(fault).retryAfter)
      try {
        return sayWhy(request, reply, site(request), 503, new Refusal('unavailable', NOT_NOW))
      } catch {
        // Not even the name of the community can be read.
        return reply.code(503).type('text/plain; charset=utf-8').send(NOT_NOW)
      }
    }
    const status = error.statusCode ?? 500
    if (status < 500)
      return sayWhy(request, reply, site(request), status, new Refusal('invalid', 'Your browser asked in a way this site does not know.'))
    request.log.error(error)
    const words = 'Something broke here, and it is not your fault. It has been written to the log of this node. Try again in a while.'
    return sayWhy(request, reply, site(request), 500, new Refusal('unavailable', words))
  })
  app.setNotFoundHandler((request, reply) => {
    const words = 'There is no page at this address. It may have been mistyped, or what stood here is gone.'
    return sayWhy(request, reply, site(request), 404, new Refusal('missing', words))
  })
}

function sayWhy(request: FastifyRequest, reply: FastifyReply, site: Site, status: number, { message, problems }: Refusal): FastifyReply {
  reply.code(status).header('vary', 'Accept')
  if (!wantsPage(request)) return reply.type('application/json; charset=utf-8').send({ error: message })
  const path = request.url.split('?')[0] ?? '/'
  return sendPage(reply, site, messagePage({ title: TITLES[status] ?? 'Something broke', words: message, problems, path }))
}

// The fediverse and programs ask for addresses that are not here as well.
function wantsPage({ headers: { accept }, url }: FastifyRequest): boolean {
  return !url.startsWith('/api/') && (accept === undefined || /text\/html|text\/\*|\*\/\*/.test(accept))
}
