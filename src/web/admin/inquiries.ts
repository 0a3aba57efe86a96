import type { FastifyInstance, FastifyReply } from 'fastify'
import { allowInquiries, answerInquiry, changeInquiryState, eraseInquiry, noteInquiry } from '../../actions/inquiry.ts'
import { actorOf } from '../../db/actor.ts'
import { allInquiries, decidedInquiries, inquiryOf, messagesOf, takesInquiries } from '../../db/inquiry.ts'
import { handleOf } from '../../domain/actor.ts'
import { type Inquiry, STEWARD_STATES } from '../../domain/inquiry.ts'
import { Refusal } from '../../domain/refusal.ts'
import { lines, STRANGER_LIMITS } from '../../domain/stranger.ts'
import { fieldsOf } from '../forms.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { inquiryAdminPage, type Typed } from './pages/inquiries-one-page.tsx'
import { inquiriesPage } from './pages/inquiries-page.tsx'

type One = { Params: { id: string } }

/** What strangers asked the community in private, and what is done about it. */
export function inquiryAdminRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  const act = 'inquiries' as const

  const whoAsked = ({ actor, name, contact }: Inquiry) => {
    const known = actor ? actorOf(ctx.db, actor) : undefined
    if (actor) return { name: known?.name ?? null, contact: known ? handleOf(known) : actor, url: known?.url ?? actor }
    return { name, contact, url: undefined }
  }
  const found = (visit: Visit, id: string) => {
    const inquiry = /^[1-9]\d{0,8}$/.test(id) ? inquiryOf(ctx.db, Number(id)) : undefined
    if (!inquiry) throw new Refusal('missing', visit.site.words.t('admininquiries.none'))
    return inquiry
  }

  admin<{ Querystring: { settled?: string } }>(app, edge, {
    method: 'GET',
    path: '/admin/inquiries',
    act,
    handler: (request, reply, visit) => {
      const settled = request.query.settled !== undefined
      const inquiries = allInquiries(ctx.db, { settled }).filter(({ settledAt }) => (settledAt !== null) === settled)
      const rows = inquiries.map(inquiry => ({ ...inquiry, who: whoAsked(inquiry) }))
      const page = { rows, settled, taken: takesInquiries(ctx.db), decided: decidedInquiries(ctx.db) }
      return sendAdmin(edge, reply, visit, inquiriesPage(page, visit.site.words))
    },
  })

  admin<{ Body: unknown }>(app, edge, {
    method: 'POST',
    path: '/admin/inquiries/allow',
    act,
    handler: (request, reply, visit) => {
      const before = takesInquiries(ctx.db) ? 'yes' : 'no'
      const wanted = fieldsOf(request.body).allow === 'yes' ? 'yes' : 'no'
      allowInquiries(ctx, wanted)
      const undo = { action: '/admin/inquiries/allow', fields: { allow: before } }
      return done(edge, reply, visit, '/admin/inquiries', { text: visit.site.words.t(`admininquiries.allowed.${wanted}`), undo })
    },
  })

  const show = (reply: FastifyReply, visit: Visit, inquiry: Inquiry, typed: Typed = {}) => {
    const page = { inquiry, who: whoAsked(inquiry), messages: messagesOf(ctx.db, inquiry.id), typed }
    return sendAdmin(edge, reply, visit, inquiryAdminPage(page, visit.site.words))
  }
  admin<One>(app, edge, {
    method: 'GET',
    path: '/admin/inquiries/:id',
    act,
    handler: (request, reply, visit) => show(reply, visit, found(visit, request.params.id)),
  })

  for (const [deed, act_] of [
    ['answer', answerInquiry],
    ['note', noteInquiry],
  ] as const)
    admin<One & { Body: unknown }>(app, edge, {
      method: 'POST',
      path: `/admin/inquiries/:id/${deed}`,
      act,
      handler: (request, reply, visit) => {
        const inquiry = found(visit, request.params.id)
        const { t } = visit.site.words
        const text = fieldsOf(request.body)[deed] ?? ''
        const words = lines(text)
        const fault =
          words === ''
            ? t('form.messageMissing')
            : words.length > STRANGER_LIMITS.message
              ? t('form.messageLong')
              : deed === 'answer' && inquiry.state === 'withdrawn'
                ? t('admininquiries.isWithdrawn')
                : undefined
        if (fault) return show(reply.code(422), visit, inquiry, { [deed]: text, faults: [{ field: deed, text: fault }] })
        try {
          act_(ctx, inquiry.id, text)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          return show(reply.code(422), visit, inquiry, { [deed]: text, faults: [{ field: deed, text: t('admininquiries.seekerGone') }] })
        }
        return done(edge, reply, visit, `/admin/inquiries/${inquiry.id}#latest`, t(`admininquiries.done.${deed}`))
      },
    })

  admin<One & { Body: unknown }>(app, edge, {
    method: 'POST',
    path: '/admin/inquiries/:id/state',
    act,
    handler: (request, reply, visit) => {
      const inquiry = found(visit, request.params.id)
      const path = `/admin/inquiries/${inquiry.id}`
      const { t } = visit.site.words
      const wanted = STEWARD_STATES.find(state => state === fieldsOf(request.body).state)
      if (!wanted || inquiry.state === 'withdrawn') return done(edge, reply, visit, path, t('admininquiries.isWithdrawn'))
      if (wanted === inquiry.state) return reply.redirect(path, 303)
      changeInquiryState(ctx, inquiry.id, wanted)
      const undo = { action: `${path}/state`, fields: { state: inquiry.state } }
      return done(edge, reply, visit, path, { text: t('admininquiries.done.state', { state: t(`admininquiries.state.${wanted}`) }), undo })
    },
  })

  admin<One & { Body: unknown }>(app, edge, {
    method: 'POST',
    path: '/admin/inquiries/:id/erase',
    act,
    handler: (request, reply, visit) => {
      const inquiry = found(visit, request.params.id)
      const { t } = visit.site.words
      const { erase = '' } = fieldsOf(request.body)
      const { name, contact } = whoAsked(inquiry)
      if (erase.trim().toLowerCase() !== (name ?? contact ?? String(inquiry.id)).trim().toLowerCase())
        return show(reply.code(422), visit, inquiry, { erase, faults: [{ field: 'erase', text: t('admininquiries.typeExactly') }] })
      eraseInquiry(ctx, inquiry.id)
      return done(edge, reply, visit, '/admin/inquiries', t('admininquiries.done.erase'))
    },
  })
}
