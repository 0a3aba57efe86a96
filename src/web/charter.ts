import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { allEditions, currentEdition, editionOf } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { type Edition, publicCharter, shownPrecision } from '../domain/charter.ts'
import { charterIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { missingHere } from './community.ts'
import { asPage, type Edge, sendPage } from './edge.ts'
import { editionPage, editionsPage } from './pages/edition-page.tsx'
import type { Site } from './site.ts'

export function charterRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get<{ Params: { handle: string } }>('/c/:handle/charter', (request, reply) => {
    const here = site(request)
    const { handle, current } = home(ctx, here, request.params.handle)
    const editions = allEditions(ctx.db).map(edition => shown(edition, current))
    return sendPage(reply, here, editionsPage({ handle, editions, words: here.words }))
  })

  app.get<{ Params: { handle: string; edition: string } }>('/c/:handle/charter/:edition', asPage, (request, reply) => {
    const here = site(request)
    const { handle, current } = home(ctx, here, request.params.handle)
    const number = /^[1-9]\d{0,8}$/.test(request.params.edition) ? Number(request.params.edition) : 0
    const edition = editionOf(ctx.db, number)
    if (!edition) throw new Refusal('missing', here.words.t('errors.noEdition', { latest: current.edition }))
    const activity = charterIri(ctx.config.publicUrl, number)
    const page = { handle, edition: shown(edition, current), current: current.edition, activity, words: here.words }
    return sendPage(reply, here, editionPage(page))
  })
}

export function home({ db }: Context, site: Site, handle: string): { handle: string; current: Edition } {
  const community = localCommunity(db)
  const current = currentEdition(db)
  if (!community || !current || community.handle !== handle.toLowerCase()) throw missingHere(site)
  return { handle: community.handle, current }
}

// An old edition may show a place no better than the community now wants it shown.
export function shown(edition: Edition, current: Edition): Edition {
  return { ...edition, charter: publicCharter(edition.charter, shownPrecision(current.charter)) }
}
