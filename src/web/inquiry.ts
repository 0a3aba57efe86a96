import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { eraseInquiry, saySeeker, sendInquiry, withdrawInquiry } from '../actions/inquiry.ts'
import { publicEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { inquiryByToken, messagesOf, takesInquiries } from '../db/inquiry.ts'
import { isSettled, readInquiry, readMessage } from '../domain/inquiry.ts'
import { Refusal } from '../domain/refusal.ts'
import { createAllowance } from '../lib/allowance.ts'
import { tokenHash } from '../lib/private-token.ts'
import { missingHere } from './community.ts'
import type { Edge } from './edge.ts'
import { fieldsOf, notFromElsewhere, sameOriginOnly, sendForm, sendPrivately } from './forms.ts'
import { createGate } from './gate.ts'
import { conversationPage, erasedPage } from './pages/conversation-page.tsx'
import { inquiryPage } from './pages/inquiry-page.tsx'
import type { Filled } from './parts/stranger-form.tsx'
import type { Site } from './site.ts'

type OfCommunity = { Params: { handle: string } }
type OfSeeker = { Params: { token: string } }

/** Where strangers write to the community, and each reads what comes of it on a page nobody else knows the address of. */
export function inquiryRoutes(app: FastifyInstance, edge: Edge): void {
  const { ctx, site } = edge
  const gate = createGate(ctx, 'inquiry')
  const more = createAllowance({ times: 30, withinMs: 3_600_000 })

  const show = async (request: FastifyRequest<OfCommunity>, reply: FastifyReply, filled: Omit<Filled, 'ticket'>) => {
    const words = site(request)
    const { handle, charter } = community(words, request.params.handle)
    const ticket = await gate.ticketFor(filled)
    return sendForm(reply, words, inquiryPage({ handle, charter, site: words, filled: { ...filled, ticket } }))
  }
  const community = (site: Site, handle: string) => {
    const own = localCommunity(ctx.db)
    const edition = publicEdition(ctx.db)
    if (!own || !edition || own.handle !== handle.toLowerCase()) throw missingHere(site)
    if (!takesInquiries(ctx.db)) throw new Refusal('missing', site.words.t('inquiry.none'))
    return { handle: own.handle, charter: edition.charter }
  }

  app.get<OfCommunity>('/c/:handle/inquire', (request, reply) => show(request, reply, { fields: {}, faults: [] }))

  app.post<OfCommunity>('/c/:handle/inquire', { onRequest: sameOriginOnly(edge) }, async (request, reply) => {
    community(site(request), request.params.handle)
    const fields = fieldsOf(request.body)
    const again = (status: number, why: Partial<Filled>) => show(request, reply.code(status), { fields, faults: [], ...why })
    const read = readInquiry(fields)
    if ('faults' in read) return again(422, { faults: read.faults })
    const passage = await gate.look(fields, site(request).words.locale)
    if ('hindrance' in passage) return again(422, passage)
    const { ticket, token } = passage
    if (!inquiryByToken(ctx.db, ticket.tokenHash) && !gate.allow(request, ticket.proven)) return again(429, { hindrance: 'often' })
    try {
      sendInquiry(ctx, read.draft, ticket)
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'unavailable') return again(503, { hindrance: 'full' })
      if (error instanceof Refusal && error.reason === 'conflict') return again(409, { hindrance: 'stale' })
      throw error
    }
    return reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer').redirect(`/inquiries/${token}`, 303)
  })

  const found = (site: Site, token: string) => {
    const inquiry = inquiryByToken(ctx.db, tokenHash(token))
    const own = localCommunity(ctx.db)
    const edition = publicEdition(ctx.db)
    if (!inquiry || !own || !edition) throw new Refusal('missing', site.words.t('inquiry.noConversation'))
    return { inquiry, community: { handle: own.handle, name: edition.charter.name } }
  }
  const converse = (
    request: FastifyRequest<OfSeeker>,
    reply: FastifyReply,
    said: { text?: string; fault?: 'missing' | 'long' | 'often' } = {},
  ) => {
    const { token } = request.params
    const { inquiry, community } = found(site(request), token)
    const messages = messagesOf(ctx.db, inquiry.id).filter(({ voice }) => voice !== 'note')
    return sendPrivately(
      reply,
      site(request),
      conversationPage({ inquiry, community, messages, token, origin: ctx.config.publicUrl, ...said }),
    )
  }
  // Errors of these pages are private too: an address that leads nowhere may have led somewhere.
  const quietly = { onRequest: notFromElsewhere(edge) }

  app.get<OfSeeker>('/inquiries/:token', (request, reply) => {
    reply.header('referrer-policy', 'no-referrer').header('x-robots-tag', 'noindex, nofollow')
    return converse(request, reply)
  })
  app.post<OfSeeker>('/inquiries/:token', quietly, (request, reply) => {
    const { inquiry } = found(site(request), request.params.token)
    const { message: text = '' } = fieldsOf(request.body)
    const words = readMessage(text)
    if (typeof words !== 'string') return converse(request, reply.code(422), { text, fault: words.fault === 'long' ? 'long' : 'missing' })
    if (isSettled(inquiry.state) || !more(String(inquiry.id), ctx.now()))
      return converse(request, reply.code(429), { text, fault: 'often' })
    try {
      saySeeker(ctx, tokenHash(request.params.token), words)
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'unavailable') return converse(request, reply.code(429), { text, fault: 'often' })
      throw error
    }
    return reply.redirect(`/inquiries/${request.params.token}#latest`, 303)
  })
  app.post<OfSeeker>('/inquiries/:token/withdraw', quietly, (request, reply) => {
    found(site(request), request.params.token)
    withdrawInquiry(ctx, tokenHash(request.params.token))
    return reply.redirect(`/inquiries/${request.params.token}`, 303)
  })
  app.post<OfSeeker>('/inquiries/:token/erase', quietly, (request, reply) => {
    found(site(request), request.params.token)
    eraseInquiry(ctx, tokenHash(request.params.token))
    return reply.redirect('/inquiries/erased', 303)
  })
  app.get('/inquiries/erased', (request, reply) => sendPrivately(reply, site(request), erasedPage(site(request).words)))
}
