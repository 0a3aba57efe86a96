import { FACETS, type Facet } from '../../domain/directory.ts'
import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { monthRankOfId } from '../../domain/entry-rank.ts'
import { valueToken } from '../../domain/search-token.ts'
import { type Box, boxAround, kilometresBetween, longitudes, type Point } from '../../lib/geo.ts'
import type { Db } from '../open.ts'
import { knownValues, PIECE, type Piece, pieceOf, piecesBetween } from './pieces.ts'

// What of a query is looked up in memory: values of those fields that are counted, and places.

/** Tells of an entry of a piece that lies within the bounds: 0 where it fulfils everything, `field + 1` where everything but that field of `fields`, `NO` else. */
export type Check = { fields: readonly Facet[]; of: (piece: Piece, place: number) => number; bounds?: Bounds | undefined }
export const NO = -1

/** Fulfilled by all that are there. */
export const PRESENT: Check = { fields: [], of: ({ there }, place) => there[place]! - 1 }

/** Called with an entry and what was told of it. @returns whether to go on */
export type Call = (id: number, told: number) => boolean

/** What a query asks of values and places; undefined where it asks for neither. */
export function checkOf(db: Db, query: DirectoryQuery): Check | undefined {
  const bounds = boundsOf(query)
  const isNear = nearCheck(query)
  const fields = FACETS.filter(field => query[field])
  if (fields.length === 0)
    return bounds && { fields, bounds, of: (piece, place) => (piece.there[place] === 1 && (!isNear || isNear(piece, place)) ? 0 : NO) }
  // As the index compares them.
  const tokens = new Set(fields.flatMap(field => query[field]!.map(value => valueToken(field, value))))
  const bits = Uint8Array.from(knownValues(db), known =>
    known && tokens.has(valueToken(known.field, known.value)) ? 1 << fields.indexOf(known.field) : 0,
  )
  const all = 2 ** fields.length - 1
  const of: Check['of'] = (piece, place) => {
    if (piece.there[place] === 0 || (isNear && !isNear(piece, place))) return NO
    const { starts, values } = piece
    let missing = all
    for (let at = starts[place]!, end = starts[place + 1]!; at < end; at++) missing &= ~bits[values[at]!]!
    if (missing === 0) return 0
    return (missing & (missing - 1)) === 0 ? 32 - Math.clz32(missing) : NO
  }
  return { fields, bounds, of }
}

/** Microseconds, about, to look at one of some entries, and to pass one by where all are looked through. */
export const COST = { look: 0.3, pass: 0.01 }

/** Looks at some entries, in ascending order of their ids, from `first` to below `end`. */
export function lookAt(db: Db, ids: ArrayLike<number>, { of, bounds }: Check, first: number, end: number, call: Call): void {
  let piece: Piece | undefined
  for (let n = placeIn(ids, first); n < ids.length; n++) {
    const id = ids[n]!
    if (id >= end) return
    piece = pieceOf(db, id, piece)
    const place = id - piece.first
    if (bounds && !isWithin(piece, place, bounds)) continue
    const told = of(piece, place)
    if (told !== NO && !call(id, told)) return
  }
}

/** Looks at all entries from `first` to below `end`, in ascending order of their ids. */
export function lookThrough(db: Db, { of, bounds }: Check, first: number, end: number, call: Call): void {
  const here = new Uint16Array(PIECE)
  for (const piece of piecesBetween(db, first, end)) {
    const from = Math.max(0, first - piece.first)
    const to = Math.min(end, piece.read) - piece.first
    const lying = bounds ? lyingIn(piece, bounds, from, to, here) : to - from
    for (let n = 0; n < lying; n++) {
      const place = bounds ? here[n]! : from + n
      const told = of(piece, place)
      if (told !== NO && !call(piece.first + place, told)) return
    }
  }
}

/** Writes down which places of a piece lie within bounds: a loop of its own, because it is gone through for every entry. @returns how many */
function lyingIn(piece: Piece, bounds: Bounds, from: number, to: number, here: Uint16Array): number {
  const { latitude, longitude } = piece
  const { x, halfX, y, halfY } = bounds
  let count = 0
  for (let place = from; place < to; place++)
    if (Math.abs(longitude[place]! - x) <= halfX && Math.abs(latitude[place]! - y) <= halfY && isWithin(piece, place, bounds))
      here[count++] = place
  return count
}

function isWithin({ latitude, longitude }: Piece, place: number, { box, stretches }: Bounds): boolean {
  const y = latitude[place]!
  const x = longitude[place]!
  return y >= box.south && y <= box.north && stretches.some(([west, east]) => x >= west && x <= east)
}

