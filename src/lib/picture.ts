import { encode } from 'blurhash'
import type { Sharp } from 'sharp'

/** One form of a picture: its bytes, and what they are. */
export type Variant = { bytes: Buffer; type: 'image/jpeg' | 'image/webp'; width: number; height: number }
/** A picture as it may be shown: drawn anew, the right way up, without anything the camera wrote into it. */
export type Picture = { full: Variant; small: Variant; blurhash: string }

/** What was given is no picture, or one that is too large. `reason` says which. */
export class PictureFault extends Error {
  override name = 'PictureFault'
  readonly reason: 'no-picture' | 'too-large'
  constructor(reason: PictureFault['reason'], options?: ErrorOptions) {
    super(reason, options)
    this.reason = reason
  }
}

/** Width times height. What a telephone makes has 12 to 50 million. */
export const MOST_PIXELS = 50_000_000
/** Longest side of what is kept, and of its small form. */
const FULL = 2560
const SMALL = 640
const HASHED = 32

/** How the bytes of each kind begin. Whatever else a library could read (SVG, PDF, TIFF) never reaches it. */
const BEGINNINGS: readonly [kind: string, beginning: RegExp][] = [
  ['jpeg', /^\xff\xd8\xff/],
  ['png', /^\x89PNG\r\n/],
  ['gif', /^GIF8[79]a/],
  ['webp', /^RIFF[\s\S]{4}WEBPVP8/],
  ['avif', /^[\s\S]{4}ftyp(?:avif|avis|mif1)/],
]
export const PICTURE_TYPES = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif']

/**
 * Reads a picture by what it is, whatever it is called, and draws it anew: JPEG stays JPEG, everything else becomes WebP. Of a moving one
 * its first moment is taken.
 * @param mostPixels width times height that is still read
 * @throws PictureFault
 */
export async function readPicture(bytes: Buffer, mostPixels = MOST_PIXELS): Promise<Picture> {
  const beginning = bytes.subarray(0, 16).toString('latin1')
  const kind = BEGINNINGS.find(([, pattern]) => pattern.test(beginning))?.[0]
  if (!kind) throw new PictureFault('no-picture')
  const { default: sharp } = await import('sharp')
  try {
    const open = () => sharp(bytes, { limitInputPixels: mostPixels, failOn: 'error', sequentialRead: true })
    const { width = 0, height = 0 } = await open().metadata()
    if (width * height > mostPixels) throw new PictureFault('too-large')
    const full = await variant(fitted(open(), FULL), kind === 'jpeg')
    // From what was made, so that a large picture is read once.
    const small = await variant(fitted(sharp(full.bytes), SMALL), kind === 'jpeg')
    const { data, info } = await sharp(small.bytes)
      .resize(HASHED, HASHED, { fit: 'inside' })
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
    return { full, small, blurhash: encode(new Uint8ClampedArray(data), info.width, info.height, 4, 3) }
  } catch (error) {
    if (error instanceof PictureFault) throw error
    throw new PictureFault(/pixel limit|exceeds|too large/i.test(String(error)) ? 'too-large' : 'no-picture', { cause: error })
  }
}

// Upright before its size is changed; what the camera wrote goes with it, because nothing asks for it to be kept.
function fitted(picture: Sharp, longest: number): Sharp {
  return picture.autoOrient().resize(longest, longest, { fit: 'inside', withoutEnlargement: true })
}

async function variant(picture: Sharp, photo: boolean): Promise<Variant> {
  const drawn = photo ? picture.jpeg({ quality: 84, progressive: true }) : picture.webp({ quality: 86 })
  const { data, info } = await drawn.toBuffer({ resolveWithObject: true })
  return { bytes: data, type: photo ? 'image/jpeg' : 'image/webp', width: info.width, height: info.height }
}
