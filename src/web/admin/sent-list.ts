import type { FastifyRequest } from 'fastify'
import { Refusal } from '../../domain/refusal.ts'
import { fieldsOf } from '../forms.ts'

/** A list as it came: what it is called, and what stands in it. */
export type SentList = { name: string; file: Uint8Array | string }

/** What a form for lists takes. @param bytes of the largest file */
export const listLimits = (bytes: number) => ({ limits: { fileSize: bytes + 1, files: 1, fields: 4, fieldSize: bytes } })

/** A file, or words that were pasted into the field `text`. @param pasted what such words are called @throws Refusal when it is too large */
export async function sentList(request: FastifyRequest, bytes: number, pasted: string): Promise<SentList> {
  if (!request.isMultipart()) return { name: pasted, file: fieldsOf(request.body).text ?? '' }
  let found: SentList = { name: pasted, file: '' }
  for await (const part of request.parts()) {
    if (part.type === 'file') {
      const read = await part.toBuffer().catch(() => undefined)
      if (read === undefined)
        throw new Refusal('invalid', `A list may have ${bytes >> 20} MB.`, [], { code: 'largeList', megabytes: bytes >> 20 })
      if (read.length > 0) found = { name: part.filename || pasted, file: read }
    } else if (part.fieldname === 'text' && typeof part.value === 'string' && part.value.trim() && found.file === '')
      found = { name: pasted, file: part.value }
  }
  return found
}
