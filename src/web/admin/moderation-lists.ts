import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { applyBlocklist, dropBlocklist, importBlocklist, previewBlocklist, undoBlocklist } from '../../actions/blocklist.ts'
import { allBlocklists, blocklistOf } from '../../db/blocklist.ts'
import { BLOCKLIST_LIMITS } from '../../domain/blocklist.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fieldsOf } from '../forms.ts'
import { refusalWords } from '../refusal-words.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { MODERATION, restoredWords } from './moderation.ts'
import { moderationListPage } from './pages/moderation-list-page.tsx'
import { moderationListsPage } from './pages/moderation-lists-page.tsx'
import { listLimits, sentList } from './sent-list.ts'

type OfList = { Params: { id: string }; Querystring: { skip?: string } }

const PATH = `${MODERATION}/lists`
const PER_PAGE = 300

/** Lists of servers that others block: read in as drafts, looked through, applied, undone. */
export async function moderationListRoutes(app: FastifyInstance, edge: StewardEdge): Promise<void> {
  const { ctx } = edge
  const act = 'moderation' as const

  const show = (reply: FastifyReply, visit: Visit, fault?: string) =>
    sendAdmin(edge, reply, visit, moderationListsPage({ lists: allBlocklists(ctx.db), fault }, visit.site.words))

  admin(app, edge, { method: 'GET', path: PATH, act, handler: (_request, reply, visit) => show(reply, visit) })

  // A scope of its own: only here files are taken.
  await app.register(async scope => {
    await scope.register(multipart, listLimits(BLOCKLIST_LIMITS.bytes))
    admin(scope, edge, {
      method: 'POST',
      path: `${PATH}/import`,
      act,
      bodyLimit: BLOCKLIST_LIMITS.bytes * 2 + 65_536,
      handler: async (request, reply, visit) => {
        try {
          const { t, day } = visit.site.words
          const { name, file } = await sentList(request, BLOCKLIST_LIMITS.bytes, t('moderation.pasted', { day: day(ctx.now()) }))
          const read = importBlocklist(ctx, file, name)
          const text = t('moderation.imported', { count: read.rows.length, left: read.left })
          const first = read.problems.slice(0, 5).map(({ line, text, reason }) => `${line}: ${text} (${t(`moderation.fault.${reason}`)})`)
          const said = [text, ...first].join(' · ')
          return done(edge, reply, visit, `${PATH}/${read.id}`, said)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          return show(reply.code(422), visit, refusalWords(visit.site.words, error))
        }
      },
    })
  })

  admin<OfList>(app, edge, {
    method: 'GET',
    path: `${PATH}/:id`,
    act,
    handler: (request, reply, visit) => {
      const list = theList(request, visit)
      const rows = previewBlocklist(ctx.db, list.id)
      const skip = Math.max(0, Number(request.query.skip) || 0)
      const page = { list, rows: rows.slice(skip, skip + PER_PAGE), all: rows.length, skip, perPage: PER_PAGE, sums: sumsOf(rows) }
      return sendAdmin(edge, reply, visit, moderationListPage(page, visit.site.words))
    },
  })

  admin<OfList>(app, edge, {
    method: 'POST',
    path: `${PATH}/:id/apply`,
    act,
    handler: (request, reply, visit) => {
      const list = theList(request, visit)
      const { t } = visit.site.words
      const { all } = fieldsOf(request.body)
      const ids = [(request.body as { row?: string | string[] } | undefined)?.row ?? []].flat().map(Number)
      if (!all && ids.length === 0) return done(edge, reply, visit, `${PATH}/${list.id}`, t('moderation.tickSome'))
      try {
        const { applied, followers, following } = applyBlocklist(ctx, list.id, all ? undefined : ids)
        const text = t('moderation.applied', { count: applied, followers, following })
        return done(edge, reply, visit, `${PATH}/${list.id}`, { text, undo: { action: `${PATH}/${list.id}/undo`, fields: {} } })
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return done(edge, reply, visit, `${PATH}/${list.id}`, t('moderation.nothingLeft'))
      }
    },
  })

  admin<OfList>(app, edge, {
    method: 'POST',
    path: `${PATH}/:id/undo`,
    act,
    handler: (request, reply, visit) => {
      const list = theList(request, visit)
      try {
        const restored = undoBlocklist(ctx, list.id)
        return done(edge, reply, visit, `${PATH}/${list.id}`, restoredWords(visit.site.words, list.name, restored))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return done(edge, reply, visit, `${PATH}/${list.id}`, visit.site.words.t('moderation.nothingToUndo'))
      }
    },
  })

  admin<OfList>(app, edge, {
    method: 'POST',
    path: `${PATH}/:id/drop`,
    act,
    handler: (request, reply, visit) => {
      const list = theList(request, visit)
      dropBlocklist(ctx, list.id)
      return done(edge, reply, visit, PATH, visit.site.words.t('moderation.dropped', { name: list.name }))
    },
  })

  function theList({ params: { id } }: FastifyRequest<OfList>, visit: Visit) {
    const list = /^\d{1,9}$/.test(id) ? blocklistOf(ctx.db, Number(id)) : undefined
    if (!list) throw new Refusal('missing', visit.site.words.t('moderation.noList'))
    return list
  }
}

function sumsOf(rows: ReturnType<typeof previewBlocklist>) {
  const fresh = rows.filter(row => row.state === 'draft' && !row.same)
  const sum = (of: 'followers' | 'following') => fresh.reduce((all, row) => all + row[of].length, 0)
  return {
    fresh: fresh.length,
    applied: rows.filter(row => row.state === 'applied').length,
    followers: sum('followers'),
    following: sum('following'),
  }
}
export type ListSums = ReturnType<typeof sumsOf>
