import { join } from 'node:path'
import t from 'tap'
import { rebuildSearch, removeEntry, saveEntries, touchEntry } from '../src/db/directory.ts'
import { type Connection, openDatabase } from '../src/db/open.ts'
import { warmSearch } from '../src/db/search/warm.ts'
import { searchDirectory } from '../src/db/search.ts'
import type { DirectoryEntry } from '../src/domain/directory.ts'
import { readDirectoryQuery } from '../src/domain/directory-query.ts'
import { manyEntries } from './helpers/entries.ts'
import { randomNumbers } from './helpers/random.ts'

// A node keeps values, places and lists of words in memory while another process, or its own thread, changes the directory. What it finds
// must be what somebody finds who opens the database only then.

const STATES = ['vouched', 'confirmed', 'heard'] as const
const QUERIES: Record<string, unknown>[] = [
  {},
  { sort: 'newest' },
  { q: 'garden' },
  { q: 'gard' },
  { q: 'garden land', sort: 'verified' },
  { q: '"community of"' },
  { q: 'garden', theme: 'anarchist,left' },
  { q: 'garden members', theme: 'anarchist', country: 'ES,DE' },
  { q: 'garden', kind: 'commune', theme: 'spiritual', status: 'forming,established', sort: 'name' },
  { q: 'house', near: '40,-3', within: '300' },
  { q: 'house', bbox: '170,-80,-170,80' },
  { q: 'house', bbox: '-10,30,40,60', language: 'en', sort: 'newest' },
  { theme: 'anarchist' },
  { theme: 'anarchist', country: 'ES' },
  { theme: 'anarchist,left', country: 'ES', openToMembers: 'yes', sort: 'verified' },
  { bbox: '-10,30,40,60' },
  { bbox: '-10,30,40,60', theme: 'left' },
  { near: '52,13', within: '400' },
  { near: '52,13', within: '20000', theme: 'left' },
  { q: 'com', theme: 'left,anarchist,spiritual' },
  { q: 'tor', theme: 'left,anarchist,spiritual' },
  { q: 'we share', theme: 'left,anarchist,spiritual' },
  { q: 'share house', theme: 'left,anarchist', include: 'all' },
  { q: 'together ', kind: 'commune', sort: 'newest' },
  { q: 'the house', country: 'ES,DE,FR', sort: 'verified' },
  { q: 'decide', include: 'all' },
  { q: 'decide', theme: 'left', include: 'all' },
  // The box that the first with one has: what is remembered of it must not outlast a change.
  { near: '40,-3', within: '300' },
]

/** Two pages of each, and everything that stands around them. */
function everything(db: Connection) {
  return QUERIES.map(parameters => {
    const page = (cursor?: string) =>
      searchDirectory(db, readDirectoryQuery({ ...parameters, limit: '7', ...(cursor === undefined ? {} : { cursor }) }))
    const first = page()
    const second = first.next === undefined ? undefined : page(first.next)
    const actors = [first, second].map(found => found?.items.map(({ actor, state, distanceKm }) => `${state} ${actor} ${distanceKm ?? ''}`))
    return { parameters, total: first.total, facets: first.facets, actors }
  })
}

t.test('what changes elsewhere changes what is kept in memory', async t => {
  const file = join(t.testdir(), 'archipelago.sqlite')
  const server = openDatabase(file)
  const other = openDatabase(file)
  t.teardown(() => [server, other].map(db => db.$client.close()))
  const random = randomNumbers(11)
  const all = [...manyEntries(900, 3)]
  const among = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)]!
  const stateOf = (entry: DirectoryEntry): DirectoryEntry => ({ ...entry, state: among(STATES) })
  const write = (work: (tx: Parameters<Parameters<Connection['transaction']>[0]>[0]) => void) => other.transaction(work)
  const remove = (entries: readonly DirectoryEntry[]) =>
    write(tx => {
      for (const { actor } of entries) removeEntry(tx, actor)
    })
  write(tx => saveEntries(tx, all.slice(0, 400).map(stateOf)))

  const isSame = (what: string) => {
    const fresh = openDatabase(file)
    t.same(everything(server), everything(fresh), what)
    fresh.$client.close()
  }
  // As a server does when it starts: it keeps the words most entries have.
  for (const _ of warmSearch(server));
  isSame('at the beginning')
  let known = 400
  let edition = 1
  for (let round = 1; round <= 30; round++) {
    const day = new Date(Date.UTC(2026, 0, 3 + round * 5))
    const some = (most: number) => Array.from({ length: Math.ceil(random() * most) }, () => among(all.slice(0, known)))
    const changes: Record<string, () => void> = {
      come() {
        const added = all.slice(known, known + Math.ceil(random() * 12)).map(stateOf)
        known += added.length
        write(tx => saveEntries(tx, added))
      },
      leave: () => remove(some(8)),
      'are verified in another month': () =>
        write(tx => {
          for (const { actor } of some(8)) touchEntry(tx, actor, day)
        }),
      'say something else': () =>
        write(tx => {
          edition++
          const texts = some(8).map(entry => ({
            ...stateOf(entry),
            edition,
            publishedAt: day,
            charter: { ...entry.charter, summary: among(all).charter.summary, theme: among(all).charter.theme },
          }))
          saveEntries(tx, texts)
        }),
    }
    const [what, change] = among(Object.entries(changes))
    change()
    isSame(`round ${round}: some ${what}`)
  }
  write(rebuildSearch)
  isSame('after all have got other ids')
  remove(all.slice(0, 5))
  other.$client.exec('delete from search_gone where seq < (select max(seq) from search_gone)')
  isSame('after more have left than are remembered')
})

t.test('what was undone never was', async t => {
  const file = join(t.testdir(), 'archipelago.sqlite')
  const server = openDatabase(file)
  t.teardown(() => server.$client.close())
  const all = [...manyEntries(60, 5)]
  server.transaction(tx => saveEntries(tx, all.slice(0, 40)))
  const before = everything(server)
  t.throws(() =>
    server.transaction(tx => {
      saveEntries(tx, all.slice(40))
      for (const { actor } of all.slice(0, 10)) removeEntry(tx, actor)
      throw new Error('undone')
    }),
  )
  t.same(everything(server), before)
  server.transaction(tx => saveEntries(tx, all.slice(50)))
  const fresh = openDatabase(file)
  t.same(everything(server), everything(fresh))
  fresh.$client.close()
})
