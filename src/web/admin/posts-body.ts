import type { FastifyRequest } from 'fastify'
import { MOST_PICTURES } from '../../domain/media.ts'

/** What a form with pictures says: each field once, and the files that were chosen. */
export type SentForm = { fields: Record<string, string>; pictures: number[]; files: Buffer[]; tooLarge: boolean }

/** Reads a form as a browser sends it where files may be in it. */
export async function readPostForm(request: FastifyRequest): Promise<SentForm> {
  const pairs: [string, string][] = []
  const files: Buffer[] = []
  let tooLarge = false
  if (request.isMultipart()) {
    try {
      for await (const part of request.parts()) {
        if (part.type === 'field') {
          pairs.push([part.fieldname, String(part.value)])
          continue
        }
        const bytes = await part.toBuffer()
        // A browser sends an empty file where none was chosen.
        if (bytes.length > 0) files.push(bytes)
      }
    } catch (error) {
      const { statusCode } = error as { statusCode?: number }
      if (statusCode !== 413) throw error
      tooLarge = true
    }
  } else if (typeof request.body === 'object' && request.body !== null) {
    for (const [name, value] of Object.entries(request.body))
      for (const one of [value].flat()) if (typeof one === 'string') pairs.push([name, one])
  }
  const ids = pairs.filter(([name, value]) => name === 'picture' && /^\d{1,12}$/.test(value)).map(([, value]) => Number(value))
  return { fields: Object.fromEntries(pairs.toReversed()), pictures: [...new Set(ids)].slice(0, MOST_PICTURES), files, tooLarge }
}
