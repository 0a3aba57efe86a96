import type { Context } from '../context.ts'
import { theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { dateOf, freshIri } from '../db/fresh-iri.ts'
import { transact } from '../db/open.ts'
import { addPost, postById } from '../db/post.ts'
import { communityIri, objectIri } from '../domain/iri.ts'
import { PLAIN, type Post } from '../domain/post.ts'
import { checkArticle, checkEvent, checkQuestion, type NewPost } from '../domain/post-kind.ts'
import { postHtml } from '../domain/post-text.ts'
import { placeOwnPost } from './timeline.ts'

/** @throws Refusal when title or text is missing or too long, or there is no community yet */
export function publishArticle(ctx: Context, article: Parameters<typeof checkArticle>[0]): Post {
  return publish(ctx, checkArticle(article))
}

/** @throws Refusal when times, place or title are missing or wrong, or there is no community yet */
export function publishEvent(ctx: Context, event: Parameters<typeof checkEvent>[0]): Post {
  return publish(ctx, checkEvent(event))
}

/** @throws Refusal when options or closing time are wrong, or there is no community yet */
export function askQuestion(ctx: Context, question: Parameters<typeof checkQuestion>[0]): Post {
  return publish(ctx, checkQuestion(question, ctx.now()))
}

function publish(ctx: Context, { source, ...kind }: NewPost): Post {
  return transact(ctx.db, tx => {
    const { handle } = theCommunity(tx)
    const now = ctx.now()
    const iri = freshIri(tx, id => objectIri(ctx.config.publicUrl, id), now)
    const author = communityIri(ctx.config.publicUrl, handle)
    const content = postHtml(source, [], ctx.config.publicUrl)
    const id = addPost(tx, { ...PLAIN, ...kind, iri, url: iri, author, local: true, source, content, publishedAt: dateOf(iri, now) })!
    placeOwnPost(tx, id, postById(tx, id)!)
    record(tx, { kind: 'post.published', subject: String(id), at: now })
    return postById(tx, id)!
  })
}
