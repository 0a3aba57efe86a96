import type { MapEntry } from '../../db/map.ts'
import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { CELL_RADIUS_KM } from '../../domain/place.ts'
import { type Box, boxAround } from '../../lib/geo.ts'
import { communityPath } from '../community-path.ts'
import { countries } from './countries.ts'
import { boxOf, turned, unitsOf, WORLD, xOf, yOf } from './projection.ts'

/** A community with a place: `km` is how far from the point it may be, 0 where the point is meant. */
export type Spot = { latitude: number; longitude: number; km: number; name: string; path: string }
/** Communities that say in which country they are, and no more. `only` is the one, where it is one. */
export type Area = { code: string; count: number; only: { name: string; path: string } | undefined }
/** What a map shows of a search. `unplaced` show no place at all. */
export type Found = { spots: Spot[]; areas: Area[]; unplaced: number; drawn: number }
/** A part of the map in its units; `x` may lie beside the world, so that the part reaches over the date line. */
export type Frame = { x: number; y: number; width: number; height: number }
/** Communities that stand so close that they are drawn as one. */
export type Mark = { x: number; y: number; radius: number; spots: Spot[] }

/** Width to height of every map. */
export const SHAPE = 4 / 3
/** The least a map shows unasked, and asked: ten degrees, and half of one. */
const NARROWEST = { unasked: WORLD / 36, asked: WORLD / 720 }
const WHOLE: Frame = { x: 0, y: 404, width: WORLD, height: 2115 }
/** So many marks stand beside each other at most. */
const ACROSS = 11

/** Parts what was found into points, countries, and what can't be drawn. A hidden place is never drawn, a country never a point. */
export function findPlaces(entries: readonly MapEntry[]): Found {
  const spots: Spot[] = []
  const areas = new Map<string, Area>()
  for (const { place, name, ...entry } of entries) {
    const { latitude, longitude, precision, country } = place ?? {}
    const path = communityPath(entry)
    if (latitude !== undefined && longitude !== undefined) {
      spots.push({ latitude, longitude, km: CELL_RADIUS_KM[precision!] ?? 0, name, path })
    } else if (country !== undefined && countries().has(country)) {
      const known = areas.get(country)
      areas.set(
        country,
        known ? { code: country, count: known.count + 1, only: undefined } : { code: country, count: 1, only: { name, path } },
      )
    }
  }
  const unplaced = entries.length - spots.length - [...areas.values()].reduce((sum, { count }) => sum + count, 0)
  return { spots, areas: [...areas.values()], unplaced, drawn: entries.length }
}

/** The part of the map a search is about: the one asked for, or what holds everything found. */
export function frameOf({ spots, areas }: Found, { bbox, near, within }: Pick<DirectoryQuery, 'bbox' | 'near' | 'within'>): Frame {
  const asked = bbox ?? (near && within !== undefined ? boxAround(near, within) : undefined)
  if (asked) return shaped(rectangleOf(asked), 1, NARROWEST.asked)
  const reaches = [
    ...spots.map(({ latitude, longitude }) => ({ latitude, longitude, width: 0, height: 0 })),
    ...areas.map(({ code }) => countries().get(code)!),
  ]
  if (reaches.length === 0) return shaped(WHOLE, 1, WORLD)
  const ys = reaches.flatMap(({ latitude, height }) => [
    yOf(Math.min(84, latitude + height / 2)),
    yOf(Math.max(-80, latitude - height / 2)),
  ])
  const y = Math.min(...ys)
  return shaped({ ...stretchOf(reaches), y, height: Math.max(...ys) - y }, 1.2, NARROWEST.unasked)
}

/** What is drawn within a frame: communities of one square of a grid together. */
export function marksIn(frame: Frame, spots: readonly Spot[]): Mark[] {
  const cell = frame.width / ACROSS
  const squares = new Map<string, Mark[]>()
  for (const spot of spots) {
    const y = yOf(spot.latitude)
    const radius = unitsOf(spot.km, spot.latitude)
    const x = [-WORLD, 0, WORLD].map(turn => xOf(spot.longitude) + turn).find(at => at >= frame.x && at <= frame.x + frame.width)
    if (x === undefined || y < frame.y || y > frame.y + frame.height) continue
    const square = `${Math.floor((x - frame.x) / cell)} ${Math.floor((y - frame.y) / cell)}`
    squares.set(square, [...(squares.get(square) ?? []), { x, y, radius, spots: [spot] }])
  }
  return parted([...squares.values()].map(merged), cell * 0.8)
}

