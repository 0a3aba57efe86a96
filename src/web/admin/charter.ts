import { isDeepStrictEqual } from 'node:util'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { changeDraft, openDraft } from '../../actions/charter-draft.ts'
import { standingEdition } from '../../db/charter.ts'
import { localCommunity } from '../../db/community.ts'
import { type Draft, otherDrafts } from '../../db/draft.ts'
import { type Charter, publicCharter } from '../../domain/charter.ts'
import { charterChanges } from '../../domain/charter-diff.ts'
import { type Raw, withoutEmpty, withStep } from '../../domain/charter-draft.ts'
import { type CharterFault, judgeDraft } from '../../domain/charter-fault.ts'
import { charterForm, type FormSection } from '../../domain/charter-form.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type Body, stepIn, textOf, withSection } from './charter-body.ts'
import { titleOfField } from './charter-words.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { charterAdminPage } from './pages/charter-page.tsx'
import { charterSectionPage } from './pages/charter-section-page.tsx'

type OfSection = { Params: { section: string }; Querystring: { look?: string }; Body: Body | undefined }

/** A charter may have 64 kB, and a browser may write each byte as three. */
export const LARGEST_SECTION = 256 * 1024

/** What is drafted of the next edition, section by section. Nothing of it is public before it is published. */
export function charterAdminRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  const draftFor = (visit: Visit) => openDraft(ctx, ctx.db, visit.steward.id)

  admin(app, edge, {
    method: 'GET',
    path: '/admin/charter',
    act: 'charter',
    handler: (_request, reply, visit) => {
      const draft = draftFor(visit)
      const current = standingEdition(ctx.db)
      const judged = judgeDraft(draft.raw)
      const changes = 'charter' in judged ? changesIn(current?.charter, judged.charter) : undefined
      const page = { handle: localCommunity(ctx.db)?.handle, current, draft, faults: faultsOf(draft.raw), changes, now: ctx.now() }
      const others = otherDrafts(ctx.db, visit.steward.id)
      return sendAdmin(edge, reply, visit, charterAdminPage({ ...page, others }, visit.site.words))
    },
  })

  const show = (
    reply: FastifyReply,
    visit: Visit,
    section: FormSection,
    draft: Pick<Draft, 'raw' | 'version'>,
    more: { faults?: readonly CharterFault[]; stale?: readonly string[] } = {},
  ) => {
    const { site } = visit
    const page = { section, draft, faults: [], site, tiles: ctx.config.tiles, ...more }
    return sendAdmin(edge, reply, visit, charterSectionPage(page))
  }

  admin<OfSection>(app, edge, {
    method: 'GET',
    path: '/admin/charter/edit/:section',
    act: 'charter',
    handler: (request, reply, visit) => {
      const section = sectionOf(request, visit)
      const draft = draftFor(visit)
      return show(reply, visit, section, draft, { faults: request.query.look ? faultsOf(draft.raw, section) : [] })
    },
  })

  admin<OfSection>(app, edge, {
    method: 'POST',
    path: '/admin/charter/edit/:section',
    act: 'charter',
    bodyLimit: LARGEST_SECTION,
    handler: (request, reply, visit) => {
      const section = sectionOf(request, visit)
      const body = request.body ?? {}
      const pressed = stepIn(body)
      const step = pressed && section.fields.some(({ key, kind }) => key === pressed.list && kind === 'list') ? pressed : undefined
      const typed = (raw: Raw) => {
        const filled = withSection(raw, section, body)
        return step ? withStep(filled, step.list, step.step, step.at) : withoutEmpty(section.fields, filled)
      }
      const { draft, stale } = changeDraft(ctx, visit.steward.id, versionIn(body), typed, step?.step === 'remove')
      if (stale) {
        const mine = withSection(draft.raw, section, body)
        const differing = section.fields.filter(({ key }) => !isDeepStrictEqual(mine[key], draft.raw[key])).map(({ key }) => key)
        return show(reply.code(409), visit, section, { ...draft, raw: mine }, { stale: differing })
      }
      const { t } = visit.site.words
      const path = `/admin/charter/edit/${section.id}`
      if (step) {
        const items = draft.raw[step.list]
        const at = step.step === 'add' ? (Array.isArray(items) ? items.length - 1 : 0) : step.step === 'up' ? step.at - 1 : step.at + 1
        const place = step.step === 'remove' ? `${path}#${step.list}` : `${path}#${step.list}.${at}`
        if (step.step !== 'remove') return reply.redirect(place, 303)
        const title = titleOfField(visit.site.words, section.fields.find(({ key }) => key === step.list)!)
        const undo = { action: '/admin/charter/undo', fields: { next: path } }
        return done(edge, reply, visit, place, { text: t('charterform.removed', { what: title, number: step.at + 1 }), undo })
      }
      if (faultsOf(draft.raw, section).length > 0) return reply.redirect(`${path}?look=1#faults`, 303)
      if (textOf(body.do) !== 'next') return done(edge, reply, visit, path, t('charterform.saved'))
      const form = charterForm()
      const next = form[form.indexOf(section) + 1]
      return reply.redirect(next ? `/admin/charter/edit/${next.id}` : '/admin/charter', 303)
    },
  })

  // What a script keeps while somebody types.
  admin<OfSection>(app, edge, {
    method: 'POST',
    path: '/admin/charter/edit/:section/keep',
    act: 'charter',
    bodyLimit: LARGEST_SECTION,
    handler: (request, reply, visit) => {
      const section = sectionOf(request, visit)
      const body = request.body ?? {}
      const { draft, stale } = changeDraft(ctx, visit.steward.id, versionIn(body), raw => withSection(raw, section, body))
      return reply.code(stale ? 409 : 200).send({ version: draft.version })
    },
  })
}

function sectionOf(request: FastifyRequest<OfSection>, { site }: Visit): FormSection {
  const section = charterForm().find(({ id }) => id === request.params.section)
  if (!section) throw new Refusal('missing', site.words.t('errors.noPage'))
  return section
}

function versionIn(body: Body): number {
  const text = textOf(body.version) ?? ''
  return /^\d{1,12}$/.test(text) ? Number(text) : -1
}

/** All faults of a draft, or those of one section. */
export function faultsOf(raw: Raw, section?: FormSection): CharterFault[] {
  const judged = judgeDraft(raw)
  const faults = 'faults' in judged ? judged.faults : []
  const here = ({ name }: CharterFault) => section?.fields.some(({ key }) => key === name.split('.')[0]) ?? true
  return faults.filter(here)
}

/** How many things visitors would find different. */
function changesIn(before: Charter | undefined, after: Charter): number | undefined {
  if (!before) return undefined
  const { fields, agreements, reordered } = comparedAsShown(before, after)
  return fields.length + agreements.length + (reordered ? 1 : 0)
}

/** What differs between the edition in force and a draft, as visitors would see both. The confirmation of the one is no difference. */
export function comparedAsShown({ lastVerified: _, ...before }: Charter, { lastVerified: __, ...after }: Charter) {
  return charterChanges(publicCharter(before), publicCharter(after))
}
