import type { FastifyInstance } from 'fastify'
import { typeOfFile } from '../db/media.ts'
import { openMedia } from '../db/media-file.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Edge } from './edge.ts'

/** Pictures of this community, for everybody who knows their names: pages, other servers and clients anywhere. They never change. */
export function mediaRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get<{ Params: { file: string } }>('/media/:file', (request, reply) => {
    const { file } = request.params
    const found = openMedia(ctx.config, file)
    const type = found && typeOfFile(ctx.db, file)
    if (!found || !type) throw new Refusal('missing', site(request).words.t('errors.noPage'))
    reply.header('cache-control', 'public, max-age=31536000, immutable').header('content-length', found.bytes).type(type)
    // Whatever a browser might make of it, it can do nothing here.
    reply.header('x-content-type-options', 'nosniff').header('content-security-policy', "default-src 'none'; sandbox")
    reply.header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin')
    return reply.send(found.stream())
  })
}
