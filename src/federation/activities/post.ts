import { z } from 'zod'
import { hearDeletion, hearPost, hearRevision } from '../../actions/neighbour.ts'
import { hearCounts } from '../../actions/question.ts'
import type { Context } from '../../context.ts'
import { localCommunity } from '../../db/community.ts'
import { addErrand } from '../../db/errand.ts'
import { isFollowed } from '../../db/following.ts'
import { transact } from '../../db/open.ts'
import { postByIri } from '../../db/post.ts'
import type { Actor } from '../../domain/actor.ts'
import type { Edition } from '../../domain/charter.ts'
import { charterHtml } from '../../domain/charter-html.ts'
import { charterIri, communityIri } from '../../domain/iri.ts'
import { type HeardPost, isLanguage, type Post } from '../../domain/post.ts'
import { hashtagsIn, type Mentioned } from '../../domain/post-text.ts'
import { audienceOf, namesUs, visibilityOf } from '../audience.ts'
import type { Normalised } from '../engine.ts'
import { type Handler, objectId, objectOf } from '../received.ts'
import { seekPost } from '../thread.ts'
import { address, html, instant, line, many, one, reference, sameOrigin } from '../wire.ts'
import { hashtags, publicTo } from './community.ts'
import { readAttachments } from './media.ts'
import { kindProperties, readDetails } from './post-kind.ts'
import { onVote } from './question.ts'

// Ours to the wire.

/** @param mentioned whom it speaks to (`mentionedIn`) */
export function note(post: Post, mentioned: readonly Mentioned[]): object {
  const { iri, author, content, url, inReplyTo, summary, sensitive, language, publishedAt, updatedAt } = post
  const tag = [
    ...mentioned.map(({ actor, handle, host }) => ({ type: 'Mention', href: actor, name: `@${handle}@${host}` })),
    ...hashtagsIn(content).map(({ name, href }) => ({ type: 'Hashtag', href, name })),
  ]
  return {
    id: iri,
    type: 'Note',
    attributedTo: author,
    ...(inReplyTo ? { inReplyTo } : {}),
    ...(summary ? { summary } : {}),
    content,
    ...(language ? { contentMap: { [language]: content } } : {}),
    url,
    published: publishedAt.toISOString(),
    ...(updatedAt ? { updated: updatedAt.toISOString() } : {}),
    ...(tag.length > 0 ? { tag } : {}),
    sensitive,
    ...audienceOf(post, mentioned),
    ...kindProperties(post),
  }
}

/** What everybody may read of what was said to a post of ours, as far as it is here: one page, whole. */
export function repliesTo(iri: string, replies: readonly Pick<Post, 'iri'>[], total: number): object {
  const id = `${iri}/replies`
  const first = { type: 'CollectionPage', partOf: id, items: replies.map(reply => reply.iri) }
  return { id, type: 'Collection', totalItems: total, first }
}

/** An edition's full text. The charter in it is already the public one. */
export function charterArticle(origin: string, handle: string, { edition, publishedAt, charter }: Edition): object {
  const actor = communityIri(origin, handle)
  const name = `The charter of ${charter.name}, edition ${edition}`
  const url = `${actor}/charter/${edition}`
  return {
    id: charterIri(origin, edition),
    type: 'Article',
    attributedTo: actor,
    name,
    summary: charter.summary,
    content: charterHtml(charter),
    url,
    tag: hashtags(origin, charter),
    published: publishedAt.toISOString(),
    sensitive: false,
    ...publicTo(actor),
  }
}

export function create(id: string, object: object) {
  const { attributedTo, published, to, cc } = object as { attributedTo: string; published: string; to: string[]; cc: string[] }
  return { id, type: 'Create', actor: attributedTo, published, to, cc, object }
}

export function updatePost(id: string, object: object) {
  const { published: _, ...rest } = create(id, object)
  return { ...rest, type: 'Update' }
}

export function deletePost(id: string, post: Post, mentioned: readonly Mentioned[]) {
  const object = { id: post.iri, type: 'Tombstone', deleted: post.deletedAt?.toISOString() }
  return { id, type: 'Delete', actor: post.author, ...audienceOf(post, mentioned), object }
}

// The wire to ours.

const MOST_MENTIONS = 50

const Author = one(reference)
const PostDocument = z.object({
  id: address,
  type: z.enum(['Note', 'Article', 'Question', 'Event']),
  attributedTo: one(reference),
  name: one(line(300)),
  summary: one(line(500)),
  content: one(html),
  contentMap: one(z.record(z.string(), z.unknown())),
  url: many(reference, 8),
  inReplyTo: one(reference),
  published: one(instant),
  updated: one(instant),
  sensitive: one(z.boolean()),
  tag: many(z.looseObject({ type: z.enum(['Mention', 'Hashtag']), href: one(reference), name: one(z.string().max(200)) }), 256),
  to: many(z.string(), 1000),
  cc: many(z.string(), 1000),
})

