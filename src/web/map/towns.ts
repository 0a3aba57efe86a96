import type { FastifyInstance } from 'fastify'
import { townsOnMap, type WrittenTown } from '../../db/gazetteer.ts'
import { isLocale } from '../locale.ts'
import { mapVersion } from './files.ts'
import type { Frame } from './picture.ts'
import { boxOf, WORLD, xOf, yOf } from './projection.ts'

/** From this zoom of web maps on there are names of towns, and to that one more of them. */
const FIRST = 3
const LAST = 9
/** So wide the picture of the page is, about. */
const PICTURE_PX = 480
const MOST_IN_PICTURE = 12

/** Where the names of towns are, with {z}, {x} and {y} of a square that at its zoom is 512 pixels wide. */
export function townsAddress(locale: string): string {
  return `/map/towns/${locale}/{z}/{x}/{y}?v=${mapVersion()}`
}

type Square = { locale: string; z: string; x: string; y: string }

export function townRoutes(app: FastifyInstance): void {
  app.get<{ Params: Square; Querystring: { v?: unknown } }>('/map/towns/:locale/:z/:x/:y', (request, reply) => {
    const { locale } = request.params
    const [z, x, y] = [request.params.z, request.params.x, request.params.y].map(text => (/^\d{1,3}$/.test(text) ? Number(text) : -1)) as [
      number,
      number,
      number,
    ]
    const across = 2 ** (z - 1)
    if (!isLocale(locale) || z < FIRST || z > LAST || x < 0 || y < 0 || x >= across || y >= across) return reply.callNotFound()
    const width = WORLD / across
    const towns = townsOnMap(squareBox({ x: x * width, y: y * width, width, height: width }), z, locale)
    const lasting = request.query.v === mapVersion()
    reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
    return reply.send(towns.map(({ name, latitude, longitude, size }) => [name, thousandths(latitude), thousandths(longitude), size]))
  })
}

/** The greatest towns of a picture, as many as it can hold beside the names of countries. */
export function townsInPicture(frame: Frame, locale: string): (WrittenTown & { x: number; y: number })[] {
  const zoom = Math.floor(Math.log2((PICTURE_PX * WORLD) / frame.width / 256))
  if (zoom < FIRST) return []
  return townsOnMap(boxOf(frame), Math.min(zoom, LAST), locale)
    .slice(0, MOST_IN_PICTURE)
    .map(town => ({ ...town, x: [0, WORLD, -WORLD].map(turn => xOf(town.longitude) + turn).find(x => x >= frame.x && x <= frame.x + frame.width)!, y: yOf(town.latitude) })) // biome-ignore format: one step
}

// The last square ends at the date line, which is its eastern side and not the western one of the first.
function squareBox(square: Frame) {
  const box = boxOf(square)
  return square.x + square.width >= WORLD ? { ...box, east: 180 } : box
}

const thousandths = (degrees: number) => Math.round(degrees * 1000) / 1000
