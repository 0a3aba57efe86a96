import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { DirectoryQuery } from '../domain/directory-query.ts'
import { Refusal } from '../domain/refusal.ts'

/**
 * How far a reader has come. In an order that stands still that is the sort key and id of the last entry read. Relevance moves
 * whenever an entry is added, so there the ids already read are kept; past a few hundred the rest follows by id.
 */
export type Position = { key?: string | number; id: number; seen?: number[] }

/** An opaque cursor that fits this query and no other. */
export function writeCursor(query: DirectoryQuery, { key, id, seen }: Position): string {
  const body = JSON.stringify([key ?? null, id, seen ? packIds(seen) : null])
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
  const [key, id, seen] = parsed.data
  return { id, ...(key === null ? {} : { key }), ...(seen === null ? {} : { seen: unpackIds(seen) }) }
}

const Body = z.tuple([z.union([z.string(), z.number(), z.null()]), z.int().min(0), z.string().nullable()])
const DIGEST_LENGTH = 12

// No secret: whoever computes it gets a place to go on reading from, and nothing else.
function digest({ cursor: _, limit: _limit, ...query }: DirectoryQuery, body: string): string {
  return createHash('sha256').update(JSON.stringify(query)).update('\n').update(body).digest('base64url').slice(0, DIGEST_LENGTH)
}

// Ascending ids as differences in base 36: about two characters each.
function packIds(ids: readonly number[]): string {
  return [...ids]
    .sort((a, b) => a - b)
    .map((id, place, all) => (id - (all[place - 1] ?? 0)).toString(36))
    .join(' ')
}

function unpackIds(packed: string): number[] {
  let last = 0
  return packed.split(' ').map(difference => (last += Number.parseInt(difference, 36)))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
