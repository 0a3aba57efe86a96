import type { FastifyInstance } from 'fastify'
import { revokeApp } from '../../actions/oauth.ts'
import { authorisedApps } from '../../db/oauth.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fieldsOf } from '../forms.ts'
import { admin, done, type StewardEdge, sendAdmin } from './gate.ts'
import { appsPage } from './pages/apps-page.tsx'

/** The apps that act for the community. Owners see those of every steward, others their own. */
export function appsRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  admin(app, edge, {
    method: 'GET',
    path: '/admin/apps',
    act: 'apps',
    handler: (_request, reply, visit) => {
      const { id, role } = visit.steward
      const apps = authorisedApps(ctx.db, role === 'owner' ? undefined : id)
      return sendAdmin(edge, reply, visit, appsPage({ apps, me: id, site: visit.site }))
    },
  })
  admin(app, edge, {
    method: 'POST',
    path: '/admin/apps/revoke',
    act: 'apps',
    handler: (request, reply, visit) => {
      const { app: number = '', steward = '' } = fieldsOf(request.body)
      const { t } = visit.site.words
      const whose = Number(steward) || visit.steward.id
      if (whose !== visit.steward.id && visit.steward.role !== 'owner') throw new Refusal('forbidden', t('admin.notYourRole'))
      const known = authorisedApps(ctx.db, whose).some(one => String(one.app.id) === number)
      if (!known) throw new Refusal('missing', t('authorize.apps.noSuch'))
      const { name } = revokeApp(ctx, Number(number), whose)
      return done(edge, reply, visit, '/admin/apps', t('authorize.apps.revoked', { app: name }))
    },
  })
}
