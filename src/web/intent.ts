import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { actorAt, actorOf } from '../db/actor.ts'
import { localCommunity } from '../db/community.ts'
import { entryAt } from '../db/directory.ts'
import { isFollowed } from '../db/following.ts'
import { postByIri } from '../db/post.ts'
import { communityIri } from '../domain/iri.ts'
import { LONGEST } from '../domain/post.ts'
import { Refusal } from '../domain/refusal.ts'
import { communityPath } from './community-path.ts'
import { type Edge, sendPage } from './edge.ts'
import { type Intended, intentPage } from './pages/intent-page.tsx'

const Asked = z.object({ object: z.string().min(1).max(2048) })
const Said = z.object({ content: z.string().min(1).max(LONGEST.Note) })
const HANDLE = /^(?:acct:)?@?([\p{L}\p{N}_]+(?:[.-]+[\p{L}\p{N}_]+)*)@([\p{L}\p{N}.-]+(?::\d{1,5})?)$/u

/**
 * Where pages elsewhere send the steward with something to follow, to see or to say (FEP-3b86). Anybody can make a link to these pages,
 * so they do nothing and fetch nothing: they say what is meant, as far as this node knows it already, and where a steward goes on.
 */
export function intentRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  for (const kind of ['follow', 'object'] as const)
    app.get(`/intent/${kind}`, (request, reply) => {
      const asked = Asked.safeParse(request.query)
      const meant = asked.success ? readMeant(asked.data.object) : undefined
      if (!meant) throw new Refusal('invalid', site(request).words.t('errors.noAddress'))
      return sendPage(reply, site(request), intentPage({ kind, ...whatIsKnown(ctx, meant), site: site(request) }))
    })
  app.get('/intent/create', (request, reply) => {
    const said = Said.safeParse(request.query)
    if (!said.success) throw new Refusal('invalid', site(request).words.t('errors.noWords'))
    return sendPage(reply, site(request), intentPage({ kind: 'create', address: said.data.content, site: site(request) }))
  })
}

type Meant = { address: string; handle?: { name: string; host: string } }

/** An http(s) address as URLs are written, or a handle; undefined for anything else. */
function readMeant(text: string): Meant | undefined {
  const words = text.trim()
  const [, name, host] = HANDLE.exec(words) ?? []
  if (name && host && URL.canParse(`https://${host}`)) {
    const at = new URL(`https://${host}`).host
    return { address: `@${name}@${at}`, handle: { name, host: at } }
  }
  const url = URL.canParse(words) ? new URL(words) : undefined
  return url && /^https?:$/.test(url.protocol) && !url.username && !url.password ? { address: url.href } : undefined
}

function whatIsKnown({ db, config }: Context, { address, handle }: Meant): Intended {
  const own = localCommunity(db)?.handle
  if (own && (handle ? handle.name.toLowerCase() === own && handle.host === config.host : address === communityIri(config.publicUrl, own)))
    return { address, own: true }
  const post = handle ? undefined : postByIri(db, address)
  const actor = handle ? actorAt(db, handle.name, handle.host) : actorOf(db, post?.author ?? address)
  if (!actor || actor.goneAt) return { address }
  const entry = entryAt(db, actor.host, actor.handle)
  return {
    address,
    known: {
      name: actor.name,
      handle: `@${actor.handle}@${actor.host}`,
      path: entry && communityPath(entry),
      isPost: post !== undefined,
      followed: isFollowed(db, actor.id),
    },
  }
}
