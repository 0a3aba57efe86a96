import type { Connection } from '../../src/db/open.ts'
import { openVocabulary } from '../../src/db/search/vocabulary.ts'
import { expressionOf, readWanted } from '../../src/db/search/wanted.ts'
import { readDirectoryQuery } from '../../src/domain/directory-query.ts'

/** The least that any answer takes: one statement that finds a page of entries and reads them, with nothing around it. */
export function bareStatement(db: Connection): (query: Record<string, string>) => number {
  const columns = 'e.*, r.text from'
  const rest = 'left join records r on r.id = e.record'
  const byWords =
    db.$client.prepare(`select ${columns} (select rowid id from entries_text where entries_text match ? order by rowid limit 20) f
    cross join entries e on e.id = f.id ${rest}`)
  const byName = db.$client.prepare(`select ${columns} entries e ${rest} order by e.sort_name limit 20`)
  const vocabulary = openVocabulary(db)
  return parameters => {
    const wanted = readWanted(vocabulary, readDirectoryQuery(parameters))
    const expression = wanted && expressionOf(wanted)
    const since = performance.now()
    if (expression === undefined) byName.all()
    else byWords.all(expression)
    return performance.now() - since
  }
}

/** What relevance would cost if it were computed: every match weighed by bm25, and sorted. */
export function naiveStatement(db: Connection): (query: Record<string, string>) => number {
  const ranked = db.$client.prepare('select rowid from entries_text where entries_text match ? order by bm25(entries_text) limit 20')
  return ({ q }) => {
    const since = performance.now()
    ranked.all(`"${q}"`)
    return performance.now() - since
  }
}
