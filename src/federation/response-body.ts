import type { Dispatcher } from 'undici'
import { FetchRefusal } from './fetch-refusal.ts'

type Response = Dispatcher.ResponseData
type Headers = Record<string, string>

/** The whole body, or nothing. @throws FetchRefusal 'encoding' or 'too-large', and whatever breaks the connection */
export async function readBody({ body }: Response, headers: Headers, maxBytes: number, host: string): Promise<Buffer> {
  try {
    if (!isPlain(headers)) throw new FetchRefusal('encoding', `${host} sent an encoded answer, which was not asked for.`)
    const tooLarge = () => new FetchRefusal('too-large', `${host} sent more than ${maxBytes} bytes.`)
    if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of body as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > maxBytes) throw tooLarge()
      chunks.push(chunk)
    }
    return Buffer.concat(chunks)
  } catch (error) {
    discard(body)
    throw error
  }
}

/**
 * As much of a body as comes, at most `limit`; nothing of an encoded one. Whoever answers a delivery has answered with the first line:
 * a body that drips, breaks off or goes on does not undo that. Throws nothing.
 */
export async function readSome({ body }: Response, headers: Headers, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk)
      length += chunk.length
      if (length > limit) break
    }
  } catch {}
  discard(body)
  return isPlain(headers) ? Buffer.concat(chunks).subarray(0, limit) : Buffer.alloc(0)
}

function isPlain(headers: Headers): boolean {
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
