import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import type { FastifyInstance } from 'fastify'
import Negotiator from 'negotiator'
import { lazy } from '../../lib/lazy.ts'
import { countryLabels, landList, worldLands, worldPicture } from './world.ts'

const require = createRequire(import.meta.url)
/** Raise it when what is made of the packages changes. */
const MADE = '3'
const PACKAGES = ['leaflet', 'leaflet.markercluster', 'topojson-client', 'world-atlas']
const JSON_TYPE = 'application/json; charset=utf-8'

type MapFile = { type: string; make: () => Promise<string> | string }

/** What the map needs and is not ours: taken from the installed packages when first asked for, and kept compressed. */
const FILES: Record<string, MapFile> = {
  'engine.js': {
    type: 'text/javascript; charset=utf-8',
    make: () => joined('leaflet/dist/leaflet.js', 'leaflet.markercluster/dist/leaflet.markercluster.js'),
  },
  'engine.css': {
    type: 'text/css; charset=utf-8',
    make: () => joined('leaflet/dist/leaflet.css', 'leaflet.markercluster/dist/MarkerCluster.css'),
  },
  'world.svg': { type: 'image/svg+xml; charset=utf-8', make: worldPicture },
  'lands.json': { type: JSON_TYPE, make: landList },
  'labels.json': { type: JSON_TYPE, make: countryLabels },
}
export type MapFileName = 'engine.js' | 'engine.css' | 'world.svg' | 'lands.json' | 'labels.json' | `land-${string}.json`

/** Address of one of the map's files. It changes with the packages, so a browser may keep the file for ever. */
export function mapFile(name: MapFileName): string {
  return `/map/files/${name}?v=${mapVersion()}`
}

export async function mapFileRoutes(app: FastifyInstance): Promise<void> {
  const packed = new Map<string, Promise<Packed>>()
  app.get<{ Params: { name: string }; Querystring: { v?: unknown } }>('/map/files/:name', async (request, reply) => {
    const { name } = request.params
    const file = fileCalled(name)
    if (!file) return reply.callNotFound()
    const made = packed.get(name) ?? pack(file)
    packed.set(name, made)
    made.catch(() => packed.delete(name))
    const coding = (new Negotiator(request).encodings(['br', 'gzip', 'identity'])[0] ?? 'identity') as keyof Packed
    const bytes = (await made)[coding]
    if (coding !== 'identity') reply.header('content-encoding', coding)
    const lasting = request.query.v === mapVersion()
    reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache').header('vary', 'Accept-Encoding')
    return reply.type(file.type).send(bytes)
  })
}

function fileCalled(name: string): MapFile | undefined {
  if (Object.hasOwn(FILES, name)) return FILES[name]
  const code = /^land-(\w+)\.json$/.exec(name)?.[1]
  const land = code && worldLands().get(code)
  return land ? { type: JSON_TYPE, make: () => land.text } : undefined
}

type Packed = Record<'br' | 'gzip' | 'identity', Buffer>

async function pack({ make }: MapFile): Promise<Packed> {
  const identity = Buffer.from(await make())
  const params = { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_SIZE_HINT]: identity.length }
  const [br, gz] = await Promise.all([promisify(brotliCompress)(identity, { params }), promisify(gzip)(identity)])
  return { br, gzip: gz, identity }
}

async function joined(...paths: string[]): Promise<string> {
  const texts = await Promise.all(paths.map(path => readFile(require.resolve(path), 'utf8')))
  // Where its source lies is of no use here, and would be asked for.
  return texts.map(text => text.replace(/^\/\/# sourceMappingURL=.*$/gm, '')).join('\n')
}

export const mapVersion = lazy(() => {
  const versions = PACKAGES.map(name => (require(`${name}/package.json`) as { version: string }).version)
  return createHash('sha256')
    .update([MADE, ...versions].join())
    .digest('base64url')
    .slice(0, 10)
})
