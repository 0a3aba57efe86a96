import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { drawPicture, wearPicture } from '../../actions/media.ts'
import { theCommunity } from '../../db/community.ts'
import { ownFace } from '../../db/media.ts'
import { LARGEST_PICTURE, LONGEST_ALT } from '../../domain/media.ts'
import { Refusal } from '../../domain/refusal.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { FACES, type Face, picturesPage } from './pages/pictures-page.tsx'
import type { FieldFault } from './parts/form.tsx'
import { readPostForm } from './posts-body.ts'

export const PICTURES = '/admin/settings/pictures'
const act = 'settings' as const

/** The community's own picture, and the wide one above its page. */
export async function pictureRoutes(app: FastifyInstance, edge: StewardEdge): Promise<void> {
  await app.register(async scope => {
    await scope.register(multipart, { limits: { fileSize: LARGEST_PICTURE, files: 1, fields: 10, fieldSize: 16 * 1024, parts: 12 } })
    admin(scope, edge, { method: 'GET', path: PICTURES, act, handler: (_request, reply, visit) => show(edge, reply, visit) })
    for (const face of FACES) faceRoutes(scope, edge, face)
  })
}

function faceRoutes(app: FastifyInstance, edge: StewardEdge, face: Face): void {
  admin(app, edge, {
    method: 'POST',
    path: `${PICTURES}/${face}`,
    act,
    bodyLimit: LARGEST_PICTURE + 64 * 1024,
    handler: async (request, reply, visit) => {
      const { t } = visit.site.words
      const { fields, files, tooLarge } = await readPostForm(request)
      const alt = fields.alt ?? ''
      const wrong = (name: string, text: string) =>
        show(edge, reply.code(422), visit, { face, alt, faults: [{ field: `${name}-${face}`, text }] })
      if (alt.length > LONGEST_ALT) return wrong('alt', t('pictures.tooLong', { most: LONGEST_ALT }))
      const [bytes] = files
      if (tooLarge || !bytes) return wrong('file', t(tooLarge ? 'pictures.noPicture' : 'pictures.noFile'))
      try {
        wearPicture(edge.ctx, face, await drawPicture(bytes), alt)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return wrong('file', t('pictures.noPicture'))
      }
      return done(edge, reply, visit, PICTURES, t('pictures.saved'))
    },
  })
  admin(app, edge, {
    method: 'POST',
    path: `${PICTURES}/${face}/remove`,
    act,
    handler: (_request, reply, visit) => {
      wearPicture(edge.ctx, face, undefined)
      return done(edge, reply, visit, PICTURES, visit.site.words.t('pictures.removed'))
    },
  })
}

function show(
  edge: StewardEdge,
  reply: FastifyReply,
  visit: Visit,
  wrong?: { face: Face; alt: string; faults: FieldFault[] },
): FastifyReply {
  const { db } = edge.ctx
  theCommunity(db)
  const faces = { avatar: ownFace(db, 'avatar'), header: ownFace(db, 'header') }
  return sendAdmin(edge, reply, visit, picturesPage({ faces, wrong }, visit.site.words))
}
