import { createHash } from 'node:crypto'
import type { FastifyReply } from 'fastify'
import type { Found } from '../../db/search.ts'
import type { SearchResult } from '../../domain/directory.ts'
import type { DirectoryQuery } from '../../domain/directory-query.ts'
import type { NetworkResult } from '../../domain/network-search.ts'
import { queryParameters } from '../../domain/query-parameters.ts'
import { spokenPath } from '../locale.ts'
import type { Words } from '../messages.ts'
import { queryWords } from '../query-words.ts'
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
  /** What a feed is written in. */
  words: Words
}

/** An entry as it is sent, but for the bracket at its end, with the digest of that, and how far away it is. */
export type ItemText = { text: Buffer<ArrayBuffer>; digest: string; distanceKm: number | undefined }

/** Sends what a search found as JSON, put together of entries that are JSON already: to write twenty of them would take as long as to find them. */
export function sendTexts(reply: FastifyReply, origin: string, query: DirectoryQuery, { items, ...found }: Found<ItemText>): FastifyReply {
  if (found.next !== undefined) linkNext(reply, apiAddress(origin, 'json', false, { ...query, cursor: found.next }))
  const { total, items: _, ...rest } = page({ ...found, items: [] }, [])
  const parts = [Buffer.from(`{"total":${total},"items":[`)]
  for (const { text, distanceKm } of items) {
    if (parts.length > 1) parts.push(COMMA)
    parts.push(text, distanceKm === undefined ? BRACKET : Buffer.from(`,"distanceKm":${distanceKm}}`))
  }
  const end = `],${JSON.stringify(rest).slice(1)}`
  parts.push(Buffer.from(end))
  // Of the digests of the entries, which are known: to read all that is sent for it takes ten times as long.
  const tag = createHash('sha1').update(`${total} ${items.map(({ digest, distanceKm }) => `${digest}${distanceKm ?? ''}`).join()} ${end}`)
  reply.header('etag', `"${tag.digest('base64')}"`)
  return reply.type(JSON_TYPE).send(Buffer.concat(parts))
}

/** Sends what a search found in the form that was wanted; the address of the next page stands in a header too (RFC 8288). */
export function sendFormat(reply: FastifyReply, origin: string, { format, query, result, items, everywhere, words }: Answer): FastifyReply {
  const spoken = format === 'atom' ? words.locale : 'en'
  const at = (cursor?: string) => spokenPath(apiAddress(origin, format, everywhere, { ...query, cursor }), spoken)
  const next = result.next === undefined ? undefined : at(result.next)
  if (next) linkNext(reply, next)
  if (format === 'json') return reply.type(JSON_TYPE).send(JSON.stringify(page(result, items)))
  if (format === 'geojson') return reply.type(FORMATS.geojson).send(JSON.stringify(asGeoJson(items, result)))
  if (format === 'csv') {
    reply.header('content-disposition', 'attachment; filename="communities.csv"')
    return reply.type(`${FORMATS.csv}; charset=utf-8; header=present`).send(asCsv(items))
  }
  const feed = { title: queryWords(words, query), first: at(), self: at(query.cursor), next, page: pageAddress(origin, query) }
  return reply.type(`${FORMATS.atom}; charset=utf-8`).send(asAtom(words, items, feed))
}

const JSON_TYPE = 'application/json; charset=utf-8'
const COMMA = Buffer.from(',')
const BRACKET = Buffer.from('}')

const linkNext = (reply: FastifyReply, next: string) => reply.header('link', `<${next}>; rel="next"`)

function page(result: SearchResult | NetworkResult, items: Item[]) {
  const { total, approximate, facets, hidden, next } = result
  return {
    total,
    ...(approximate ? { approximate } : {}),
    items,
    facets,
    ...(hidden === undefined ? {} : { hidden }),
    ...(next === undefined ? {} : { next }),
    ...('peers' in result ? { network: asked(result) } : {}),
  }
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
