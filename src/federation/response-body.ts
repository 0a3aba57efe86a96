import { gunzip } from 'node:zlib'
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
    const chunks: Buffer[] = []
    let wireBytes = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      wireBytes += chunk.length
      if (wireBytes > maxBytes) throw tooLarge()
      chunks.push(chunk)
    }
    const bytes = Buffer.concat(chunks)
    return { body: packed ? await unpacked(bytes, maxBytes, host, tooLarge) : bytes, wireBytes }
  } catch (error) {
    discard(body)
    throw error
  }
}

/** One layer of gzip and no more. It ends as soon as it is too much: a bomb is never unpacked. */
function unpacked(bytes: Buffer, maxOutputLength: number, host: string, tooLarge: () => FetchRefusal): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gunzip(bytes, { maxOutputLength }, (error: NodeJS.ErrnoException | null, body) => {
      if (!error) resolve(body)
      else if (error.code === 'ERR_BUFFER_TOO_LARGE') reject(tooLarge())
      else reject(new FetchRefusal('encoding', `${host} sent gzip that is none.`, { cause: error }))
    })
  })
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
