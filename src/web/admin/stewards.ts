import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { revokeSessions } from '../../actions/session.ts'
import { changeRole, inviteSteward, offerReset, removeSteward, revokeInvitation } from '../../actions/steward.ts'
import { disableTotp } from '../../actions/totp.ts'
import { allStewards, openInvitations, stewardOf } from '../../db/steward.ts'
import { Refusal } from '../../domain/refusal.ts'
import { foldName, isRole, may, type Steward } from '../../domain/steward.ts'
import { fieldsOf } from '../forms.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { linkPage } from './pages/link-page.tsx'
import { removeStewardPage } from './pages/remove-steward-page.tsx'
import { stewardsPage } from './pages/stewards-page.tsx'
import type { FieldFault } from './parts/form.tsx'

type OfSteward = { Params: { id: string } }

const PATH = '/admin/stewards'

/** Who looks after this node: inviting, roles, and taking them away. */
export function stewardRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  const act = 'stewards' as const
  const proven = true

  const show = (reply: FastifyReply, visit: Visit, faults: readonly FieldFault[] = []) => {
    const stewards = allStewards(ctx.db)
    const invitations = openInvitations(ctx.db, ctx.now())
    return sendAdmin(edge, reply, visit, stewardsPage({ stewards, invitations, me: visit.steward, faults }, visit.site.words))
  }
  const asked = (request: FastifyRequest<OfSteward>, { site }: Visit): Steward => {
    const { id } = request.params
    const steward = /^\d{1,9}$/.test(id) ? stewardOf(ctx.db, Number(id)) : undefined
    if (!steward) throw new Refusal('missing', site.words.t('stewards.nobody'))
    return steward
  }
  /** What only the last owner meets, said in the reader's language. */
  const unlessLast = (reply: FastifyReply, visit: Visit, work: () => unknown) => {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof Refusal) || error.reason !== 'conflict') throw error
      return show(reply.code(409), visit, [{ text: visit.site.words.t('stewards.lastOwner') }])
    }
  }

  admin(app, edge, { method: 'GET', path: PATH, act, handler: (_request, reply, visit) => show(reply, visit) })

  admin(app, edge, {
    method: 'POST',
    path: `${PATH}/invite`,
    act,
    proven,
    handler: (request, reply, visit) => {
      const { t } = visit.site.words
      const { role } = fieldsOf(request.body)
      if (!isRole(role)) return show(reply.code(422), visit, [{ field: 'role', text: t('stewards.chooseRole') }])
      const { token, expiresAt } = inviteSteward(ctx, role)
      const link = `${ctx.config.publicUrl}/join/${token}`
      return sendAdmin(edge, reply, visit, linkPage({ title: t('stewards.invited'), help: t('stewards.invitedHelp'), link, expiresAt }))
    },
  })

  admin<OfSteward>(app, edge, {
    method: 'POST',
    path: `${PATH}/invitations/:id/revoke`,
    act,
    handler: (request, reply, visit) => {
      const { t } = visit.site.words
      const { id } = request.params
      const standing = openInvitations(ctx.db, ctx.now()).some(one => String(one.id) === id)
      if (!standing) throw new Refusal('missing', t('stewards.invitationGone'))
      revokeInvitation(ctx, Number(id))
      return done(edge, reply, visit, PATH, t('stewards.invitationRevoked'))
    },
  })

  admin<OfSteward>(app, edge, {
    method: 'POST',
    path: `${PATH}/:id/role`,
    act,
    proven,
    handler: (request, reply, visit) => {
      const { t } = visit.site.words
      const steward = asked(request, visit)
      const { role } = fieldsOf(request.body)
      if (!isRole(role)) return show(reply.code(422), visit, [{ text: t('stewards.chooseRole') }])
      return unlessLast(reply, visit, () => {
        changeRole(ctx, steward.id, role)
        const text = t('stewards.roleChanged', { name: steward.name, role: t(`admin.role.${role}`) })
        const undo = { action: `${PATH}/${steward.id}/role`, fields: { role: steward.role } }
        const stillMay = steward.id !== visit.steward.id || may(role, act)
        return done(edge, reply, visit, stillMay ? PATH : '/admin', stillMay ? { text, undo } : text)
      })
    },
  })

  admin<OfSteward>(app, edge, {
    method: 'POST',
    path: `${PATH}/:id/reset`,
    act,
    proven,
    handler: (request, reply, visit) => {
      const { t } = visit.site.words
      const { id, name } = asked(request, visit)
      const { token, expiresAt } = offerReset(ctx, id)
      const link = `${ctx.config.publicUrl}/join/${token}`
      return sendAdmin(
        edge,
        reply,
        visit,
        linkPage({ title: t('stewards.resetOffered', { name }), help: t('stewards.resetHelp', { name }), link, expiresAt }),
      )
    },
  })

  admin<OfSteward>(app, edge, {
    method: 'POST',
    path: `${PATH}/:id/sessions`,
    act,
    proven,
    handler: (request, reply, visit) => {
      const { id, name } = asked(request, visit)
      const count = revokeSessions(ctx, id, id === visit.steward.id ? { but: visit.session.id } : {})
      return done(edge, reply, visit, PATH, visit.site.words.t('stewards.sessionsEnded', { name, count }))
    },
  })

  admin<OfSteward>(app, edge, {
    method: 'POST',
    path: `${PATH}/:id/codes`,
    act,
    proven,
    handler: (request, reply, visit) => {
      const { id, name } = asked(request, visit)
      disableTotp(ctx, id)
      return done(edge, reply, visit, PATH, visit.site.words.t('stewards.codesOff', { name }))
    },
  })

  const showRemove = (reply: FastifyReply, visit: Visit, steward: Steward, faults: readonly FieldFault[] = []) =>
    sendAdmin(edge, reply, visit, removeStewardPage({ steward, faults }, visit.site.words))
  admin<OfSteward>(app, edge, {
    method: 'GET',
    path: `${PATH}/:id/remove`,
    act,
    proven,
    handler: (request, reply, visit) => showRemove(reply, visit, asked(request, visit)),
  })
  admin<OfSteward>(app, edge, {
    method: 'POST',
    path: `${PATH}/:id/remove`,
    act,
    proven,
    handler: (request, reply, visit) => {
      const { t } = visit.site.words
      const steward = asked(request, visit)
      if (foldName(fieldsOf(request.body).name ?? '') !== steward.name)
        return showRemove(reply.code(422), visit, steward, [{ field: 'name', text: t('admin.typeNameWrong') }])
      return unlessLast(reply, visit, () => {
        removeSteward(ctx, steward.id)
        if (steward.id === visit.steward.id) return reply.header('set-cookie', edge.sessions.noCookie()).redirect('/sign-in?out', 303)
        return done(edge, reply, visit, PATH, t('stewards.removed', { name: steward.name }))
      })
    },
  })
}
