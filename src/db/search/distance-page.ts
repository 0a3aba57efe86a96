import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { boxAround, longitudes } from '../../lib/geo.ts'
import type { Db } from '../open.ts'
import type { Position } from '../search-cursor.ts'
import type { Page } from './page.ts'
import { around, DISTANCE, type Source, statement } from './source.ts'
import { endOf } from './tally.ts'
import { expressionOf, placeExpression, type Wanted } from './wanted.ts'

/** Kilometres looked at first. The map's finest cells are not much greater. */
const FIRST_RING = { words: 10, none: 1 }

/** Nearest first: looks within a small circle, then within one twice as wide, until a page is full. All that is nearer than its rim is in it. */
export function pageByDistance(db: Db, wanted: Wanted, query: DirectoryQuery, position: Position | undefined): Page {
  const { near, within, limit, include } = query
  const narrowed = expressionOf({ ...wanted, place: undefined })
  const after = position ? { key: Number(position.key), id: position.id } : { key: -1, id: -1 }
  let radius = Math.max(narrowed === undefined ? FIRST_RING.none : FIRST_RING.words, after.key * 1.1)
  for (;;) {
    radius = Math.min(radius, within!)
    const source = narrowed === undefined ? ringByPlace(query, radius) : ringByWords(wanted, query, radius)
    const sql = `select id, distance from (select ${source.id} id, ${DISTANCE} distance from ${source.from}
      where ${source.where.join(' and ')} and ${source.id} < @end) where (distance, id) > (@key, @after) order by distance, id limit @limit`
    const rows = statement(db, sql).all({ ...source.values, end: endOf(include), key: after.key, after: after.id, limit: limit + 1 }) as [number, number][] // biome-ignore format: one line
    if (rows.length > limit || radius >= within!) {
      const [id, key] = rows[limit - 1] ?? []
      return { ids: rows.slice(0, limit).map(([id]) => id), next: rows.length > limit ? { id: id!, key: key! } : undefined }
    }
    // Where there is nothing at all, it is far to the next.
    radius *= rows.length === 0 ? 3 : 2
  }

  function ringByWords(wanted: Wanted, { near }: DirectoryQuery, radius: number): Source {
    const circle = around(near!, radius)
    const expression = expressionOf({ ...wanted, place: placeExpression(boxAround(near!, radius)) })
    return {
      from: 'entries_text t cross join entry_facets f on f.entry = t.rowid',
      where: ['entries_text match @expression', ...circle.where],
      id: 't.rowid',
      values: { expression, ...circle.values },
    }
  }

  // The index of places keeps single precision, rounded outwards: what it finds is measured exactly afterwards.
  function ringByPlace(_: DirectoryQuery, radius: number): Source {
    const circle = around(near!, radius)
    const box = boxAround(near!, radius)
    const [stretch, ...more] = longitudes(box)
    const narrow =
      more.length === 0
        ? { where: ['p.east >= @west and p.west <= @east'], values: { west: stretch![0], east: stretch![1] } }
        : { where: [], values: {} }
    return {
      from: 'entries_place p cross join entry_facets f on f.entry = p.id',
      where: ['p.north >= @south and p.south <= @north', ...narrow.where, ...circle.where],
      id: 'p.id',
      values: { south: box.south, north: box.north, ...narrow.values, ...circle.values },
    }
  }
}
