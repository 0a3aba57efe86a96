import type { FastifyInstance } from 'fastify'
import { changeThemePolicy } from '../../actions/theme-policy.ts'
import { hiddenCount, themePolicy } from '../../db/theme-policy.ts'
import { Refusal } from '../../domain/refusal.ts'
import { readPolicy } from '../../domain/theme-policy.ts'
import { fieldsOf } from '../forms.ts'
import { admin, done, type StewardEdge, sendAdmin } from './gate.ts'
import { MODERATION } from './moderation.ts'
import { moderationPolicyPage } from './pages/moderation-policy-page.tsx'

/** Which communities the directory of this node lists, by their themes. */
export function moderationPolicyRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  const act = 'moderation' as const
  const path = `${MODERATION}/policy`

  admin(app, edge, {
    method: 'GET',
    path,
    act,
    handler: (_request, reply, visit) =>
      sendAdmin(
        edge,
        reply,
        visit,
        moderationPolicyPage({ policy: themePolicy(ctx.db), hidden: hiddenCount(ctx.db, 'all') }, visit.site.words),
      ),
  })

  admin(app, edge, {
    method: 'POST',
    path,
    act,
    handler: (request, reply, visit) => {
      const { mode = '' } = fieldsOf(request.body)
      const themes = [(request.body as { theme?: string | string[] } | undefined)?.theme ?? []].flat().map(String)
      const { t } = visit.site.words
      const before = themePolicy(ctx.db)
      try {
        changeThemePolicy(ctx, readPolicy(mode, themes.flatMap(one => one.split(' ')).filter(Boolean)))
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        const hidden = hiddenCount(ctx.db, 'all')
        const typed = { mode, themes } as typeof before
        return sendAdmin(
          edge,
          reply.code(422),
          visit,
          moderationPolicyPage({ policy: typed, hidden, fault: t('moderation.policyFault') }, visit.site.words),
        )
      }
      const undo = { action: path, fields: { mode: before.mode, theme: before.themes.join(' ') } }
      return done(edge, reply, visit, path, { text: t('moderation.policySaved', { count: hiddenCount(ctx.db, 'all') }), undo })
    },
  })
}
