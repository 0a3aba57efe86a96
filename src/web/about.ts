import type { FastifyInstance } from 'fastify'
import { directorySize } from '../db/directory.ts'
import { type Edge, sendPage } from './edge.ts'
import { aboutPage } from './pages/about-page.tsx'

export function aboutRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get('/about', (request, reply) => sendPage(reply, site(request), aboutPage({ site: site(request), size: directorySize(ctx.db) })))
}
