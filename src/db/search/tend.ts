import type { Db } from '../open.ts'
import { clientOf } from '../statement.ts'

/** Pages of the index that are put together in one go: some ten milliseconds. */
const PAGES = 200

/**
 * Puts pieces of the full-text index together that came about as entries were added; the fewer there are, the sooner a search ends.
 * To be called again and again while nobody waits. @returns whether there was something to do
 */
export function mergeIndex(db: Db): boolean {
  const client = clientOf(db)
  const changes = () => client.prepare('select total_changes()').pluck().get() as number
  const before = changes()
  client.prepare("insert into entries_text (entries_text, rank) values ('merge', ?)").run(PAGES)
  // As the manual of FTS5 says: fewer than two changes, and there was nothing left to merge.
  return changes() - before >= 2
}

/** Makes one piece of all of them. At a million entries it takes half a minute, in which nobody else can write. */
export function packIndex(db: Db): void {
  const client = clientOf(db)
  client.exec("insert into entries_text (entries_text) values ('optimize')")
  // What a planner knows of the tables; it would else guess.
  client.exec('analyze entries; analyze entry_facets; analyze search_terms; analyze search_typos')
  // But not its samples of values: with them SQLite plans a join anew for every value, which takes far longer than to do it.
  client.exec('delete from sqlite_stat4; analyze sqlite_schema')
}
