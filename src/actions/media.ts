import { randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import {
  addAttachment,
  attachPictures,
  changePicture,
  ownFace,
  pictureById,
  removeFace,
  removePicture,
  removeUnused,
  typeOfFile,
  unusedCount,
} from '../db/media.ts'
import { filesBefore, removeMedia, writeMedia } from '../db/media-file.ts'
import { type Tx, transact } from '../db/open.ts'
import { type Attachment, checkAlt, type Focus, LARGEST_PICTURE, MOST_PICTURES, UNUSED_KEPT_MS, type Use } from '../domain/media.ts'
import { Refusal } from '../domain/refusal.ts'
import { PICTURE_TYPES, type Picture, PictureFault, readPicture } from '../lib/picture.ts'
import { createTurnstile } from '../lib/turnstile.ts'

/** More wait for no post: who sends pictures sends posts too. */
const MOST_UNUSED = 200
const SETTLED_AFTER_MS = 600_000

/** What somebody says of a picture. */
export type Caption = { alt?: string; focus?: Focus }

// Pictures are large when they are unpacked, so they are drawn one after the other.
const inTurn = createTurnstile(1)

/**
 * Draws what was sent anew, so that it can be kept: upright, no larger than is shown, without place, camera or thumbnails in it. Whatever
 * it was called, its content says what it is.
 * @throws Refusal when it is no picture, or too large
 */
export function drawPicture(bytes: Buffer): Promise<Picture> {
  if (bytes.length > LARGEST_PICTURE) throw new Refusal('invalid', 'A picture may have 16 MB.')
  return inTurn(() => readPicture(bytes)).catch((error: unknown) => {
    if (!(error instanceof PictureFault)) throw error
    const kinds = PICTURE_TYPES.map(type => type.slice('image/'.length).toUpperCase()).join(', ')
    throw new Refusal(
      'invalid',
      error.reason === 'too-large'
        ? 'This picture has too many pixels: 50 million are the most.'
        : `This is no picture: ${kinds} can be read.`,
    )
  })
}

/** Keeps a picture for a post to come. What no post takes is gone after a day. @throws Refusal when too many wait */
export function addPicture(ctx: Context, picture: Picture, { alt = '', focus }: Caption = {}): Attachment {
  const words = checkAlt(alt)
  if (unusedCount(ctx.db) >= MOST_UNUSED) throw new Refusal('conflict', 'Too many pictures wait for a post already.')
  return pictureById(ctx.db, keep(ctx, picture, 'post', words, focus ?? null))!
}

/** Says something else of a picture that no post has yet. @throws Refusal when there is no such picture */
export function describePicture(ctx: Context, id: number, { alt, focus }: Caption): Attachment {
  return transact(ctx.db, tx => {
    const picture = pictureById(tx, id)
    if (!picture || picture.post !== null) throw new Refusal('missing', 'There is no such picture, or a post has it already.')
    changePicture(tx, id, { ...(alt === undefined ? {} : { alt: checkAlt(alt) }), ...(focus ? { focus } : {}) })
    return pictureById(tx, id)!
  })
}

/** Takes back a picture that no post has. @throws Refusal when there is no such picture */
export function discardPicture(ctx: Context, id: number): void {
  transact(ctx.db, tx => {
    if (pictureById(tx, id)?.post !== null) throw new Refusal('missing', 'There is no such picture, or a post has it already.')
    removePicture(tx, id)
  })
}

/**
 * Gives pictures to a post of ours, in this order, and says of them what is to be said from now on. What it had besides is gone.
 * @throws Refusal when there is no such picture, another post has it, or they are too many
 */
export function givePictures(tx: Tx, post: number, ids: readonly number[], captions?: ReadonlyMap<number, Caption>): void {
  const distinct = [...new Set(ids)]
  if (distinct.length > MOST_PICTURES) throw new Refusal('invalid', `A post may have ${MOST_PICTURES} pictures.`)
  for (const id of distinct) {
    const picture = pictureById(tx, id)
    if (!picture || (picture.post !== null && picture.post !== post))
      throw new Refusal('missing', 'There is no such picture, or another post has it already.')
    const { alt, focus } = captions?.get(id) ?? {}
    changePicture(tx, id, { ...(alt === undefined ? {} : { alt: checkAlt(alt) }), ...(focus ? { focus } : {}) })
  }
  attachPictures(tx, post, distinct)
}

/** Whether a post that carries `before` would carry something else, or the same with other words. */
export function changesPictures(before: readonly Attachment[], ids: readonly number[], captions?: ReadonlyMap<number, Caption>): boolean {
  if (before.map(({ id }) => id).join() !== ids.join()) return true
  return before.some(({ id, alt, focus }) => {
    const caption = captions?.get(id)
    const said = caption?.alt !== undefined && checkAlt(caption.alt) !== alt
    return said || (caption?.focus !== undefined && (caption.focus.x !== focus?.x || caption.focus.y !== focus.y))
  })
}

/** The community's own picture, or the wide one above its page. @param picture none takes away what is there */
export function wearPicture(ctx: Context, use: Exclude<Use, 'post'>, picture: Picture | undefined, alt = ''): Attachment | undefined {
  theCommunity(ctx.db)
  const words = checkAlt(alt)
  return transact(ctx.db, tx => {
    const taken = removeFace(tx, use)
    if (picture) keep(ctx, picture, use, words, null)
    if (taken || picture) record(tx, { kind: 'community.settings_changed', subject: use, at: ctx.now() })
    return ownFace(tx, use)
  })
}

/** Forgets pictures that no post has taken within a day, and files that nothing names any more. */
export function tidyMedia(ctx: Context): void {
  const now = ctx.now().getTime()
  transact(ctx.db, tx => removeUnused(tx, new Date(now - UNUSED_KEPT_MS)))
  // By the clock of the disk: a file that was written just now may not have its row yet.
  for (const file of filesBefore(ctx.config, new Date(Date.now() - SETTLED_AFTER_MS)))
    if (typeOfFile(ctx.db, file) === undefined) removeMedia(ctx.config, file)
}

// Files first: a row never names what is not there. Files without a row are tidied away.
function keep(ctx: Context, { full, small, blurhash }: Picture, use: Use, alt: string, focus: Focus | null): number {
  const name = randomBytes(16).toString('hex')
  const extension = full.type === 'image/jpeg' ? 'jpg' : 'webp'
  const [file, preview] = [`${name}.${extension}`, `${name}-small.${extension}`]
  writeMedia(ctx.config, file, full.bytes)
  writeMedia(ctx.config, preview, small.bytes)
  const { type, width, height } = full
  return transact(ctx.db, tx =>
    addAttachment(tx, { kind: 'image', use, type, file, preview, alt, width, height, blurhash, focus, at: ctx.now() }),
  )
}
