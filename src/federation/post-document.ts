import { quotePolicy } from '../actions/quote.ts'
import { attachmentsOf } from '../db/media.ts'
import { mentionedIn } from '../db/mention.ts'
import type { Db } from '../db/open.ts'
import type { Post } from '../domain/post.ts'
import { attachmentProperties } from './activities/media.ts'
import { note } from './activities/post.ts'
import { interactionPolicy } from './activities/quote.ts'

/** A post of ours as others read it: with those it mentions, what it carries, and who may quote it. */
export function postDocument(db: Db, post: Post): object {
  return {
    ...note(post, mentionedIn(db, post.id)),
    ...attachmentProperties(new URL(post.iri).origin, attachmentsOf(db, post.id)),
    ...interactionPolicy(quotePolicy(db), post.visibility, post.author),
  }
}