/** How many of some ids, in ascending order, are smaller than this one. */
export function placeIn(ids: ArrayLike<number>, id: number): number {
  let low = 0
  let high = ids.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ids[middle]! < id) low = middle + 1
    else high = middle
  }
  return low
}

/** @param ids in ascending order */
export const isAmong = (ids: ArrayLike<number>, id: number): boolean => ids[placeIn(ids, id)] === id

/** How often each value occurs among these entries: `counts[number]`. @param ids in ascending order, of entries that are there */
export function countValues(db: Db, ids: readonly number[], values: number): Uint32Array {
  const counts = new Uint32Array(values)
  let piece: Piece | undefined
  for (const id of ids) {
    piece = pieceOf(db, id, piece)
    const place = id - piece.first
    const end = piece.starts[place + 1]!
    for (let at = piece.starts[place]!; at < end; at++) counts[piece.values[at]!]!++
  }
  return counts
}

/** Where an entry lets itself be found. */
export function placeOf(db: Db, id: number): Point | undefined {
  const piece = pieceOf(db, id, undefined)
  const latitude = piece.latitude[id - piece.first]!
  return Number.isNaN(latitude) ? undefined : { latitude, longitude: piece.longitude[id - piece.first]! }
}

/** Tells of entries whether they fulfil something. To be asked in ascending order of ids where there are many. */
export type Test = (id: number) => boolean

/** Whether an entry lies where the query says; undefined where it says nothing. */
export function placeTest(db: Db, query: DirectoryQuery): Test | undefined {
  const bounds = boundsOf(query)
  const isNear = nearCheck(query)
  return bounds && test(db, (piece, place) => isWithin(piece, place, bounds) && (!isNear || isNear(piece, place)))
}

/** Whether an entry is there and fulfils what is looked up in memory. */
export function testOf(db: Db, query: DirectoryQuery): Test {
  const { of, bounds } = checkOf(db, query) ?? PRESENT
  return test(db, (piece, place) => (!bounds || isWithin(piece, place, bounds)) && of(piece, place) === 0)
}

function test(db: Db, isIt: (piece: Piece, place: number) => boolean): Test {
  let piece: Piece | undefined
  return id => {
    piece = pieceOf(db, id, piece)
    return isIt(piece, id - piece.first)
  }
}

/** Kilometres to each of these entries. @param ids in ascending order */
export function distancesTo(db: Db, ids: readonly number[], near: Point): number[] {
  let piece: Piece | undefined
  return ids.map(id => {
    piece = pieceOf(db, id, piece)
    return kilometresBetween(near, pointAt(piece, id - piece.first))
  })
}

/** What an entry is sorted by, as far as memory knows it: numbers in the order that is wanted, but that some have the same. @param ids in ascending order */
export function roughKeys(db: Db, ids: readonly number[], sort: 'name' | 'newest' | 'verified'): Float64Array {
  let piece: Piece | undefined
  return Float64Array.from(ids, id => {
    if (sort === 'verified') return monthRankOfId(id)
    piece = pieceOf(db, id, piece)
    return sort === 'name' ? piece.name[id - piece.first]! : -piece.published[id - piece.first]!
  })
}

/** A box, and around it, seen from its middle, one that is quicker to look into: at least as great, or as wide as the world where it reaches over the date line. */
type Bounds = { box: Box; stretches: [west: number, east: number][]; x: number; halfX: number; y: number; halfY: number }

/** Degrees: more than is lost by reckoning from the middle. */
const SLACK = 1e-6

function boundsOf({ bbox, near, within }: DirectoryQuery): Bounds | undefined {
  const box = bbox ?? (near && within !== undefined ? boxAround(near, within) : undefined)
  if (!box) return undefined
  const stretches = longitudes(box)
  const x = (box.west + box.east) / 2
  const halfX = stretches.length > 1 ? Number.POSITIVE_INFINITY : (box.east - box.west) / 2 + SLACK
  return { box, stretches, x, halfX, y: (box.south + box.north) / 2, halfY: (box.north - box.south) / 2 + SLACK }
}

/** Whether an entry lies within the circle; undefined where there is none. */
function nearCheck({ bbox, near, within }: DirectoryQuery): ((piece: Piece, place: number) => boolean) | undefined {
  if (bbox || !near || within === undefined) return undefined
  return (piece, place) => kilometresBetween(near, pointAt(piece, place)) <= within
}

const pointAt = ({ latitude, longitude }: Piece, place: number): Point => ({ latitude: latitude[place]!, longitude: longitude[place]! })
