import { hashtagsIn } from './post-text.ts'

const TAG = /^[\p{L}\p{M}\p{N}_·]{1,100}$/u
export const MOST_TAGS = 30

/** A hashtag as it is found: without #, composed, in lower case. Undefined when it is none. */
export function foldTag(text: string): string | undefined {
  const name = text.replace(/^#/, '').normalize('NFKC').toLowerCase()
  return TAG.test(name) && /\p{L}/u.test(name) ? name : undefined
}

/** Hashtags as they were written, each once, with how they are found. */
export function readTags(texts: readonly string[]): { name: string; shown: string }[] {
  const found = new Map<string, { name: string; shown: string }>()
  for (const text of texts) {
    const name = foldTag(text)
    if (name && !found.has(name)) found.set(name, { name, shown: text.replace(/^#/, '').normalize('NFC') })
    if (found.size >= MOST_TAGS) break
  }
  return [...found.values()]
}

/** The hashtags that the HTML of an own post links. */
export function tagsIn(html: string): { name: string; shown: string }[] {
  return readTags(hashtagsIn(html).map(tag => tag.name))
}
