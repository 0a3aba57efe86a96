import type { FastifyReply } from 'fastify'
import type { SearchResult } from '../../domain/directory.ts'
import type { DirectoryQuery } from '../../domain/directory-query.ts'
import type { NetworkResult } from '../../domain/network-search.ts'
import { queryParameters } from '../../domain/query-parameters.ts'
import { queryWords } from '../../domain/query-words.ts'
import { asAtom } from './atom.ts'
import { asCsv } from './csv.ts'
import { FORMATS, type Format } from './format.ts'
import { asGeoJson } from './geojson.ts'
import type { Item } from './schemas.ts'

type Answer = {
  format: Format
  query: DirectoryQuery
  result: SearchResult | NetworkResult
  items: Item[]
  /** Whether other nodes were asked. */
  everywhere: boolean
}

/** Sends what a search found in the form that was wanted; the address of the next page stands in a header too (RFC 8288). */
export function sendFormat(reply: FastifyReply, origin: string, { format, query, result, items, everywhere }: Answer): FastifyReply {
  const at = (cursor?: string) => apiAddress(origin, format, everywhere, { ...query, cursor })
  const next = result.next === undefined ? undefined : at(result.next)
  if (next) reply.header('link', `<${next}>; rel="next"`)
  if (format === 'json') return reply.type('application/json; charset=utf-8').send(JSON.stringify(page(result, items)))
  if (format === 'geojson') return reply.type(FORMATS.geojson).send(JSON.stringify(asGeoJson(items, result.total)))
  if (format === 'csv') {
    reply.header('content-disposition', 'attachment; filename="communities.csv"')
    return reply.type(`${FORMATS.csv}; charset=utf-8; header=present`).send(asCsv(items))
  }
  const feed = { title: queryWords(query), first: at(), self: at(query.cursor), next, page: pageAddress(origin, query) }
  return reply.type(`${FORMATS.atom}; charset=utf-8`).send(asAtom(items, feed))
}

function page(result: SearchResult | NetworkResult, items: Item[]): object {
  const { total, facets, next } = result
  return { total, items, facets, ...(next === undefined ? {} : { next }), ...('peers' in result ? { network: asked(result) } : {}) }
}

function asked({ peers, unchecked, unasked }: NetworkResult): object {
  return { peers, unchecked, ...(unasked ? { unasked } : {}) }
}

function apiAddress(origin: string, format: Format, everywhere: boolean, query: DirectoryQuery): string {
  const parameters = queryParameters(query)
  if (format !== 'json') parameters.set('format', format)
  if (everywhere) parameters.set('scope', 'network')
  return `${origin}/api/directory${parameters.size > 0 ? `?${parameters}` : ''}`
}

function pageAddress(origin: string, { cursor: _, limit: __, ...query }: DirectoryQuery): string {
  const parameters = queryParameters({ ...query, limit: 20, cursor: undefined })
  return `${origin}/${parameters.size > 0 ? `?${parameters}` : ''}`
}
