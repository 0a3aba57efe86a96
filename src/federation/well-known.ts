import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { currentEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { localPostCount } from '../db/post.ts'
import { publicCharter } from '../domain/charter.ts'
import { communityIri, nodeIri } from '../domain/iri.ts'
import { escapeHtml } from '../lib/sanitise.ts'
import { ACTIVITY_JSON } from './context.ts'
import type { Federation } from './federation.ts'

const Query = z.object({ resource: z.string().max(2048), rel: z.union([z.string(), z.array(z.string())]).optional() })
const NODEINFO = 'http://nodeinfo.diaspora.software/ns/schema/'
const SERVICE = 'https://www.w3.org/ns/activitystreams#Service'
const APPLICATION = 'https://www.w3.org/ns/activitystreams#Application'

const INTENT = 'https://w3id.org/fep/3b86/'

type Link = { rel: string; type?: string; href?: string; template?: string }

/** WebFinger (RFC 7033), host-meta (RFC 6415) and NodeInfo 2.0 and 2.1. */
export function wellKnownRoutes(app: FastifyInstance, { ctx }: Federation): void {
  const { publicUrl, host } = ctx.config
  const { db } = ctx

  app.get('/.well-known/webfinger', (request, reply) => {
    reply
      .header('access-control-allow-origin', '*')
      .header('cache-control', 'public, max-age=180')
      .type('application/jrd+json; charset=utf-8')
    const query = Query.safeParse(request.query)
    if (!query.success) return reply.code(400).send({ error: 'Say whom you look for: ?resource=acct:handle@host' })
    const found = find(query.data.resource)
    if (!found) return reply.code(404).send({ error: `Nobody here is called ${query.data.resource}` })
    const wanted = query.data.rel === undefined ? undefined : [query.data.rel].flat()
    return reply.send(JSON.stringify({ ...found, links: found.links.filter(link => !wanted || wanted.includes(link.rel)) }))
  })

  function find(resource: string): { subject: string; aliases?: string[]; links: Link[] } | undefined {
    const node = nodeIri(publicUrl)
    const community = localCommunity(db)
    const self = (href: string): Link => ({ rel: 'self', type: ACTIVITY_JSON, href })
    // FEP-d556: the server itself, by its address.
    if (resource === publicUrl || resource === `${publicUrl}/`)
      return {
        subject: resource,
        links: [{ rel: SERVICE, type: ACTIVITY_JSON, href: node }, ...(community ? [self(communityIri(publicUrl, community.handle))] : [])],
      }
    const name = named(resource)
    if (name === 'node' || resource === node) return { subject: `acct:node@${host}`, aliases: [node], links: [self(node)] }
    if (!community) return undefined
    const actor = communityIri(publicUrl, community.handle)
    const page = `${publicUrl}/@${community.handle}`
    if (name !== community.handle && resource !== actor && resource !== page) return undefined
    return {
      subject: `acct:${community.handle}@${host}`,
      aliases: [actor, page],
      links: [{ rel: 'http://webfinger.net/rel/profile-page', type: 'text/html', href: actor }, self(actor), ...intents(publicUrl)],
    }
  }

  function named(resource: string): string | undefined {
    const account = /^(?:acct:)?@?([^@]+)@([^@/]+)$/i.exec(resource)
    return account && account[2]!.toLowerCase() === host ? account[1]!.toLowerCase() : undefined
  }

  app.get('/.well-known/host-meta', (_request, reply) =>
    reply
      .header('access-control-allow-origin', '*')
      .type('application/xrd+xml; charset=utf-8')
      .header('cache-control', 'public, max-age=86400')
      .send(
        `<?xml version="1.0" encoding="UTF-8"?>\n<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" template="${escapeHtml(publicUrl)}/.well-known/webfinger?resource={uri}"/></XRD>\n`,
      ),
  )

  app.get('/.well-known/nodeinfo', (_request, reply) =>
    reply
      .header('access-control-allow-origin', '*')
      .header('cache-control', 'public, max-age=3600')
      .send({
        links: [
          { rel: `${NODEINFO}2.1`, href: `${publicUrl}/nodeinfo/2.1` },
          { rel: `${NODEINFO}2.0`, href: `${publicUrl}/nodeinfo/2.0` },
          // FEP-2677
          { rel: APPLICATION, href: nodeIri(publicUrl) },
        ],
      }),
  )

  app.get<{ Params: { version: string } }>('/nodeinfo/:version(^2\\.[01]$)', (request, reply) => {
    const { version } = request.params
    const charter = currentEdition(db)?.charter
    const community = localCommunity(db)
    const people = community ? 1 : 0
    const software = { name: 'archipelago', version: ctx.config.version }
    reply
      .header('access-control-allow-origin', '*')
      .type(`application/json; profile="${NODEINFO}${version}#"; charset=utf-8`)
      .header('cache-control', 'public, max-age=180')
    return reply.send(
      JSON.stringify({
        version,
        software,
        protocols: ['activitypub'],
        services: { inbound: [], outbound: [] },
        openRegistrations: false,
        usage: { users: { total: people }, localPosts: localPostCount(db) },
        metadata: {
          ...(charter ? { nodeName: charter.name, nodeDescription: publicCharter(charter).summary } : { nodeName: host }),
          staffAccounts: community ? [communityIri(publicUrl, community.handle)] : [],
          federation: { enabled: true },
        },
      }),
    )
  })
}

/** Where a page elsewhere may send the community's steward with something to follow, see or say (FEP-3b86, and OStatus before it). */
function intents(origin: string): Link[] {
  return [
    { rel: `${INTENT}Follow`, template: `${origin}/intent/follow?object={object}` },
    { rel: `${INTENT}Object`, template: `${origin}/intent/object?object={object}` },
    { rel: `${INTENT}Create`, template: `${origin}/intent/create?content={content}` },
    { rel: 'http://ostatus.org/schema/1.0/subscribe', template: `${origin}/intent/follow?object={uri}` },
  ]
}
