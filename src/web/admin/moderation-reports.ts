import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { closeReport, fileReport } from '../../actions/report.ts'
import { actorOf } from '../../db/actor.ts'
import { postByIri } from '../../db/post.ts'
import { allReports, reportOf } from '../../db/report.ts'
import { handleOf } from '../../domain/actor.ts'
import { nodeIri } from '../../domain/iri.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Report } from '../../domain/report.ts'
import { fieldsOf } from '../forms.ts'
import { refusalWords } from '../refusal-words.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { MODERATION } from './moderation.ts'
import { moderationReportsPage, type ShownReport } from './pages/moderation-reports-page.tsx'

type OfReport = { Params: { id: string } }
type Asked = { Querystring: { all?: string; about?: string; post?: string } }

const PATH = `${MODERATION}/reports`

/** Complaints others sent about the community, and those it sends about others. */
export function moderationReportRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx, reach } = edge
  const act = 'moderation' as const
  const own = nodeIri(ctx.config.publicUrl)

  const named = (id: string) => {
    const actor = actorOf(ctx.db, id)
    return actor ? handleOf(actor) : id
  }
  const shown = (report: Report): ShownReport => ({
    ...report,
    ours: report.reporter === own,
    by: named(report.reporter),
    about: named(report.target),
    posts: report.posts.map(iri => ({ iri, html: postByIri(ctx.db, iri)?.content })),
  })
  const show = (reply: FastifyReply, visit: Visit, all: boolean, typed: Record<string, string> = {}, fault?: string) => {
    const reports = allReports(ctx.db, { closed: all }).reverse().map(shown)
    return sendAdmin(edge, reply, visit, moderationReportsPage({ reports, all, typed, fault }, visit.site.words))
  }

  admin<Asked>(app, edge, {
    method: 'GET',
    path: PATH,
    act,
    handler: ({ query }, reply, visit) => {
      const text = (value: unknown) => (typeof value === 'string' ? value : '')
      return show(reply, visit, query.all === 'yes', { who: text(query.about), posts: text(query.post) })
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: `${PATH}/file`,
    act,
    handler: async (request, reply, visit) => {
      const typed = fieldsOf(request.body)
      try {
        const actor = actorOf(ctx.db, (typed.who ?? '').trim()) ?? (await reach.actor((typed.who ?? '').trim()))
        const posts = (typed.posts ?? '').split(/\s+/).filter(Boolean)
        fileReport(ctx, actor.id, posts, typed.text ?? '')
        return done(edge, reply, visit, PATH, visit.site.words.t('moderation.filed', { who: handleOf(actor), host: actor.host }))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return show(reply.code(422), visit, false, typed, refusalWords(visit.site.words, error))
      }
    },
  })

  admin<OfReport>(app, edge, {
    method: 'POST',
    path: `${PATH}/:id/close`,
    act,
    handler: (request: FastifyRequest<OfReport>, reply, visit) => {
      const { id } = request.params
      const { t } = visit.site.words
      const report = /^\d{1,9}$/.test(id) ? reportOf(ctx.db, Number(id)) : undefined
      if (!report) throw new Refusal('missing', t('moderation.noReport'))
      if (!report.closedAt) closeReport(ctx, report.id)
      return done(edge, reply, visit, PATH, t('moderation.closed', { id: report.id }))
    },
  })
}
