import type { FastifyInstance } from 'fastify'
import { type Edge, sendPage } from './edge.ts'
import { designPage } from './pages/design-page.tsx'

/** Every component beside each other, for those who work on the look. Not there where the node is run for others. */
export function designRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  if (!ctx.config.development) return
  app.get('/design', (request, reply) => {
    reply.header('x-robots-tag', 'noindex, nofollow')
    return sendPage(reply, site(request), designPage(site(request)))
  })
}
