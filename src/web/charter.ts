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

export function charterRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get<{ Params: { handle: string } }>('/c/:handle/charter', (request, reply) => {
    const { handle, current } = home(ctx, request.params.handle)
    return sendPage(reply, site(request), editionsPage({ handle, editions: allEditions(ctx.db).map(edition => shown(edition, current)) }))
  })

  app.get<{ Params: { handle: string; edition: string } }>('/c/:handle/charter/:edition', asPage, (request, reply) => {
    const { handle, current } = home(ctx, request.params.handle)
    const number = /^[1-9]\d{0,8}$/.test(request.params.edition) ? Number(request.params.edition) : 0
    const edition = editionOf(ctx.db, number)
    if (!edition) throw new Refusal('missing', `The charter has no such edition. The latest is edition ${current.edition}.`)
    const activity = charterIri(ctx.config.publicUrl, number)
    return sendPage(reply, site(request), editionPage({ handle, edition: shown(edition, current), current: current.edition, activity }))
  })
}

function home({ db }: Context, handle: string): { handle: string; current: Edition } {
  const community = localCommunity(db)
  const current = currentEdition(db)
  if (!community || !current || community.handle !== handle.toLowerCase()) throw missingHere()
  return { handle: community.handle, current }
}

// An old edition may show a place no better than the community now wants it shown.
function shown(edition: Edition, current: Edition): Edition {
  return { ...edition, charter: publicCharter(edition.charter, shownPrecision(current.charter)) }
}
