import type { FastifyInstance, FastifyReply } from 'fastify'
import { changeSettings } from '../../actions/community.ts'
import { decideFollower } from '../../actions/follower.ts'
import { actorOf } from '../../db/actor.ts'
import { theCommunity } from '../../db/community.ts'
import { allFollowers, followerOf } from '../../db/follower.ts'
import { handleOf } from '../../domain/actor.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fieldsOf } from '../forms.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { type FollowersTyped, followersPage } from './pages/people-page.tsx'

const PATH = '/admin/people'
const ON_A_PAGE = 100
type Asked = { Querystring: { page?: string } }
type Sent = { Body: unknown }

/** Who follows the community, and who asks to. */
export function peopleRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  const act = 'people' as const

  const show = (reply: FastifyReply, visit: Visit, asked = 1, typed: FollowersTyped = {}) => {
    const { approvesFollowers } = theCommunity(ctx.db)
    const all = allFollowers(ctx.db)
    const requests = all.filter(({ state }) => state === 'pending')
    const followers = all.filter(({ state }) => state === 'accepted').reverse()
    const pages = Math.max(1, Math.ceil(followers.length / ON_A_PAGE))
    const page = Math.min(pages, Math.max(1, asked))
    const shown = followers.slice((page - 1) * ON_A_PAGE, page * ON_A_PAGE)
    const props = { requests, followers: shown, total: followers.length, page, pages, approvesFollowers, typed }
    return sendAdmin(edge, reply, visit, followersPage(props, visit.site.words))
  }

  admin<Asked>(app, edge, {
    method: 'GET',
    path: PATH,
    act,
    handler: (request, reply, visit) => show(reply, visit, Number(request.query.page) || 1),
  })

  const nameOf = (id: string) => {
    const actor = actorOf(ctx.db, id)
    return actor ? handleOf(actor) : id
  }
  const found = (visit: Visit, actor: string) => {
    const follower = followerOf(ctx.db, actor)
    if (!follower) throw new Refusal('missing', visit.site.words.t('people.notThere'))
    return follower
  }

  for (const decision of ['accept', 'reject'] as const)
    admin<Sent>(app, edge, {
      method: 'POST',
      path: `${PATH}/${decision}`,
      act,
      handler: (request, reply, visit) => {
        const { actor } = found(visit, fieldsOf(request.body).actor ?? '')
        const { t } = visit.site.words
        const text = t(`people.done.${decision}`, { who: nameOf(actor) })
        decideFollower(ctx, actor, decision)
        const undo = { action: `${PATH}/reject`, fields: { actor } }
        return done(edge, reply, visit, PATH, decision === 'accept' ? { text, undo } : text)
      },
    })

  admin<Sent>(app, edge, {
    method: 'POST',
    path: `${PATH}/remove`,
    act,
    handler: (request, reply, visit) => {
      const { actor: asked = '', ...fields } = fieldsOf(request.body)
      const name = Object.entries(fields).find(([field]) => field.startsWith('name-'))?.[1] ?? ''
      const { actor } = found(visit, asked)
      const { t } = visit.site.words
      if (name.trim().replace(/^@?/, '@').toLowerCase() !== nameOf(actor).toLowerCase())
        return show(reply.code(422), visit, 1, { actor, name, fault: t('people.typeExactly') })
      decideFollower(ctx, actor, 'reject')
      return done(edge, reply, visit, PATH, t('people.done.remove', { who: nameOf(actor) }))
    },
  })

  admin<Sent>(app, edge, {
    method: 'POST',
    path: `${PATH}/approves`,
    act,
    handler: (request, reply, visit) => {
      const approvesFollowers = fieldsOf(request.body).approves === 'yes'
      changeSettings(ctx, { approvesFollowers })
      const undo = { action: `${PATH}/approves`, fields: { approves: approvesFollowers ? 'no' : 'yes' } }
      return done(edge, reply, visit, PATH, { text: visit.site.words.t(`people.approves.${approvesFollowers ? 'yes' : 'no'}`), undo })
    },
  })
}
