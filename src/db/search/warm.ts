import { readDirectoryQuery } from '../../domain/directory-query.ts'
import { valueToken } from '../../domain/search-token.ts'
import { meanings } from '../../domain/synonym.ts'
import type { Connection } from '../open.ts'
import { searchDirectory } from '../search.ts'
import { statement } from '../statement.ts'
import { readAhead } from './pieces.ts'
import { readPlaces } from './places.ts'
import { keepValue, keepWord, RARE } from './postings.ts'

/** Values and words of fewer entries are read when they are asked for. */
const FREQUENT = 100
const MOST_WORDS = 500
/** By these fields people narrow most. */
const FIRST_FIELDS = "'theme', 'kind', 'country'"

/**
 * Reads what searches will read, so that no visitor waits for the disk: values, places, and who has the values and words asked for most. One
 * small step, of some milliseconds, each time that the next is asked for.
 */
export function* warmSearch(db: Connection): Generator<void> {
  searchDirectory(db, readDirectoryQuery({}))
  yield
  meanings()
  yield
  yield* readAhead(db)
  yield* readPlaces(db)
  const all = statement(db, 'select total(entries) from search_bands').get() as [number]
  const values = `select field, value from facet_values where shown + heard between ${FREQUENT} and ? order by field in (${FIRST_FIELDS}) desc, shown desc`
  for (const [field, value] of statement(db, values).all(RARE * all[0]) as [string, string][])
    if (!(yield* keepValue(db, `"${valueToken(field, value)}"`))) break
  const words = `select term from search_terms indexed by search_frequent where entries >= ${FREQUENT} order by entries desc limit ${MOST_WORDS}`
  for (const [word] of statement(db, words).all() as [string][]) if (!(yield* keepWord(db, `"${word}"`))) return
}
