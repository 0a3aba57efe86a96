import { z } from 'zod'
import { keepPost } from '../actions/reaction.ts'
import { postById, postByIri } from '../db/post.ts'
import { isOpen, type Post } from '../domain/post.ts'
import { Refusal } from '../domain/refusal.ts'
import { readPost } from './activities/post.ts'
import { fetchDocument, withoutFragment } from './document.ts'
import type { Federation } from './federation.ts'
import { inPlainWords, lookUp } from './lookup.ts'
import { one, reference } from './wire.ts'

const Attributed = z.looseObject({ attributedTo: one(reference) })

/**
 * Finds a post by its number here or by its address. One that is not kept yet is fetched at its origin, as is its author, and kept.
 * @throws Refusal that says what was wrong, for a person to read
 */
export async function lookUpPost(federation: Federation, what: string): Promise<Post> {
  const { ctx } = federation
  const text = what.trim()
  const numbered = /^\d{1,15}$/.test(text)
  const kept = numbered ? postById(ctx.db, Number(text)) : postByIri(ctx.db, text)
  if (kept && !kept.deletedAt) return kept
  if (kept || numbered) throw new Refusal('missing', `There is no post ${numbered ? 'numbered' : 'at'} ${text}.`)
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw new Refusal('invalid', `“${text}” is neither the number of a post nor its address.`)
  const document = await fetchDocument(federation, withoutFragment(new URL(text).href)).catch((error: unknown) => {
    throw inPlainWords(error, text)
  })
  const known = postByIri(ctx.db, document.id)
  if (known && !known.deletedAt) return known
  const author = Attributed.safeParse(document).data?.attributedTo
  const post = author && readPost(document, author, ctx.now())
  if (!post || !isOpen(post)) throw new Refusal('invalid', `What stands at ${text} is not a post for everybody.`)
  await lookUp(federation, author)
  return keepPost(ctx, post)
}
