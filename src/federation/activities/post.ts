import { z } from 'zod'
import { hearDeletion, hearPost, hearRevision } from '../../actions/neighbour.ts'
import { addErrand } from '../../db/errand.ts'
import { followingOf } from '../../db/following.ts'
import { transact } from '../../db/open.ts'
import { postByIri } from '../../db/post.ts'
import type { Edition } from '../../domain/charter.ts'
import { charterHtml } from '../../domain/charter-html.ts'
import { charterIri, communityIri } from '../../domain/iri.ts'
import { PLAIN, type Post } from '../../domain/post.ts'
import { PUBLIC } from '../context.ts'
import type { Normalised } from '../engine.ts'
import { type Handler, objectId, objectOf } from '../received.ts'
import { address, html, instant, line, many, one, reference, sameOrigin } from '../wire.ts'
import { hashtags, publicTo } from './community.ts'

// Ours to the wire.

export function note(post: Post): object {
  const { iri, author, content, url, publishedAt, updatedAt } = post
  return {
    id: iri,
    type: 'Note',
    attributedTo: author,
    content,
    url,
    published: publishedAt.toISOString(),
    ...(updatedAt ? { updated: updatedAt.toISOString() } : {}),
    sensitive: false,
    ...publicTo(author),
  }
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

export function deletePost(id: string, { author, iri, deletedAt }: Post) {
  return {
    id,
    type: 'Delete',
    actor: author,
    ...publicTo(author),
    object: { id: iri, type: 'Tombstone', deleted: deletedAt?.toISOString() },
  }
}

// The wire to ours.

const PostDocument = z.looseObject({
  id: address,
  type: z.enum(['Note', 'Article', 'Question', 'Event']),
  attributedTo: one(reference),
  name: one(line(300)),
  summary: one(line(500)),
  content: one(html),
  url: many(reference, 8),
  inReplyTo: one(reference),
  published: one(instant),
  updated: one(instant),
  to: many(z.string(), 100),
  cc: many(z.string(), 100),
})

/** @param document normalised, known to come from the origin of its id @returns undefined when it is no public post of `author` */
export function readPost(document: Normalised, author: string, now: Date): Omit<Post, 'id' | 'local' | 'source' | 'deletedAt'> | undefined {
  const parsed = PostDocument.safeParse(document)
  if (!parsed.success) return undefined
  const it = parsed.data
  const everyone = [...it.to, ...it.cc].some(to => to === PUBLIC || to === 'as:Public' || to === 'Public')
  if (it.attributedTo !== author || !sameOrigin(it.id, author) || !everyone) return undefined
  const publishedAt = it.published && it.published < now ? it.published : now
  const url = it.url.find(url => sameOrigin(url, it.id)) ?? it.id
  return {
    ...PLAIN,
    iri: it.id,
    author,
    type: it.type,
    name: it.name ?? null,
    summary: it.summary ?? null,
    content: it.content ?? '',
    url,
    inReplyTo: it.inReplyTo ?? null,
    publishedAt,
    updatedAt: it.updated ?? null,
  }
}

/** A post shown by the very actor that signed is its own word; one only named is fetched from its origin later. */
export const onCreatePost: Handler = ({ ctx }, { sender, object }) => {
  if (followingOf(ctx.db, sender.id)?.state !== 'accepted') return 'not followed'
  const shown = objectOf(object)
  if (!shown?.type) return fetchLater(ctx, sender.id, objectId(object))
  const post = readPost(shown, sender.id, ctx.now())
  if (!post) return 'no post of its sender'
  return hearPost(ctx, post) ? undefined : 'already here'
}

export const onUpdatePost: Handler = ({ ctx }, { sender, object }) => {
  const shown = objectOf(object)
  if (!shown?.type) return fetchLater(ctx, sender.id, objectId(object))
  const post = readPost(shown, sender.id, ctx.now())
  if (!post) return 'no post of its sender'
  // An edit may overtake the post itself.
  const changed = postByIri(ctx.db, post.iri) ? hearRevision(ctx, { ...post, updatedAt: post.updatedAt ?? ctx.now() }) : hearPost(ctx, post)
  return changed ? undefined : 'not a post we keep'
}

export const onDeletePost: Handler = ({ ctx }, { sender, object }) => {
  const iri = objectId(object)
  if (!iri || !sameOrigin(iri, sender.id)) return 'not its own'
  return hearDeletion(ctx, sender.id, iri) ? undefined : 'not a post we keep'
}

function fetchLater(ctx: Parameters<Handler>[0]['ctx'], sender: string, iri: string | undefined): string | undefined {
  if (!iri || !sameOrigin(iri, sender)) return 'not its own'
  transact(ctx.db, tx => addErrand(tx, sender, iri, ctx.now()))
  return undefined
}
