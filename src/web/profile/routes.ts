import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Context } from '../../context.ts'
import type { DirectoryEntry } from '../../domain/directory.ts'
import { readAssets } from '../assets.ts'
import { askedEntry, ownEntry } from '../community.ts'
import type { Edge } from '../edge.ts'
import type { Site } from '../site.ts'
import { accentsIn, drawCard } from './card.ts'
import { feedOf } from './feed.ts'
import { asAtomFeed, asJsonFeed } from './feed-forms.ts'
import { asVcard } from './vcard.ts'

/** Pictures that are kept drawn: those of the communities somebody has just linked to. */
const KEPT = 64
type Form = { type: string; fresh: number; spoken: boolean; make: (site: Site, entry: DirectoryEntry) => string | Buffer }

/** A community's page in other forms: feeds, an address card and a picture. For our own, and for every other one we show. */
export function profileRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  const card = cardMaker()
  const forms: Record<string, Form> = {
    'feed.atom': {
      type: 'application/atom+xml; charset=utf-8',
      fresh: 300,
      spoken: true,
      make: (site, entry) => asAtomFeed(feedOf(ctx, site, entry)),
    },
    'feed.json': {
      type: 'application/feed+json; charset=utf-8',
      fresh: 300,
      spoken: true,
      make: (site, entry) => JSON.stringify(asJsonFeed(feedOf(ctx, site, entry))),
    },
    'card.vcf': {
      type: 'text/vcard; charset=utf-8',
      fresh: 300,
      spoken: true,
      make: (site, entry) => asVcard(site.words, site.origin, entry),
    },
    'card.png': { type: 'image/png', fresh: 86_400, spoken: false, make: (_, entry) => card(entry) },
  }
  for (const [name, form] of Object.entries(forms)) {
    app.get<{ Params: { handle: string } }>(`/c/:handle/${name}`, (request, reply) =>
      send(request, reply, form, name, ownEntry(ctx, site(request), request.params.handle)),
    )
    app.get<{ Params: { host: string; handle: string } }>(`/communities/:host/:handle/${name}`, (request, reply) => {
      const { host, handle } = request.params
      if (isOwn(ctx, host)) return reply.redirect(`/c/${encodeURIComponent(handle.toLowerCase())}/${name}`, 301)
      return send(request, reply, form, name, askedEntry(ctx, site(request), host, handle))
    })
  }

  function send(request: FastifyRequest, reply: FastifyReply, form: Form, name: string, entry: DirectoryEntry): FastifyReply {
    reply.header('cache-control', `public, max-age=${form.fresh}`).type(form.type)
    // Readers and pages elsewhere may fetch and show it: there is nothing in it that is not for everybody.
    reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin')
    if (form.spoken) reply.header('vary', 'Accept-Language, Cookie')
    if (name === 'card.vcf') reply.header('content-disposition', `attachment; filename="${entry.handle.replace(/[^\w.-]/g, '_')}.vcf"`)
    return reply.send(form.make(site(request), entry))
  }
}

const isOwn = ({ config }: Context, host: string) => host.toLowerCase() === config.host

function cardMaker(): (entry: DirectoryEntry) => Buffer {
  const accents = accentsIn(readFileSync(join(readAssets().folder, 'style.css'), 'utf8'))
  const kept = new Map<string, Buffer>()
  return entry => {
    const key = [entry.actor, ...entry.charter.themes].join(' ')
    const picture = kept.get(key) ?? drawCard(entry, accents)
    kept.delete(key)
    kept.set(key, picture)
    for (const oldest of kept.keys()) {
      if (kept.size <= KEPT) break
      kept.delete(oldest)
    }
    return picture
  }
}
