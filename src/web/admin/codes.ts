import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { completeSession } from '../../actions/session.ts'
import { beginTotp, disableTotp, enableTotp, renewRecoveryCodes, takeCode } from '../../actions/totp.ts'
import { credentialsOf, recoveryCodesLeft } from '../../db/steward.ts'
import { totpUri } from '../../lib/totp.ts'
import { fieldsOf, sameOriginOnly } from '../forms.ts'
import { admin, done, pathHere, type StewardEdge, sendAdmin, sendDoor, type Visit } from './gate.ts'
import { type CodeFault, codePage } from './pages/code-page.tsx'
import { codesPage, recoveryPage } from './pages/codes-page.tsx'
import type { FieldFault } from './parts/form.tsx'

const PATH = '/admin/account/codes'

/** One-time codes as a second step of signing in: setting them up, using one, and giving them up. */
export function codeRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  stepRoutes(app, edge)

  const show = async (reply: FastifyReply, visit: Visit, faults: readonly FieldFault[] = []) => {
    const { steward, site } = visit
    const secret = steward.totpSince ? undefined : (credentialsOf(ctx.db, steward.id)?.totpSecret ?? undefined)
    const picture = secret && (await qrPicture(totpUri(secret, steward.name, ctx.config.host)))
    const left = recoveryCodesLeft(ctx.db, steward.id)
    return sendAdmin(edge, reply, visit, codesPage({ steward, secret, picture, left, faults }, site.words))
  }
  // Each may be seen and changed only shortly after the password was given.
  const route = { act: 'account', proven: true } as const

  admin(app, edge, { ...route, method: 'GET', path: PATH, handler: (_request, reply, visit) => show(reply, visit) })
  admin(app, edge, {
    ...route,
    method: 'POST',
    path: `${PATH}/begin`,
    handler: (_request, reply, { steward }) => {
      if (!steward.totpSince) beginTotp(ctx, steward.id)
      return reply.redirect(PATH, 303)
    },
  })
  admin(app, edge, {
    ...route,
    method: 'POST',
    path: `${PATH}/enable`,
    handler: (request, reply, visit) => {
      const { steward, site } = visit
      if (steward.totpSince) return reply.redirect(PATH, 303)
      const wrong = (status: number, id: string) => show(reply.code(status), visit, [{ field: 'code', text: site.words.t(id) }])
      if (!edge.check.code(request, steward)) return wrong(429, 'signin.often')
      const codes = enableTotp(ctx, steward.id, fieldsOf(request.body).code ?? '')
      return codes ? sendAdmin(edge, reply, visit, recoveryPage(codes, site.words)) : wrong(422, 'signin.codeWrong')
    },
  })
  admin(app, edge, {
    ...route,
    method: 'POST',
    path: `${PATH}/recovery`,
    handler: (_request, reply, visit) =>
      sendAdmin(edge, reply, visit, recoveryPage(renewRecoveryCodes(ctx, visit.steward.id), visit.site.words)),
  })
  admin(app, edge, {
    act: 'account',
    method: 'POST',
    path: `${PATH}/disable`,
    handler: async (request, reply, visit) => {
      const { steward, site } = visit
      const outcome = await edge.check.password(request, steward.name, steward, fieldsOf(request.body).password ?? '')
      if (outcome !== 'right') {
        const text = site.words.t(outcome === 'often' ? 'signin.often' : 'signin.passwordWrong')
        return show(reply.code(outcome === 'often' ? 429 : 422), visit, [{ field: 'password', text }])
      }
      disableTotp(ctx, steward.id)
      return done(edge, reply, visit, '/admin/account', site.words.t('signin.codesDisabled'))
    },
  })
}

/** The second step of signing in. */
function stepRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx, sessions, site } = edge
  const show = (request: FastifyRequest, reply: FastifyReply, next: unknown, fault?: CodeFault) =>
    sendDoor(reply, site(request), codePage({ next: pathHere(next, ''), fault }, site(request)))

  app.get<{ Querystring: { next?: string } }>('/sign-in/code', (request, reply) => {
    if (!sessions.waiting(request)) return reply.header('cache-control', 'no-store').redirect('/sign-in', 303)
    return show(request, reply, request.query.next)
  })
  app.post('/sign-in/code', { onRequest: sameOriginOnly(edge) }, (request, reply) => {
    const found = sessions.waiting(request)
    const { code = '', next } = fieldsOf(request.body)
    if (!found) return reply.header('cache-control', 'no-store').redirect('/sign-in', 303)
    const { steward, session } = found
    if (!edge.check.code(request, steward)) return show(request, reply.code(429), next, 'often')
    const taken = takeCode(ctx, steward.id, code)
    if (!taken) {
      edge.check.failed(steward, 'code')
      return show(request, reply.code(422), next, 'wrong')
    }
    const { token } = completeSession(ctx, steward, session)
    reply.header('set-cookie', sessions.cookie(token)).header('cache-control', 'no-store')
    return reply.redirect(taken === 'recovery' ? '/admin/account' : pathHere(next), 303)
  })
}

/** A QR code as a picture within the page. */
async function qrPicture(text: string): Promise<string> {
  const { default: qrcode } = await import('qrcode')
  const svg = await qrcode.toString(text, { type: 'svg', margin: 2, errorCorrectionLevel: 'M' })
  return `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}`
}
