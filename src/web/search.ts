import type { FastifyInstance } from 'fastify'
import { directorySize } from '../db/directory.ts'
import type { Connection } from '../db/open.ts'
import { searchDirectory } from '../db/search.ts'
import type { SearchResult } from '../domain/directory.ts'
import type { NetworkResult, NetworkSearch } from '../domain/network-search.ts'
import { Refusal } from '../domain/refusal.ts'
import { type Edge, sendPage } from './edge.ts'
import { drawSearch, type SearchMap } from './map/search-map.ts'
import { searchPage } from './pages/search-page.tsx'
import { dropped, readSearch } from './search-address.ts'
import { readPlaceAsked, withoutPlace } from './search-place.ts'

export function searchRoutes(app: FastifyInstance, { ctx, site, network }: Edge & { network: NetworkSearch }): void {
  app.get<{ Querystring: Record<string, unknown> }>('/', async (request, reply) => {
    const { words } = site(request)
    const { place, goTo } = readPlaceAsked(request.query, words)
    if (goTo !== undefined) return reply.header('cache-control', 'no-cache').redirect(goTo, 303)
    const given = place.towns ? withoutPlace(request.query) : request.query
    const search = await found(ctx.db, given, request.query.scope === 'network' ? network : undefined)
    return sendPage(
      reply,
      site(request),
      searchPage({ ...search, place, given, site: site(request), size: directorySize(ctx.db), tiles: ctx.config.tiles }),
    )
  })
}

type Found = Omit<ReturnType<typeof readSearch>, 'query'> & { result: SearchResult; network?: NetworkResult; map: SearchMap }

/** A page of another search, or of one that has changed since, is no reason to show nothing: it begins again. */
async function found(db: Connection, parameters: Record<string, unknown>, network?: NetworkSearch): Promise<Found> {
  const { asked, query, problems } = readSearch(network ? { ...parameters, cursor: undefined } : parameters)
  try {
    const everywhere = await network?.(query)
    const result = everywhere ?? searchDirectory(db, query)
    return { asked, problems, result, ...(everywhere ? { network: everywhere } : {}), map: drawSearch(db, query, result) }
  } catch (error) {
    if (!(error instanceof Refusal) || asked.cursor === undefined) throw error
    const again = await found(db, dropped(asked, 'cursor'))
    return { ...again, problems: [...problems, ...error.problems] }
  }
}
