import { addPicture, describePicture, discardPicture, drawPicture } from '../actions/media.ts'
import { pictureById } from '../db/media.ts'
import { checkAlt, checkFocus, type Focus } from '../domain/media.ts'
import { type Call, invalid, missing } from './call.ts'
import { mediaAttachment } from './entities/attachment.ts'
import { idOf, text } from './input.ts'
import { del, get, post, put, type Route } from './route.ts'

export const mediaRoutes: readonly Route[] = [
  post('/api/v1/media', 'write:media', upload, { files: true }),
  post('/api/v2/media', 'write:media', upload, { files: true }),
  get('/api/v1/media/:id', 'write:media', call => show(call, numberOf(call))),
  put('/api/v1/media/:id', 'write:media', change, { files: true }),
  del('/api/v1/media/:id', 'write:media', remove),
]

/** A picture is ready when it is answered for: nobody has to ask again. */
async function upload(call: Call) {
  const file = call.files.find(one => one.name === 'file') ?? call.files[0]
  if (!file) throw invalid('File can’t be blank')
  const caption = captionOf(call)
  checkAlt(caption.alt ?? '')
  return mediaAttachment(call.ctx, addPicture(call.ctx, await drawPicture(file.data), caption))
}

function change(call: Call) {
  return mediaAttachment(call.ctx, describePicture(call.ctx, numberOf(call), captionOf(call)))
}

function remove(call: Call) {
  discardPicture(call.ctx, numberOf(call))
  return {}
}

function captionOf({ input }: Call): { alt?: string; focus?: Focus } {
  const alt = text(input, 'description')
  const focus = text(input, 'focus')
  return { ...(alt === undefined ? {} : { alt }), ...(focus ? { focus: checkFocus(focus) } : {}) }
}

function numberOf({ params }: Call): number {
  const id = idOf(params.id)
  if (id === undefined) throw missing()
  return id
}

function show({ ctx }: Call, id: number) {
  const picture = pictureById(ctx.db, id)
  if (!picture || picture.post !== null) throw missing()
  return mediaAttachment(ctx, picture)
}
