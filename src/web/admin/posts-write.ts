import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { addPicture, describePicture, drawPicture } from '../../actions/media.ts'
import { editPost, publishPost } from '../../actions/post.ts'
import { currentEdition } from '../../db/charter.ts'
import { theCommunity } from '../../db/community.ts'
import { pictureById } from '../../db/media.ts'
import { postById } from '../../db/post.ts'
import { LARGEST_PICTURE, MOST_PICTURES } from '../../domain/media.ts'
import { LONGEST, type Post } from '../../domain/post.ts'
import { asksOtherwise, type NewPost } from '../../domain/post-kind.ts'
import { handlesIn, type Mentioned, postHtml } from '../../domain/post-text.ts'
import { Refusal } from '../../domain/refusal.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { postWritePage, type WriteProps } from './pages/posts-write-page.tsx'
import type { FieldFault } from './parts/form.tsx'
import { readPostForm, type SentForm } from './posts-body.ts'
import { checkForm, formOf, formOfPost, kindOf, type PostForm, partsOf, visibilityOf } from './posts-form.ts'

type New = { Querystring: { kind?: string; reply?: string; text?: string } }
type One = { Params: { id: string } }
const act = 'posts' as const

/** Where a post is written, looked at, published and changed. */
export async function postWriteRoutes(app: FastifyInstance, edge: StewardEdge): Promise<void> {
  await app.register(async scope => {
    const limits = { fileSize: LARGEST_PICTURE, files: MOST_PICTURES, fields: 100, fieldSize: 512 * 1024, parts: 110 }
    await scope.register(multipart, { limits })
    newRoutes(scope, edge)
    editRoutes(scope, edge)
  })
}

function newRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx, reach } = edge
  const show = showing(edge)

  admin<New>(app, edge, {
    method: 'GET',
    path: '/admin/posts/new',
    act,
    handler: (request, reply, visit) => {
      theCommunity(ctx.db)
      const { kind, reply: answers = '', text } = request.query
      const answered = /^\d{1,12}$/.test(answers) ? postById(ctx.db, Number(answers)) : undefined
      const language = answered?.language ?? currentEdition(ctx.db)?.charter.languages[0] ?? visit.site.words.locale
      const fields = { language, visibility: answered?.visibility ?? 'public', ...(answered ? { reply: String(answered.id) } : {}) }
      if (typeof text === 'string') Object.assign(fields, { text: text.slice(0, LONGEST.Note) })
      return show(reply, visit, { form: { kind: answered ? 'note' : kindOf(kind), fields, pictures: [] }, answered })
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: '/admin/posts/new',
    act,
    handler: async (request, reply, visit) => {
      const sent = await readPostForm(request)
      const { form, faults } = await withFiles(edge, visit, sent, formOf(ctx, sent))
      const { fields, pictures } = form
      const { words } = visit.site
      const answered = await answeredBy(edge, fields.reply ?? '').catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error
        faults.push({ field: 'reply', text: words.t('adminposts.fault.reply') })
        return undefined
      })
      if (fields.do === 'picture') return show(reply.code(faults.length > 0 ? 422 : 200), visit, { form, answered, faults })
      const judged = checkForm(form, ctx.now(), words)
      if ('faults' in judged) faults.push(...judged.faults)
      if (faults.length > 0 || !('checked' in judged)) return show(reply.code(422), visit, { form, answered, faults })
      const { checked } = judged
      const mentioned = await mentionedIn(edge, checked)
      const visibility = visibilityOf(fields, answered)
      if (visibility === 'direct' && mentioned.length === 0 && !answered)
        return show(reply.code(422), visit, { form, answered, faults: [{ field: 'visibility', text: words.t('adminposts.fault.nobody') }] })
      if (fields.do === 'preview')
        return show(reply, visit, { form, answered, faults: [], preview: previewOf(edge, form, checked, mentioned) })
      for (const { id, said } of pictures) describePicture(ctx, id, { alt: said })
      const post = publish(form, checked, { mentioned, answered })
      const text = words.t('adminposts.published', { missing: missingOf(checked, mentioned).join(', ') || 'none' })
      return done(edge, reply, visit, `/admin/posts/${post.id}`, text)
    },
  })

  function publish(
    { fields, pictures }: PostForm,
    { source, ...kind }: NewPost,
    { mentioned, answered }: { mentioned: readonly Mentioned[]; answered: Post | undefined },
  ): Post {
    const { warning = '', language = '' } = fields
    return publishPost(ctx, source, {
      ...kind,
      mentioned,
      visibility: visibilityOf(fields, answered),
      sensitive: fields.sensitive === 'yes',
      attachments: pictures.map(({ id }) => id),
      ...(answered ? { replyTo: answered } : {}),
      ...(warning.trim() ? { warning } : {}),
      ...(language ? { language } : {}),
    })
  }

  async function answeredBy(_edge: StewardEdge, which: string): Promise<Post | undefined> {
    return which.trim() === '' ? undefined : reach.post(which.trim())
  }
}

function editRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  const show = showing(edge)
  const path = '/admin/posts/:id/edit'

  admin<One>(app, edge, {
    method: 'GET',
    path,
    act,
    handler: (request, reply, visit) => {
      const post = ownPost(edge, visit, request.params.id)
      return show(reply, visit, { form: formOfPost(ctx, post), editing: post })
    },
  })

  admin<One>(app, edge, {
    method: 'POST',
    path,
    act,
    handler: async (request, reply, visit) => {
      const post = ownPost(edge, visit, request.params.id)
      const { words } = visit.site
      const sent = await readPostForm(request)
      const { form, faults } = await withFiles(edge, visit, sent, formOf(ctx, sent, post))
      if (form.fields.do === 'picture') return show(reply.code(faults.length > 0 ? 422 : 200), visit, { form, editing: post, faults })
      const judged = checkForm(form, ctx.now(), words, post)
      if ('faults' in judged) faults.push(...judged.faults)
      if (faults.length > 0 || !('checked' in judged)) return show(reply.code(422), visit, { form, editing: post, faults })
      const { checked } = judged
      const mentioned = await mentionedIn(edge, checked)
      if (form.fields.do === 'preview')
        return show(reply, visit, { form, editing: post, faults: [], preview: previewOf(edge, form, checked, mentioned) })
      try {
        const { warning = '', language = '', sensitive } = form.fields
        const captions = new Map(form.pictures.map(({ id, said }) => [id, { alt: said }]))
        const attachments = form.pictures.map(({ id }) => id)
        const change = { ...partsOf(form), mentioned, warning, language, sensitive: sensitive === 'yes', attachments, captions }
        const { details } = editPost(ctx, post.id, checked.source, change)
        const said = words.t(asksOtherwise(post.details, details) ? 'adminposts.askedAnew' : 'adminposts.edited')
        return done(edge, reply, visit, `/admin/posts/${post.id}`, said)
      } catch (error) {
        if (!(error instanceof Refusal) || error.reason !== 'conflict') throw error
        return done(edge, reply, visit, `/admin/posts/${post.id}`, words.t('adminposts.nothingChanged'))
      }
    },
  })
}

function showing(edge: StewardEdge) {
  return (
    reply: FastifyReply,
    visit: Visit,
    props: Omit<WriteProps, 'faults' | 'answered' | 'now'> & Partial<Pick<WriteProps, 'faults' | 'answered'>>,
  ) => {
    const page = { faults: [], answered: undefined, now: edge.ctx.now(), ...props }
    return sendAdmin(edge, reply, visit, postWritePage(page, visit.site.words))
  }
}

/** @throws Refusal 'missing' where it is no post of ours */
export function ownPost({ ctx }: StewardEdge, { site }: Visit, id: string): Post {
  const post = /^\d{1,12}$/.test(id) ? postById(ctx.db, Number(id)) : undefined
  if (!post?.local || post.deletedAt) throw new Refusal('missing', site.words.t('adminposts.none'))
  return post
}

/** Draws and keeps the pictures that came along, as far as a post may have so many. */
async function withFiles({ ctx }: StewardEdge, { site }: Visit, { files, tooLarge }: SentForm, form: PostForm) {
  const { t } = site.words
  const faults: FieldFault[] = tooLarge ? [{ field: 'files', text: t('adminposts.fault.picture') }] : []
  const pictures = [...form.pictures]
  for (const bytes of files) {
    if (pictures.length >= MOST_PICTURES) {
      faults.push({ field: 'files', text: t('adminposts.fault.pictures', { most: MOST_PICTURES }) })
      break
    }
    try {
      const { id } = addPicture(ctx, await drawPicture(bytes))
      pictures.push({ ...pictureById(ctx.db, id)!, said: '' })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      faults.push({ field: 'files', text: t('adminposts.fault.picture') })
    }
  }
  return { form: { ...form, pictures }, faults }
}

async function mentionedIn({ reach }: StewardEdge, { source }: NewPost): Promise<Mentioned[]> {
  return handlesIn(source).length === 0 ? [] : reach.mentions(source)
}

/** Handles nobody answered to: they stay text. */
function missingOf({ source }: NewPost, mentioned: readonly Mentioned[]): string[] {
  const known = new Set(mentioned.map(({ handle, host }) => `@${handle}@${host}`.toLowerCase()))
  return handlesIn(source)
    .map(({ handle, host }) => `@${handle}@${host}`)
    .filter(address => !known.has(address.toLowerCase()))
}

/** The post as others will read it. */
function previewOf({ ctx }: StewardEdge, { fields, pictures }: PostForm, { source, ...kind }: NewPost, mentioned: readonly Mentioned[]) {
  const content = postHtml(source, mentioned, ctx.config.publicUrl)
  const summary = fields.warning?.trim() || null
  const post = { ...kind, summary, content, sensitive: summary !== null || fields.sensitive === 'yes' }
  return { post: post as Post, attachments: pictures.map(one => ({ ...one, alt: one.said })) }
}
