import type { Db } from './open.ts'
import { prepared } from './prepared.ts'
import { endOf } from './search/scope.ts'
import { statement } from './statement.ts'

export type DirectoryOrder = 'active' | 'new'

/** By the index of each, so that nothing of an entry is read but what is on the page. */
const COLUMNS: Record<DirectoryOrder, string> = { active: 'verified_at', new: 'published_at' }
const MOST_REMEMBERED = 500

type Place = { value: number; id: number }
const openPlaces = (_: Db) => new Map<string, Place>()

/**
 * Actors of the directory from one place on: those heard of last, or published last, first. Who reads on from where a page ended is not
 * led past everything before it again.
 */
export function directoryPage(db: Db, order: DirectoryOrder, offset: number, limit: number): string[] {
  const places = prepared(db, openPlaces)
  const column = COLUMNS[order]
  const from = places.get(`${order} ${offset}`)
  const shown = `id < ${endOf('shown')}`
  const rows = (
    from
      ? statement(
          db,
          `select ${column}, id, actor from entries where ${shown} and (${column}, id) < (?, ?) order by ${column} desc, id desc limit ?`,
        ).all(from.value, from.id, limit)
      : statement(
          db,
          `select e.${column}, e.id, e.actor from (select id from entries where ${shown} order by ${column} desc, id desc limit ? offset ?) p
          join entries e on e.id = p.id order by e.${column} desc, e.id desc`,
        ).all(limit, offset)
  ) as [number, number, string][]
  const last = rows.at(-1)
  if (last && rows.length === limit) remember(places, `${order} ${offset + limit}`, { value: last[0], id: last[1] })
  return rows.map(([, , actor]) => actor)
}

function remember(places: Map<string, Place>, key: string, place: Place): void {
  places.delete(key)
  places.set(key, place)
  const [oldest] = places.keys()
  if (places.size > MOST_REMEMBERED && oldest !== undefined) places.delete(oldest)
}
