import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { addPicture, describePicture, drawPicture } from '../../actions/media.ts'
import { editPost, publishPost } from '../../actions/post.ts'
import { askQuestion, publishArticle, publishEvent } from '../../actions/post-kind.ts'
import { currentEdition } from '../../db/charter.ts'
import { theCommunity } from '../../db/community.ts'
import { attachmentsOf, pictureById } from '../../db/media.ts'
import { postById } from '../../db/post.ts'
import { LARGEST_PICTURE, MOST_PICTURES } from '../../domain/media.ts'
import type { Post } from '../../domain/post.ts'
import { handlesIn, type Mentioned, postHtml } from '../../domain/post-text.ts'
import { Refusal } from '../../domain/refusal.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { postWritePage, type WriteProps } from './pages/posts-write-page.tsx'
import type { FieldFault } from './parts/form.tsx'
import { readPostForm, type SentForm } from './posts-body.ts'
import { type Checked, checkForm, formOf, kindOf, type PostForm, visibilityOf } from './posts-form.ts'

type New = { Querystring: { kind?: string; reply?: string } }
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
      const { kind, reply: answers = '' } = request.query
      const answered = /^\d{1,12}$/.test(answers) ? postById(ctx.db, Number(answers)) : undefined
      const language = answered?.language ?? currentEdition(ctx.db)?.charter.languages[0] ?? visit.site.words.locale
      const fields = { language, visibility: answered?.visibility ?? 'public', ...(answered ? { reply: String(answered.id) } : {}) }
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
      if (visibility === 'direct' && checked.kind === 'note' && mentioned.length === 0 && !answered)
        return show(reply.code(422), visit, { form, answered, faults: [{ field: 'visibility', text: words.t('adminposts.fault.nobody') }] })
      if (fields.do === 'preview')
        return show(reply, visit, { form, answered, faults: [], preview: previewOf(edge, form, checked, mentioned) })
      for (const { id, said } of pictures) describePicture(ctx, id, { alt: said })
      const post = publish(edge, form, checked, { mentioned, answered })
      const text = words.t('adminposts.published', { missing: missingOf(checked, mentioned).join(', ') || 'none' })
      return done(edge, reply, visit, `/admin/posts/${post.id}`, text)
    },
  })

  function publish(
    { ctx }: StewardEdge,
    { fields, pictures }: PostForm,
    checked: Checked,
    { mentioned, answered }: { mentioned: readonly Mentioned[]; answered: Post | undefined },
  ): Post {
    if (checked.kind !== 'note') {
      const { title = '', text = '', place = '' } = fields
      const { details } = checked.post
      if (checked.kind === 'article') return publishArticle(ctx, { title, text })
      if (checked.kind === 'event') return publishEvent(ctx, { title, text, place, starts: details!.startsAt!, ends: details!.endsAt! })
      const options = details!.options!.map(({ name }) => name)
      return askQuestion(ctx, { question: text, options, multiple: details!.multiple ?? false, closes: fields.closes || '1d' })
    }
    const { warning = '', language = '' } = fields
    return publishPost(ctx, checked.source, {
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
      const pictures = attachmentsOf(ctx.db, post.id).map(one => ({ ...one, said: one.alt }))
      const fields = {
        text: post.source ?? '',
        warning: post.summary ?? '',
        language: post.language ?? '',
        sensitive: post.sensitive ? 'yes' : '',
      }
      return show(reply, visit, { form: { kind: 'note', fields, pictures }, editing: post })
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
      const { form, faults } = await withFiles(edge, visit, sent, formOf(ctx, sent, post.id))
      if (form.fields.do === 'picture') return show(reply.code(faults.length > 0 ? 422 : 200), visit, { form, editing: post, faults })
      const judged = checkForm({ ...form, kind: 'note' }, ctx.now(), words)
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
        const source = checked.kind === 'note' ? checked.source : ''
        editPost(ctx, post.id, source, { mentioned, warning, language, sensitive: sensitive === 'yes', attachments, captions })
      } catch (error) {
        if (!(error instanceof Refusal) || error.reason !== 'conflict') throw error
        return done(edge, reply, visit, `/admin/posts/${post.id}`, words.t('adminposts.nothingChanged'))
      }
      return done(edge, reply, visit, `/admin/posts/${post.id}`, words.t('adminposts.edited'))
    },
  })
}

function showing(edge: StewardEdge) {
  return (
    reply: FastifyReply,
    visit: Visit,
    props: Omit<WriteProps, 'faults' | 'answered'> & Partial<Pick<WriteProps, 'faults' | 'answered'>>,
  ) => {
    const page = { faults: [], answered: undefined, ...props }
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

const sourceOf = (checked: Checked) => (checked.kind === 'note' ? checked.source : checked.post.source)

async function mentionedIn({ reach }: StewardEdge, checked: Checked): Promise<Mentioned[]> {
  if (checked.kind !== 'note' || handlesIn(checked.source).length === 0) return []
  return reach.mentions(checked.source)
}

/** Handles nobody answered to: they stay text. */
function missingOf(checked: Checked, mentioned: readonly Mentioned[]): string[] {
  if (checked.kind !== 'note') return []
  const known = new Set(mentioned.map(({ handle, host }) => `@${handle}@${host}`.toLowerCase()))
  return handlesIn(checked.source)
    .map(({ handle, host }) => `@${handle}@${host}`)
    .filter(address => !known.has(address.toLowerCase()))
}

/** The post as others will read it. */
function previewOf({ ctx }: StewardEdge, { fields, pictures }: PostForm, checked: Checked, mentioned: readonly Mentioned[]) {
  const content = postHtml(sourceOf(checked), mentioned, ctx.config.publicUrl)
  const { type, name, details } = checked.kind === 'note' ? { type: 'Note' as const, name: null, details: null } : checked.post
  const summary = fields.warning?.trim() || null
  const post = { type, name, details, summary, content, sensitive: summary !== null || fields.sensitive === 'yes' }
  return { post: post as Post, attachments: pictures.map(one => ({ ...one, alt: one.said })), now: ctx.now() }
}
