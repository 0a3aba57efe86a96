import type { FastifyReply, FastifyRequest } from 'fastify'
import { noteUse } from '../actions/oauth.ts'
import type { Context } from '../context.ts'
import { type Grant, grantOf } from '../db/oauth.ts'
import { covers, roleAllows } from '../domain/oauth.ts'
import { addressGroup } from '../lib/address-group.ts'
import { tokenHash } from '../lib/private-token.ts'
import { Denied } from './errors.ts'
import type { createRate } from './rate.ts'
import type { Needs } from './route.ts'

const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,200})$/i

/** What a token stands for, if it is one; a wrong one is refused also where none was needed. @throws Denied */
export function readGrant(ctx: Context, authorization: string | undefined): Grant | undefined {
  if (authorization === undefined || !/^Bearer\b/i.test(authorization)) return undefined
  const [, token] = BEARER.exec(authorization.trim()) ?? []
  const grant = token === undefined ? undefined : grantOf(ctx.db, tokenHash(token))
  if (!grant) throw new Denied(401, 'The access token is invalid')
  return grant
}

/** @throws Denied when this token, or none, does not allow what a route needs */
export function allow(grant: Grant | undefined, needs: Needs): void {
  if (needs === 'nothing') return
  if (!grant) throw new Denied(401, 'The access token is invalid')
  if (needs === 'app') return
  if (!covers(grant.scopes, needs)) throw new Denied(403, 'This action is outside the authorized scopes')
  if (!grant.steward) throw new Denied(403, 'This method requires an authenticated user')
  if (!roleAllows(grant.steward.role, needs)) throw new Denied(403, 'A steward of your role may not do this')
}

/** Looks at every request before its body is read: whose it is, how many there were, whether this one may be. */
export function createDoor(ctx: Context, rate: ReturnType<typeof createRate>) {
  const grants = new WeakMap<FastifyRequest, Grant>()
  return {
    grantOf: (request: FastifyRequest) => grants.get(request),
    admit(needs: Needs, request: FastifyRequest, reply: FastifyReply): void {
      const found = grantIn(ctx, request.headers.authorization)
      const who = { address: addressGroup(request.ip), ...(found instanceof Denied || !found ? {} : { token: found.token }) }
      const { limit, left, resetAt, allowed } = rate(who, ctx.now())
      reply.header('x-ratelimit-limit', limit).header('x-ratelimit-remaining', left).header('x-ratelimit-reset', resetAt.toISOString())
      if (!allowed) {
        reply.header('retry-after', Math.max(1, Math.ceil((resetAt.getTime() - ctx.now().getTime()) / 1000)))
        throw Object.assign(new Error('Too many requests'), { statusCode: 429 })
      }
      if (found instanceof Denied) throw found
      allow(found, needs)
      if (!found) return
      grants.set(request, found)
      noteUse(ctx, found)
    },
  }
}

function grantIn(ctx: Context, authorization: string | undefined): Grant | Denied | undefined {
  try {
    return readGrant(ctx, authorization)
  } catch (error) {
    if (error instanceof Denied) return error
    throw error
  }
}
