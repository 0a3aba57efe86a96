import { join } from 'node:path'
import t from 'tap'
import {
  directorySize,
  entryAt,
  entryOf,
  rebuildSearch,
  removeEntry,
  saveEntry,
  searchIndexIsCurrent,
  touchEntry,
} from '../src/db/directory.ts'
import { type Connection, openDatabase } from '../src/db/open.ts'
import { searchDirectory } from '../src/db/search.ts'
import type { DirectoryEntry } from '../src/domain/directory.ts'
import { readDirectoryQuery } from '../src/domain/directory-query.ts'
import { anEntry, directoryOf, manyEntries, saveAll } from './helpers/entries.ts'

const search = (db: Connection, parameters: Record<string, unknown>) => searchDirectory(db, readDirectoryQuery(parameters))
const found = (db: Connection, parameters: Record<string, unknown>) => search(db, parameters).items.map(({ charter }) => charter.name)
const save = (db: Connection, entry: DirectoryEntry) => db.transaction(tx => saveEntry(tx, entry))
const day = (number: number) => new Date(Date.UTC(2026, 0, number))

t.test('a new edition replaces the old one everywhere', async t => {
  const place = { precision: 'exact', latitude: 42, longitude: -71 }
  const db = directoryOf([anEntry({ charter: { summary: 'Cows and poetry.', theme: 'left', kind: ['commune'], place } })])
  t.equal(save(db, anEntry({ edition: 2, publishedAt: day(5), charter: { summary: 'Goats.', theme: 'right', kind: ['monastic'] } })), true)
  t.equal(directorySize(db), 1)
  t.same(found(db, { q: 'poetry' }), [])
  t.same(found(db, { q: 'goats' }), ['Brook Farm'])
  t.same(found(db, { theme: 'left' }), [])
  t.same(found(db, { near: '42,-71', within: '10' }), [])
  t.same(search(db, {}).facets.kind, [{ value: 'monastic', count: 1 }])
  t.equal(searchIndexIsCurrent(db), true)
})

t.test('what is older never replaces what is newer', async t => {
  const db = directoryOf([anEntry({ edition: 3, publishedAt: day(5), charter: { summary: 'Third.' } })])
  t.equal(save(db, anEntry({ edition: 2, publishedAt: day(6), charter: { summary: 'Second.' } })), false)
  t.equal(save(db, anEntry({ edition: 4, publishedAt: day(4), charter: { summary: 'Dated back.' } })), false)
  t.same(found(db, { q: 'third' }), ['Brook Farm'])
  t.equal(save(db, anEntry({ edition: 3, publishedAt: day(5), charter: { summary: 'Third, with its place hidden.' } })), true)
  t.same(found(db, { q: 'hidden' }), ['Brook Farm'], 'the same edition may be shown differently')
})

t.test('ties only become closer, and verification only more recent', async t => {
  const db = directoryOf([anEntry({ source: 'follower', verifiedAt: day(5) })])
  const { actor } = anEntry()
  t.equal(save(db, anEntry({ source: 'lookup', verifiedAt: day(4) })), false)
  t.match(entryOf(db, actor), { source: 'follower', verifiedAt: day(5) })
  save(db, anEntry({ source: 'follow', verifiedAt: day(6) }))
  t.match(entryOf(db, actor), { source: 'follow', verifiedAt: day(6) })
  save(db, anEntry({ source: 'lookup', edition: 2, publishedAt: day(7), verifiedAt: day(7) }))
  t.match(entryOf(db, actor), { source: 'follow', edition: 2, verifiedAt: day(7) })
  db.transaction(tx => touchEntry(tx, actor, day(9)))
  db.transaction(tx => touchEntry(tx, actor, day(8)))
  t.match(entryOf(db, actor), { verifiedAt: day(9) })
})

t.test('an address belongs to whoever was verified last', async t => {
  const mine = anEntry({ actor: 'https://brook.test/actors/1', host: 'brook.test', handle: 'farm', verifiedAt: day(5) })
  const older = { ...mine, actor: 'https://brook.test/actors/0', handle: 'FARM', verifiedAt: day(4) }
  const newer = { ...older, actor: 'https://brook.test/actors/2', verifiedAt: day(6) }
  const db = directoryOf([mine])
  t.equal(save(db, older), false)
  t.equal(entryAt(db, 'brook.test', 'farm')?.actor, mine.actor)
  t.equal(save(db, newer), true)
  t.equal(entryAt(db, 'Brook.Test', 'Farm')?.actor, newer.actor)
  t.equal(entryOf(db, mine.actor), undefined)
  t.equal(search(db, {}).total, 1)
})

t.test('nobody takes the address of the community at home', async t => {
  const home = anEntry({ source: 'self' })
  const db = directoryOf([home])
  t.equal(save(db, { ...home, actor: 'https://elsewhere.test/c/x', source: 'follow', verifiedAt: day(30) }), false)
  t.equal(entryAt(db, home.host, home.handle)?.actor, home.actor)
})

t.test('a removed entry is gone from every search', async t => {
  const entry = anEntry({ charter: { place: { precision: 'exact', latitude: 1, longitude: 1 } } })
  const db = directoryOf([entry, anEntry({ charter: { name: 'Other' } })])
  t.equal(search(db, { q: 'brook' }).total, 1)
  db.transaction(tx => removeEntry(tx, entry.actor))
  for (const parameters of [{ q: 'brook' }, { near: '1,1', within: '10' }]) t.equal(search(db, parameters).total, 0)
  t.same(found(db, {}), ['Other'])
  t.equal(searchIndexIsCurrent(db), true)
})

t.test('a damaged index is noticed and can be made anew', async t => {
  const damages = [
    'delete from entries_text where rowid = (select max(id) from entries)',
    'delete from entries_place where id = (select max(id) from entries)',
    'delete from entry_facets where entry = (select max(id) from entries)',
    'delete from search_bands',
  ]
  for (const damage of [...damages, "delete from settings where name = 'directory.index'"]) {
    const db = directoryOf(manyEntries(30))
    const before = ['community', 'garden'].map(q => search(db, { q, limit: 100 }))
    t.equal(searchIndexIsCurrent(db), true)
    db.$client.exec(damage)
    t.equal(searchIndexIsCurrent(db), false, damage)
    db.transaction(tx => rebuildSearch(tx))
    t.equal(searchIndexIsCurrent(db), true)
    t.same(['community', 'garden'].map(q => search(db, { q, limit: 100 })), before, damage) // biome-ignore format: one line
  }
  t.equal(searchIndexIsCurrent(openDatabase(':memory:')), true, 'an empty directory needs no repair')
})

t.test('what another process writes is found at once', async t => {
  const file = join(t.testdir(), 'archipelago.sqlite')
  const server = openDatabase(file)
  const command = openDatabase(file)
  t.teardown(() => [server, command].map(db => db.$client.close()))
  saveAll(server, manyEntries(5))
  t.equal(search(server, {}).total, 5)
  save(command, anEntry({ charter: { theme: 'left' } }))
  t.same(found(server, { q: 'brook', theme: 'left' }), ['Brook Farm'])
  save(command, anEntry({ edition: 2, publishedAt: day(5), charter: { theme: 'right' } }))
  t.same(found(server, { q: 'brook', theme: 'left' }), [])
  t.same(found(server, { q: 'brook', theme: 'right' }), ['Brook Farm'])
  command.transaction(tx => removeEntry(tx, anEntry().actor))
  t.equal(search(server, {}).total, 5)
})
