import type { FastifyReply } from 'fastify'
import type { Context } from '../context.ts'
import { type Page, renderPage } from './layout.tsx'
import type { Sessions } from './session.ts'
import type { Site, SiteFor } from './site.ts'

/** What every route file of the web is given. */
export type Edge = { ctx: Context; site: SiteFor; sessions: Sessions }

/** Routes that share their address with an ActivityStreams document answer only those who want a page. */
export const asPage = { constraints: { representation: 'html' } }

export function sendPage(reply: FastifyReply, site: Site, page: Page): FastifyReply {
  reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8')
  const negotiated = page.activity || reply.getHeader('vary') === 'Accept'
  reply.header('vary', `${negotiated ? 'Accept, ' : ''}Accept-Language, Cookie`)
  reply.header('content-language', site.words.locale)
  return reply.send(renderPage(site, page))
}
