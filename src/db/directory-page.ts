import type { Db } from './open.ts'
import { prepared } from './prepared.ts'
import { endOf } from './search/scope.ts'
import { statement } from './statement.ts'

export type DirectoryOrder = 'active' | 'new'

/** By the index of each, so that nothing of an entry is read but what is on the page. */
const COLUMNS: Record<DirectoryOrder, string> = { active: 'verified_at', new: 'published_at' }
const MOST_REMEMBERED = 500

/** Where a page ended: so many entries stand before and at it. */
type Place = { order: DirectoryOrder; offset: number; value: number; id: number }
const openPlaces = (_: Db) => [] as Place[]

/**
 * Actors of the directory from one place on: those heard of last, or published last, first. Who reads on from where a page ended, or a
 * few pages behind, is not led past everything before it again.
 */
export function directoryPage(db: Db, order: DirectoryOrder, offset: number, limit: number): string[] {
  const places = prepared(db, openPlaces)
  const column = COLUMNS[order]
  const first: Place = { order, offset: 0, value: Number.MAX_SAFE_INTEGER, id: Number.MAX_SAFE_INTEGER }
  const before = places.filter(place => place.order === order && place.offset <= offset)
  const from = before.reduce((best, place) => (place.offset > best.offset ? place : best), first)
  const rows = statement(
    db,
    `select e.${column}, e.id, e.actor from (
      select id from entries where id < ${endOf('shown')} and (${column}, id) < (?, ?) order by ${column} desc, id desc limit ? offset ?
    ) p join entries e on e.id = p.id order by e.${column} desc, e.id desc`,
  ).all(from.value, from.id, limit, offset - from.offset) as [number, number, string][]
  const last = rows.at(-1)
  if (last && rows.length === limit) {
    const known = places.findIndex(place => place.order === order && place.offset === offset + limit)
    if (known >= 0 || places.length === MOST_REMEMBERED) places.splice(Math.max(0, known), 1)
    places.push({ order, offset: offset + limit, value: last[0], id: last[1] })
  }
  return rows.map(([, , actor]) => actor)
}
