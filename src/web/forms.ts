import formBody from '@fastify/formbody'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Refusal } from '../domain/refusal.ts'
import type { Edge } from './edge.ts'
import { type Page, renderPage } from './layout.tsx'
import type { Site } from './site.ts'

/** No form of ours holds more than a few pages of text. In bytes. */
const LARGEST_FORM = 64 * 1024

/** Forms as browsers send them are understood by the routes of `app` and those registered within. */
export async function acceptForms(app: FastifyInstance): Promise<void> {
  await app.register(formBody, { bodyLimit: LARGEST_FORM })
}

/** The fields of a form, each once: of one that stands there several times the first counts. */
export function fieldsOf(body: unknown): Record<string, string> {
  if (typeof body !== 'object' || body === null) return {}
  return Object.fromEntries(
    Object.entries(body).flatMap(([name, value]) => {
      const first: unknown = Array.isArray(value) ? value[0] : value
      return typeof first === 'string' ? [[name, first]] : []
    }),
  )
}

type Hook = (request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void) => void

/**
 * A hook for every route that changes something: only pages of this node may send it. Browsers say where a form comes from; what does
 * not say is let in only where the browser vouches that it is no other site.
 */
export function sameOriginOnly({ ctx, site }: Edge): Hook {
  return (request, _reply, done) => {
    const { headers } = request
    const origin = headers.origin === 'null' ? undefined : headers.origin
    const ours = origin === undefined ? headers['sec-fetch-site'] === 'same-origin' : origin === ctx.config.publicUrl
    done(ours ? undefined : fromElsewhere(site(request)))
  }
}

/**
 * The same for a page whose address is a secret: another site does not know where to send a form. Such pages send no referrer, and some
 * browsers then say of their forms only that they come from "null".
 */
export function notFromElsewhere({ ctx, site }: Edge): Hook {
  return (request, _reply, done) => {
    const { origin = 'null', 'sec-fetch-site': from = 'same-origin' } = request.headers
    const ours = (origin === 'null' || origin === ctx.config.publicUrl) && from === 'same-origin'
    done(ours ? undefined : fromElsewhere(site(request)))
  }
}

function fromElsewhere({ origin, words }: Site): Refusal {
  return new Refusal('forbidden', words.t('form.fromElsewhere', { origin }))
}

/** A page for one person alone: kept nowhere, named to nobody, in no search engine. */
export function sendPrivately(reply: FastifyReply, site: Site, page: Page): FastifyReply {
  reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').header('x-robots-tag', 'noindex, nofollow')
  reply.header('content-language', site.words.locale).type('text/html; charset=utf-8')
  return reply.send(renderPage(site, page))
}

/** A form as it is to be shown now, with what was typed in it: always made anew, never kept. */
export function sendForm(reply: FastifyReply, site: Site, page: Page): FastifyReply {
  reply.header('cache-control', 'no-store').header('content-language', site.words.locale).type('text/html; charset=utf-8')
  return reply.send(renderPage(site, page))
}
