import type { Context } from '../../context.ts'
import { pictureById } from '../../db/media.ts'
import { type Attachment, LONGEST_ALT } from '../../domain/media.ts'
import { checkLanguage, checkPost, checkWarning, type Post, VISIBILITIES, type Visibility } from '../../domain/post.ts'
import { checkArticle, checkEvent, checkQuestion, type NewPost } from '../../domain/post-kind.ts'
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

/** The form as it was sent. @param of the post whose pictures these may be, where one is edited */
export function formOf({ db }: Pick<Context, 'db'>, { fields, pictures }: SentForm, of: number | null = null): PostForm {
  const kept = pictures
    .filter(id => fields[`drop-${id}`] === undefined)
    .flatMap(id => {
      const found = pictureById(db, id)
      return found && (found.post === null || found.post === of) ? [{ ...found, said: fields[`alt-${id}`] ?? found.alt }] : []
    })
  return { kind: kindOf(fields.kind), fields, pictures: kept }
}

export function visibilityOf(fields: Readonly<Record<string, string>>, answered?: Post): Visibility {
  return VISIBILITIES.find(one => one === fields.visibility) ?? answered?.visibility ?? 'public'
}

export type Checked = { kind: 'note'; source: string } | { kind: Exclude<PostKind, 'note'>; post: NewPost }

/** What the form would publish, or everything that is wrong with it. */
export function checkForm({ kind, fields, pictures }: PostForm, now: Date, { t }: Words): { checked: Checked } | { faults: FieldFault[] } {
  const faults: FieldFault[] = []
  const fault = (field: string, why = field) => void faults.push({ field, text: t(`adminposts.fault.${why}`) })
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
  const { text = '', title = '', place = '', starts = '', ends = '', zone = '', warning = '', language = '' } = fields
  const checked = ((): Checked | undefined => {
    if (kind === 'article')
      return asKind(
        kind,
        whether('title', () => checkArticle({ title, text })),
      )
    if (kind === 'event') {
      const at = (time: string) => (time === '' ? '' : `${time}${zone === '' ? '+00:00' : zone}`)
      return asKind(
        kind,
        whether('starts', () => checkEvent({ title, text, place, starts: at(starts), ends: at(ends) })),
      )
    }
    if (kind === 'question') {
      const options = (fields.options ?? '').split('\n').filter(option => option.trim() !== '')
      const closes = fields.closes || '1d'
      const multiple = fields.multiple === 'yes'
      return asKind(
        kind,
        whether('closes', () => checkQuestion({ question: text, options, multiple, closes }, now)),
      )
    }
    const source = whether('text', () => checkPost(text, pictures.length > 0))
    if (language) whether('language', () => checkLanguage(language))
    whether('warning', () => checkWarning(warning))
    return source === undefined ? undefined : { kind, source }
  })()
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

function asKind(kind: Exclude<PostKind, 'note'>, post: NewPost | undefined): Checked | undefined {
  return post && { kind, post }
}
