import type { FastifyInstance } from 'fastify'
import { searchDirectory } from '../db/search.ts'
import type { Edge } from './edge.ts'
import { countries } from './map/countries.ts'
import { areaPath } from './map/links.ts'
import { boxWords } from './map/picture.ts'
import { boxOf } from './map/projection.ts'
import { drawSearch, mapNote } from './map/search-map.ts'
import { townRoutes } from './map/towns.ts'
import { dropped, readSearch } from './search-address.ts'

/** What the moving map draws: the same search as the page, in as few words as will do. */
export function mapRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  townRoutes(app)
  app.get<{ Querystring: Record<string, unknown> }>('/map/points', (request, reply) => {
    const { asked } = readSearch(request.query)
    const { query, asked: wanted } = readSearch(dropped(asked))
    const map = drawSearch(ctx.db, query, searchDirectory(ctx.db, { ...query, limit: 1 }), 'points')
    const { words } = site(request)
    const { spots, areas } = map.found
    reply.header('cache-control', 'no-cache').header('vary', 'Accept-Language, Cookie')
    return reply.send({
      note: mapNote(words, map),
      box: boxWords(boxOf(map.frame)),
      points: spots.map(({ latitude, longitude, km, name, path }) => [latitude, longitude, km, name, path]),
      areas: areas.map(area => {
        const { code, count } = area
        const { latitude, longitude } = countries().get(code)!
        const label = words.t('map.countryShort', { country: words.nameOf('region', code) ?? code, count })
        return [code, label, areaPath(wanted, area), latitude, longitude]
      }),
    })
  })
}
