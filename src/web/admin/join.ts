import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { startSession } from '../../actions/session.ts'
import { goodInvitation, joinStewards, resetPassword } from '../../actions/steward.ts'
import { nameIsTaken, stewardOf } from '../../db/steward.ts'
import { Refusal } from '../../domain/refusal.ts'
import { readName } from '../../domain/steward.ts'
import { hashPassword } from '../../lib/password.ts'
import { fieldsOf, sameOriginOnly } from '../forms.ts'
import type { Site } from '../site.ts'
import { type StewardEdge, sendDoor } from './gate.ts'
import { newPasswordFaults } from './new-password.ts'
import { joinPage } from './pages/join-page.tsx'
import type { FieldFault } from './parts/form.tsx'

type OfLink = { Params: { token: string } }

/** Where a link leads that makes a steward, or lets one choose a new password. */
export function joinRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx, sessions } = edge
  const found = (site: Site, token: string) => {
    const invitation = goodInvitation(ctx.db, token, ctx.now())
    const whose = invitation?.steward == null ? undefined : stewardOf(ctx.db, invitation.steward)
    if (!invitation || (invitation.kind === 'reset' && !whose)) throw new Refusal('missing', site.words.t('signin.linkSpent'))
    return { invitation, whose }
  }
  const show = (request: FastifyRequest<OfLink>, reply: FastifyReply, name = '', faults: readonly FieldFault[] = []) => {
    const site = edge.site(request)
    const { token } = request.params
    reply.header('referrer-policy', 'same-origin')
    return sendDoor(reply, site, joinPage({ ...found(site, token), token, name, faults }, site))
  }
  /** The name as it will be kept, or what is wrong with it. */
  const nameOf = ({ words: { t } }: Site, text: string): { name: string } | { fault: FieldFault } => {
    try {
      const name = readName(text)
      return nameIsTaken(ctx.db, name) ? { fault: { field: 'name', text: t('signin.nameTaken') } } : { name }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return { fault: { field: 'name', text: t('signin.nameWrong') } }
    }
  }

  app.get<OfLink>('/join/:token', (request, reply) => show(request, reply))
  app.post<OfLink>('/join/:token', { onRequest: sameOriginOnly(edge) }, async (request, reply) => {
    const { token } = request.params
    const site = edge.site(request)
    const fields = fieldsOf(request.body)
    const { invitation, whose } = found(site, token)
    const named = whose ? { name: whose.name } : nameOf(site, fields.name ?? '')
    const faults = newPasswordFaults(ctx, site.words, whose?.name ?? fields.name ?? '', fields)
    if ('fault' in named || faults.length > 0)
      return show(request, reply.code(422), fields.name, [...('fault' in named ? [named.fault] : []), ...faults])
    const passwordHash = await hashPassword(fields.password!)
    const steward = whose ? resetPassword(ctx, token, passwordHash) : joinStewards(ctx, token, { name: named.name, passwordHash })
    const { token: session, waiting } = startSession(ctx, steward, request.headers['user-agent'] ?? '')
    reply.header('set-cookie', sessions.cookie(session)).header('cache-control', 'no-store')
    return reply.redirect(waiting ? '/sign-in/code' : invitation.kind === 'first' ? '/admin/first-run' : '/admin', 303)
  })
}
