import type { KnownEntry } from './facet-index.ts'
import type { Position } from './search-cursor.ts'

/** So many entries come in order of relevance; whoever reads on gets the rest by id. */
const MOST_RANKED = 500

/** The entries of one page, in order, and where the next page goes on; undefined on the last. */
export type Page = { ids: number[]; next: Position | undefined }

/** A page in an order that stands still: by key, then id. Only what is on the page is sorted. */
export function pageByKey(
  entries: readonly KnownEntry[],
  limit: number,
  position: Position | undefined,
  keyOf: (entry: KnownEntry) => Key,
): Page {
  const after = position && { key: position.key ?? 0, id: position.id }
  const first: Keyed[] = []
  let left = 0
  for (const entry of entries) {
    const { id } = entry
    const item = { key: keyOf(entry), id }
    if (after && compare(item, after) <= 0) continue
    left++
    let place = first.length
    if (place === limit && compare(item, first[place - 1]!) > 0) continue
    while (place > 0 && compare(item, first[place - 1]!) < 0) place--
    first.splice(place, 0, item)
    if (first.length > limit) first.pop()
  }
  return { ids: first.map(({ id }) => id), next: left > limit ? first.at(-1) : undefined }
}

/** A page of what a query found, best first. @param ranked ids in order of relevance @param entries those of them that are wanted */
export function pageByRelevance(
  ranked: readonly number[],
  entries: readonly KnownEntry[],
  limit: number,
  position: Position | undefined,
): Page {
  const seen = position?.seen ?? []
  const read = new Set(seen)
  const unread = entries.filter(({ id }) => !read.has(id))
  if (seen.length >= MOST_RANKED) {
    const { ids, next } = pageByKey(unread, limit, { id: position!.id }, () => 0)
    return { ids, next: next && { id: next.id, seen } }
  }
  const wanted = new Set(unread.map(({ id }) => id))
  const ids: number[] = []
  for (const id of ranked) {
    if (ids.length === limit) break
    if (wanted.has(id)) ids.push(id)
  }
  return { ids, next: unread.length > limit ? { id: 0, seen: [...seen, ...ids] } : undefined }
}

type Key = string | number
type Keyed = { key: Key; id: number }

function compare(a: Keyed, b: Keyed): number {
  if (a.key === b.key) return a.id - b.id
  return a.key < b.key ? -1 : 1
}
