import type { FastifyInstance, FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify'
import { flashSession, sessionSeen } from '../../actions/session.ts'
import type { Flash } from '../../db/schema-steward.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type Act, LASTS, may } from '../../domain/steward.ts'
import { actingAs } from '../../lib/acting.ts'
import type { Edge } from '../edge.ts'
import { sameOriginOnly } from '../forms.ts'
import { type Page, renderPage } from '../layout.tsx'
import type { SignedIn } from '../session.ts'
import type { Site } from '../site.ts'
import { type AdminPage, adminPage } from './layout.tsx'
import type { Machine } from './machine.ts'
import { signedOutPage } from './pages/signed-out-page.tsx'
import type { PasswordCheck } from './password-check.ts'
import type { Reach } from './reach.ts'
import { waitsFor } from './waiting.ts'

/** A route only stewards may use. */
export type StewardRoute = {
  method: 'GET' | 'POST'
  path: string
  /** What the steward must be allowed to do. */
  act: Act
  /** The password must have been given not long ago. Set it on the page with the form as well, which asks for it. */
  proven?: boolean
}
/** What the steward's part of the web is given. `routes` grows as they are registered. */
export type StewardEdge = Edge & { routes: StewardRoute[]; check: PasswordCheck; reach: Reach; machine: Machine }
/** Whoever is signed in, and the site as they see it. */
export type Visit = SignedIn & { site: Site }
/** What a handler is given. */
export type Handler<R extends RouteGenericInterface> = (request: FastifyRequest<R>, reply: FastifyReply, visit: Visit) => unknown

type Options<R extends RouteGenericInterface> = StewardRoute & {
  handler: Handler<R>
  /** In bytes, where it may be more than a form of words. */
  bodyLimit?: number
}

/**
 * Registers a route for stewards: whoever is not signed in is led to do so (GET) or told (401), who may not is refused (403), and so is
 * every form that another site sends. What the handler does bears the name of the steward in the log.
 */
export function admin<R extends RouteGenericInterface = RouteGenericInterface>(
  app: FastifyInstance,
  edge: StewardEdge,
  { handler, bodyLimit, ...route }: Options<R>,
): void {
  const { method, path, act, proven = false } = route
  edge.routes.push(route)
  const visits = new WeakMap<FastifyRequest, Visit>()
  const fromHere = sameOriginOnly(edge)
  app.route<R>({
    method,
    url: path,
    ...(bodyLimit === undefined ? {} : { bodyLimit }),
    onRequest: [
      (_request, reply, done) => {
        reply.header('cache-control', 'no-store').header('x-robots-tag', 'noindex, nofollow')
        done()
      },
      // A page is only looked at; what changes something comes from a page of ours.
      ...(method === 'POST' ? [fromHere] : []),
      (request, reply, done) => {
        const signedIn = edge.sessions.of(request)
        const site = edge.site(request)
        if (!signedIn) return void refuse(request, reply, site)
        if (!may(signedIn.steward.role, act)) return done(new Refusal('forbidden', site.words.t('admin.notYourRole')))
        const stale = edge.ctx.now().getTime() - signedIn.session.provenAt.getTime() > LASTS.proof
        if (proven && stale) return void reply.redirect(`/admin/confirm?next=${encodeURIComponent(pageOf(request))}`, 303)
        sessionSeen(edge.ctx, signedIn.session)
        visits.set(request, { ...signedIn, site })
        done()
      },
    ],
    handler: (request, reply) => {
      const visit = visits.get(request as FastifyRequest)!
      return actingAs(visit.steward.id, () => handler(request as FastifyRequest<R>, reply, visit)) as never
    },
  })
}

/** Sends a page of the stewards' part, with what was just done said first. */
export function sendAdmin(edge: StewardEdge, reply: FastifyReply, visit: Visit, page: AdminPage): FastifyReply {
  const { session, site } = visit
  if (session.flash) flashSession(edge.ctx, session, null)
  waitIfTooOften(reply)
  reply.header('content-language', site.words.locale).header('vary', 'Cookie, Accept-Language').type('text/html; charset=utf-8')
  return reply.send(renderPage(site, adminPage(visit, page, edge.routes, waitsFor(edge.ctx, visit.steward))))
}

/** Sends a page of the way in, to somebody who is not signed in. */
export function sendDoor(reply: FastifyReply, site: Site, page: Page): FastifyReply {
  waitIfTooOften(reply)
  reply.header('cache-control', 'no-store').header('x-robots-tag', 'noindex, nofollow').header('vary', 'Cookie, Accept-Language')
  return reply.header('content-language', site.words.locale).type('text/html; charset=utf-8').send(renderPage(site, page))
}

/** After an act: the next page says what happened, and offers to take it back where that can be done. */
export function done(edge: StewardEdge, reply: FastifyReply, { session }: Visit, path: string, said: string | Flash): FastifyReply {
  flashSession(edge.ctx, session, typeof said === 'string' ? { text: said } : said)
  return reply.redirect(path, 303)
}

/** A path of this site to go on to, or the first page; never another site. */
export function pathHere(next: unknown, otherwise = '/admin'): string {
  if (typeof next !== 'string' || !/^\/(?![/\\])[\x21-\x7e]*$/.test(next) || next.includes('\\')) return otherwise
  const base = 'http://here.invalid'
  const url = URL.canParse(next, base) ? new URL(next, base) : undefined
  return url?.origin === base ? url.pathname.replace(/^\/+/, '/') + url.search : otherwise
}

function refuse(request: FastifyRequest, reply: FastifyReply, site: Site): FastifyReply {
  if (request.method === 'GET') return reply.redirect(`/sign-in?next=${encodeURIComponent(request.url)}`, 303)
  return sendDoor(reply.code(401), site, signedOutPage(site.words))
}

function waitIfTooOften(reply: FastifyReply): void {
  if (reply.statusCode === 429) reply.header('retry-after', '600')
}

/** The page a request came from or is for: after a form was refused, the form is opened again. */
function pageOf({ method, url, headers: { referer = '', host } }: FastifyRequest): string {
  if (method === 'GET') return url
  const before = URL.canParse(referer) ? new URL(referer) : undefined
  return before?.host === host ? before!.pathname + before!.search : '/admin'
}
