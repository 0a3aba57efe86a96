import activitypubExpress, { type Apex } from 'activitypub-express'
import type { Context } from '../context.ts'
import { newId } from '../lib/id.ts'
import { CONTEXT, PROOF_CONTEXT } from './context.ts'
import { bundledContext } from './contexts/index.ts'
import { createFastNormalise } from './fast-normalise.ts'
import { DocumentRefusal } from './guard.ts'
import { ApexStore } from './store.ts'

/** A document after JSON-LD: every property an array but `id` and `type`, terms as our own context names them. */
export type Normalised = Record<string, unknown> & { id?: string; type?: string }
export type CollectionName = 'outbox' | 'followers' | 'following'

/** What the rest of federation may know of activitypub-express: documents and collections. */
export type Engine = {
  /** @param document one that has passed `guardDocument` @throws DocumentRefusal when it can't be read as JSON-LD */
  normalise(document: Record<string, unknown>): Promise<Normalised>
  /** A collection of a local actor, or the page of it behind `page`. Undefined when there is no such page. */
  collection(actor: string, name: CollectionName, page: string | undefined): Promise<object | undefined>
  /** The text of a document without anything private (`bto`, `bcc`, names that start with an underscore). */
  stringify(document: object): string
}

const routes = {
  actor: '/c/:actor',
  object: '/o/:id',
  activity: '/a/:id',
  inbox: '/c/:actor/inbox',
  outbox: '/c/:actor/outbox',
  followers: '/c/:actor/followers',
  following: '/c/:actor/following',
  liked: '/c/:actor/liked',
  collections: '/c/:actor/collections/:id',
  blocked: '/c/:actor/blocked',
  rejections: '/c/:actor/rejections',
  rejected: '/c/:actor/rejected',
  shares: '/a/:id/shares',
  likes: '/a/:id/likes',
}

// Everything of the library that fetches, stores what strangers send, or delivers. None of it is ever ours to call.
const replaced = [
  'requestObject',
  'resolveObject',
  'resolveUnknown',
  'resolveReferences',
  'resolveActivity',
  'deliver',
  'queueForDelivery',
  'startDelivery',
  'runDelivery',
  'address',
  'publishUpdate',
  'createActor',
]

export function createEngine(ctx: Context): Engine {
  const apex = createApex(ctx)
  const { fast, slow } = createReaders(apex)

  return {
    async normalise(document) {
      const normalised = (await fast(document)) ?? (await slow(document))
      if (!normalised) throw new DocumentRefusal('json-ld', 'The document is not valid JSON-LD.')
      return normalised
    },
    async collection(actor, name, page) {
      const his = { [name]: [`${actor}/${name}`], _local: { blockList: [] } }
      const read = { outbox: apex.getOutbox, followers: apex.getFollowers, following: apex.getFollowing }[name]
      try {
        const { orderedItems, ...envelope } = await read(his, page, true)
        const document = await apex.toJSONLD(envelope)
        return { ...document, '@context': PROOF_CONTEXT, ...(orderedItems ? { orderedItems: orderedItems.map(withoutContext) } : {}) }
      } catch (error) {
        if (/invalid page/.test(String(error))) return undefined
        throw error
      }
    },
    stringify: document => apex.stringifyPublicJSONLD(document),
  }
}

/** The two ways a document is read. `fast` answers only where it answers as `slow` does; undefined from both is a refusal. */
export function createReaders(apex: Apex): Record<'fast' | 'slow', (document: Record<string, unknown>) => Promise<Normalised | undefined>> {
  return {
    fast: createFastNormalise(apex.context, apex.jsonldContextLoader),
    slow: document => apex.fromJSONLD(document).catch(() => undefined),
  }
}

export function createApex({ config, db, now }: Context): Apex {
  const quiet = () => {}
  const store = Object.assign(new ApexStore(db), { generateId: () => newId(now()) })
  const apex = activitypubExpress({
    name: 'archipelago',
    version: config.version,
    baseUrl: config.publicUrl,
    actorParam: 'actor',
    objectParam: 'id',
    itemsPerPage: 20,
    offlineMode: true,
    routes,
    // The library puts ActivityStreams and security/v1 in front by itself.
    context: CONTEXT.slice(2),
    store,
    logger: { info: quiet, warn: quiet, error: quiet },
  })
  for (const name of replaced) apex[name] = () => Promise.reject(new Error(`${name} is not used here`))
  // Contexts come from the bundle; one that is not there adds no terms. Nothing is ever fetched.
  apex.jsonldContextLoader = url =>
    Promise.resolve({ contextUrl: null, documentUrl: url, document: bundledContext(url) ?? { '@context': {} } })
  return apex
}

function withoutContext(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item
  const { '@context': _, ...rest } = item as Record<string, unknown>
  return rest
}
