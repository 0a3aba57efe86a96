import type { FastifyInstance } from 'fastify'
import { confirmCharter } from '../../actions/charter.ts'
import { discardDraft, mergeDraft, openDraft, publishDraft, undoDraft } from '../../actions/charter-draft.ts'
import { currentEdition, standingEdition } from '../../db/charter.ts'
import { localCommunity } from '../../db/community.ts'
import { publicCharter } from '../../domain/charter.ts'
import { judgeDraft, readablePart } from '../../domain/charter-fault.ts'
import { Refusal } from '../../domain/refusal.ts'
import { previewOf } from '../community.ts'
import { sendForm } from '../forms.ts'
import { comparedAsShown, faultsOf } from './charter.ts'
import { type Body, textOf } from './charter-body.ts'
import { faultPlace } from './charter-words.ts'
import { admin, done, pathHere, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { charterChangesPage, noPreviewPage, withPreviewNotice } from './pages/charter-changes-page.tsx'

type Sent = { Body: Body | undefined }

/** Looking at a draft as visitors would, publishing it, and taking things back. */
export function charterPublishRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  const act = 'charter' as const
  const draftFor = (visit: Visit) => openDraft(ctx, ctx.db, visit.steward.id)

  admin(app, edge, {
    method: 'GET',
    path: '/admin/charter/preview',
    act,
    handler: (_request, reply, visit) => {
      const { raw } = draftFor(visit)
      const charter = readablePart(raw)
      const { site } = visit
      if (!charter) return sendAdmin(edge, reply, visit, noPreviewPage(faultsOf(raw), site.words))
      const page = previewOf(ctx, site, publicCharter(charter))
      return sendForm(reply, site, withPreviewNotice(page, faultsOf(raw)))
    },
  })

  admin(app, edge, {
    method: 'GET',
    path: '/admin/charter/changes',
    act,
    handler: (_request, reply, visit) => {
      const draft = draftFor(visit)
      const judged = judgeDraft(draft.raw)
      const current = standingEdition(ctx.db)
      const charter = 'charter' in judged ? judged.charter : undefined
      const changes = charter && current && comparedAsShown(current.charter, charter)
      const community = localCommunity(ctx.db)
      const page = { draft, current, charter, changes, faults: faultsOf(draft.raw), community }
      return sendAdmin(edge, reply, visit, charterChangesPage(page, visit.site.words))
    },
  })

  admin<Sent>(app, edge, {
    method: 'POST',
    path: '/admin/charter/publish',
    act,
    handler: (request, reply, visit) => {
      const { t } = visit.site.words
      const version = Number(textOf(request.body?.version) ?? -1)
      const draft = draftFor(visit)
      const current = currentEdition(ctx.db)
      if (draft.version !== version) return done(edge, reply, visit, '/admin/charter/changes', t('charterform.changedMeanwhile'))
      if (draft.base !== (current?.edition ?? 0)) return reply.redirect('/admin/charter', 303)
      if (faultsOf(draft.raw).length > 0) return reply.redirect('/admin/charter/changes', 303)
      try {
        const { edition } = publishDraft(ctx, visit.steward.id, version)
        return done(edge, reply, visit, '/admin/charter', t('charterform.isPublished', { edition }))
      } catch (error) {
        if (!(error instanceof Refusal) || error.reason !== 'conflict') throw error
        return done(edge, reply, visit, '/admin/charter/changes', t('charterform.nothingNew'))
      }
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: '/admin/charter/confirm',
    act,
    handler: (_request, reply, visit) => {
      const { at } = confirmCharter(ctx)
      const { t, day } = visit.site.words
      return done(edge, reply, visit, '/admin/charter', t('charterform.isConfirmed', { day: day(at) }))
    },
  })

  admin<Sent>(app, edge, {
    method: 'POST',
    path: '/admin/charter/undo',
    act,
    handler: (request, reply, visit) => {
      const next = pathHere(request.body?.next, '/admin/charter')
      const { t } = visit.site.words
      if (!draftFor(visit).before) return done(edge, reply, visit, next, t('charterform.noUndo'))
      undoDraft(ctx, visit.steward.id)
      return done(edge, reply, visit, next, { text: t('charterform.undone'), undo: { action: '/admin/charter/undo', fields: { next } } })
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: '/admin/charter/discard',
    act,
    handler: (_request, reply, visit) => {
      discardDraft(ctx, visit.steward.id)
      const undo = { action: '/admin/charter/undo', fields: { next: '/admin/charter' } }
      return done(edge, reply, visit, '/admin/charter', { text: visit.site.words.t('charterform.discarded'), undo })
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: '/admin/charter/merge',
    act,
    handler: (_request, reply, visit) => {
      const { both, taken } = mergeDraft(ctx, visit.steward.id)
      const { words } = visit.site
      const names = both.map(name => faultPlace(words, name)).join(words.t('charter.comma'))
      const said = [
        words.t('charterform.merged', { count: taken.length }),
        ...(names ? [words.t('charterform.bothChanged', { names })] : []),
      ]
      const undo = { action: '/admin/charter/undo', fields: { next: '/admin/charter' } }
      return done(edge, reply, visit, '/admin/charter', { text: said.join(' '), undo })
    },
  })
}
