import type { FastifyInstance } from 'fastify'
import { directorySize } from '../db/directory.ts'
import type { Connection } from '../db/open.ts'
import { searchDirectory } from '../db/search.ts'
import type { SearchResult } from '../domain/directory.ts'
import { Refusal } from '../domain/refusal.ts'
import { type Edge, sendPage } from './edge.ts'
import { drawSearch, type SearchMap } from './map/search-map.ts'
import { searchPage } from './pages/search-page.tsx'
import { dropped, readSearch } from './search-address.ts'

export function searchRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get<{ Querystring: Record<string, unknown> }>('/', async (request, reply) => {
    const search = await found(ctx.db, request.query)
    return sendPage(
      reply,
      site(request),
      searchPage({ ...search, site: site(request), size: directorySize(ctx.db), tiles: ctx.config.tiles }),
    )
  })
}

type Found = Omit<ReturnType<typeof readSearch>, 'query'> & { result: SearchResult; map: SearchMap }

/** A page of another search, or of one that has changed since, is no reason to show nothing: it begins again. */
async function found(db: Connection, parameters: Record<string, unknown>): Promise<Found> {
  const { asked, query, problems } = readSearch(parameters)
  try {
    const result = await searchDirectory(db, query)
    return { asked, problems, result, map: drawSearch(db, query, result) }
  } catch (error) {
    if (!(error instanceof Refusal) || asked.cursor === undefined) throw error
    const again = await found(db, dropped(asked, 'cursor'))
    return { ...again, problems: [...problems, ...error.problems] }
  }
}
