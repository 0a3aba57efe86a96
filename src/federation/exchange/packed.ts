import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'

// What is smaller gains nothing: the packet is sent all the same.
const WORTH_PACKING = 1_024
const pack = promisify(gzip)

/** Sends a text, as gzip where the one who asks takes it. */
export async function sendPacked(request: FastifyRequest, reply: FastifyReply, text: string): Promise<FastifyReply> {
  reply.header('vary', 'Accept-Encoding')
  if (text.length < WORTH_PACKING || !takesGzip(request.headers['accept-encoding'])) return reply.send(text)
  return reply.header('content-encoding', 'gzip').send(await pack(text))
}

/** RFC 9110 section 12.5.3, as far as it concerns gzip. */
function takesGzip(accepted: string | string[] | undefined): boolean {
  const codings = String(accepted ?? '')
    .toLowerCase()
    .split(',')
    .map(coding => coding.trim())
  return codings.some(coding => /^gzip(\s*;\s*q=(1(\.0*)?|0\.\d*[1-9]\d*))?$/.test(coding))
}
