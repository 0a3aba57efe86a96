import type { FastifyInstance, FastifyReply } from 'fastify'
import { revokeSessions } from '../../actions/session.ts'
import { changePassword } from '../../actions/steward.ts'
import { recoveryCodesLeft, sessionsOf } from '../../db/steward.ts'
import { Refusal } from '../../domain/refusal.ts'
import { hashPassword } from '../../lib/password.ts'
import { fieldsOf } from '../forms.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { newPasswordFaults } from './new-password.ts'
import { accountPage } from './pages/account-page.tsx'
import type { FieldFault } from './parts/form.tsx'

/** A steward's own account: the password, one-time codes, and where they are signed in. */
export function accountRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  const act = 'account' as const
  const show = (reply: FastifyReply, visit: Visit, faults: readonly FieldFault[] = []) => {
    const { steward, session, site } = visit
    const sessions = sessionsOf(ctx.db, steward.id, ctx.now())
    const codes = recoveryCodesLeft(ctx.db, steward.id)
    return sendAdmin(edge, reply, visit, accountPage({ steward, session, sessions, codes, faults }, site.words))
  }

  admin(app, edge, { method: 'GET', path: '/admin/account', act, handler: (_request, reply, visit) => show(reply, visit) })

  admin(app, edge, {
    method: 'POST',
    path: '/admin/account/password',
    act,
    handler: async (request, reply, visit) => {
      const { steward, session, site } = visit
      const { t } = site.words
      const fields = fieldsOf(request.body)
      const faults = newPasswordFaults(ctx, site.words, steward.name, fields)
      if (faults.length > 0) return show(reply.code(422), visit, faults)
      const outcome = await edge.check.password(request, steward.name, steward, fields.current ?? '')
      const wrong = { field: 'current', text: t(outcome === 'often' ? 'signin.often' : 'signin.passwordWrong') }
      if (outcome !== 'right') return show(reply.code(outcome === 'often' ? 429 : 422), visit, [wrong])
      changePassword(ctx, steward.id, await hashPassword(fields.password!), session.id)
      return done(edge, reply, visit, '/admin/account', t('signin.passwordChanged'))
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: '/admin/account/sessions',
    act,
    handler: (request, reply, visit) => {
      const { steward, session, site } = visit
      const { t } = site.words
      const { session: which = '' } = fieldsOf(request.body)
      if (which === 'others') {
        const count = revokeSessions(ctx, steward.id, { but: session.id })
        return done(edge, reply, visit, '/admin/account', t('signin.othersEnded', { count }))
      }
      // Of another steward there is none under this number.
      const ended = /^\d{1,15}$/.test(which) && revokeSessions(ctx, steward.id, { one: Number(which) }) > 0
      if (!ended) throw new Refusal('missing', t('signin.noSession'))
      return done(edge, reply, visit, '/admin/account', t('signin.sessionEnded'))
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: '/admin/account/sign-out-everywhere',
    act,
    handler: (_request, reply, { steward }) => {
      revokeSessions(ctx, steward.id, {})
      return reply.header('set-cookie', edge.sessions.noCookie()).redirect('/sign-in?out', 303)
    },
  })
}
