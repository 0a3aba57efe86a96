import type { Context } from '../context.ts'
import { theCommunity } from '../db/community.ts'
import { transact } from '../db/open.ts'
import { addFeaturedTag, addTagFollow, type FeaturedTag, featuredTagsOf, removeFeaturedTag, removeTagFollow } from '../db/tag-follow.ts'
import { communityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { readTags } from '../domain/tag.ts'

const MOST_FEATURED = 10

/** Public posts with this hashtag are shown at home from now on, whoever wrote them. @throws Refusal when it is none */
export function followTag(ctx: Context, text: string): void {
  transact(ctx.db, tx => addTagFollow(tx, tagOf(text), ctx.now()))
}

export function unfollowTag(ctx: Context, text: string): void {
  transact(ctx.db, tx => removeTagFollow(tx, tagOf(text).name))
}

/** The community shows a hashtag as its own, in apps. @throws Refusal when it is none, or there are too many */
export function featureTag(ctx: Context, text: string): FeaturedTag {
  const tag = tagOf(text)
  return transact(ctx.db, tx => {
    const me = communityIri(ctx.config.publicUrl, theCommunity(tx).handle)
    if (featuredTagsOf(tx, me).length >= MOST_FEATURED) throw new Refusal('invalid', 'Validation failed: Too many featured hashtags')
    addFeaturedTag(tx, tag, ctx.now())
    return featuredTagsOf(tx, me).find(one => one.name === tag.name)!
  })
}

/** @throws Refusal when there is no such one */
export function unfeatureTag(ctx: Context, id: number): void {
  if (!transact(ctx.db, tx => removeFeaturedTag(tx, id))) throw new Refusal('missing', 'Record not found')
}

function tagOf(text: string) {
  const [tag] = readTags([text])
  if (!tag) throw new Refusal('invalid', 'Validation failed: This is no hashtag')
  return tag
}
