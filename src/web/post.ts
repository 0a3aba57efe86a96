import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { actorOf } from '../db/actor.ts'
import { currentEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { attachmentsOfAll } from '../db/media.ts'
import { postByIri, threadOf } from '../db/post.ts'
import { reactionCounts } from '../db/reaction.ts'
import { handleOf } from '../domain/actor.ts'
import { communityIri, objectIri } from '../domain/iri.ts'
import type { Attachment } from '../domain/media.ts'
import { isOpen, type Post } from '../domain/post.ts'
import { Refusal } from '../domain/refusal.ts'
import { asPage, type Edge, sendPage } from './edge.ts'
import { messagePage } from './pages/message-page.tsx'
import { postPage } from './pages/post-page.tsx'
import type { Voice } from './parts/voice.tsx'

const MOST_REPLIES = 50
/** The charter's article and its pinned essence have pages of their own. */
const OF_CHARTER = /^(?:charter|essence)-([1-9]\d{0,8})$/

export function postRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get<{ Params: { id: string } }>('/o/:id', asPage, (request, reply) => {
    const { id } = request.params
    const here = site(request)
    const { t } = here.words
    const community = localCommunity(ctx.db)
    if (!community) throw new Refusal('missing', t('errors.noPost'))
    const edition = OF_CHARTER.exec(id)?.[1]
    if (edition) return reply.header('vary', 'Accept').redirect(`/c/${community.handle}/charter/${edition}`, 303)

    const post = postByIri(ctx.db, objectIri(ctx.config.publicUrl, id))
    if (!post || post.author !== communityIri(ctx.config.publicUrl, community.handle)) throw new Refusal('missing', t('errors.noPost'))
    // What is not for everybody is, on the web, as if it had never been said.
    if (!isOpen(post)) throw new Refusal('missing', t('errors.noPost'))
    if (post.deletedAt)
      return sendPage(reply.code(410), here, messagePage({ title: t('errors.410'), words: t('errors.deleted'), path: `/o/${id}` }))
    const author = { handle: community.handle, name: currentEdition(ctx.db)?.charter.name ?? community.handle }
    const { before, after } = threadOf(ctx.db, post, MOST_REPLIES, true)
    const parent = before.at(-1)
    const carried = attachmentsOfAll(
      ctx.db,
      [...before.slice(-1), post, ...after.map(reply => reply.post)].map(one => one.id),
    )
    const voice = voices(ctx, author, carried)
    const reactions = reactionCounts(ctx.db, post.id)
    const answered = parent && voice(parent, 0)
    const replies = after.map(reply => voice(reply.post, reply.depth))
    const attachments = carried.get(post.id) ?? []
    const page = { post, attachments, path: `/o/${id}`, author, reactions, answered, replies, now: ctx.now(), words: here.words }
    return sendPage(reply, here, postPage(page))
  })
}

type Carried = ReadonlyMap<number, readonly Attachment[]>

function voices({ db, config }: Context, own: { handle: string; name: string }, carried: Carried): (post: Post, depth: number) => Voice {
  return (post, depth) => {
    const attachments = carried.get(post.id)
    if (post.local) return { post, depth, attachments, name: own.name, address: handleOf({ handle: own.handle, host: config.host }) }
    const actor = actorOf(db, post.author)
    return { post, depth, attachments, name: actor?.name ?? post.author, address: actor ? handleOf(actor) : '' }
  }
}
