import type { EntrySource } from '../domain/directory.ts'
import type { DirectoryQuery } from '../domain/directory-query.ts'
import { type Place, publicPlace } from '../domain/place.ts'
import { type Connection, reading } from './open.ts'
import { bestOf } from './search/page.ts'
import { scopeOf } from './search/scope.ts'
import { vocabularyOf } from './search/vocabulary.ts'
import { readWanted } from './search/wanted.ts'
import { statement } from './statement.ts'

/** One community that a search found, as a map needs it. `place` is what it lets be known, coarsened again here; undefined where it hides. */
export type MapEntry = { name: string; host: string; handle: string; source: EntrySource; place: Place | undefined }

/**
 * The best of what a search finds, without counting and sorting: for drawing them on a map.
 * @param most how many at most; beyond that the map is not whole, and says so
 */
export function entriesForMap(db: Connection, query: DirectoryQuery, most: number): MapEntry[] {
  return reading(db, () => {
    const scope = scopeOf(db, query.include)
    const wanted = readWanted(vocabularyOf(scope), query)
    if (!wanted) return []
    return bestOf(scope, wanted, query, most).flatMap(id => {
      const row = statement(db, ENTRY).get(id) as Row | undefined
      if (!row) return []
      const [name, host, handle, source, place] = row
      return [{ name, host, handle, source, place: shown(place) }]
    })
  })
}

const ENTRY = 'select name, host, handle, source, place from entries where id = ?'

type Row = [name: string, host: string, handle: string, source: EntrySource, place: string | null]

function shown(text: string | null): Place | undefined {
  if (!text) return undefined
  const place = JSON.parse(text) as Place
  return place.precision === 'hidden' ? undefined : publicPlace(place)
}
