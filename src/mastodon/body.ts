import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parse } from 'secure-json-parse'
import { LARGEST_PICTURE } from '../domain/media.ts'
import { Refusal } from '../domain/refusal.ts'
import { type Fields, isFields, nestFields } from '../lib/nested-fields.ts'
import type { Upload } from './call.ts'
import type { Input } from './input.ts'

/** No text an app sends is longer than a few posts. In bytes. */
const LARGEST_TEXT = 256 * 1024
const MOST_FILES = 3
const LONGEST_FIELD = 64 * 1024

/** Reads JSON, forms, multipart, and what says nothing of its kind, in `app` alone. */
export async function acceptBodies(app: FastifyInstance): Promise<void> {
  app.removeAllContentTypeParsers()
  await app.register(multipart, {
    limits: { fileSize: LARGEST_PICTURE, files: MOST_FILES, fields: 200, fieldSize: LONGEST_FIELD, parts: 210 },
  })
  const options = { parseAs: 'string', bodyLimit: LARGEST_TEXT } as const
  app.addContentTypeParser(/^application\/(?:[\w.+-]+\+)?json/i, options, (_request, body, done) => {
    try {
      const words = String(body)
      const read: unknown = words === '' ? {} : parse(words, { protoAction: 'remove', constructorAction: 'remove' })
      done(null, isFields(read) ? read : {})
    } catch {
      done(Object.assign(new Error('This is no JSON'), { statusCode: 400 }))
    }
  })
  // Some apps do not say that what they send is a form.
  app.addContentTypeParser('*', options, (_request, body, done) => done(null, nestFields(new URLSearchParams(String(body)))))
}

/** Everything an app has said, in the address and behind it. */
export async function readInput(request: FastifyRequest, files: boolean): Promise<{ input: Input; files: Upload[] }> {
  const query = queryOf(request)
  if (!request.isMultipart()) return { input: { ...query, ...(isFields(request.body) ? request.body : {}) }, files: [] }
  const { fields, uploads } = await readParts(request, files)
  return { input: { ...query, ...fields }, files: uploads }
}

// The parameters as Fastify reads them know nothing of what stands in brackets.
export function queryOf({ url }: Pick<FastifyRequest, 'url'>): Fields {
  const at = url.indexOf('?')
  return at < 0 ? {} : nestFields(new URLSearchParams(url.slice(at + 1)))
}

async function readParts(request: FastifyRequest, files: boolean): Promise<{ fields: Fields; uploads: Upload[] }> {
  const pairs: [string, string][] = []
  const uploads: Upload[] = []
  try {
    for await (const part of request.parts()) {
      if (part.type === 'field') pairs.push([part.fieldname, String(part.value)])
      else if (!files) part.file.resume()
      else uploads.push({ name: part.fieldname, fileName: part.filename ?? '', type: part.mimetype, data: await part.toBuffer() })
    }
  } catch (error) {
    const { statusCode } = error as { statusCode?: number }
    if (statusCode === undefined || statusCode >= 500) throw error
    throw new Refusal(
      'invalid',
      statusCode === 413 ? 'Validation failed: File is too large' : 'Validation failed: this form could not be read',
    )
  }
  return { fields: nestFields(pairs), uploads }
}
