import cors from '@fastify/cors'
import type { FastifyInstance } from 'fastify'
import type { Context } from '../../context.ts'
import { entryAt } from '../../db/directory.ts'
import { searchDirectory } from '../../db/search.ts'
import { DirectoryQuery, readDirectoryQuery } from '../../domain/directory-query.ts'
import { Refusal } from '../../domain/refusal.ts'
import { toItem } from './items.ts'
import { answer, EntryPath, Failure, Item, ItemPage } from './schemas.ts'

const FRESH = 'public, max-age=30'
const tags = ['Directory']

/** The two addresses that scripts of any site may read. Registered under a prefix, so that CORS ends where they end. */
export async function directoryRoutes(app: FastifyInstance, { ctx }: { ctx: Context }): Promise<void> {
  await app.register(cors, { origin: '*', methods: ['GET', 'HEAD'], maxAge: 86_400 })

  const search = {
    tags,
    summary: 'Search the directory',
    description:
      'Finds communities by words, by any field, by place, or all of them. Values of one field are alternatives; fields narrow each other. Without parameters it lists the whole directory by name.',
    querystring: DirectoryQuery,
    response: { 200: answer('What was found.', ItemPage), 400: answer('A parameter is wrong or unknown.', Failure) },
  }
  app.get<{ Querystring: Record<string, unknown> }>('', { schema: search }, async (request, reply) => {
    const { items, ...rest } = await searchDirectory(ctx.db, readDirectoryQuery(request.query))
    reply.header('cache-control', FRESH)
    return { total: rest.total, items: items.map(toItem), facets: rest.facets, ...(rest.next ? { next: rest.next } : {}) }
  })

  const one = {
    tags,
    summary: 'One community with its charter',
    params: EntryPath,
    response: { 200: answer('The community.', Item), 404: answer('This node does not know it.', Failure) },
  }
  app.get<{ Params: { host: string; handle: string } }>('/:host/:handle', { schema: one }, async (request, reply) => {
    const { host, handle } = request.params
    const entry = await entryAt(ctx.db, host, handle.replace(/^@/, ''))
    if (!entry) throw new Refusal('missing', 'This node knows no community at this address. Its steward can look it up, or follow it.')
    reply.header('cache-control', FRESH)
    return toItem(entry)
  })
}
