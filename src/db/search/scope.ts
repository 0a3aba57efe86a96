import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { bandOfId, idIn, numberOfId, rangesOf } from '../../domain/entry-rank.ts'
import type { Db } from '../open.ts'
import { type Band, bandsBefore, forgetGone } from './pieces.ts'

export type Include = DirectoryQuery['include']

/** Among which entries a search looks, as one snapshot of the database has them. */
export type Scope = {
  db: Db
  include: Include
  bands: readonly Band[]
  /** How many entries there are. */
  of: number
  /** Another text whenever an entry came or left. */
  state: string
  /** Another number once ids were given anew. */
  epoch: number
}

/** To be called once for each snapshot: it takes out of memory what left since the one before. */
export function scopeOf(db: Db, include: Include): Scope {
  const epoch = forgetGone(db)
  const bands = bandsBefore(db, endOf(include))
  const of = bands.reduce((sum, [, entries]) => sum + entries, 0)
  return { db, include, bands, of, state: `${epoch} ${bands.map(band => band.join(' ')).join()}`, epoch }
}

export function endOf(include: Include): number {
  return rangesOf(include).at(-1)!.end
}

/** So many entries are looked at first, and twice as many each time that they are not enough. */
export const FIRST = 40_000

/** A part of the directory: ids from `first` to below `end`, and how many entries there are up to its end. */
export type Stretch = { first: number; end: number; looked: number }

export const whole = ({ include, of }: Scope): Stretch => ({ first: 0, end: endOf(include), looked: of })

/** Parts of the directory one after the other, best first. */
export function* stretchesOf({ include, bands, of }: Scope): Generator<Stretch> {
  let first = 0
  for (let looked = FIRST; looked < of; looked *= 2) {
    const end = idAt(bands, looked)
    yield { first, end, looked }
    first = end
  }
  yield { first, end: endOf(include), looked: of }
}

/** About how many entries stand before this id, and it itself. */
export function before({ bands }: Scope, id: number): number {
  const band = bandOfId(id)
  let sum = 0
  for (const [other, entries, last] of bands) {
    if (other < band) sum += entries
    else if (other === band) sum += (entries * numberOfId(id)) / last
  }
  return sum
}

/** The id before which about so many entries stand. */
function idAt(bands: readonly Band[], count: number): number {
  let left = count
  for (const [band, entries, last] of bands) {
    if (left < entries) return idIn(band, Math.ceil((last * left) / entries))
    left -= entries
  }
  return Number.MAX_SAFE_INTEGER
}
