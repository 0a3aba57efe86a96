import type { Facet } from '../../domain/directory.ts'
import { bandOfId, idIn } from '../../domain/entry-rank.ts'
import type { Db } from '../open.ts'
import { prepared } from '../prepared.ts'
import { listing, statement } from '../statement.ts'
import { eachValue } from './packed-values.ts'

// The facet values and places of entries, kept in memory as they are read: to count a thousand of them, or to look whether one lies
// within a circle, then takes some microseconds instead of a row of a table each. An id stands for the same values for ever, so nothing
// that was read ever becomes wrong: what is new has new ids, and what left is told of in `search_gone`.

/** So many ids that follow one another are read together. */
export const PIECE = 256
/** So many pieces are kept, two million entries. An entry takes about seventy bytes. */
const MOST_PIECES = 8192

/** Entries whose ids follow one another, from `first` to below `end`. */
export type Piece = {
  first: number
  end: number
  /** All ids below were given when this was read. */
  read: number
  /** 1 where there is an entry. */
  there: Uint8Array
  /** Where the values of each entry begin, and behind the last where they end. */
  starts: Uint32Array
  values: Uint16Array
  /** NaN where it shows no place. */
  latitude: Float64Array
  longitude: Float64Array
  /** How its name begins, @see beginningOf, and when its charter was published, in milliseconds since 1970. */
  name: Float64Array
  published: Float64Array
}
export type Value = { field: Facet; value: string }
/** How many entries a band holds, and the last number that was given in it. */
export type Band = [band: number, entries: number, last: number]

/** Every value by its number. Numbers are only ever added, so only new ones need to be read. */
export function knownValues(db: Db): readonly (Value | undefined)[] {
  const values = prepared(db, noValues)
  const [most] = statement(db, 'select max(id) from facet_values').get() as [number | null]
  if ((most ?? 0) < values.length) return values
  const added = statement(db, 'select id, field, value from facet_values where id >= ?').all(values.length) as [number, Facet, string][]
  for (const [id, field, value] of added) values[id] = { field, value }
  return values
}

/** The bands that have entries, best first. @param end an id: only those before its band */
export function bandsBefore(db: Db, end: number): Band[] {
  return statement(db, 'select band, entries, last from search_bands where band < ? and entries > 0 order by band').all(
    bandOfId(end),
  ) as Band[]
}

/** The piece an entry is in. @param last the one that was looked at last: most often it is the same */
export function pieceOf(db: Db, id: number, last: Piece | undefined): Piece {
  if (last && id >= last.first && id < last.read) return last
  const pieces = prepared(db, noPieces)
  const key = Math.floor(id / PIECE)
  const known = pieces.get(key)
  // One that was not given yet when the piece was read came later.
  if (known && id < known.read) return known
  const piece = readPiece(db, key)
  pieces.set(key, piece)
  for (const oldest of pieces.keys())
    if (pieces.size > MOST_PIECES) pieces.delete(oldest)
    else break
  return piece
}

/** Every piece with ids from `first` to below `end`, in ascending order. */
export function* piecesBetween(db: Db, first: number, end: number): Generator<Piece> {
  let piece: Piece | undefined
  for (const [band, , last] of bandsBefore(db, idIn(bandOfId(end - 1) + 1, 0))) {
    const behind = Math.min(end, idIn(band, last) + 1)
    for (let from = Math.max(first, idIn(band, 0)); from < behind; from = piece.end) {
      // The last id that is wanted of it: had it not been given yet when the piece was read, the piece is read again.
      piece = pieceOf(db, Math.min(behind, from - (from % PIECE) + PIECE) - 1, piece)
      yield piece
    }
  }
}

/** Reads what is not in memory yet, one piece each time that the next is asked for. */
export function* readAhead(db: Db): Generator<void> {
  for (const _ of piecesBetween(db, 0, Number.MAX_SAFE_INTEGER)) {
    if (prepared(db, noPieces).size >= MOST_PIECES) return
    yield
  }
}

/** Takes out of memory what left since the last time: to be called at the beginning of what sees one state. @returns a number that is another one once ids were given anew */
export function forgetGone(db: Db): number {
  const known = prepared(db, startOfGone)
  const last = listing(db, 'select max(seq) from search_gone').get() as number | null
  if (last === null || last === known.seq) return known.epoch
  const gone = statement(db, 'select seq, entry from search_gone where seq > ? order by seq').all(known.seq) as [number, number][]
  const pieces = prepared(db, noPieces)
  if (gone[0]?.[0] !== known.seq + 1 || gone.some(([, entry]) => entry === ANEW)) {
    pieces.clear()
    known.epoch++
  } else
    for (const [, entry] of gone) {
      const piece = pieces.get(Math.floor(entry / PIECE))
      if (piece) piece.there[entry - piece.first] = 0
    }
  known.seq = last
  return known.epoch
}

/** Stands in `search_gone` for all ids. */
export const ANEW = -1

/** The first six bytes of a text as a number: in the order in which SQLite has texts, but that many have the same. */
export function beginningOf(text: string): number {
  const bytes = Buffer.alloc(BEGINNING)
  bytes.write(text)
  return bytes.readUIntBE(0, BEGINNING)
}

const BEGINNING = 6

const startOfGone = (_: Db) => ({ seq: 0, epoch: 0 })
const noValues = (_: Db): (Value | undefined)[] => []
const noPieces = (_: Db) => new Map<number, Piece>()

const ROWS = `select f.entry, f."values", f.latitude, f.longitude, e.sort_name, e.published_at
  from entry_facets f join entries e on e.id = f.entry where f.entry >= ? and f.entry < ? order by f.entry`

function readPiece(db: Db, key: number): Piece {
  const first = key * PIECE
  const end = first + PIECE
  const last = (listing(db, 'select last from search_bands where band = ?').get(bandOfId(first)) as number | undefined) ?? 0
  const rows = statement(db, ROWS).all(first, end) as [number, string, number | null, number | null, string, number][]
  const there = new Uint8Array(PIECE)
  const starts = new Uint32Array(PIECE + 1)
  const latitude = new Float64Array(PIECE).fill(Number.NaN)
  const longitude = new Float64Array(PIECE).fill(Number.NaN)
  const name = new Float64Array(PIECE)
  const published = new Float64Array(PIECE)
  const values: number[] = []
  let filled = 0
  for (const [id, packed, north, east, sortName, publishedAt] of rows) {
    const place = id - first
    name[place] = beginningOf(sortName)
    published[place] = publishedAt
    starts.fill(values.length, filled, place + 1)
    filled = place + 1
    there[place] = 1
    eachValue(packed, number => values.push(number))
    if (north === null || east === null) continue
    latitude[place] = north
    longitude[place] = east
  }
  starts.fill(values.length, filled)
  const read = Math.min(end, idIn(bandOfId(first), last) + 1)
  return { first, end, read, there, starts, values: Uint16Array.from(values), latitude, longitude, name, published }
}
