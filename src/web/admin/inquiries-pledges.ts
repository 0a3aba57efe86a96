import type { FastifyInstance, FastifyReply } from 'fastify'
import { acceptPledge, needPledges, withdrawPledge } from '../../actions/pledge.ts'
import { allPledges, countedPledges, neededPledges, pledgeCount, pledgeOf, reachedAt } from '../../db/pledge.ts'
import { PLEDGE_LIMITS } from '../../domain/pledge.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fieldsOf } from '../forms.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { type PledgeTyped, pledgesAdminPage } from './pages/inquiries-pledges-page.tsx'

type One = { Params: { id: string }; Body: unknown }

/** Who would come if enough others did: how many are needed, and who they are. */
export function pledgeAdminRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  const act = 'inquiries' as const
  const path = '/admin/pledges'

  const show = (reply: FastifyReply, visit: Visit, typed: PledgeTyped = {}) => {
    const { db } = ctx
    const count = { need: neededPledges(db), counted: countedPledges(db), reachedAt: reachedAt(db), shown: pledgeCount(db) !== undefined }
    return sendAdmin(edge, reply, visit, pledgesAdminPage({ pledges: allPledges(db), count, typed }, visit.site.words))
  }
  admin(app, edge, { method: 'GET', path, act, handler: (_request, reply, visit) => show(reply, visit) })

  admin<{ Body: unknown }>(app, edge, {
    method: 'POST',
    path: `${path}/need`,
    act,
    handler: (request, reply, visit) => {
      const { t } = visit.site.words
      const text = (fieldsOf(request.body).need ?? '').trim()
      const before = neededPledges(ctx.db)
      if (!/^\d{1,9}$/.test(text) || Number(text) > PLEDGE_LIMITS.need)
        return show(reply.code(422), visit, {
          need: text,
          faults: [{ field: 'need', text: t('admininquiries.needFault', { most: PLEDGE_LIMITS.need }) }],
        })
      needPledges(ctx, Number(text))
      const undo = { action: `${path}/need`, fields: { need: String(before) } }
      return done(edge, reply, visit, path, { text: t('admininquiries.needed', { count: Number(text) }), undo })
    },
  })

  const found = (visit: Visit, id: string) => {
    const pledge = /^[1-9]\d{0,8}$/.test(id) ? pledgeOf(ctx.db, Number(id)) : undefined
    if (!pledge) throw new Refusal('missing', visit.site.words.t('admininquiries.noPledge'))
    return pledge
  }
  admin<One>(app, edge, {
    method: 'POST',
    path: `${path}/:id/accept`,
    act,
    handler: (request, reply, visit) => {
      const { id, held } = found(visit, request.params.id)
      if (held) acceptPledge(ctx, id)
      return done(edge, reply, visit, path, visit.site.words.t('admininquiries.pledgeCounts', { id }))
    },
  })
  admin<One>(app, edge, {
    method: 'POST',
    path: `${path}/:id/erase`,
    act,
    handler: (request, reply, visit) => {
      const { id, name, contact } = found(visit, request.params.id)
      const { t } = visit.site.words
      const typed = fieldsOf(request.body)[`erase-${id}`] ?? ''
      if (typed.trim().toLowerCase() !== (name ?? contact ?? String(id)).trim().toLowerCase())
        return show(reply.code(422), visit, {
          erase: { id, text: typed },
          faults: [{ field: `erase-${id}`, text: t('admininquiries.typeExactly') }],
        })
      withdrawPledge(ctx, id)
      return done(edge, reply, visit, path, t('admininquiries.pledgeErased'))
    },
  })
}
