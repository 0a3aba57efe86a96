import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { entryAt } from '../db/directory.ts'
import { findAny } from '../db/search.ts'
import type { DirectoryEntry } from '../domain/directory.ts'
import { readDirectoryQuery } from '../domain/directory-query.ts'
import { handleOf, MOST_COMPARED, readCompared } from './compare-address.ts'
import { compareTable } from './compare-table.ts'
import { type Edge, sendPage } from './edge.ts'
import { comparePage } from './pages/compare-page.tsx'

const SUGGESTED = 8

export function compareRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get<{ Querystring: Record<string, unknown> }>('/compare', (request, reply) => {
    const asked = readCompared(request.query, ctx.config.host)
    const known = asked.handles.map(handle => ({ handle, entry: entryBy(ctx, handle) }))
    const all = known.flatMap(({ entry }) => entry ?? [])
    const entries = all.slice(0, MOST_COMPARED)
    const chosen = new Set(entries.map(handleOf))
    const page = comparePage({
      entries,
      table: compareTable(site(request).words, entries),
      asked: { ...asked, handles: [...chosen] },
      unknown: [...asked.unknown, ...known.filter(({ entry }) => !entry).map(({ handle }) => handle)].slice(0, 10),
      leftOut: all.slice(MOST_COMPARED).map(({ charter }) => charter.name).slice(0, 10), // biome-ignore format: one chain
      suggested: suggestedFor(ctx, asked.add).filter(entry => !chosen.has(handleOf(entry))),
      words: site(request).words,
    })
    return sendPage(reply, site(request), page)
  })
}

/** A community of the directory: our own is in it as well. */
function entryBy({ db }: Context, handle: string): DirectoryEntry | undefined {
  const [, name = '', host = ''] = handle.split('@')
  return entryAt(db, host, name)
}

function suggestedFor({ db }: Context, add: string): DirectoryEntry[] {
  if (!add) return []
  return findAny(db, [{ ...readDirectoryQuery({ q: add }), sort: 'relevance', limit: SUGGESTED }], SUGGESTED)
}
