import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { followProgress, previewFollows, queueFollows } from '../../actions/following-list.ts'
import { theCommunity } from '../../db/community.ts'
import { FOLLOWING_LIST_LIMITS } from '../../domain/following-list.ts'
import { Refusal } from '../../domain/refusal.ts'
import { refusalWords } from '../refusal-words.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { type ImportShown, peopleImportPage } from './pages/people-import-page.tsx'
import { listLimits, sentList } from './sent-list.ts'

const PATH = '/admin/people/following/import'
/** A page with every address of the longest list, ticked. */
const LARGEST_CHOICE = FOLLOWING_LIST_LIMITS.bytes * 2

/** Whom the community, or somebody of it, followed elsewhere: read in, looked through, then looked for and asked one after another. */
export async function followImportRoutes(app: FastifyInstance, edge: StewardEdge): Promise<void> {
  const { ctx } = edge
  const act = 'people' as const

  const show = (reply: FastifyReply, visit: Visit, shown: ImportShown = {}) => {
    theCommunity(ctx.db)
    return sendAdmin(edge, reply, visit, peopleImportPage({ progress: followProgress(ctx.db), ...shown }, visit.site.words))
  }
  admin(app, edge, { method: 'GET', path: PATH, act, handler: (_request, reply, visit) => show(reply, visit) })

  // A scope of its own: only here files are taken.
  await app.register(async scope => {
    await scope.register(multipart, listLimits(FOLLOWING_LIST_LIMITS.bytes))
    admin(scope, edge, {
      method: 'POST',
      path: `${PATH}/look`,
      act,
      bodyLimit: FOLLOWING_LIST_LIMITS.bytes * 2 + 65_536,
      handler: async (request, reply, visit) => {
        try {
          const { file } = await sentList(request, FOLLOWING_LIST_LIMITS.bytes, '')
          return show(reply, visit, { read: previewFollows(ctx, file) })
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          return show(reply.code(422), visit, { fault: refusalWords(visit.site.words, error) })
        }
      },
    })
  })

  admin(app, edge, {
    method: 'POST',
    path: PATH,
    act,
    bodyLimit: LARGEST_CHOICE,
    handler: (request, reply, visit) => {
      const { t } = visit.site.words
      const who = [(request.body as { who?: string | string[] } | undefined)?.who ?? []].flat()
      if (who.length === 0) return done(edge, reply, visit, PATH, t('moderation.tickSome'))
      try {
        // Read again: what comes back from a form is no list of ours any more.
        const { rows } = previewFollows(ctx, who.join('\n'))
        const count = queueFollows(
          ctx,
          rows.map(({ address }) => address),
        )
        return done(edge, reply, visit, PATH, t('people.import.queued', { count }))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return done(edge, reply, visit, PATH, t('people.import.nothingNew'))
      }
    },
  })
}
