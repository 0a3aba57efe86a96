import type { FastifyInstance } from 'fastify'
import type { Context } from '../context.ts'
import { localCommunity } from '../db/community.ts'
import { endedLately } from '../db/ended.ts'
import { communityIri } from '../domain/iri.ts'
import { sendPage } from './edge.ts'
import { messagePage } from './pages/message-page.tsx'
import type { SiteFor } from './site.ts'

/** What is still answered when the community is no more: the tombstone of its entry, who this node is, and whether it is well. */
const STAYS = /^\/(c\/[^/]+\/entry|directory(\/.*)?|node(\/.*)?|nodeinfo\/.*|\.well-known\/nodeinfo|healthz|readyz|metrics|assets\/.*)$/

/** After a community has ended, all that was ever here answers that it is gone (410), and programs get a tombstone. */
export function answerEnded(server: FastifyInstance, { db, config }: Context): void {
  server.addHook('onRequest', (request, reply, done) => {
    const path = request.url.split('?')[0] ?? ''
    // First, so that a database that can't be read keeps nobody from asking how the node is.
    const at = STAYS.test(path) ? undefined : endedLately(db)
    if (!at) return done()
    const { accept = '' } = request.headers
    if (request.method === 'GET' && /text\/html/.test(accept) && !path.startsWith('/api/')) return done()
    const handle = localCommunity(db)?.handle
    const actor = handle && communityIri(config.publicUrl, handle)
    reply.code(410).header('cache-control', 'public, max-age=3600')
    if (actor !== config.publicUrl + path) return void reply.send({ error: 'This community is no more, and nothing of it is kept here.' })
    const tombstone = { id: actor, type: 'Tombstone', formerType: 'Organization', deleted: at.toISOString() }
    reply.type('application/activity+json; charset=utf-8')
    return void reply.send(JSON.stringify({ '@context': 'https://www.w3.org/ns/activitystreams', ...tombstone }))
  })
}

/** The same for who reads with a browser. */
export function showEnded(app: FastifyInstance, { db }: Context, site: SiteFor): void {
  app.addHook('onRequest', (request, reply, done) => {
    const path = request.url.split('?')[0] ?? '/'
    const at = STAYS.test(path) ? undefined : endedLately(db)
    if (!at) return done()
    const here = site(request)
    const { t, day } = here.words
    return void sendPage(
      reply.code(410),
      here,
      messagePage({ title: t('policy.endedTitle'), words: t('policy.ended', { day: day(at) }), problems: [], path }),
    )
  })
}
