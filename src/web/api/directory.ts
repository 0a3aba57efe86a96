import cors from '@fastify/cors'
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Context } from '../../context.ts'
import { entryAt } from '../../db/directory.ts'
import { searchDirectory } from '../../db/search.ts'
import { signedEntriesOf } from '../../db/signed-entry.ts'
import type { SearchResult } from '../../domain/directory.ts'
import { readDirectoryQuery } from '../../domain/directory-query.ts'
import type { NetworkResult, NetworkSearch } from '../../domain/network-search.ts'
import { Refusal } from '../../domain/refusal.ts'
import { LOCALE_TAGS } from '../locale.ts'
import type { SiteFor } from '../site.ts'
import { sendFormat, sendTexts } from './answer.ts'
import { wantedFormat } from './format.ts'
import { textFinder } from './item-texts.ts'
import { toItem } from './items.ts'
import { answer, EntryPath, Failure, Item, ItemPage, SearchParameters, searchAnswers } from './schemas.ts'

const FRESH = 'public, max-age=30'
const tags = ['Directory']

type Options = { ctx: Context; network: NetworkSearch | undefined; site: SiteFor }

/** The two addresses that scripts of any site may read. Registered under a prefix, so that CORS ends where they end. */
export async function directoryRoutes(app: FastifyInstance, { ctx, network, site }: Options): Promise<void> {
  await app.register(cors, { origin: '*', methods: ['GET', 'HEAD'], exposedHeaders: ['Link'], maxAge: 86_400 })

  const search = {
    tags,
    summary: 'Search the directory',
    description:
      'Finds communities by words, by any field, by place, or all of them. Values of one field are alternatives; fields narrow each other. Without parameters it lists the whole directory by name. The address of the next page also stands in the `Link` header, whatever the form.',
    querystring: SearchParameters,
    response: { 200: searchAnswers(ItemPage), 400: answer('A parameter is wrong or unknown.', Failure) },
  }
  const findTexts = textFinder()
  app.get<{ Querystring: Record<string, unknown> }>('', { schema: search }, async (request, reply) => {
    const { format: asked, scope, signed, lang, ...parameters } = request.query
    const format = wantedFormat(asked, request.headers.accept)
    const query = readDirectoryQuery(format === 'atom' ? { ...parameters, sort: 'newest' } : parameters)
    const everywhere = oneOf('scope', scope, ['node', 'network']) === 'network'
    const withEntries = oneOf('signed', signed, ['false', 'true']) === 'true'
    oneOf('lang', lang, LOCALE_TAGS)
    reply.header('cache-control', FRESH).header('vary', format === 'atom' ? 'Accept, Accept-Language, Cookie' : 'Accept')
    if (format === 'json' && !everywhere && !withEntries) return sendTexts(reply, ctx.config.publicUrl, query, findTexts(ctx.db, query))
    const result = everywhere ? await askEverybody() : searchDirectory(ctx.db, query)
    const entries = withEntries ? signedEntriesOf(ctx.db, actorsOf(result)) : undefined
    const items = result.items.map(entry => toItem(entry, entries?.get(entry.actor)))
    return sendFormat(reply, ctx.config.publicUrl, { format, query, result, items, everywhere, words: site(request).words })

    async function askEverybody(): Promise<NetworkResult> {
      if (!network) throw new Refusal('unavailable', 'This node asks no others.')
      if (query.cursor !== undefined) throw wrong('cursor', 'A search of the network has one page.')
      return network(query)
    }
  })

  const one = {
    tags,
    summary: 'One community with its charter',
    params: EntryPath,
    response: { 200: answer('The community.', Item), 404: answer('This node does not know it.', Failure) },
  }
  app.get<{ Params: { host: string; handle: string } }>('/:host/:handle', { schema: one }, async (request, reply: FastifyReply) => {
    const { host, handle } = request.params
    const entry = await entryAt(ctx.db, host, handle.replace(/^@/, ''))
    if (!entry) throw new Refusal('missing', 'This node knows no community at this address. Its steward can look it up, or follow it.')
    reply.header('cache-control', FRESH)
    return toItem(entry, signedEntriesOf(ctx.db, [entry.actor]).get(entry.actor))
  })
}

const actorsOf = ({ items }: SearchResult) => items.map(({ actor }) => actor)

/** The first of the words goes without saying. */
function oneOf(name: string, value: unknown, words: readonly string[]): string {
  if (value === undefined || value === '') return words[0]!
  if (typeof value === 'string' && words.includes(value)) return value
  throw wrong(name, `“${String(value).slice(0, 60)}” is not one of its values: ${words.join(', ')}.`)
}

function wrong(path: string, message: string): Refusal {
  return new Refusal('invalid', `${path}: ${message}`, [{ path, message }])
}
