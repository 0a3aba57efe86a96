import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { MultiPolygon, Polygon, Position } from 'geojson'
import type { GeometryCollection, Topology } from 'topojson-specification'
import { lazy } from '../../lib/lazy.ts'
import { type Country, countries } from './countries.ts'
import { WORLD, xOf, yOf } from './projection.ts'

type Atlas = Topology<{ countries: GeometryCollection<Named>; land: GeometryCollection }>
type Named = { name?: string }
type Shape = { code: string | undefined; polygons: Position[][][] }

const require = createRequire(import.meta.url)

/** Every country of the finer outline, measured: what the table in countries.ts holds, rounded. */
export function measuredCountries(): Country[] {
  const outlined = new Set(shapesOf(readAtlas('110m')).map(({ code }) => code))
  const all = shapesOf(readAtlas('50m')).flatMap(({ code, polygons }) =>
    code === undefined ? [] : [{ ...middleOf(code, polygons), outlined: outlined.has(code) }],
  )
  // Some have islands of their own name in the atlas.
  return all.filter(country => !all.some(other => other.code === country.code && other.width > country.width))
}

/** The outline of the world as a picture to take from: `#land`, and each country by its two letters. About 70 kB of text. */
export function worldPicture(): string {
  const paths = shapesOf(readAtlas('110m')).map(({ code, polygons }) => {
    const id = code === undefined ? '' : ` id="${code}"`
    return `<path${id} vector-effect="non-scaling-stroke" d="${polygons.flat().map(pathOf).join('')}"/>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WORLD} ${WORLD}"><g id="land">${paths.join('')}</g></svg>`
}

/** A land of the finer outline: the box of all its parts, rounded outwards, and its polygons as text. */
type Land = { box: [west: number, south: number, east: number, north: number]; text: string }

/**
 * The finer outline for who looks closely, land by land, by the two letters of the country or, where it has none, a number. Of a ring the
 * first point stands there and then the way from each to the next, in hundredths of a degree: about a kilometre.
 */
export const worldLands = lazy((): ReadonlyMap<string, Land> => {
  const lands = new Map<string, Position[][][]>()
  for (const [n, { code = String(n), polygons }] of shapesOf(readAtlas('50m')).entries())
    lands.set(code, [...(lands.get(code) ?? []), ...polygons])
  return new Map(
    Array.from(lands, ([name, polygons]) => [
      name,
      { box: boxAround(polygons.flat(2)), text: JSON.stringify(polygons.map(rings => rings.map(stepsOf))) },
    ]),
  )
})

/** Which lands there are, and where: name, west, south, east, north. */
export function landList(): string {
  return JSON.stringify(Array.from(worldLands(), ([name, { box }]) => [name, ...box]))
}

/** Where the names of countries stand: code, latitude, longitude, width in degrees. */
export function countryLabels(): string {
  return JSON.stringify(
    [...countries().values()].map(({ code, latitude, longitude, width }) => [code, latitude, longitude, Math.round(width * 10) / 10]),
  )
}

const topojson = lazy(() => require('topojson-client') as typeof import('topojson-client'))

function readAtlas(scale: '110m' | '50m'): Atlas {
  return JSON.parse(readFileSync(require.resolve(`world-atlas/countries-${scale}.json`), 'utf8')) as Atlas
}

function shapesOf(atlas: Atlas): Shape[] {
  const { features } = topojson().feature(atlas, atlas.objects.countries)
  return features.map(({ id, properties, geometry }) => {
    const { type, coordinates } = geometry as Polygon | MultiPolygon
    const code = codeOf(id, properties?.name).id
    const polygons = type === 'Polygon' ? [coordinates] : coordinates
    // The pole's own continent goes all the way round.
    return { code, polygons: code === 'AQ' ? polygons : polygons.map(rings => rings.map(unrolled)) }
  })
}

// The atlas numbers countries (ISO 3166-1 numeric). Intl knows which two letters a number stands for.
function codeOf(id: string | number | undefined, name: string | undefined): { id?: string } {
  if (name === 'Kosovo') return { id: 'XK' }
  const code = id === undefined ? undefined : /^und-([A-Z]{2})$/.exec(Intl.getCanonicalLocales(`und-${id}`)[0] ?? '')?.[1]
  return code === undefined ? {} : { id: code }
}

/** A ring that crosses the date line goes on beyond 180 degrees instead of leaping back round the world. */
function unrolled(ring: Position[]): Position[] {
  let turn = 0
  const points = ring.map(([longitude = 0, latitude = 0], n) => {
    const step = n === 0 ? 0 : longitude - ring[n - 1]![0]!
    if (Math.abs(step) > 180) turn -= 360 * Math.sign(step)
    return [longitude + turn, latitude]
  })
  const longitudes = points.map(([longitude = 0]) => longitude)
  const back = Math.round((Math.max(...longitudes) + Math.min(...longitudes)) / 720) * 360
  return points.map(([longitude = 0, latitude = 0]) => [longitude - back, latitude])
}

function pathOf(ring: Position[]): string {
  const steps: string[] = []
  let [atX, atY] = [0, 0]
  for (const [longitude = 0, latitude = 0] of ring.slice(0, -1)) {
    const [x, y] = [Math.round(xOf(longitude) * 10), Math.round(yOf(latitude) * 10)]
    if (steps.length > 0 && x === atX && y === atY) continue
    steps.push(`${(x - atX) / 10} ${(y - atY) / 10}`)
    ;[atX, atY] = [x, y]
  }
  // Each ring begins where the pen is not: absolute first, then from point to point.
  return `M${steps[0]}l${steps.slice(1).join(' ').replaceAll(' -', '-')}z`
}

/** In the middle of the largest part. */
function middleOf(code: string, polygons: Position[][][]): Omit<Country, 'outlined'> {
  const parts = polygons.map(([ring = []]) => centroid(ring)).sort((a, b) => b.area - a.area)
  const { x, y, ring } = parts[0]!
  const [xs, ys] = [ring.map(([longitude = 0]) => longitude), ring.map(([, latitude = 0]) => latitude)]
  const extent = (values: number[]) => Math.max(...values) - Math.min(...values)
  return { code, latitude: hundredths(y), longitude: hundredths(x > 180 ? x - 360 : x), width: extent(xs), height: extent(ys) }
}

function centroid(ring: Position[]): { x: number; y: number; area: number; ring: Position[] } {
  let [twice, sumX, sumY] = [0, 0, 0]
  for (const [n, [x0 = 0, y0 = 0]] of ring.entries()) {
    const [x1 = 0, y1 = 0] = ring[(n + 1) % ring.length]!
    const cross = x0 * y1 - x1 * y0
    twice += cross
    sumX += (x0 + x1) * cross
    sumY += (y0 + y1) * cross
  }
  const [x0 = 0, y0 = 0] = ring[0]!
  if (twice === 0) return { x: x0, y: y0, area: 0, ring }
  return { x: sumX / (3 * twice), y: sumY / (3 * twice), area: Math.abs(twice / 2), ring }
}

function boxAround(points: Position[]): Land['box'] {
  const [xs, ys] = [points.map(([longitude = 0]) => longitude), points.map(([, latitude = 0]) => latitude)]
  const least = (values: number[]) => Math.floor(values.reduce((a, b) => Math.min(a, b)))
  const most = (values: number[]) => Math.ceil(values.reduce((a, b) => Math.max(a, b)))
  return [least(xs), least(ys), most(xs), most(ys)]
}

function stepsOf(ring: Position[]): number[] {
  let [atX, atY] = [0, 0]
  return ring.flatMap(([longitude = 0, latitude = 0], n) => {
    const [x, y] = [Math.round(longitude * 100), Math.round(latitude * 100)]
    const step = [x - atX, y - atY]
    ;[atX, atY] = [x, y]
    return n > 0 && step[0] === 0 && step[1] === 0 ? [] : step
  })
}

const hundredths = (value: number) => Math.round(value * 100) / 100
