import { FACETS, type Facet } from '../../domain/directory.ts'
import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { valueToken } from '../../domain/search-token.ts'
import { isInside, kilometresBetween, type Point } from '../../lib/geo.ts'
import type { Db } from '../open.ts'
import { prepared } from '../prepared.ts'
import { statement } from '../statement.ts'
import { eachValue, isPacked } from './packed-values.ts'

// The facet values and places of entries, kept in memory as they are read: to count a thousand of them, or to look whether one lies
// within a circle, then takes some microseconds instead of a row of a table each. An id stands for the same values for ever, so nothing
// that was read ever becomes wrong; what is new has new ids.

/** So many ids that follow one another are read together. */
const PIECE = 256
/** So many pieces are kept, two million entries. An entry takes about fifty bytes. */
const MOST_PIECES = 8192

type Piece = {
  first: number
  end: number
  there: Uint8Array
  /** Where the values of each entry begin, and behind the last where they end. */
  starts: Uint32Array
  values: Uint16Array
  /** NaN where it shows no place. */
  latitude: Float64Array
  longitude: Float64Array
}
type Value = { field: Facet; value: string }

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
export function placeTest(db: Db, { bbox, near, within }: DirectoryQuery): Test | undefined {
  if (bbox) return test(db, (piece, place) => isInside(bbox, pointAt(piece, place)))
  if (!near || within === undefined) return undefined
  return test(db, (piece, place) => kilometresBetween(near, pointAt(piece, place)) <= within)
}

/** Kilometres to each of these entries. @param ids in ascending order */
export function distancesTo(db: Db, ids: readonly number[], near: Point): number[] {
  let piece: Piece | undefined
  return ids.map(id => {
    piece = pieceOf(db, id, piece)
    return kilometresBetween(near, pointAt(piece, id - piece.first))
  })
}

/** Whether an entry has the values that the query asks for in those fields that are counted; undefined where it asks for none, or for one that only the index knows. */
export function valueTest(db: Db, query: DirectoryQuery): Test | undefined {
  const asked = FACETS.filter(field => query[field])
  if (asked.length === 0) return undefined
  // As the index compares them.
  const tokens = new Set(asked.flatMap(field => query[field]!.map(value => valueToken(field, value))))
  const fields = Uint8Array.from(knownValues(db), known =>
    known && tokens.has(valueToken(known.field, known.value)) ? 1 << asked.indexOf(known.field) : 0,
  )
  if (fields.some((field, number) => field > 0 && !isPacked(number))) return undefined
  const wanted = 2 ** asked.length - 1
  return test(db, ({ starts, values }, place) => {
    let seen = 0
    for (let at = starts[place]!; at < starts[place + 1]!; at++) seen |= fields[values[at]!]!
    return seen === wanted
  })
}

/** Every value by its number. Numbers are only ever added, so only new ones need to be read. */
export function knownValues(db: Db): readonly (Value | undefined)[] {
  const values = prepared(db, noValues)
  const [most] = statement(db, 'select max(id) from facet_values').get() as [number | null]
  if ((most ?? 0) < values.length) return values
  const added = statement(db, 'select id, field, value from facet_values where id >= ?').all(values.length) as [number, Facet, string][]
  for (const [id, field, value] of added) values[id] = { field, value }
  return values
}

/** Forgets what was read: to be called when ids are given anew. */
export function forgetColumns(db: Db): void {
  prepared(db, noPieces).clear()
}

/** Reads what is not in memory yet, one piece each time that the next is asked for. */
export function* readAhead(db: Db): Generator<void> {
  const ranges = statement(db, 'select band, last from search_bands where entries > 0 order by band').all() as [number, number][]
  for (const [band, last] of ranges)
    for (let first = band * 2 ** 34; first <= band * 2 ** 34 + last; first += PIECE) {
      if (prepared(db, noPieces).size >= MOST_PIECES) return
      const key = first / PIECE
      if (!prepared(db, noPieces).has(key)) prepared(db, noPieces).set(key, readPiece(db, key))
      yield
    }
}

const noValues = (_: Db): (Value | undefined)[] => []
const noPieces = (_: Db) => new Map<number, Piece>()
const pointAt = ({ latitude, longitude }: Piece, place: number): Point => ({ latitude: latitude[place]!, longitude: longitude[place]! })

function test(db: Db, isIt: (piece: Piece, place: number) => boolean): Test {
  let piece: Piece | undefined
  return id => {
    piece = pieceOf(db, id, piece)
    return isIt(piece, id - piece.first)
  }
}

/** The piece an entry is in. @param last the one that was looked at last: most often it is the same */
function pieceOf(db: Db, id: number, last: Piece | undefined): Piece {
  if (last && id >= last.first && id < last.end && last.there[id - last.first]) return last
  const pieces = prepared(db, noPieces)
  const key = Math.floor(id / PIECE)
  const known = pieces.get(key)
  // One that was not there when the piece was read came later.
  if (known?.there[id - known.first]) return known
  const piece = readPiece(db, key)
  pieces.set(key, piece)
  for (const oldest of pieces.keys())
    if (pieces.size > MOST_PIECES) pieces.delete(oldest)
    else break
  return piece
}

function readPiece(db: Db, key: number): Piece {
  const first = key * PIECE
  const end = first + PIECE
  const sql = 'select entry, "values", latitude, longitude from entry_facets where entry >= ? and entry < ? order by entry'
  const rows = statement(db, sql).all(first, end) as [number, string, number | null, number | null][]
  const there = new Uint8Array(PIECE)
  const starts = new Uint32Array(PIECE + 1)
  const latitude = new Float64Array(PIECE).fill(Number.NaN)
  const longitude = new Float64Array(PIECE).fill(Number.NaN)
  const values: number[] = []
  let filled = 0
  for (const [id, packed, north, east] of rows) {
    const place = id - first
    starts.fill(values.length, filled, place + 1)
    filled = place + 1
    there[place] = 1
    eachValue(packed, number => values.push(number))
    if (north === null || east === null) continue
    latitude[place] = north
    longitude[place] = east
  }
  starts.fill(values.length, filled)
  return { first, end, there, starts, values: Uint16Array.from(values), latitude, longitude }
}
