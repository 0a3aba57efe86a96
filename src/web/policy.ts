import type { FastifyInstance } from 'fastify'
import { hiddenCount, themePolicy } from '../db/theme-policy.ts'
import { type Edge, sendPage } from './edge.ts'
import { policyPage } from './pages/policy-page.tsx'

/** Which communities this node does not list, and who decided that. */
export function policyRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get('/policy', (request, reply) => {
    const here = site(request)
    return sendPage(reply, here, policyPage({ policy: themePolicy(ctx.db), hidden: hiddenCount(ctx.db, 'all'), words: here.words }))
  })
}
