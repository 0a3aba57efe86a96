import type { Context } from '../../context.ts'
import { attachmentsOf, pictureById } from '../../db/media.ts'
import { type Attachment, LONGEST_ALT } from '../../domain/media.ts'
import {
  checkLanguage,
  checkPost,
  checkWarning,
  LONGEST,
  type Post,
  type PostType,
  VISIBILITIES,
  type Visibility,
} from '../../domain/post.ts'
import { checkArticle, checkEdit, checkEvent, checkQuestion, isClosed, type KindChange, type NewPost } from '../../domain/post-kind.ts'
import { postHtml } from '../../domain/post-text.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Words } from '../messages.ts'
import type { FieldFault } from './parts/form.tsx'
import type { SentForm } from './posts-body.ts'

export const POST_KINDS = ['note', 'article', 'event', 'question'] as const
export type PostKind = (typeof POST_KINDS)[number]
export const CLOSES = ['1h', '6h', '12h', '1d', '3d', '7d', '14d', '30d'] as const

/** A picture that goes with a post, and what is said of it. */
export type Pictured = Attachment & { said: string }
/** A post as it stands in the form. */
export type PostForm = { kind: PostKind; fields: Readonly<Record<string, string>>; pictures: readonly Pictured[] }

export function kindOf(text: string | undefined): PostKind {
  return POST_KINDS.find(kind => kind === text) ?? 'note'
}

const TYPES: Readonly<Record<PostKind, PostType>> = { note: 'Note', article: 'Article', event: 'Event', question: 'Question' }
const kindOfPost = (post: Post) => POST_KINDS.find(kind => TYPES[kind] === post.type)!

/** The form as it was sent. @param of the post that is changed by it, where there is one */
export function formOf({ db }: Pick<Context, 'db'>, { fields, pictures }: SentForm, of?: Post): PostForm {
  const kept = pictures
    .filter(id => fields[`drop-${id}`] === undefined)
    .flatMap(id => {
      const found = pictureById(db, id)
      return found && (found.post === null || found.post === of?.id) ? [{ ...found, said: fields[`alt-${id}`] ?? found.alt }] : []
    })
  return { kind: of ? kindOfPost(of) : kindOf(fields.kind), fields, pictures: kept }
}

/** The form in which a post of ours is changed, as it stands. */
export function formOfPost({ db }: Pick<Context, 'db'>, post: Post): PostForm {
  const { id, type, name, source, summary, language, sensitive, details } = post
  const { startsAt, endsAt, place = '', options = [], multiple } = details ?? {}
  const zone = zoneIn(startsAt)
  const fields = {
    text: source ?? '',
    title: name ?? '',
    warning: summary ?? '',
    language: language ?? '',
    sensitive: sensitive ? 'yes' : '',
    ...(startsAt && endsAt ? { starts: clockAt(startsAt, zone), ends: clockAt(endsAt, zone), zone, place } : {}),
    ...(type === 'Question' ? { options: options.map(option => option.name).join('\n'), multiple: multiple ? 'yes' : '', closes: '' } : {}),
  }
  return { kind: kindOfPost(post), fields, pictures: attachmentsOf(db, id).map(one => ({ ...one, said: one.alt })) }
}

const zoneIn = (iso = '') => /[+-]\d{2}:\d{2}$/.exec(iso)?.[0] ?? '+00:00'

/** What the clock on the wall shows where this is the time zone, as a browser's field for times holds it. */
function clockAt(iso: string, zone: string): string {
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number)
  const offset = (hours * 60 + minutes) * 60_000
  return new Date(Date.parse(iso) + (zone.startsWith('-') ? -offset : offset)).toISOString().slice(0, 16)
}

export function visibilityOf(fields: Readonly<Record<string, string>>, answered?: Post): Visibility {
  return VISIBILITIES.find(one => one === fields.visibility) ?? answered?.visibility ?? 'public'
}

/** What only posts of its kind have, as the form says it. A field that was not in it is not said. */
export function partsOf({ kind, fields }: PostForm): KindChange {
  const { title = '', place = '', starts = '', ends = '', zone = '', options, multiple, closes } = fields
  const at = (time: string) => (time === '' ? '' : `${time}${zone === '' ? '+00:00' : zone}`)
  if (kind === 'article') return { title }
  if (kind === 'event') return { title, place, starts: at(starts), ends: at(ends) }
  if (kind === 'note' || options === undefined) return {}
  const answers = options.split('\n').filter(option => option.trim() !== '')
  return { options: answers, multiple: multiple === 'yes', ...(closes ? { closes } : {}) }
}

function checkNew(form: PostForm, now: Date): NewPost {
  const { text = '' } = form.fields
  const given = { title: '', place: '', starts: '', ends: '', options: [], closes: '1d', ...partsOf(form), text, question: text }
  if (form.kind === 'article') return checkArticle(given)
  if (form.kind === 'event') return checkEvent(given)
  if (form.kind === 'question') return checkQuestion(given, now)
  return { type: 'Note', name: null, details: null, source: checkPost(text, form.pictures.length > 0) }
}

/** What the form would publish, or everything that is wrong with it. @param editing the post that it changes */
export function checkForm(form: PostForm, now: Date, { t }: Words, editing?: Post): { checked: NewPost } | { faults: FieldFault[] } {
  const { kind, fields, pictures } = form
  const { text = '', warning = '', language = '' } = fields
  const faults: FieldFault[] = []
  const fault = (field: string, why = field) =>
    void faults.push({ field, text: t(`adminposts.fault.${why}`, { most: LONGEST[TYPES[kind]] }) })
  const whether = <T>(field: string, check: () => T): T | undefined => {
    try {
      return check()
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const problems = [...new Set(error.problems.map(({ path }) => FIELDS[path.split(' ')[0] ?? ''] ?? field))]
      for (const name of problems.length > 0 ? problems : [field]) fault(name)
      return undefined
    }
  }
  const closing = isClosed(editing?.details ?? {}, now) ? 'closed' : 'closes'
  const checked = whether(kind === 'question' ? closing : 'text', () =>
    editing && kind !== 'note' ? checkEdit(editing, text, partsOf(form), now) : checkNew(form, now),
  )
  if (checked) whether('text', () => postHtml(checked.source, [], ''))
  if (language) whether('language', () => checkLanguage(language))
  whether('warning', () => checkWarning(warning))
  for (const { id, said } of pictures) {
    if (said.trim() === '' && fields[`bare-${id}`] === undefined) fault(`alt-${id}`, 'alt')
    if (said.length > LONGEST_ALT) fault(`alt-${id}`, 'altLong')
  }
  return faults.length > 0 || !checked ? { faults } : { checked }
}

const FIELDS: Record<string, string> = {
  title: 'title',
  text: 'text',
  question: 'text',
  starts: 'starts',
  ends: 'ends',
  place: 'place',
  options: 'options',
}
