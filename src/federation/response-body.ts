import { createGunzip } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { FetchRefusal } from './fetch-refusal.ts'

type Response = Dispatcher.ResponseData
type Headers = Record<string, string>
/** What may come: so many bytes, unpacked, and whether gzip was asked for. */
type Bounds = { maxBytes: number; gzip: boolean }

/** The whole body, or nothing. @throws FetchRefusal 'encoding' or 'too-large', and whatever breaks the connection */
export async function readBody(
  { body }: Response,
  headers: Headers,
  { maxBytes, gzip }: Bounds,
  host: string,
): Promise<{ body: Buffer; wireBytes: number }> {
  const packed = gzip && headers['content-encoding']?.trim().toLowerCase() === 'gzip'
  try {
    if (!packed && !isPlain(headers)) throw new FetchRefusal('encoding', `${host} sent an encoded answer, which was not asked for.`)
    const tooLarge = () => new FetchRefusal('too-large', `${host} sent more than ${maxBytes} bytes.`)
    // Nothing grows when it is packed but by a few bytes, so this holds for both.
    if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
    let wireBytes = 0
    const counted = async function* () {
      for await (const chunk of body as AsyncIterable<Buffer>) {
        wireBytes += chunk.length
        if (wireBytes > maxBytes) throw tooLarge()
        yield chunk
      }
    }
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of packed ? unpacked(counted(), host) : counted()) {
      length += chunk.length
      if (length > maxBytes) throw tooLarge()
      chunks.push(chunk)
    }
    return { body: Buffer.concat(chunks), wireBytes }
  } catch (error) {
    discard(body)
    throw error
  }
}

/** Unpacks as it arrives, a little at a time: whoever reads this decides when it is too much. One layer of gzip and no more. */
async function* unpacked(chunks: AsyncIterable<Buffer>, host: string): AsyncGenerator<Buffer> {
  const gunzip = createGunzip()
  let broken: unknown
  const feeding = (async () => {
    for await (const chunk of chunks) {
      if (gunzip.destroyed) return
      if (!gunzip.write(chunk)) await new Promise<void>(resolve => gunzip.once('drain', resolve).once('close', resolve))
    }
    gunzip.end()
  })().catch(error => {
    broken = error
    gunzip.destroy()
  })
  try {
    for await (const chunk of gunzip) yield chunk as Buffer
  } catch (error) {
    throw broken ?? new FetchRefusal('encoding', `${host} sent gzip that is none.`, { cause: error })
  } finally {
    gunzip.destroy()
    await feeding
  }
}

/** Whether a body is sent as it is. */
export function isPlain(headers: Headers): boolean {
  return ['', 'identity'].includes(headers['content-encoding']?.trim().toLowerCase() ?? '')
}

/** Ends a response nobody reads, and its connection with it. */
export function discard(body: Response['body']): void {
  // Destroying before the end is an error to the stream, and to nobody else.
  body.on('error', () => {})
  body.destroy()
}

/** Headers by their name in lower case, repeated ones joined with commas. */
export function joined(headers: Response['headers']): Headers {
  const entries = Object.entries(headers).map(([name, value]) => [
    name.toLowerCase(),
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ])
  return Object.fromEntries(entries) as Headers
}
