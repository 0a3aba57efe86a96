import { Refusal } from './refusal.ts'

export type MediaKind = 'image' | 'video' | 'audio' | 'unknown'

/** The most important point of a picture, each from -1 to 1: left to right, and bottom to top. */
export type Focus = { x: number; y: number }

/** A picture of this community, or what somebody else's post carries, which stays where it is: only its address is kept. */
export type Attachment = {
  id: number
  kind: MediaKind
  /** What the bytes are, such as image/jpeg. */
  type: string | null
  /** Where it is: on another server, or null if it is one of our own files. */
  url: string | null
  /** Our own files: the picture and a small form of it. */
  file: string | null
  preview: string | null
  alt: string
  width: number | null
  height: number | null
  blurhash: string | null
  focus: Focus | null
}

/** What a post of another server carries, as its document says. */
export type HeardAttachment = Omit<Attachment, 'id' | 'file' | 'preview' | 'url'> & { url: string }

/** What a picture of ours is for: posts, or the community's own face. */
export type Use = 'post' | 'avatar' | 'header'

/** A post of ours has at most so many; of others' posts so many are kept. */
export const MOST_PICTURES = 4
export const MOST_HEARD = 16

/** A picture that no post has taken is kept for a day. */
export const UNUSED_KEPT_MS = 24 * 3_600_000

export const LARGEST_PICTURE = 16 * 1024 * 1024
export const LONGEST_ALT = 1500

/** @throws Refusal when it is longer than 1,500 characters */
export function checkAlt(text: string): string {
  const words = text.normalize('NFC').trim()
  if (words.length > LONGEST_ALT)
    throw new Refusal(
      'invalid',
      `A description may have ${LONGEST_ALT.toLocaleString('en')} characters; this one has ${words.length.toLocaleString('en')}.`,
    )
  return words
}

/** @param text two numbers from -1 to 1, such as “0.5,-0.2” @throws Refusal for anything else */
export function checkFocus(text: string): Focus {
  const [x, y, ...more] = text.split(',').map(part => (part.trim() === '' ? Number.NaN : Number(part)))
  const focus = x === undefined || y === undefined || more.length > 0 ? undefined : focusOf(x, y)
  if (!focus) throw new Refusal('invalid', 'A focal point is two numbers from -1 to 1, such as 0.5,-0.2.')
  return focus
}

/** Undefined when it is no point of a picture. */
export function focusOf(x: number, y: number): Focus | undefined {
  const within = (number: number) => Number.isFinite(number) && number >= -1 && number <= 1
  return within(x) && within(y) ? { x, y } : undefined
}

/** Where a file of ours is for everybody to fetch. */
export function mediaUrl(origin: string, file: string): string {
  return `${origin}/media/${file}`
}

/** Where an attachment is, wherever it is. */
export function attachmentUrl(origin: string, { url, file }: Pick<Attachment, 'url' | 'file'>): string {
  return file === null ? (url ?? origin) : mediaUrl(origin, file)
}
