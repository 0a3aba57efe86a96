import { Refusal } from './refusal.ts'

/** A question and an event are kept as the text they carry. */
export type PostType = 'Note' | 'Article' | 'Question' | 'Event'

/** A post: the community's own, or one heard from an actor it follows. `content` is sanitised HTML. */
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
  publishedAt: Date
  updatedAt: Date | null
  deletedAt: Date | null
}

const LONGEST = 20_000

/** @param text markdown as the steward wrote it @throws Refusal when it is empty or longer than 20,000 characters */
export function checkPost(text: string): string {
  const words = text.normalize('NFC').trim()
  if (!words) throw new Refusal('invalid', 'A post needs some text.')
  if (words.length > LONGEST)
    throw new Refusal(
      'invalid',
      `A post may have ${LONGEST.toLocaleString('en')} characters; this one has ${words.length.toLocaleString('en')}.`,
    )
  return words
}
