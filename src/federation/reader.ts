import type { FastifyReply, FastifyRequest } from 'fastify'
import { ownerOfKey } from '../db/actor.ts'
import { isBlocked, isSuspended } from '../db/block.ts'
import { databaseFault } from '../db/fault.ts'
import { followerOf } from '../db/follower.ts'
import { isMentioned } from '../db/mention.ts'
import type { Db } from '../db/open.ts'
import { postByIri } from '../db/post.ts'
import type { Actor } from '../domain/actor.ts'
import { isOpen, type Post } from '../domain/post.ts'
import { HostSuspended, withoutFragment } from './document.ts'
import type { Federation } from './federation.ts'
import { refuse } from './refuse.ts'
import type { Senders } from './sender.ts'
import { readSignature, type SignatureClaim, SignatureRefusal } from './signatures.ts'

/** What everybody may read, blocked or not: without these two servers that both ask for signatures could never verify one. */
const FOR_ALL = new Set([
  '/node',
  '/node/outbox',
  '/.well-known/webfinger',
  '/.well-known/host-meta',
  '/.well-known/nodeinfo',
  '/nodeinfo/:version(^2\\.[01]$)',
])
/** What needs no signature even where AUTHORIZED_FETCH is set: who the community is and what its charter says. */
const FOR_UNSIGNED = new Set(['/search', '/c/:handle', '/c/:handle/tags', '/c/:handle/charter/:edition'])
const OF_CHARTER = /^(charter|essence)-\d+$/

/** Who asks for a document: an actor whose signature on the GET is right, or nobody. */
export type Readers = {
  /** A hook for every GET of an ActivityPub document: turns away who is blocked and, with AUTHORIZED_FETCH, who does not sign. */
  admit(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined>
  /** Costs at most what an inbox request costs: a key never seen is fetched through the host gate. */
  whoAsks(request: FastifyRequest): Promise<Actor | undefined>
}

export function createReaders({ ctx }: Federation, senders: Senders): Readers {
  const { db, config } = ctx
  const found = new WeakMap<FastifyRequest, Promise<Actor>>()

  /** @throws SignatureRefusal */
  function claimOf({ method, url, headers }: FastifyRequest): SignatureClaim {
    return readSignature({ method, target: url, headers, body: undefined }, config.publicUrl, ctx.now())
  }

  /** @throws whatever is wrong with the signature, its key or its maker */
  function proven(request: FastifyRequest): Promise<Actor> {
    const known = found.get(request) ?? prove(request)
    found.set(request, known)
    return known
  }

  async function prove(request: FastifyRequest): Promise<Actor> {
    const claim = claimOf(request)
    refuseBarred(db, claim.keyId)
    const actor = await senders.prove(claim.keyId, key => claim.verify(key))
    refuseBarred(db, actor.id)
    return actor
  }

  // What a blocked server claims is enough: to claim it gains nobody anything, and it costs no fetch and no verifying.
  function refuseClaimed(request: FastifyRequest): void {
    try {
      refuseBarred(db, claimOf(request).keyId)
    } catch (error) {
      // A signature that means nothing is as good as none.
      if (!(error instanceof SignatureRefusal)) throw error
    }
  }

  return {
    async admit(request, reply) {
      const { method, routeOptions, headers } = request
      const route = routeOptions.url
      if ((method !== 'GET' && method !== 'HEAD') || !route || FOR_ALL.has(route) || route.endsWith('inbox')) return undefined
      const signed = headers.signature !== undefined || headers['signature-input'] !== undefined
      try {
        if (signed) refuseClaimed(request)
        if (!config.authorizedFetch || isForUnsigned(route, request.params)) return undefined
        forThisReader(reply)
        if (!signed) throw new SignatureRefusal('unsigned', 'This server shows this only to servers that sign their requests.')
        await proven(request)
        return undefined
      } catch (error) {
        return refuse(error, request, forThisReader(reply))
      }
    },
    async whoAsks(request) {
      try {
        return await proven(request)
      } catch (error) {
        if (databaseFault(error)) throw error
        return undefined
      }
    },
  }
}

/** What depends on who asks must be given by no cache to anybody else. */
export function forThisReader(reply: FastifyReply): FastifyReply {
  return reply.header('vary', 'Accept, Signature').header('cache-control', 'private, no-store')
}

/** Whether an actor may read a post of ours: it is for everybody, for followers and it is one, names it, or answers it. */
export function mayRead(db: Db, post: Post, reader: Actor | undefined): boolean {
  if (isOpen(post)) return true
  if (!reader) return false
  const follows = post.visibility === 'followers' && followerOf(db, reader.id)?.state === 'accepted'
  const answered = post.inReplyTo ? postByIri(db, post.inReplyTo)?.author : undefined
  return follows || isMentioned(db, post.id, reader.id) || answered === reader.id
}

/**
 * @param id of an actor, or of a key: of one that was seen before its owner is known
 * @throws HostSuspended when the steward wants nothing to do with its server, or with this actor
 */
export function refuseBarred(db: Db, id: string): void {
  const host = URL.canParse(id) ? new URL(id).host : ''
  if (isSuspended(db, host)) throw new HostSuspended(host)
  const actor = ownerOfKey(db, id) ?? withoutFragment(id)
  if (isBlocked(db, actor)) throw new HostSuspended(actor)
}

function isForUnsigned(route: string, params: unknown): boolean {
  if (FOR_UNSIGNED.has(route)) return true
  const { id } = params as { id?: string }
  return route === '/o/:id' && OF_CHARTER.test(id ?? '')
}
