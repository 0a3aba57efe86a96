import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../context.ts'
import { unlistAbout } from '../db/activity.ts'
import { theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { dateOf, freshIri } from '../db/fresh-iri.ts'
import { attachmentsOf } from '../db/media.ts'
import { mentionedIn, saveMentions } from '../db/mention.ts'
import { transact } from '../db/open.ts'
import { addPost, deletePost, postById, revisePost } from '../db/post.ts'
import { keepPostEdit } from '../db/post-edit.ts'
import { saveTags } from '../db/tag.ts'
import { removeVotesOn } from '../db/vote.ts'
import { communityIri, objectIri } from '../domain/iri.ts'
import { checkLanguage, checkPost, checkWarning, PLAIN, type Post, type Visibility } from '../domain/post.ts'
import { asksOtherwise, checkEdit, type KindChange } from '../domain/post-kind.ts'
import { type Mentioned, postHtml } from '../domain/post-text.ts'
import { Refusal } from '../domain/refusal.ts'
import { tagsIn } from '../domain/tag.ts'
import { type Caption, changesPictures, givePictures } from './media.ts'
import { placeOwnPost } from './timeline.ts'

/** What else a post may be. `mentioned` are those its text names who have been found; the author it answers is always among them. */
export type Draft = Partial<Pick<Post, 'type' | 'name' | 'details'>> & {
  /** The post it answers; one that is kept here. */
  replyTo?: Post
  /** As the post it answers, or public. */
  visibility?: Visibility
  /** What stands in front of it. */
  warning?: string
  /** Whether its pictures are covered; it goes without saying behind a warning. */
  sensitive?: boolean
  /** BCP 47. */
  language?: string
  mentioned?: readonly Mentioned[]
  /** Numbers of pictures that wait for it (`addPicture`), in their order. With any the text may be empty. */
  attachments?: readonly number[]
}

/** What an edit changes beside the words; what is not given stays. An empty warning, language or list takes away what there was. */
export type Change = Pick<Draft, 'warning' | 'sensitive' | 'language' | 'mentioned' | 'attachments'> &
  KindChange & {
    /** What is said of its pictures from now on, by their numbers. */
    captions?: ReadonlyMap<number, Caption>
  }

/**
 * Says something to the followers and those it mentions, or only to the latter ('direct').
 * @param text markdown
 * @throws Refusal when it is empty or too long, is for nobody, or there is no community yet
 */
export function publishPost(ctx: Context, text: string, draft: Draft = {}): Post {
  const { type = 'Note', replyTo, mentioned = [], visibility = replyTo?.visibility ?? 'public', attachments = [] } = draft
  const source = checkPost(text, attachments.length > 0, type)
  const summary = draft.warning === undefined ? null : checkWarning(draft.warning)
  const words = {
    ...PLAIN,
    type,
    name: draft.name ?? null,
    details: draft.details ?? null,
    summary,
    sensitive: summary !== null || draft.sensitive === true,
    language: draft.language === undefined ? null : checkLanguage(draft.language),
    visibility,
  }
  return transact(ctx.db, tx => {
    const { publicUrl } = ctx.config
    const author = communityIri(publicUrl, theCommunity(tx).handle)
    const to = audience(author, mentioned, replyTo?.author)
    if (visibility === 'direct' && to.length === 0)
      throw new Refusal('invalid', 'A direct post reaches only those it names: write @somebody@their.server into it, or reply to somebody.')
    const now = ctx.now()
    const iri = freshIri(tx, id => objectIri(publicUrl, id), now)
    const content = postHtml(source, mentioned, publicUrl)
    const post = { iri, author, local: true, source, content, url: iri, inReplyTo: replyTo?.iri ?? null, publishedAt: dateOf(iri, now) }
    const id = addPost(tx, { ...words, ...post })!
    saveMentions(tx, id, to)
    givePictures(tx, id, attachments)
    placeOwnPost(tx, id, post)
    record(tx, { kind: 'post.published', subject: String(id), at: now })
    return postById(tx, id)!
  })
}

// Who answers somebody speaks to them, named or not. Nobody speaks to themselves.
function audience(author: string, mentioned: readonly Mentioned[], answered: string | undefined): string[] {
  const all = [...(answered ? [answered] : []), ...mentioned.map(one => one.actor)]
  return [...new Set(all)].filter(actor => actor !== author)
}

/**
 * Puts other words, or other pictures, in the place of a post's. Who has got it gets the new ones too; whoever they name besides gets the
 * post now. How it stood before is kept with it. Votes on a question that gets other answers are gone.
 * @throws Refusal when there is no such post of ours, it could not be published so, or nothing changes
 */
export function editPost(ctx: Context, id: number, text: string, change: Change = {}): Post {
  return transact(ctx.db, tx => {
    const post = ownPost(postById(tx, id), id)
    const { mentioned = [], attachments = attachmentsOf(tx, id).map(one => one.id) } = change
    const now = ctx.now()
    const { source, name, details } = checkEdit(post, checkPost(text, attachments.length > 0, post.type), change, now)
    const words = { source, name, details, ...changedWords(post, change) }
    if (isDeepStrictEqual({ ...post, ...words }, post) && !changesPictures(attachmentsOf(tx, id), attachments, change.captions))
      throw new Refusal('conflict', 'That is what the post says already.')
    keepPostEdit(tx, post)
    givePictures(tx, id, attachments, change.captions)
    saveMentions(tx, id, audience(post.author, mentioned, undefined))
    const content = postHtml(source, [...mentionedIn(tx, id), ...mentioned], ctx.config.publicUrl)
    revisePost(tx, post.author, post.iri, { ...words, content, updatedAt: now })
    saveTags(tx, id, tagsIn(content))
    if (asksOtherwise(post.details, details)) removeVotesOn(tx, id)
    unlistAbout(tx, post.iri)
    record(tx, { kind: 'post.edited', subject: String(id), at: now })
    return postById(tx, id)!
  })
}

function changedWords(
  post: Post,
  { warning, sensitive = post.sensitive, language }: Change,
): Pick<Post, 'summary' | 'sensitive' | 'language'> {
  const summary = warning === undefined ? post.summary : checkWarning(warning)
  return {
    summary,
    sensitive: sensitive || summary !== null,
    language: language === undefined ? post.language : language === '' ? null : checkLanguage(language),
  }
}

/** Takes a post back, here and everywhere it was sent. @throws Refusal when there is no such post of ours */
export function withdrawPost(ctx: Context, id: number): void {
  transact(ctx.db, tx => {
    const post = ownPost(postById(tx, id), id)
    deletePost(tx, post.author, post.iri, ctx.now())
    unlistAbout(tx, post.iri)
    removeVotesOn(tx, id)
    record(tx, { kind: 'post.deleted', subject: String(id), at: ctx.now() })
  })
}

function ownPost(post: Post | undefined, id: number): Post {
  if (!post?.local || post.deletedAt) throw new Refusal('missing', `There is no post of this community numbered ${id}.`)
  return post
}
