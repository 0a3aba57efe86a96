import { readDirectoryQuery } from '../../domain/directory-query.ts'
import { valueToken } from '../../domain/search-token.ts'
import { meanings } from '../../domain/synonym.ts'
import type { Connection } from '../open.ts'
import { searchDirectory } from '../search.ts'
import { statement } from '../statement.ts'
import { readAhead } from './pieces.ts'
import { keepWord } from './postings.ts'

const FREQUENT_WORDS = 500

/**
 * Reads what searches will read, so that no visitor waits for the disk: lists of the values, and the words most entries have. One
 * small step, of some milliseconds, each time that the next is asked for.
 */
export function* warmSearch(db: Connection): Generator<void> {
  searchDirectory(db, readDirectoryQuery({}))
  yield
  meanings()
  yield
  yield* readAhead(db)
  const look = statement(db, 'select count(v) from (select f."values" v from entries_text t cross join entry_facets f on f.entry = t.rowid where entries_text match ? order by t.rowid limit 1000)') // biome-ignore format: one line
  for (const [field, value] of statement(db, 'select field, value from facet_values order by shown desc').all() as [string, string][]) {
    look.get(`"${valueToken(field, value)}"`)
    yield
  }
  const words = statement(db, `select term from search_terms indexed by search_frequent where entries >= 100 order by entries desc limit ${FREQUENT_WORDS}`) // biome-ignore format: one line
  for (const [word] of words.all() as [string][]) if (!(yield* keepWord(db, `"${word}"`))) return
}
