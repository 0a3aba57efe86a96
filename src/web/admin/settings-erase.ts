import type { FastifyInstance, FastifyReply } from 'fastify'
import { nameOfEnd } from '../../actions/end.ts'
import { followerCount } from '../../db/follower.ts'
import { countPerson, findPerson } from '../../db/person.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fieldsOf } from '../forms.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { eraseNodePage, erasePersonPage } from './pages/settings-erase-page.tsx'
import { SETTINGS } from './settings.ts'

/** Taking everything along, and what is for good: erasing somebody, or the whole community. */
export function settingsEraseRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx, machine } = edge
  const act = 'danger' as const
  const proven = true

  admin<{ Querystring: { private?: string } }>(app, edge, {
    method: 'GET',
    path: `${SETTINGS}/export.zip`,
    act,
    proven,
    handler: (request, reply) => {
      const name = `archipelago-${ctx.now().toISOString().slice(0, 10)}.zip`
      reply.type('application/zip').header('content-disposition', `attachment; filename="${name}"`)
      return reply.send(machine.takeout(request.query.private === 'yes'))
    },
  })

  const showPerson = (reply: FastifyReply, visit: Visit, who: string, fault?: string) => {
    const person = findPerson(ctx.db, who)
    const known = person.actors.length + person.inquiries.length + person.pledges.length > 0
    const missing = who.trim() !== '' && !known ? visit.site.words.t('settings.nobodyKnown') : undefined
    const page = { who, counts: known ? countPerson(ctx.db, person) : undefined, fault: fault ?? missing }
    return sendAdmin(edge, reply, visit, erasePersonPage(page, visit.site.words))
  }

  admin(app, edge, {
    method: 'GET',
    path: `${SETTINGS}/erase-person`,
    act,
    proven,
    handler: (_request, reply, visit) => showPerson(reply, visit, ''),
  })

  // By POST, so that no address, no history and no log names whom it is about.
  admin(app, edge, {
    method: 'POST',
    path: `${SETTINGS}/erase-person`,
    act,
    proven,
    handler: (request, reply, visit) => {
      const { who = '', typed } = fieldsOf(request.body)
      const { t } = visit.site.words
      if (typed === undefined) return showPerson(reply, visit, who)
      if (typed.trim() !== who.trim()) return showPerson(reply.code(422), visit, who, t('settings.typeSame'))
      try {
        const counts = machine.erasePerson(who)
        const rows = Object.values(counts).reduce((sum, count) => sum + count, 0)
        return done(edge, reply, visit, SETTINGS, t('settings.personErased', { count: rows }))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return showPerson(reply.code(422), visit, who, t('settings.nobodyKnown'))
      }
    },
  })

  const showEnd = (reply: FastifyReply, visit: Visit, fault?: string) => {
    const page = { name: nameOfEnd(ctx), followers: followerCount(ctx.db), fault }
    return sendAdmin(edge, reply, visit, eraseNodePage(page, visit.site.words))
  }

  admin(app, edge, {
    method: 'GET',
    path: `${SETTINGS}/erase-node`,
    act,
    proven,
    handler: (_request, reply, visit) => showEnd(reply, visit),
  })

  admin(app, edge, {
    method: 'POST',
    path: `${SETTINGS}/erase-node`,
    act,
    proven,
    handler: (request, reply, visit) => {
      const { typed = '' } = fieldsOf(request.body)
      try {
        machine.endCommunity(typed)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return showEnd(reply.code(422), visit, visit.site.words.t('settings.typeOwn', { own: nameOfEnd(ctx) }))
      }
      // There is nobody left to be shown a page of the stewards.
      return reply.redirect('/', 303)
    },
  })
}
