import { canonicalLanguage, language } from './charter-text.ts'
import type { HeardAttachment } from './media.ts'
import { Refusal } from './refusal.ts'

export type PostType = 'Note' | 'Article' | 'Question' | 'Event'

export type Visibility = 'public' | 'unlisted' | 'followers' | 'direct'

/** What only an event has, and what only a question has. Times are ISO 8601. */
export type PostDetails = {
  startsAt?: string
  endsAt?: string
  place?: string
  options?: { name: string; votes: number }[]
  /** Whether more than one option may be chosen. */
  multiple?: boolean
  closesAt?: string
  /** When it was said to be closed. */
  closedAt?: string
  voters?: number
}

/** A post: the community's own, or somebody else's it has reason to keep. `content` is sanitised HTML. */
export type Post = {
  id: number
  iri: string
  author: string
  local: boolean
  type: PostType
  name: string | null
  summary: string | null
  source: string | null
  content: string
  url: string
  inReplyTo: string | null
  visibility: Visibility
  sensitive: boolean
  language: string | null
  details: PostDetails | null
  pinnedAt: Date | null
  publishedAt: Date
  updatedAt: Date | null
  deletedAt: Date | null
}

/** A post of another server, as its author's own document says it. `mentions` are actors it names or is addressed to, by IRI. */
export type HeardPost = Omit<Post, 'id' | 'local' | 'source' | 'deletedAt'> & {
  mentions: string[]
  attachments?: readonly HeardAttachment[]
  tags?: readonly string[]
}

export const VISIBILITIES: readonly Visibility[] = ['public', 'unlisted', 'followers', 'direct']

/** Whether everybody may read it. What is for followers or for a few is shown on no page and in no collection. */
export function isOpen({ visibility }: Pick<Post, 'visibility'>): boolean {
  return visibility === 'public' || visibility === 'unlisted'
}

/** What is read first, in front of a post. The summary of an article or an event is that only where it is sensitive. */
export function warningOf({ type, summary, sensitive }: Pick<Post, 'type' | 'summary' | 'sensitive'>): string | null {
  return sensitive || type === 'Note' || type === 'Question' ? summary : null
}

/** A post for everybody that is words and nothing more. */
export const PLAIN = {
  name: null,
  summary: null,
  inReplyTo: null,
  visibility: 'public',
  sensitive: false,
  language: null,
  details: null,
  pinnedAt: null,
  updatedAt: null,
  deletedAt: null,
} as const satisfies Partial<Post>

/** How long a post of each kind may be, whether it is new or changed: characters of markdown. */
export const LONGEST: Readonly<Record<PostType, number>> = { Note: 20_000, Article: 100_000, Question: 20_000, Event: 20_000 }
const LONGEST_WARNING = 500

/** @param text what stands in front of a post, which is read first @throws Refusal when it is longer than 500 characters */
export function checkWarning(text: string): string | null {
  const words = text.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (words.length > LONGEST_WARNING) throw new Refusal('invalid', `A warning may have ${LONGEST_WARNING} characters.`)
  return words || null
}

export function isLanguage(tag: string): boolean {
  return canonicalLanguage(tag) !== undefined
}

/** @throws Refusal when it is no language tag of BCP 47 */
export function checkLanguage(tag: string): string {
  const parsed = language().safeParse(tag)
  if (!parsed.success) throw new Refusal('invalid', `“${tag}” is not a language code such as en, es or pt-BR.`)
  return parsed.data
}

/**
 * @param text markdown as the steward wrote it @param mayBeEmpty because there are pictures; an event may in any case
 * @throws Refusal when it is empty, or longer than posts of its kind may be
 */
export function checkPost(text: string, mayBeEmpty = false, type: PostType = 'Note'): string {
  const words = text.normalize('NFC').trim()
  if (!words && !mayBeEmpty && type !== 'Event') throw new Refusal('invalid', 'A post needs some text.')
  if (words.length > LONGEST[type])
    throw new Refusal(
      'invalid',
      `A post may have ${LONGEST[type].toLocaleString('en')} characters; this one has ${words.length.toLocaleString('en')}.`,
    )
  return words
}
