import type { FastifyInstance, FastifyReply } from 'fastify'
import { stringify } from 'yaml'
import { changeDraft, openDraft } from '../../actions/charter-draft.ts'
import { currentEdition } from '../../db/charter.ts'
import { localCommunity } from '../../db/community.ts'
import { charterInput, rawOf } from '../../domain/charter-draft.ts'
import { fileContent, MAX_CHARTER_FILE_BYTES } from '../../domain/charter-file.ts'
import { charterFields } from '../../domain/charter-form.ts'
import { Refusal } from '../../domain/refusal.ts'
import { faultsOf } from './charter.ts'
import { type Body, textOf } from './charter-body.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { charterImportPage, type ImportProps } from './pages/charter-import-page.tsx'

type Asked = { Querystring: { of?: string; as?: string } }

/** Charters as files: the edition in force or the draft to take along, and a file to put in the draft's place. */
export function charterFileRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  const act = 'charter' as const

  admin<Asked>(app, edge, {
    method: 'GET',
    path: '/admin/charter/export',
    act,
    handler: (request, reply, visit) => {
      const { of, as } = request.query
      const current = currentEdition(ctx.db)
      if (of === 'edition' && !current) throw new Refusal('missing', visit.site.words.t('charterform.nonePublished'))
      const draft = openDraft(ctx, ctx.db, visit.steward.id)
      const charter = of === 'edition' ? current!.charter : charterInput(draft.raw)
      const name = `${localCommunity(ctx.db)?.handle ?? 'charter'}-${of === 'edition' ? `edition-${current!.edition}` : 'draft'}`
      const json = as === 'json'
      reply.header('content-disposition', `attachment; filename="${name}.${json ? 'json' : 'yaml'}"`)
      reply.type(json ? 'application/json; charset=utf-8' : 'application/yaml; charset=utf-8')
      return reply.send(json ? `${JSON.stringify(charter, null, 2)}\n` : stringify(charter))
    },
  })

  const show = (reply: FastifyReply, visit: Visit, props: ImportProps = {}) =>
    sendAdmin(edge, reply, visit, charterImportPage(props, visit.site.words))

  admin(app, edge, {
    method: 'GET',
    path: '/admin/charter/import',
    act,
    handler: (_request, reply, visit) => show(reply, visit),
  })

  admin<{ Body: Body | undefined }>(app, edge, {
    method: 'POST',
    path: '/admin/charter/import',
    act,
    bodyLimit: MAX_CHARTER_FILE_BYTES * 3,
    handler: (request, reply, visit) => {
      const text = textOf(request.body?.text) ?? ''
      const { t, number } = visit.site.words
      if (text.trim() === '') return show(reply.code(422), visit, { text, fault: t('charterform.importEmpty') })
      let content: unknown
      try {
        content = fileContent(text, /^\s*[[{]/.test(text) ? 'pasted.json' : 'pasted.yaml')
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return show(reply.code(422), visit, { text, fault: t('charterform.importUnread'), problems: error.problems })
      }
      if (typeof content !== 'object' || content === null || Array.isArray(content))
        return show(reply.code(422), visit, { text, fault: t('charterform.importUnread') })
      const raw = rawOf(content as Record<string, unknown>)
      const known = new Set([...charterFields().map(({ key }) => key), 'lastVerified'])
      const strange = Object.keys(content).filter(key => !known.has(key))
      const { version } = openDraft(ctx, ctx.db, visit.steward.id)
      const { draft } = changeDraft(ctx, visit.steward.id, version, () => raw, true)
      const faults = faultsOf(draft.raw).length
      const said = [
        t('charterform.imported', { count: number(faults), faults }),
        ...(strange.length > 0 ? [t('charterform.importStrange', { names: strange.slice(0, 10).join(', ') })] : []),
      ]
      const undo = { action: '/admin/charter/undo', fields: { next: '/admin/charter' } }
      return done(edge, reply, visit, '/admin/charter', { text: said.join(' '), undo })
    },
  })
}