function merged(marks: Mark[]): Mark {
  if (marks.length === 1) return marks[0]!
  const mean = (pick: (mark: Mark) => number) => marks.reduce((sum, mark) => sum + pick(mark), 0) / marks.length
  return { x: mean(mark => mark.x), y: mean(mark => mark.y), radius: 0, spots: marks.flatMap(mark => mark.spots) }
}

/** What stands in two squares and yet too close becomes part of the greater. */
function parted(marks: readonly Mark[], apart: number): Mark[] {
  const kept: Mark[] = []
  for (const mark of marks.toSorted((a, b) => b.spots.length - a.spots.length)) {
    const near = kept.find(({ x, y }) => Math.hypot(x - mark.x, y - mark.y) < apart)
    if (near) near.spots = [...near.spots, ...mark.spots]
    else kept.push({ ...mark })
  }
  return kept.map(mark => (mark.spots.length > 1 ? { ...mark, radius: 0 } : mark))
}

/** `west,south,east,north` around communities that are drawn as one, with some space. */
export function boxAroundSpots(spots: readonly Spot[]): string {
  const { x, width } = stretchOf(spots.map(({ latitude, longitude }) => ({ latitude, longitude, width: 0 })))
  const ys = spots.map(({ latitude }) => yOf(latitude))
  const y = Math.min(...ys)
  const margin = Math.max(1, width / 10, (Math.max(...ys) - y) / 10)
  return boxWords(boxOf({ x: x - margin, y: y - margin, width: width + 2 * margin, height: Math.max(...ys) - y + 2 * margin }))
}

/** The same frame seen from farther away; undefined where it would be the whole world. */
export function widened({ x, y, width, height }: Frame): string | undefined {
  if (width * 2 >= WORLD * 0.9) return undefined
  return boxWords(boxOf({ x: x - width / 2, y: Math.max(0, y - height / 2), width: width * 2, height: height * 2 }))
}

export function boxWords({ west, south, east, north }: Box): string {
  return [west, south, east, north].map(degrees => Math.round(degrees * 100) / 100).join(',')
}

function rectangleOf({ west, south, east, north }: Box): Frame {
  const x = xOf(west)
  const y = yOf(north)
  return { x, y, width: xOf(east) - x + (west > east ? WORLD : 0), height: yOf(south) - y }
}

/** From the western end of what is to be seen to its eastern end: all the way round but the widest gap, be that over the date line. */
function stretchOf(reaches: readonly { longitude: number; width: number }[]): { x: number; width: number } {
  const ends = reaches.map(({ longitude, width }) => ({ from: turned(longitude - width / 2), width })).sort((a, b) => a.from - b.from)
  let best = { gap: -1, from: 0 }
  let reached = Math.max(...ends.map(({ from, width }) => from + width - 360), -Infinity)
  for (const { from, width } of ends) {
    if (from - reached > best.gap) best = { gap: from - reached, from }
    reached = Math.max(reached, from + width)
  }
  const x = xOf(best.from)
  return { x, width: Math.max(0, WORLD - (Math.max(0, best.gap) / 360) * WORLD) }
}

function shaped({ x, y, width, height }: Frame, space: number, least: number): Frame {
  const wide = Math.min(WORLD, Math.max(width * space, height * space * SHAPE, least))
  const high = wide / SHAPE
  // As much of the world as there is: no sea beyond its ends.
  const left = wide >= WORLD ? 0 : x + width / 2 - wide / 2
  const top = Math.max(0, Math.min(WORLD - high, y + height / 2 - high / 2))
  return { x: rounded(left), y: rounded(top), width: rounded(wide), height: rounded(high) }
}

const rounded = (value: number) => Math.round(value * 100) / 100
