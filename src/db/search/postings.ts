import { idIn } from '../../domain/entry-rank.ts'
import type { Db } from '../open.ts'
import { prepared } from '../prepared.ts'
import { matches } from './matches.ts'
import type { Scope } from './scope.ts'
import { every } from './wanted.ts'

// Which entries fulfil an expression of the full-text index, kept in memory: an id stands for the same words for ever, so what was read
// stays true, and only what was given since must be read. What left is still in it: who reads it looks whether an entry is there.

/** All that were given before `end` when the last number of each band was as in `lasts`, in ascending order. */
type Posting = { ids: Float64Array; end: number; state: string; epoch: number; lasts: Map<number, number> }

/** So many ids are kept, of eight bytes each, and so many expressions. */
const MOST_IDS = 3_000_000
const MOST = 2_000

/** The ids before `end` (and maybe some behind it) that fulfil all of some expressions, in ascending order. Some may be gone. */
export function meeting(scope: Scope, expressions: readonly string[], end: number): Float64Array {
  const { known } = prepared(scope.db, noPostings)
  const single = expressions.length > 1 && expressions.every(expression => (known.get(expression)?.end ?? 0) >= end)
  if (!single) return postingOf(scope, every(expressions), end)
  const [first, ...rest] = expressions.map(expression => postingOf(scope, expression, end)).sort((a, b) => a.length - b.length)
  return rest.reduce(intersection, first!)
}

/** Whether all of some expressions are in memory, or their meeting is, so that to read them costs nothing. */
export function isKept(scope: Scope, expressions: readonly string[], end: number): boolean {
  const { known } = prepared(scope.db, noPostings)
  const has = (expression: string) => (known.get(expression)?.end ?? 0) >= end
  return has(every(expressions)) || expressions.every(has)
}

function postingOf(scope: Scope, expression: string, end: number): Float64Array {
  const { db, epoch, state } = scope
  const kept = prepared(db, noPostings)
  let posting = kept.known.get(expression)
  if (posting?.epoch !== epoch) posting = undefined
  else if (posting.state === state && posting.end >= end) return posting.ids
  const before = posting?.ids.length ?? 0
  posting ??= { ids: new Float64Array(), end: 0, state: '', epoch, lasts: new Map() }
  if (posting.state !== state) addNew(scope, expression, posting)
  if (posting.end < end) {
    posting.ids = joined(posting.ids, matches(db, expression, undefined, { first: posting.end, end, most: -1 }))
    posting.end = end
  }
  kept.size += posting.ids.length - before
  kept.known.delete(expression)
  kept.known.set(expression, posting)
  for (const [oldest, { ids }] of kept.known) {
    if (kept.size <= MOST_IDS && kept.known.size <= MOST) break
    kept.known.delete(oldest)
    kept.size -= ids.length
  }
  return posting.ids
}

/** Reads what was given since, among what was read. */
function addNew({ db, bands, state }: Scope, expression: string, posting: Posting): void {
  const added: number[] = []
  for (const [band, , last] of bands) {
    const first = idIn(band, (posting.lasts.get(band) ?? 0) + 1)
    const end = Math.min(posting.end, idIn(band, last + 1))
    if (first < end) added.push(...matches(db, expression, undefined, { first, end, most: -1 }))
    posting.lasts.set(band, last)
  }
  posting.state = state
  if (added.length > 0) posting.ids = joined(posting.ids, added).sort()
}

function joined(ids: Float64Array, more: readonly number[]): Float64Array {
  const all = new Float64Array(ids.length + more.length)
  all.set(ids)
  all.set(more, ids.length)
  return all
}

function intersection(few: Float64Array, many: Float64Array): Float64Array {
  const both = new Float64Array(few.length)
  let filled = 0
  let at = 0
  for (const id of few) {
    while (at < many.length && many[at]! < id) at++
    if (at === many.length) break
    if (many[at] === id) both[filled++] = id
  }
  return both.subarray(0, filled)
}

const noPostings = (_: Db) => ({ known: new Map<string, Posting>(), size: 0 })
