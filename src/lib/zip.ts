import { Readable } from 'node:stream'
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate'

/** A file of an archive: its parts may be read while it is written. `packed` is what would not become smaller. */
export type ZipFile = {
  path: string
  parts: Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>
  packed?: boolean
}

/** Small enough that nobody waits for a piece to be packed. */
const PIECE = 64 * 1024

/** An archive (ZIP) of files that come one after another. Nothing is held in memory but the piece that is read next. */
export function zipOf(files: Iterable<ZipFile> | AsyncIterable<ZipFile>): Readable {
  return Readable.from(pieces(files), { objectMode: false })
}

async function* pieces(files: Iterable<ZipFile> | AsyncIterable<ZipFile>): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = []
  const zip = new Zip((error, piece) => {
    if (error) throw error
    ready.push(piece)
  })
  for await (const { path, parts, packed } of files) {
    const entry = packed ? new ZipPassThrough(path) : new ZipDeflate(path, { level: 6 })
    zip.add(entry)
    for await (const part of parts) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part
      for (let from = 0; from < bytes.length; from += PIECE) {
        entry.push(bytes.subarray(from, from + PIECE))
        yield* ready.splice(0)
      }
    }
    entry.push(new Uint8Array(0), true)
    yield* ready.splice(0)
  }
  zip.end()
  yield* ready.splice(0)
}
