import type { FastifyInstance, FastifyReply } from 'fastify'
import { followActor, unfollowActor } from '../../actions/following.ts'
import { actorOf } from '../../db/actor.ts'
import { theCommunity } from '../../db/community.ts'
import { allFollowing, followingOf } from '../../db/following.ts'
import { searchDirectory } from '../../db/search.ts'
import { type Actor, handleOf } from '../../domain/actor.ts'
import { communityIri } from '../../domain/iri.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fieldsOf } from '../forms.ts'
import { refusalWords } from '../refusal-words.ts'
import { readSearch } from '../search-address.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { type Candidate, type FollowingTyped, followingPage } from './pages/people-following-page.tsx'

const PATH = '/admin/people/following'
const MOST_FOUND = 12
type Sent = { Body: unknown }
type Asked = { Querystring: { who?: string } }

/** Whom the community follows, and how others are found to follow. */
export function followingRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx, reach } = edge
  const act = 'people' as const

  const show = (reply: FastifyReply, visit: Visit, typed: FollowingTyped = {}) => {
    theCommunity(ctx.db)
    return sendAdmin(edge, reply, visit, followingPage({ following: allFollowing(ctx.db), typed }, visit.site.words))
  }
  // Who comes with a name only finds it filled in.
  admin<Asked>(app, edge, {
    method: 'GET',
    path: PATH,
    act,
    handler: ({ query: { who } }, reply, visit) => show(reply, visit, typeof who === 'string' ? { who: who.slice(0, 2048) } : {}),
  })

  const stateOf = (actor: string) => followingOf(ctx.db, actor)?.state
  const candidateOf = ({ id, name, handle, host, summary }: Actor): Candidate => ({
    actor: id,
    name,
    address: handleOf({ handle, host }),
    about: { html: summary },
    state: stateOf(id),
  })
  /** Communities of the directory that a search finds, without our own. */
  const inDirectory = (text: string): Candidate[] => {
    const own = communityIri(ctx.config.publicUrl, theCommunity(ctx.db).handle)
    const { query } = readSearch({ q: text })
    return searchDirectory(ctx.db, { ...query, limit: MOST_FOUND })
      .items.filter(({ actor }) => actor !== own)
      .map(({ actor, handle, host, charter }) => ({
        actor,
        name: charter.name,
        address: handleOf({ handle, host }),
        about: { text: charter.summary },
        state: stateOf(actor),
      }))
  }

  // By POST, because the node may have to ask another: no link of another site shall make it do so.
  admin<Sent>(app, edge, {
    method: 'POST',
    path: `${PATH}/search`,
    act,
    handler: async (request, reply, visit) => {
      const who = (fieldsOf(request.body).who ?? '').trim()
      if (who === '') return show(reply.code(422), visit, { who, fault: { words: visit.site.words.t('people.whoMissing') } })
      if (!isAddress(who)) return show(reply, visit, { who, found: inDirectory(who) })
      try {
        return show(reply, visit, { who, found: [candidateOf(await reach.actor(who))] })
      } catch (error) {
        return show(reply.code(422), visit, { who, fault: faultOf(error, visit) })
      }
    },
  })

  admin<Sent>(app, edge, {
    method: 'POST',
    path: `${PATH}/follow`,
    act,
    handler: async (request, reply, visit) => {
      const who = (fieldsOf(request.body).actor ?? '').trim()
      try {
        const known = actorOf(ctx.db, who)
        const actor = known && !known.goneAt ? known : await reach.actor(who)
        const { state } = followActor(ctx, actor.id)
        const undo = { action: `${PATH}/unfollow`, fields: { actor: actor.id } }
        const text = visit.site.words.t(state === 'accepted' ? 'people.done.followedAlready' : 'people.done.asked', {
          who: handleOf(actor),
        })
        return done(edge, reply, visit, PATH, state === 'accepted' ? text : { text, undo })
      } catch (error) {
        return show(reply.code(422), visit, { who, fault: faultOf(error, visit) })
      }
    },
  })

  admin<Sent>(app, edge, {
    method: 'POST',
    path: `${PATH}/unfollow`,
    act,
    handler: (request, reply, visit) => {
      const id = fieldsOf(request.body).actor ?? ''
      const { t } = visit.site.words
      if (!followingOf(ctx.db, id)) return done(edge, reply, visit, PATH, t('people.notFollowed'))
      unfollowActor(ctx, id)
      const actor = actorOf(ctx.db, id)
      const undo = { action: `${PATH}/follow`, fields: { actor: id } }
      return done(edge, reply, visit, PATH, { text: t('people.done.unfollowed', { who: actor ? handleOf(actor) : id }), undo })
    },
  })
}

const isAddress = (text: string) => /^https?:\/\//i.test(text) || /^(?:acct:)?@?[^@\s/]+@[^@\s/]+$/.test(text)

/** Why somebody could not be found or followed, at a glance and exactly. */
function faultOf(error: unknown, { site: { words } }: Visit): NonNullable<FollowingTyped['fault']> {
  if (!(error instanceof Refusal)) throw error
  return { words: words.t(`people.fault.${error.reason}`), exactly: refusalWords(words, error) }
}
