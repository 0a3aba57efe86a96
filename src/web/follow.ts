import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DirectoryEntry } from '../domain/directory.ts'
import { type FindFollowPlace, type FollowFault, readOwnHandle } from '../domain/follow-template.ts'
import { addressGroup } from '../lib/address-group.ts'
import { createAllowance } from '../lib/allowance.ts'
import { safeUrl } from '../lib/sanitise.ts'
import { askedEntry, ownEntry } from './community.ts'
import { communityPath } from './community-path.ts'
import type { Edge } from './edge.ts'
import { fieldsOf, sameOriginOnly, sendPrivately } from './forms.ts'
import { followPage } from './pages/follow-page.tsx'
import type { Site } from './site.ts'

export type FollowHindrance = FollowFault | 'handle' | 'often'

/**
 * Follow from anywhere: who types their handle is told where their own server takes them, and goes there themselves. Nothing is kept of
 * it, and nothing changes here, so that the answer comes at once instead of at another address.
 */
export function followRoutes(app: FastifyInstance, { findFollowPlace, ...edge }: Edge & { findFollowPlace: FindFollowPlace }): void {
  const { ctx, site } = edge
  const oneself = createAllowance({ times: 20, withinMs: 600_000 })
  const everybody = createAllowance({ times: 120, withinMs: 60_000, most: 1 })

  const show = (reply: FastifyReply, here: Site, entry: DirectoryEntry, more: { typed?: string; fault?: FollowHindrance; url?: string }) =>
    sendPrivately(reply, here, followPage({ site: here, entry, path: communityPath(entry), ...more }))

  app.get<{ Querystring: Record<string, unknown> }>('/follow', (request, reply) => {
    const here = site(request)
    return show(reply, here, known(here, String(request.query.community ?? '')), {})
  })

  app.post('/follow', { onRequest: sameOriginOnly(edge) }, async (request: FastifyRequest, reply) => {
    const here = site(request)
    const { community = '', handle = '' } = fieldsOf(request.body)
    const entry = known(here, community)
    const again = (status: number, fault: FollowHindrance) => show(reply.code(status), here, entry, { typed: handle.slice(0, 400), fault })
    const own = readOwnHandle(handle)
    if (!own) return again(422, 'handle')
    if (!oneself(addressGroup(request.ip), ctx.now()) || !everybody('all', ctx.now())) return again(429, 'often')
    const place = await findFollowPlace(own, entry.actor)
    if ('fault' in place) return again(place.fault === 'unknown' ? 422 : 502, place.fault)
    const url = safeUrl(place.url)
    return url ? show(reply, here, entry, { typed: handle, url: url.href }) : again(502, 'none')
  })

  function known(here: Site, address: string): DirectoryEntry {
    const [, handle = '', host = ''] = /^@?([^@]+)@(.+)$/.exec(address.trim().slice(0, 400)) ?? []
    return host.toLowerCase() === ctx.config.host ? ownEntry(ctx, here, handle) : askedEntry(ctx, here, host, handle)
  }
}
