import type { EntrySource } from '../domain/directory.ts'
import type { DirectoryQuery } from '../domain/directory-query.ts'
import { type Place, publicPlace } from '../domain/place.ts'
import type { Connection } from './open.ts'
import { prepared } from './prepared.ts'
import { sourceOf, statement } from './search/source.ts'
import { endOf } from './search/tally.ts'
import { openVocabulary } from './search/vocabulary.ts'
import { expressionOf, readWanted } from './search/wanted.ts'

/** One community that a search found, as a map needs it. `place` is what it lets be known, coarsened again here; undefined where it hides. */
export type MapEntry = { name: string; host: string; handle: string; source: EntrySource; place: Place | undefined }

/**
 * The best of what a search finds, without counting and sorting: for drawing them on a map.
 * @param most how many at most; beyond that the map is not whole, and says so
 */
export function entriesForMap(db: Connection, query: DirectoryQuery, most: number): MapEntry[] {
  const wanted = readWanted(prepared(db, openVocabulary), query)
  if (!wanted) return []
  const source = sourceOf(expressionOf(wanted), query, true)
  const sql = `select e.name, e.host, e.handle, e.source, coalesce(e.charter -> '$.place', r.text -> '$.charter.place')
    from (select ${source.id} id from ${source.from} where ${source.where.join(' and ')} and ${source.id} < @end
      order by ${source.id} limit @most) found
    cross join entries e on e.id = found.id left join records r on r.id = e.record and e.charter is null`
  const rows = statement(db, sql).all({ ...source.values, end: endOf(query.include), most }) as Row[]
  return rows.map(([name, host, handle, tie, place]) => ({ name, host, handle, source: tie, place: shown(place) }))
}

type Row = [name: string, host: string, handle: string, source: EntrySource, place: string | null]

function shown(text: string | null): Place | undefined {
  if (!text) return undefined
  const place = JSON.parse(text) as Place
  return place.precision === 'hidden' ? undefined : publicPlace(place)
}
