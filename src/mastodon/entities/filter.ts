import type { Filter, FilterMatch, FilterPost, FilterWord } from '../../domain/filter.ts'

/** How apps know posts: by the number of their item. */
type ItemOf = (post: number) => number | undefined

export function filterEntity(filter: Filter, itemOf: ItemOf) {
  return {
    ...head(filter),
    keywords: filter.words.map(wordEntity),
    statuses: filter.posts.map(one => filterPostEntity(one, itemOf)),
  }
}

function head({ id, title, places, action, expiresAt }: Filter) {
  return { id: String(id), title, context: places, expires_at: expiresAt?.toISOString() ?? null, filter_action: action }
}

export function wordEntity({ id, words, whole }: FilterWord) {
  return { id: String(id), keyword: words, whole_word: whole }
}

export function filterPostEntity({ id, post }: FilterPost, itemOf: ItemOf) {
  return { id: String(id), status_id: String(itemOf(post) ?? 0) }
}

/** As apps knew filters before: each word by itself. */
export function filterV1Entity({ places, expiresAt, action }: Filter, { id, words, whole }: FilterWord) {
  return {
    id: String(id),
    phrase: words,
    context: places,
    whole_word: whole,
    expires_at: expiresAt?.toISOString() ?? null,
    irreversible: action === 'hide',
  }
}

/** What of the filters a post has met. @param id of the post, as apps know it */
export function filterResult({ filter, words, posts }: FilterMatch, id: string) {
  return { filter: head(filter), keyword_matches: words.length > 0 ? words : null, status_matches: posts.length > 0 ? [id] : null }
}
