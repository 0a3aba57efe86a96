import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { doubtFollowing, isOrWasFollowed, mendFollowing } from '../actions/followers-sync.ts'
import { localCommunity } from '../db/community.ts'
import { followersChangedAfter, latestEvent } from '../db/event.ts'
import { followerCount, followersAt } from '../db/follower.ts'
import { isFollowed } from '../db/following.ts'
import type { Db } from '../db/open.ts'
import type { Actor } from '../domain/actor.ts'
import { communityIri } from '../domain/iri.ts'
import { ACTIVITY_JSON, CONTEXT } from './context.ts'
import { type Found, read } from './document.ts'
import type { Federation } from './federation.ts'
import { forThisReader, type Readers } from './reader.ts'
import { objectId } from './received.ts'
import { header, type SignatureClaim } from './signed-request.ts'
import { sameOrigin } from './wire.ts'

// FEP-8fcf: two servers see whether they agree on who of one follows an actor of the other.

export const SYNC_HEADER = 'collection-synchronization'
/** With more followers than this nobody is told the digest, as Mastodon has it. */
const MOST_FOLLOWERS = 25_000
const REMEMBERED = 5_000
const LONGEST_HEADER = 8_192

/** The digest of a set of ids: their SHA-256 values put together by exclusive or, in hex. */
export function followersDigest(ids: Iterable<string>): string {
  const sum = Buffer.alloc(32)
  for (const id of ids) {
    const hash = createHash('sha256').update(id).digest()
    for (let at = 0; at < sum.length; at++) sum[at] = sum[at]! ^ hash[at]!
  }
  return sum.toString('hex')
}

/** Makes the header that goes with what is sent to the followers on a server; undefined where it has none, or there are too many in all. */
export type SyncHeaders = (actor: string, inbox: URL) => string | undefined

/** The digests are kept until a follower comes or goes, so that a post to hundreds of servers counts each once. */
export function createSyncHeaders(db: Db): SyncHeaders {
  const digests = new Map<string, string | undefined>()
  let seen = 0
  let tooMany = false

  function refresh(): void {
    const latest = latestEvent(db)
    if (latest === seen) return
    if (followersChangedAfter(db, seen)) {
      digests.clear()
      tooMany = followerCount(db) >= MOST_FOLLOWERS
    }
    seen = latest
  }

  return (actor, { origin }) => {
    refresh()
    if (tooMany) return undefined
    if (!digests.has(origin)) {
      if (digests.size >= REMEMBERED) digests.clear()
      const there = followersAt(db, origin)
      digests.set(origin, there.length > 0 ? followersDigest(there) : undefined)
    }
    const digest = digests.get(origin)
    return digest && `collectionId="${actor}/followers", url="${actor}/followers_synchronization", digest="${digest}"`
  }
}

/** Tells a server, and nobody else, who of it follows the community. */
export function followersSyncRoutes(app: FastifyInstance, { ctx, engine }: Federation, readers: Readers): void {
  app.get<{ Params: { handle: string } }>('/c/:handle/followers_synchronization', async (request, reply) => {
    forThisReader(reply)
    const community = localCommunity(ctx.db)
    if (!community || community.handle !== request.params.handle.toLowerCase())
      return reply.code(404).send({ error: 'There is nothing here.' })
    const reader = await readers.whoAsks(request)
    if (!reader) return reply.code(401).send({ error: 'This is for servers that sign their requests.' })
    const id = `${communityIri(ctx.config.publicUrl, community.handle)}/followers_synchronization`
    const orderedItems = followersAt(ctx.db, new URL(reader.id).origin)
    const document = { '@context': CONTEXT, id, type: 'OrderedCollection', totalItems: orderedItems.length, orderedItems }
    return reply.type(`${ACTIVITY_JSON}; charset=utf-8`).send(engine.stringify(document))
  })
}

/**
 * Compares what the sender of a request says of its followers here with what we think; where they differ, that is looked into. Only
 * what is signed counts, of an actor that we follow or have followed, about its own collection.
 * @returns whether there is something to look into
 */
export function heedFollowers({ ctx }: Federation, sender: Actor, headers: IncomingHttpHeaders, claim: SignatureClaim): boolean {
  if (headers[SYNC_HEADER] === undefined || !claim.covered.includes(SYNC_HEADER)) return false
  const said = readHeader(header(headers, SYNC_HEADER) ?? '')
  const community = localCommunity(ctx.db)
  if (!community || !said || said.collectionId !== sender.followers || !sameOrigin(said.url, sender.id)) return false
  if (!isOrWasFollowed(ctx, sender.id)) return false
  const me = communityIri(ctx.config.publicUrl, community.handle)
  const ours = followersDigest(isFollowed(ctx.db, sender.id) ? [me] : [])
  return said.digest.toLowerCase() !== ours && doubtFollowing(ctx, sender.id, said.url)
}

/** The parameters of the header, which has the form of a draft-cavage Signature. */
function readHeader(text: string): { collectionId: string; url: string; digest: string } | undefined {
  if (text.length > LONGEST_HEADER) return undefined
  const values = new Map([...text.matchAll(/(?:^|,)\s*([A-Za-z]+)="([^"\\]*)"/g)].map(([, name, value]) => [name!, value!] as const))
  const [collectionId, url, digest] = ['collectionId', 'url', 'digest'].map(name => values.get(name))
  return collectionId && url && digest && /^[0-9a-f]{64}$/i.test(digest) ? { collectionId, url, digest } : undefined
}

/**
 * Asks an actor's server who follows it from here.
 * @returns makes our following agree with it @throws NotFetched, DocumentRefusal, FetchRefusal
 */
export async function checkFollowing(federation: Federation, actor: string, url: string): Promise<() => void> {
  const { ctx } = federation
  const community = localCommunity(ctx.db)
  const pages = community ? await pagesOf(federation, url) : []
  if (!community || pages.length === 0) return () => {}
  const me = communityIri(ctx.config.publicUrl, community.handle)
  const listed = pages.some(page => [page.orderedItems, page.items].flat(2).some(item => objectId(item) === me))
  return () => mendFollowing(ctx, actor, listed)
}

/** The collection, and its first page where it has pages: of one server there is nobody but us, so there are no more. */
async function pagesOf(federation: Federation, url: string): Promise<Found[]> {
  const { document, at } = await read(federation, url)
  if (!sameOrigin(at, url) || !/^(Ordered)?Collection(Page)?$/.test(document.type)) return []
  const first = Array.isArray(document.first) ? document.first[0] : document.first
  if (typeof first === 'object' && first !== null) return [document, first as Found]
  if (typeof first !== 'string' || !sameOrigin(first, url)) return [document]
  const next = await read(federation, first)
  return sameOrigin(next.at, url) ? [document, next.document] : []
}
