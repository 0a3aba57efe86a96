import type { Context } from '../context.ts'
import { theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { transact } from '../db/open.ts'
import { addPost, deletePost, postById } from '../db/post.ts'
import { communityIri, objectIri } from '../domain/iri.ts'
import { checkPost, PLAIN, type Post } from '../domain/post.ts'
import { Refusal } from '../domain/refusal.ts'
import { newId } from '../lib/id.ts'
import { markdownToHtml } from '../lib/markdown.ts'

/** @param text markdown @throws Refusal when it is empty or too long, or there is no community yet */
export function publishPost(ctx: Context, text: string): Post {
  const source = checkPost(text)
  return transact(ctx.db, tx => {
    const { handle } = theCommunity(tx)
    const now = ctx.now()
    const iri = objectIri(ctx.config.publicUrl, newId(now))
    const post = {
      iri,
      author: communityIri(ctx.config.publicUrl, handle),
      local: true,
      type: 'Note' as const,
      source,
      content: markdownToHtml(source).trim(),
      url: iri,
    }
    const id = addPost(tx, { ...PLAIN, ...post, publishedAt: now })!
    record(tx, { kind: 'post.published', subject: String(id), at: now })
    return postById(tx, id)!
  })
}

/** Takes a post back, here and everywhere it was sent. @throws Refusal when there is no such post of ours */
export function withdrawPost(ctx: Context, id: number): void {
  transact(ctx.db, tx => {
    const post = postById(tx, id)
    if (!post?.local || !deletePost(tx, post.author, post.iri, ctx.now())) throw new Refusal('missing', `There is no post numbered ${id}.`)
    record(tx, { kind: 'post.deleted', subject: String(id), at: ctx.now() })
  })
}
