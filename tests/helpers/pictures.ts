import { deflateSync } from 'node:zlib'
import sharp from 'sharp'

/** Where the camera of `photograph` says it was. Nothing of it may ever be found again. */
export const SECRETS = ['Secret Camera', 'secret-place', 'Hidden Valley', 'GPS']

/**
 * A JPEG as a telephone makes it: lying on its side with a note that says so, with place, camera and XMP. Left half red, right half blue
 * when it is held upright.
 */
export function photograph(width = 1600, height = 1200): Promise<Buffer> {
  const half = { width: width / 2, height, channels: 3 as const }
  return sharp({ create: { ...half, background: 'red' } })
    .extend({ right: width / 2, background: 'blue' })
    .png()
    .toBuffer()
    .then(upright =>
      sharp(upright)
        .rotate(-90)
        .withExif({
          IFD0: { Make: 'Secret Camera', ImageDescription: 'secret-place', Orientation: '6' },
          IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100', GPSLongitudeRef: 'W', GPSLongitude: '0/1 7/1 4366/100' },
        })
        .withXmp(
          '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description><place>Hidden Valley</place></rdf:Description></rdf:RDF></x:xmpmeta>',
        )
        .withMetadata({ orientation: 6 })
        .jpeg()
        .toBuffer(),
    )
}

export function drawing(width = 40, height = 30, colour = '#0a8'): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 4, background: colour } })
    .png()
    .toBuffer()
}

/** A PNG of a few kilobytes that would be of enormous size when unpacked. `rows` are really there. */
export function bomb(width: number, height: number, rows = height): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const head = Buffer.alloc(4)
    head.writeUInt32BE(data.length)
    const tail = Buffer.alloc(4)
    tail.writeUInt32BE(crc(body))
    return Buffer.concat([head, body, tail])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // One bit of grey for each pixel.
  header.set([1, 0, 0, 0, 0], 8)
  const row = 1 + Math.ceil(width / 8)
  const data = deflateSync(Buffer.alloc(row * rows), { level: 9 })
  const beginning = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([beginning, chunk('IHDR', header), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

function crc(bytes: Buffer): number {
  let value = 0xffffffff
  for (const byte of bytes) {
    value ^= byte
    for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? 0xedb88320 : 0)
  }
  return (value ^ 0xffffffff) >>> 0
}
