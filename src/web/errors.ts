import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { databaseFault, explainFault } from '../db/fault.ts'
import { type Reason, Refusal } from '../domain/refusal.ts'
import { sendPage } from './edge.ts'
import { messagePage } from './pages/message-page.tsx'
import { refusalWords } from './refusal-words.ts'
import type { Site, SiteFor } from './site.ts'

const STATUS: Record<Reason, number> = { invalid: 400, forbidden: 403, missing: 404, conflict: 409, unavailable: 503 }
const TITLED = new Set([400, 403, 404, 409, 410, 414, 503])
/** Where requests are sent on to that lead nowhere because of how their address is written. */
const UNREADABLE = { path: '/address-unreadable', status: 400, words: 'errors.unreadable' }
const TOO_LONG = { path: '/address-too-long', status: 414, words: 'errors.tooLong' }
// For when not even a page can be made.
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
        const page = site(request)
        return sayWhy(request, reply, page, 503, new Refusal('unavailable', page.words.t('errors.notNow')))
      } catch {
        // Not even the name of the community can be read.
        return reply.code(503).type('text/plain; charset=utf-8').send(NOT_NOW)
      }
    }
    const status = error.statusCode ?? 500
    const page = site(request)
    if (status < 500) return sayWhy(request, reply, page, status, new Refusal('invalid', page.words.t('errors.strange')))
    request.log.error(error)
    return sayWhy(request, reply, page, 500, new Refusal('unavailable', page.words.t('errors.broke')))
  })
  app.setNotFoundHandler((request, reply) => {
    const page = site(request)
    return sayWhy(request, reply, page, 404, new Refusal('missing', page.words.t('errors.noPage')))
  })
  for (const { path, status, words } of [UNREADABLE, TOO_LONG])
    app.all(path, (request, reply) => {
      const page = site(request)
      return sayWhy(request, reply, page, status, new Refusal('invalid', page.words.t(words)))
    })
}

/**
 * For an address it can't read, or finds too long, Fastify looks for no route and would answer itself. The request is sent on to a page
 * of ours instead, past every hook and with every header that others have.
 */
export function sendOn({ code }: FastifyError, { raw, server }: FastifyRequest, reply: FastifyReply): void {
  const { path } = code === 'FST_ERR_MAX_PARAM_LENGTH' ? TOO_LONG : UNREADABLE
  Object.assign(raw, { originalUrl: raw.url, url: path })
  server.routing(raw, reply.raw)
}

function sayWhy(request: FastifyRequest, reply: FastifyReply, site: Site, status: number, refusal: Refusal): FastifyReply {
  reply.code(status).header('vary', 'Accept')
  if (!wantsPage(request)) {
    reply.header('vary', 'Accept, Accept-Language, Cookie')
    return reply.type('application/json; charset=utf-8').send({ error: refusal.message })
  }
  const path = request.url.split('?')[0] ?? '/'
  const title = site.words.t(TITLED.has(status) ? `errors.${status}` : 'errors.other')
  return sendPage(reply, site, messagePage({ title, words: refusalWords(site.words, refusal), problems: refusal.problems, path }))
}

// The fediverse and programs ask for addresses that are not here as well.
function wantsPage({ headers: { accept }, originalUrl }: FastifyRequest): boolean {
  return !originalUrl.startsWith('/api/') && (accept === undefined || /text\/html|text\/\*|\*\/\*/.test(accept))
}
