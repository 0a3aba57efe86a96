import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { signOut, startSession } from '../../actions/session.ts'
import { hasStewards, stewardNamed } from '../../db/steward.ts'
import { foldName } from '../../domain/steward.ts'
import { fieldsOf, sameOriginOnly } from '../forms.ts'
import { pathHere, type StewardEdge, sendDoor } from './gate.ts'
import { type SignInFault, signInPage } from './pages/sign-in-page.tsx'

type Asking = { Querystring: { next?: string; out?: string } }

/** The way in and out, with name and password. */
export function signInRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx, check, sessions, site } = edge

  const show = (
    request: FastifyRequest,
    reply: FastifyReply,
    { name = '', next, fault, out = false }: { name?: string; next?: string | undefined; fault?: SignInFault; out?: boolean },
  ) =>
    sendDoor(
      reply,
      site(request),
      signInPage({ name, next: pathHere(next, ''), fault, out, settled: hasStewards(ctx.db), site: site(request) }),
    )

  app.get<Asking>('/sign-in', (request, reply) => {
    const { next, out } = request.query
    if (sessions.of(request)) return reply.header('cache-control', 'no-store').redirect(pathHere(next), 303)
    return show(request, reply, { next, out: out !== undefined })
  })

  app.post('/sign-in', { onRequest: sameOriginOnly(edge) }, async (request, reply) => {
    const { name: typed = '', password = '', next } = fieldsOf(request.body)
    const name = foldName(typed.slice(0, 200))
    const again = (status: number, fault: SignInFault) => show(request, reply.code(status), { name: typed, next, fault })
    if (!name || !password) return again(422, 'empty')
    const steward = stewardNamed(ctx.db, name)
    const outcome = await check.password(request, name, steward, password)
    if (outcome === 'often') return again(429, 'often')
    if (!steward || outcome === 'wrong') return again(422, 'wrong')
    const before = sessions.of(request) ?? sessions.waiting(request)
    if (before) signOut(ctx, before.session)
    const { token, waiting } = startSession(ctx, steward, request.headers['user-agent'] ?? '')
    const way = pathHere(next)
    reply.header('set-cookie', sessions.cookie(token)).header('cache-control', 'no-store')
    return reply.redirect(waiting ? `/sign-in/code?next=${encodeURIComponent(way)}` : way, 303)
  })

  app.post('/sign-out', { onRequest: sameOriginOnly(edge) }, (request, reply) => {
    const before = sessions.of(request) ?? sessions.waiting(request)
    if (before) signOut(ctx, before.session)
    return reply.header('set-cookie', sessions.noCookie()).header('cache-control', 'no-store').redirect('/sign-in?out', 303)
  })
}
