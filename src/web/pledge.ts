import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { makePledge, withdrawPledge } from '../actions/pledge.ts'
import { publicEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { pledgeByToken, pledgeCount } from '../db/pledge.ts'
import { readPledge } from '../domain/pledge.ts'
import { Refusal } from '../domain/refusal.ts'
import { tokenHash } from '../lib/private-token.ts'
import { missingHere } from './community.ts'
import type { Edge } from './edge.ts'
import { fieldsOf, notFromElsewhere, sameOriginOnly, sendForm, sendPrivately } from './forms.ts'
import { createGate } from './gate.ts'
import { ownPledgePage, withdrawnPage } from './pages/own-pledge-page.tsx'
import { pledgePage } from './pages/pledge-page.tsx'
import type { Filled } from './parts/stranger-form.tsx'
import type { Site } from './site.ts'

type OfCommunity = { Params: { handle: string } }
type OfPledger = { Params: { token: string } }

/** Where visitors say that they would come if enough others did; how many do is for everybody to see, who they are is not. */
export function pledgeRoutes(app: FastifyInstance, edge: Edge): void {
  const { ctx, site } = edge
  const gate = createGate(ctx, 'pledge')

  const community = (site: Site, handle: string) => {
    const own = localCommunity(ctx.db)
    const edition = publicEdition(ctx.db)
    if (!own || !edition || own.handle !== handle.toLowerCase()) throw missingHere(site)
    const count = pledgeCount(ctx.db)
    if (!count) throw new Refusal('missing', site.words.t('pledge.none'))
    return { handle: own.handle, name: edition.charter.name, count }
  }
  const show = async (request: FastifyRequest<OfCommunity>, reply: FastifyReply, filled: Omit<Filled, 'ticket'>) => {
    const words = site(request)
    const about = community(words, request.params.handle)
    return sendForm(reply, words, pledgePage({ ...about, site: words, filled: { ...filled, ticket: await gate.ticketFor(filled) } }))
  }

  app.get<OfCommunity>('/c/:handle/pledge', (request, reply) => show(request, reply, { fields: {}, faults: [] }))

  app.post<OfCommunity>('/c/:handle/pledge', { onRequest: sameOriginOnly(edge) }, async (request, reply) => {
    community(site(request), request.params.handle)
    const fields = fieldsOf(request.body)
    const again = (status: number, why: Partial<Filled>) => show(request, reply.code(status), { fields, faults: [], ...why })
    const read = readPledge(fields)
    if ('faults' in read) return again(422, { faults: read.faults })
    const passage = await gate.look(fields, site(request).words.locale)
    if ('hindrance' in passage) return again(422, passage)
    const { ticket, token } = passage
    if (!pledgeByToken(ctx.db, ticket.tokenHash) && !gate.allow(request, ticket.proven)) return again(429, { hindrance: 'often' })
    try {
      makePledge(ctx, read.draft, ticket)
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'unavailable') return again(503, { hindrance: 'full' })
      if (error instanceof Refusal && error.reason === 'conflict') return again(409, { hindrance: 'stale' })
      throw error
    }
    return reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').redirect(`/pledges/${token}`, 303)
  })

  const found = (site: Site, token: string) => {
    const pledge = pledgeByToken(ctx.db, tokenHash(token))
    const own = localCommunity(ctx.db)
    const edition = publicEdition(ctx.db)
    if (!pledge || !own || !edition) throw new Refusal('missing', site.words.t('pledge.noPledge'))
    return { pledge, community: { handle: own.handle, name: edition.charter.name } }
  }

  app.get<OfPledger>('/pledges/:token', (request, reply) => {
    reply.header('referrer-policy', 'no-referrer').header('x-robots-tag', 'noindex, nofollow')
    const { token } = request.params
    const own = found(site(request), token)
    return sendPrivately(reply, site(request), ownPledgePage({ ...own, count: pledgeCount(ctx.db), token, site: site(request) }))
  })
  app.post<OfPledger>('/pledges/:token/withdraw', { onRequest: notFromElsewhere(edge) }, (request, reply) => {
    found(site(request), request.params.token)
    withdrawPledge(ctx, tokenHash(request.params.token))
    return reply.redirect('/pledges/withdrawn', 303)
  })
  app.get('/pledges/withdrawn', (request, reply) => sendPrivately(reply, site(request), withdrawnPage(site(request).words)))
}
