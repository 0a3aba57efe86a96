import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { DirectoryQuery } from '../domain/directory-query.ts'
import { Refusal } from '../domain/refusal.ts'

/** How far a reader has come: by what the last entry read is sorted, and its id. Every order stands still, whatever is added meanwhile. */
export type Position = { key?: string | number; id: number }

/** An opaque cursor that fits this query and no other. */
export function writeCursor(query: DirectoryQuery, { key, id }: Position): string {
  const body = JSON.stringify([key ?? null, id])
  return Buffer.from(digest(query, body) + body).toString('base64url')
}

/** @throws Refusal 'invalid' when the cursor is not one of this query's own */
export function readCursor(query: DirectoryQuery): Position | undefined {
  if (query.cursor === undefined) return undefined
  const text = Buffer.from(query.cursor, 'base64url').toString()
  const body = text.slice(DIGEST_LENGTH)
  const parsed = text.slice(0, DIGEST_LENGTH) === digest(query, body) ? Body.safeParse(parseJson(body)) : undefined
  if (!parsed?.success) {
    const message = 'This cursor does not belong to this search. Start again without one.'
    throw new Refusal('invalid', `cursor: ${message}`, [{ path: 'cursor', message }])
  }
  const [key, id] = parsed.data
  return { id, ...(key === null ? {} : { key }) }
}

const Body = z.tuple([z.union([z.string(), z.number(), z.null()]), z.int().min(0)])
const DIGEST_LENGTH = 12

// No secret: whoever computes it gets a place to go on reading from, and nothing else.
function digest({ cursor: _, limit: _limit, ...query }: DirectoryQuery, body: string): string {
  return createHash('sha256').update(JSON.stringify(query)).update('\n').update(body).digest('base64url').slice(0, DIGEST_LENGTH)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
