import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { boxAround, longitudes, type Point } from '../../lib/geo.ts'
import type { Db } from '../open.ts'
import type { Position } from '../search-cursor.ts'
import { listing } from '../statement.ts'
import { distancesTo } from './columns.ts'
import { matches } from './matches.ts'
import type { Page } from './page.ts'
import { endOf } from './scope.ts'
import type { Tally } from './tally.ts'
import { expressionOf, placeExpression, type Wanted } from './wanted.ts'

/** Kilometres looked at first. The map's finest cells are not much greater. */
const FIRST_RING = { words: 10, none: 1 }

type Far = { id: number; key: number }

/**
 * Nearest first. Where all that were found are known they are sorted; else it looks within a small circle, then within one twice as
 * wide, until a page is full. All that is nearer than its rim is in it.
 */
export function pageByDistance(db: Db, wanted: Wanted, query: DirectoryQuery, position: Position | undefined, { ids }: Tally): Page {
  const { within, limit } = query
  const near = query.near!
  const narrowed = expressionOf({ ...wanted, place: undefined })
  const after = position ? { key: Number(position.key), id: position.id } : { key: -1, id: -1 }
  if (ids) return cut(nearest(db, near, ids, within!, after), limit)
  let radius = Math.max(narrowed === undefined ? FIRST_RING.none : FIRST_RING.words, after.key * 1.1)
  for (;;) {
    radius = Math.min(radius, within!)
    const around = narrowed === undefined ? foundByPlace(db, query, radius) : foundByWords(db, wanted, query, radius)
    const rows = nearest(db, near, around, radius, after)
    if (rows.length > limit || radius >= within!) return cut(rows, limit)
    // Where there is nothing at all, it is far to the next.
    radius *= rows.length === 0 ? 3 : 2
  }
}

function nearest(db: Db, near: Point, ids: readonly number[], within: number, after: Far): Far[] {
  const far: Far[] = []
  for (const [place, key] of distancesTo(db, ids, near).entries()) {
    const id = ids[place]!
    if (key <= within && (key > after.key || (key === after.key && id > after.id))) far.push({ id, key })
  }
  return far.sort((a, b) => a.key - b.key || a.id - b.id)
}

function cut(rows: Far[], limit: number): Page {
  return { ids: rows.slice(0, limit).map(({ id }) => id), next: rows.length > limit ? rows[limit - 1] : undefined }
}

function foundByWords(db: Db, wanted: Wanted, { near, include }: DirectoryQuery, radius: number): number[] {
  const expression = expressionOf({ ...wanted, place: placeExpression(boxAround(near!, radius)) })!
  return matches(db, expression, undefined, { first: 0, end: endOf(include), most: -1 })
}

// The index of places keeps single precision, rounded outwards: what it finds is measured exactly afterwards.
function foundByPlace(db: Db, { near, include }: DirectoryQuery, radius: number): number[] {
  const { south, north, ...box } = boxAround(near!, radius)
  const [stretch, ...more] = longitudes({ south, north, ...box })
  const [west, east] = more.length === 0 ? stretch! : [-180, 180]
  const sql = 'select id from entries_place where north >= ? and south <= ? and east >= ? and west <= ? and id < ?'
  return (listing(db, sql).all(south, north, west, east, endOf(include)) as number[]).sort((a, b) => a - b)
}
