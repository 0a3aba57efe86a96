import type { FastifyInstance, FastifyReply } from 'fastify'
import { searchDirectory } from '../db/search.ts'
import { type KeptEntry, signedEntriesOf } from '../db/signed-entry.ts'
import type { FoundEntry } from '../domain/directory.ts'
import { readDirectoryQuery } from '../domain/directory-query.ts'
import { Refusal } from '../domain/refusal.ts'
import { readExpression } from '../domain/search-expression.ts'
import { ACTIVITY_JSON, CONTEXT } from './context.ts'
import type { Federation } from './federation.ts'

type Asked = { Querystring: { q?: unknown; cursor?: unknown } }

/**
 * `endpoints.search` of our actors (FEP-f011): communities as an OrderedCollection, best first, each with the entry that it signed. A
 * reader believes the entry, not us. A browser that comes here gets the page of the same search.
 */
export function searchRoute(app: FastifyInstance, { ctx }: Federation): void {
  const endpoint = `${ctx.config.publicUrl}/search`

  app.get<Asked>('/search', (request, reply) => {
    const { q = '', cursor } = request.query
    reply.header('vary', 'Accept')
    if (request.headers.accept?.includes('text/html')) {
      const words = String(q).slice(0, 500)
      return reply.redirect(words ? `/?q=${encodeURIComponent(words)}` : '/', 302)
    }
    try {
      const query = readDirectoryQuery({ ...readExpression(textOf(q)), ...(cursor === undefined ? {} : { cursor: textOf(cursor) }) })
      const { items, total, next } = searchDirectory(ctx.db, query)
      const signed = signedEntriesOf(
        ctx.db,
        items.map(({ actor }) => actor),
      )
      const id = `${endpoint}?q=${encodeURIComponent(String(q))}`
      const members = items.map(item => actorOf(item, signed.get(item.actor)))
      return sendActivity(
        reply,
        cursor === undefined ? collection(id, total, members, next) : page(id, total, members, String(cursor), next),
      )
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return reply.code(400).header('cache-control', 'no-store').send({ error: error.message, problems: error.problems })
    }
  })
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  throw new Refusal('invalid', 'Give one query.', [{ path: 'q', message: 'Give one query.' }])
}

// Whoever doesn't page finds the best here; whoever does finds all from the first page on.
function collection(id: string, totalItems: number, orderedItems: object[], next: string | undefined): object {
  const first = next === undefined ? {} : { first: { type: 'OrderedCollectionPage', partOf: id, orderedItems, next: at(id, next) } }
  return { id, type: 'OrderedCollection', totalItems, orderedItems, ...first }
}

function page(partOf: string, totalItems: number, orderedItems: object[], cursor: string, next: string | undefined): object {
  const more = next === undefined ? {} : { next: at(partOf, next) }
  return { id: at(partOf, cursor), type: 'OrderedCollectionPage', partOf, totalItems, orderedItems, ...more }
}

const at = (id: string, cursor: string) => `${id}&cursor=${encodeURIComponent(cursor)}`

function actorOf({ actor, handle, url, charter }: FoundEntry, signed: KeptEntry | undefined): object {
  return {
    id: actor,
    type: 'Organization',
    preferredUsername: handle,
    name: charter.name,
    url,
    ...(signed ? { entry: JSON.parse(signed.text) as object } : {}),
  }
}

function sendActivity(reply: FastifyReply, document: object): FastifyReply {
  reply.header('cache-control', 'public, max-age=30').type(`${ACTIVITY_JSON}; charset=utf-8`)
  return reply.send(JSON.stringify({ '@context': CONTEXT, ...document }))
}
