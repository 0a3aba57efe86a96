import type { FastifyInstance, FastifyReply } from 'fastify'
import { pinPost, unpinPost } from '../../actions/pin.ts'
import { withdrawPost } from '../../actions/post.ts'
import { actorOf } from '../../db/actor.ts'
import { currentEdition } from '../../db/charter.ts'
import { theCommunity } from '../../db/community.ts'
import { inquiryWithPost } from '../../db/inquiry.ts'
import { attachmentsOfAll } from '../../db/media.ts'
import { saidTo } from '../../db/mention.ts'
import { answeredAmong, ownPosts } from '../../db/own-post.ts'
import { threadOf } from '../../db/post.ts'
import { reactionCounts } from '../../db/reaction.ts'
import { homeTimeline } from '../../db/timeline.ts'
import { handleOf } from '../../domain/actor.ts'
import { communityIri } from '../../domain/iri.ts'
import type { Post } from '../../domain/post.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fieldsOf } from '../forms.ts'
import type { Voice } from '../parts/voice.tsx'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { postAdminPage } from './pages/posts-one-page.tsx'
import { heardPage, postsPage } from './pages/posts-page.tsx'
import { ownPost } from './posts-write.ts'

const ON_A_PAGE = 20
const MOST_REPLIES = 60
type Paging = { Querystring: { before?: string } }
type One = { Params: { id: string }; Body: unknown }
const act = 'posts' as const

/** What the community has said, what was said to it, and what those it follows say. */
export function postAdminRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  const { db } = ctx
  const beforeIn = (text: string | undefined) => (/^[1-9]\d{0,14}$/.test(text ?? '') ? { before: Number(text) } : {})

  admin<Paging>(app, edge, {
    method: 'GET',
    path: '/admin/posts',
    act,
    handler: (request, reply, visit) => {
      theCommunity(db)
      const found = ownPosts(db, { limit: ON_A_PAGE + 1, ...beforeIn(request.query.before) })
      const posts = found.slice(0, ON_A_PAGE)
      const attachments = attachmentsOfAll(
        db,
        posts.map(({ id }) => id),
      )
      const older = found.length > ON_A_PAGE ? posts.at(-1)?.id : undefined
      return sendAdmin(edge, reply, visit, postsPage({ posts, attachments, older, now: ctx.now() }, visit.site.words))
    },
  })

  admin(app, edge, {
    method: 'GET',
    path: '/admin/posts/replies',
    act,
    handler: (_request, reply, visit) => {
      const me = communityIri(ctx.config.publicUrl, theCommunity(db).handle)
      // What belongs to an inquiry is answered there.
      const said = saidTo(db, me, MOST_REPLIES).filter(({ id }) => !inquiryWithPost(db, id))
      const answered = answeredAmong(
        db,
        said.map(({ iri }) => iri),
      )
      const voices = voicesOf(said.map(post => ({ post, depth: 0 })))
      return sendAdmin(edge, reply, visit, heardPage({ which: 'replies', voices, answered }, visit.site.words))
    },
  })

  admin<Paging>(app, edge, {
    method: 'GET',
    path: '/admin/posts/home',
    act,
    handler: (request, reply, visit) => {
      theCommunity(db)
      const { before } = beforeIn(request.query.before)
      const window = { upwards: false, limit: ON_A_PAGE, ...(before ? { below: before } : {}) }
      const { items, more } = homeTimeline(db, window, ctx.now())
      const voices = voicesOf(items.map(({ post }) => ({ post, depth: 0 })))
      const answered = answeredAmong(
        db,
        items.map(({ post }) => post.iri),
      )
      const older = more ? items.at(-1)?.id : undefined
      return sendAdmin(edge, reply, visit, heardPage({ which: 'home', voices, answered, older }, visit.site.words))
    },
  })

  const show = (reply: FastifyReply, visit: Visit, post: Post, typed: { number?: string; fault?: string } = {}) => {
    const { before, after } = threadOf(db, post, MOST_REPLIES, false)
    const [earlier, later] = [voicesOf(before.map(one => ({ post: one, depth: 0 }))), voicesOf(after)]
    const attachments = attachmentsOfAll(db, [post.id]).get(post.id)
    const answered = answeredAmong(
      db,
      after.map(one => one.post.iri),
    )
    const page = {
      post,
      attachments,
      before: earlier,
      after: later,
      answered,
      reactions: reactionCounts(db, post.id),
      typed,
      now: ctx.now(),
    }
    return sendAdmin(edge, reply, visit, postAdminPage(page, visit.site.words))
  }
  admin<One>(app, edge, {
    method: 'GET',
    path: '/admin/posts/:id',
    act,
    handler: (request, reply, visit) => show(reply, visit, ownPost(edge, visit, request.params.id)),
  })

  admin<One>(app, edge, {
    method: 'POST',
    path: '/admin/posts/:id/delete',
    act,
    handler: (request, reply, visit) => {
      const post = ownPost(edge, visit, request.params.id)
      const { t } = visit.site.words
      const { number = '' } = fieldsOf(request.body)
      if (number.trim() !== String(post.id)) return show(reply.code(422), visit, post, { number, fault: t('adminposts.typeExactly') })
      withdrawPost(ctx, post.id)
      return done(edge, reply, visit, '/admin/posts', t('adminposts.deleted', { id: post.id }))
    },
  })

  for (const [deed, act_, opposite] of [
    ['pin', pinPost, 'unpin'],
    ['unpin', unpinPost, 'pin'],
  ] as const)
    admin<One>(app, edge, {
      method: 'POST',
      path: `/admin/posts/:id/${deed}`,
      act,
      handler: (request, reply, visit) => {
        const { id } = ownPost(edge, visit, request.params.id)
        const { t } = visit.site.words
        const path = `/admin/posts/${id}`
        try {
          act_(ctx, id)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          return done(edge, reply, visit, path, t('adminposts.notPinned'))
        }
        return done(edge, reply, visit, path, { text: t(`adminposts.done.${deed}`), undo: { action: `${path}/${opposite}`, fields: {} } })
      },
    })

  function voicesOf(said: readonly { post: Post; depth: number }[]): Voice[] {
    const own = {
      name: currentEdition(db)?.charter.name ?? '',
      address: handleOf({ handle: theCommunity(db).handle, host: ctx.config.host }),
    }
    const carried = attachmentsOfAll(
      db,
      said.map(({ post }) => post.id),
    )
    return said.map(({ post, depth }) => {
      const attachments = carried.get(post.id)
      if (post.local) return { post, depth, attachments, ...own }
      const actor = actorOf(db, post.author)
      return { post, depth, attachments, name: actor?.name ?? post.author, address: actor ? handleOf(actor) : '' }
    })
  }
}
