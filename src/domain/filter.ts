import { Refusal } from './refusal.ts'

/** Where a filter works, and what it does with what it finds. */
export const FILTER_PLACES = ['home', 'notifications', 'public', 'thread', 'account'] as const
export const FILTER_ACTIONS = ['warn', 'hide', 'blur'] as const
export type FilterPlace = (typeof FILTER_PLACES)[number]
export type FilterAction = (typeof FILTER_ACTIONS)[number]

export type FilterWord = { id: number; words: string; whole: boolean }
export type FilterPost = { id: number; post: number }
export type Filter = {
  id: number
  title: string
  places: FilterPlace[]
  action: FilterAction
  expiresAt: Date | null
  words: FilterWord[]
  posts: FilterPost[]
}
/** A filter and what of it a post has met. */
export type FilterMatch = { filter: Filter; words: string[]; posts: number[] }

export const MOST_FILTERS = 100
export const MOST_WORDS = 100
const LONGEST_WORDS = 512

/** @throws Refusal when it is empty or too long */
export function checkFilterText(text: string, what: string): string {
  const words = text.normalize('NFC').replace(/\s+/g, ' ').trim()
  if (!words) throw new Refusal('invalid', `Validation failed: ${what} can’t be blank`)
  if (words.length > LONGEST_WORDS) throw new Refusal('invalid', `Validation failed: ${what} is too long`)
  return words
}

/** @throws Refusal when none of them is a place */
export function checkPlaces(words: readonly string[]): FilterPlace[] {
  const places = FILTER_PLACES.filter(place => words.includes(place))
  if (places.length === 0)
    throw new Refusal('invalid', 'Validation failed: Context must have at least one of home, notifications, public, thread, account')
  return places
}

export function filterAction(word: string | undefined): FilterAction {
  return FILTER_ACTIONS.find(known => known === word) ?? 'warn'
}

/**
 * What of some filters a post meets: words in its text, or the post itself.
 * @param text what is read of it: warning, words, descriptions of pictures, options, tags
 */
export function matchFilters(filters: readonly Filter[], post: number, text: string, now: Date): FilterMatch[] {
  const plain = folded(text)
  return filters.flatMap(filter => {
    if (filter.expiresAt && filter.expiresAt <= now) return []
    const words = filter.words.filter(word => meets(plain, word)).map(word => word.words)
    const posts = filter.posts.filter(one => one.post === post).map(one => one.post)
    return words.length + posts.length > 0 ? [{ filter, words, posts }] : []
  })
}

function meets(text: string, { words, whole }: FilterWord): boolean {
  const wanted = folded(words)
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    if (!whole) return true
    // A word ends where a letter does not follow a letter: also in what has letters of no alphabet of ours.
    if (isEdge(text[at - 1], wanted[0]) && isEdge(wanted.at(-1), text[at + wanted.length])) return true
  }
  return false
}

function isEdge(before: string | undefined, after: string | undefined): boolean {
  const letter = /[\p{L}\p{N}_]/u
  return before === undefined || after === undefined || !letter.test(before) || !letter.test(after)
}

const folded = (text: string) => text.normalize('NFKC').toLowerCase()