/** What makes a post easier to place: its author's collection of followers, and who we are. */
type Known = { followers?: string | null; me?: string | undefined }

/**
 * @param document normalised, known to come from the origin of its id
 * @returns undefined when it is no post of `author`. At most 50 mentions are kept; that of `me` is always among them.
 */
export function readPost(document: Normalised, author: string, now: Date, { followers, me }: Known = {}): HeardPost | undefined {
  if (Author.parse(document.attributedTo) !== author) return undefined
  const parsed = PostDocument.safeParse(document)
  if (!parsed.success) return undefined
  const it = parsed.data
  if (!sameOrigin(it.id, author)) return undefined
  const publishedAt = it.published && it.published < now ? it.published : now
  const named = new Set(it.tag.flatMap(({ type, href }) => (type === 'Mention' && href ? [href] : [])))
  const forMe = me !== undefined && (named.has(me) || it.to.includes(me) || it.cc.includes(me))
  return {
    iri: it.id,
    author,
    type: it.type,
    name: it.name || null,
    summary: it.summary || null,
    content: it.content ?? '',
    url: it.url.find(url => sameOrigin(url, it.id)) ?? it.id,
    inReplyTo: it.inReplyTo ?? null,
    visibility: visibilityOf(it.to, it.cc, author, followers),
    sensitive: it.sensitive ?? false,
    language: languageOf(it.contentMap),
    details: readDetails(document),
    mentions: [...new Set([...(forMe ? [me] : []), ...named])].slice(0, MOST_MENTIONS),
    tags: it.tag.flatMap(({ type, name }) => (type === 'Hashtag' && name ? [name] : [])),
    attachments: readAttachments(document, it.id),
    pinnedAt: null,
    publishedAt,
    updatedAt: it.updated ?? null,
  }
}

// Of the languages a post is in, the one it names first.
function languageOf(contents: Record<string, unknown> | undefined): string | null {
  const tag = Object.keys(contents ?? {})[0]?.slice(0, 35)
  return tag && tag !== 'und' && isLanguage(tag) ? tag : null
}

/** A post shown by the very actor that signed is its own word; one only named is fetched from its origin later. */
export const onCreatePost: Handler = (federation, activity) => {
  const { ctx } = federation
  const { sender, object } = activity
  const shown = objectOf(object)
  const voted = shown ? onVote(federation, activity, shown) : false
  if (voted !== false) return voted
  const followed = isFollowed(ctx.db, sender.id)
  if (!followed && !(shown && namesUs(ctx.config.publicUrl, shown))) return 'not followed'
  if (!shown?.type) return fetchLater(ctx, sender.id, objectId(object))
  const post = readPostOf(ctx, sender, shown)
  if (!post) return 'no post of its sender'
  if (!hearPost(ctx, post)) return 'already here, or not for us'
  seekPost(ctx, sender.id, post.inReplyTo, 0)
  return undefined
}

export const onUpdatePost: Handler = ({ ctx }, { sender, object }) => {
  const shown = objectOf(object)
  const iri = objectId(object)
  const kept = iri === undefined ? undefined : postByIri(ctx.db, iri)
  const followed = isFollowed(ctx.db, sender.id)
  if (!kept && !followed && !(shown && namesUs(ctx.config.publicUrl, shown))) return 'not a post we keep'
  if (!shown?.type) return fetchLater(ctx, sender.id, iri)
  const post = readPostOf(ctx, sender, shown)
  if (!post) return 'no post of its sender'
  if (kept?.visibility === post.visibility && hearCounts(ctx, post)) return undefined
  if (kept) return hearRevision(ctx, { ...post, updatedAt: post.updatedAt ?? ctx.now() }) ? undefined : 'not its own, or old'
  // An edit may overtake the post itself.
  return hearPost(ctx, post) ? undefined : 'not a post we keep'
}

export const onDeletePost: Handler = ({ ctx }, { sender, object }) => {
  const iri = objectId(object)
  if (!iri || !sameOrigin(iri, sender.id)) return 'not its own'
  return hearDeletion(ctx, sender.id, iri) ? undefined : 'not a post we keep'
}

/** Reads a post of an actor as it concerns the community. */
export function readPostOf({ config, db, now }: Context, { id, followers }: Pick<Actor, 'id' | 'followers'>, document: Normalised) {
  // Most posts are said to nobody here.
  const community = namesUs(config.publicUrl, document) ? localCommunity(db) : undefined
  return readPost(document, id, now(), { followers, me: community && communityIri(config.publicUrl, community.handle) })
}

function fetchLater(ctx: Context, sender: string, iri: string | undefined): string | undefined {
  if (!iri || !sameOrigin(iri, sender)) return 'not its own'
  transact(ctx.db, tx => addErrand(tx, sender, iri, ctx.now()))
  return undefined
}
