import type { FastifyInstance, FastifyReply } from 'fastify'
import { sessionProven } from '../../actions/session.ts'
import { fieldsOf } from '../forms.ts'
import { admin, pathHere, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { confirmPage } from './pages/confirm-page.tsx'

/** The password once more, before what is dangerous. Routes with `proven` lead here by themselves. */
export function confirmRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const show = (reply: FastifyReply, visit: Visit, next: unknown, fault?: 'wrong' | 'often') =>
    sendAdmin(edge, reply, visit, confirmPage(visit.site, { next: pathHere(next), fault }))
  admin<{ Querystring: { next?: string } }>(app, edge, {
    method: 'GET',
    path: '/admin/confirm',
    act: 'account',
    handler: (request, reply, visit) => show(reply, visit, request.query.next),
  })
  admin(app, edge, {
    method: 'POST',
    path: '/admin/confirm',
    act: 'account',
    handler: async (request, reply, visit) => {
      const { password = '', next } = fieldsOf(request.body)
      const outcome = await edge.check.password(request, visit.steward.name, visit.steward, password)
      if (outcome !== 'right') return show(reply.code(outcome === 'often' ? 429 : 422), visit, next, outcome)
      sessionProven(edge.ctx, visit.session)
      return reply.redirect(pathHere(next), 303)
    },
  })
}
