import { idIn } from '../../domain/entry-rank.ts'
import { type Connection, type Db, reading } from '../open.ts'
import { prepared } from '../prepared.ts'
import { placeIn } from './columns.ts'
import { matches } from './matches.ts'
import { type Scope, scopeOf, stretchesOf } from './scope.ts'
import { alternatives, either, every } from './wanted.ts'

// Which entries fulfil an expression of the full-text index, kept in memory: an id stands for the same words for ever, so what was read
// stays true, and only what was given since must be read. What left is still in it: who reads it looks whether an entry is there.

/** All that were given before `end` when the last number of each band was as in `lasts`, in ascending order. */
type Posting = { ids: Float64Array; end: number; state: string; epoch: number; lasts: Map<number, number> }

/** So many ids are kept, of eight bytes each, and so many expressions. */
const MOST_IDS = 12_000_000
const MOST = 2_000
/** Up to so many of them are of values and words that are kept whoever asks for what; values may take half of that. */
const LASTING = MOST_IDS / 2
/** A value that a smaller part of all entries has is rare: the others narrow too little. */
export const RARE = 0.2

/** The ids before `end` that fulfil all of some expressions, in ascending order. Some may be gone. */
export function meeting(scope: Scope, expressions: readonly string[], end: number): Float64Array {
  if (expressions.length > 1 && !expressions.every(expression => isAtHand(scope, expression, end)))
    return postingOf(scope, every(expressions), end)
  return intersectionOf(
    expressions.map(expression => postingOf(scope, expression, end)),
    0,
    end,
  )
}

/** Those from `first` to below `end` that are in each of some lists, all of them in ascending order. */
export function intersectionOf(lists: readonly Float64Array[], first: number, end: number): Float64Array {
  const [few, ...rest] = lists.map(ids => ids.subarray(placeIn(ids, first), placeIn(ids, end))).sort((a, b) => a.length - b.length)
  return rest.reduce(intersection, few!)
}

/** Whether all of some expressions are in memory, or their meeting is, so that to read them costs little. */
export function isKept(scope: Scope, expressions: readonly string[], end: number): boolean {
  return isAtHand(scope, every(expressions), end) || expressions.every(expression => isAtHand(scope, expression, end))
}

/** Reads who has a value, to be kept from now on. A part of it each time that the next is asked for. @returns false when there is no room for more */
export function* keepValue(db: Connection, token: string): Generator<void, boolean> {
  yield* keep(db, token)
  return sizeOfLasting(db) < LASTING / 2
}

/** The same for a word. */
export function* keepWord(db: Connection, token: string): Generator<void, boolean> {
  yield* keep(db, token)
  return sizeOfLasting(db) < LASTING
}

function* keep(db: Connection, expression: string): Generator<void> {
  prepared(db, noPostings).lasting.add(expression)
  for (const { end } of reading(db, () => [...stretchesOf(scopeOf(db, 'all'))])) {
    reading(db, () => postingOf(scopeOf(db, 'all'), expression, end))
    yield
  }
}

function sizeOfLasting(db: Db): number {
  const { known, lasting } = prepared(db, noPostings)
  return [...lasting].reduce((sum, expression) => sum + (known.get(expression)?.ids.length ?? 0), 0)
}

function postingOf(scope: Scope, expression: string, end: number): Float64Array {
  const { db, epoch, state } = scope
  const kept = prepared(db, noPostings)
  let posting = kept.known.get(expression)
  const before = posting?.ids.length ?? 0
  if (posting?.epoch !== epoch) posting = undefined
  else if (posting.state === state && posting.end >= end) return posting.ids
  posting ??= { ids: new Float64Array(), end: 0, state: '', epoch, lasts: new Map() }
  if (posting.state !== state) addNew(scope, expression, posting)
  if (posting.end < end) {
    posting.ids = joined(posting.ids, read(scope, expression, posting.end, end))
    posting.end = end
  }
  kept.size += posting.ids.length - before
  kept.known.delete(expression)
  kept.known.set(expression, posting)
  for (const [oldest, { ids }] of kept.known) {
    if (kept.size <= MOST_IDS && kept.known.size <= MOST) break
    if (kept.lasting.has(oldest)) continue
    kept.known.delete(oldest)
    kept.size -= ids.length
  }
  return posting.ids
}

/** Who fulfils an expression, from `first` to below `end`: of words that one of must occur, only those are asked for that are not kept. */
function read(scope: Scope, expression: string, first: number, end: number): ArrayLike<number> {
  const { lasting } = prepared(scope.db, noPostings)
  const all = alternatives(expression)
  const known = all.filter(word => word !== expression && lasting.has(word))
  const others = all.filter(word => !known.includes(word))
  const asked = () => matches(scope.db, either(others), undefined, { first, end, most: -1 })
  if (known.length === 0) return asked()
  const lists: ArrayLike<number>[] = known.map(word => {
    const ids = postingOf(scope, word, end)
    return ids.subarray(placeIn(ids, first), placeIn(ids, end))
  })
  if (others.length > 0) lists.push(asked())
  return lists.sort((a, b) => a.length - b.length).reduce(union)
}

/** Whether an expression is in memory, or begins with a word that is: what else it may be is most often rare. */
function isAtHand({ db }: Scope, expression: string, end: number): boolean {
  const { known, lasting } = prepared(db, noPostings)
  return (known.get(expression)?.end ?? 0) >= end || lasting.has(alternatives(expression)[0]!)
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

function joined(ids: Float64Array, more: ArrayLike<number>): Float64Array {
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

function union(some: ArrayLike<number>, others: ArrayLike<number>): Float64Array {
  const all = new Float64Array(some.length + others.length)
  let filled = 0
  let [here, there] = [0, 0]
  while (here < some.length || there < others.length) {
    const [id, other] = [some[here] ?? Number.POSITIVE_INFINITY, others[there] ?? Number.POSITIVE_INFINITY]
    if (id <= other) here++
    if (other <= id) there++
    all[filled++] = Math.min(id, other)
  }
  return all.subarray(0, filled)
}

type Kept = { known: Map<string, Posting>; size: number; lasting: Set<string> }
const noPostings = (_: Db): Kept => ({ known: new Map(), size: 0, lasting: new Set() })
