import { idIn } from '../../domain/entry-rank.ts'
import { type Box, longitudes } from '../../lib/geo.ts'
import { type Connection, type Db, reading } from '../open.ts'
import { prepared } from '../prepared.ts'
import { piecesBetween } from './pieces.ts'
import { type Scope, scopeOf } from './scope.ts'

// Which entries lie in which part of the world, in memory: who asks for a small part of it need not look at all others. What left is still
// in it: who reads it looks whether an entry is there.

/** Degrees from side to side of a cell. */
const CELL = 0.5
const COLUMNS = 360 / CELL + 1
/** Made anew when so much more is in it than there is. */
const GARBAGE = { share: 1, least: 10_000 }

/** So many entries may be added while somebody waits. */
const AT_ONCE = 20_000

/** `lasts` says of each band up to which number its entries are in `cells`, `placed` how many that are. */
type Places = { epoch: number; lasts: Map<number, number>; cells: Map<number, number[]>; placed: number; last?: Asked | undefined }
type Asked = { question: string; ids: Float64Array | undefined }

/**
 * The entries of all cells that a box touches, in ascending order of their ids. Some lie outside of the box, some may be gone.
 * @returns undefined where they are more than `most`, or not all are in memory yet
 */
export function entriesAround(scope: Scope, box: Box, most: number): Float64Array | undefined {
  const places = placesOf(scope)
  if (!places) return undefined
  const question = `${scope.state} ${JSON.stringify(box)}`
  // One search asks for the same several times.
  if (places.last?.question === question) return places.last.ids
  const cells = [...cellsOf(places, box)]
  const count = cells.reduce((sum, { length }) => sum + length, 0)
  const ids = count > most ? undefined : new Float64Array(count)
  let filled = 0
  for (const cell of ids ? cells : []) {
    ids!.set(cell, filled)
    filled += cell.length
  }
  places.last = { question, ids: ids?.sort() }
  return ids
}

function* cellsOf({ cells }: Places, box: Box): Generator<readonly number[]> {
  const [south, north] = [rowOf(box.south), rowOf(box.north)]
  for (const [west, east] of longitudes(box))
    for (let row = south; row <= north; row++)
      for (let column = columnOf(west); column <= columnOf(east); column++) {
        const cell = cells.get(row * COLUMNS + column)
        if (cell) yield cell
      }
}

/** Reads all that is not in memory yet, a part of it each time that the next is asked for. */
export function* readPlaces(db: Connection): Generator<void> {
  while (reading(db, () => !placesOf(scopeOf(db, 'all')))) yield
}

/** As the snapshot has them; undefined where more is missing than may be read while somebody waits. */
function placesOf({ db, bands, epoch, of }: Scope): Places | undefined {
  const places = prepared(db, noPlaces)
  if (places.epoch !== epoch || places.placed > (1 + GARBAGE.share) * of + GARBAGE.least) Object.assign(places, noPlaces(db), { epoch })
  let left = AT_ONCE
  for (const [band, , last] of bands) {
    const before = places.lasts.get(band) ?? 0
    const here = Math.min(last, before + left)
    if (here > before) addPlaces(db, places, idIn(band, before + 1), idIn(band, here) + 1)
    places.lasts.set(band, here)
    if (here < last) return undefined
    left -= here - before
  }
  return places
}

/** Adds the entries from `first` to below `end`, of one band. */
function addPlaces(db: Db, places: Places, first: number, end: number): void {
  const { cells } = places
  for (const { first: start, read, there, latitude, longitude } of piecesBetween(db, first, end)) {
    const behind = Math.min(read, end) - start
    for (let place = Math.max(0, first - start); place < behind; place++) {
      if (there[place] === 0 || Number.isNaN(latitude[place]!)) continue
      const key = rowOf(latitude[place]!) * COLUMNS + columnOf(longitude[place]!)
      const cell = cells.get(key)
      if (cell) cell.push(start + place)
      else cells.set(key, [start + place])
      places.placed++
    }
  }
}

const rowOf = (latitude: number) => Math.floor((latitude + 90) / CELL)
const columnOf = (longitude: number) => Math.floor((longitude + 180) / CELL)

const noPlaces = (_: Db): Places => ({ epoch: 0, lasts: new Map(), cells: new Map(), placed: 0, last: undefined })
