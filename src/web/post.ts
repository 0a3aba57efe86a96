import type { FastifyInstance } from 'fastify'
import { currentEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { postByIri } from '../db/post.ts'
import { reactionCounts } from '../db/reaction.ts'
import { communityIri, objectIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { asPage, type Edge, sendPage } from './edge.ts'
import { messagePage } from './pages/message-page.tsx'
import { postPage } from './pages/post-page.tsx'

/** The charter's article and its pinned essence have pages of their own. */
const OF_CHARTER = /^(?:charter|essence)-([1-9]\d{0,8})$/

export function postRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get<{ Params: { id: string } }>('/o/:id', asPage, (request, reply) => {
    const { id } = request.params
    const community = localCommunity(ctx.db)
    if (!community) throw new Refusal('missing', 'There is no such post.')
    const edition = OF_CHARTER.exec(id)?.[1]
    if (edition) return reply.header('vary', 'Accept').redirect(`/c/${community.handle}/charter/${edition}`, 303)

    const post = postByIri(ctx.db, objectIri(ctx.config.publicUrl, id))
    if (!post || post.author !== communityIri(ctx.config.publicUrl, community.handle))
      throw new Refusal('missing', 'There is no such post.')
    if (post.deletedAt)
      return sendPage(reply.code(410), site(), messagePage({ title: 'Gone', words: 'This post has been deleted.', path: `/o/${id}` }))
    const author = { handle: community.handle, name: currentEdition(ctx.db)?.charter.name ?? community.handle }
    return sendPage(reply, site(), postPage({ post, path: `/o/${id}`, author, reactions: reactionCounts(ctx.db, post.id) }))
  })
}
