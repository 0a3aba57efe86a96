import t from 'tap'
import { saveEntries } from '../src/db/directory.ts'
import { openDatabase } from '../src/db/open.ts'
import { warmSearch } from '../src/db/search/warm.ts'
import { findEntries } from '../src/db/search.ts'
import type { DirectoryEntry } from '../src/domain/directory.ts'
import { type DirectoryQuery, readDirectoryQuery } from '../src/domain/directory-query.ts'
import { cutWords } from '../src/domain/search-token.ts'
import { kilometresBetween } from '../src/lib/geo.ts'
import { manyEntries } from './helpers/entries.ts'
import { randomNumbers } from './helpers/random.ts'

// In a directory where more is found than is counted one by one, every way to find who is wanted must find the same: those that a plain
// look at each entry finds, each once, in order.

const COUNT = 15_000
/** What is counted of a thousand stands for all: off by no more than this, as a part of what there is. */
const TOLERANCE = 0.2

const db = openDatabase(':memory:')
const all = [...manyEntries(COUNT, 21)].map((entry, n): DirectoryEntry => {
  const verifiedAt = new Date(Date.UTC(2026, 0, 1) + ((n * 7919) % 180) * 86_400_000 + n)
  const charter = { ...entry.charter, agreements: [] }
  return { ...entry, charter, verifiedAt, publishedAt: new Date(verifiedAt.getTime() - ((n * 104_729) % 9_000_000)) }
})
for (let from = 0; from < COUNT; from += 500) db.transaction(tx => saveEntries(tx, all.slice(from, from + 500)))
for (const _ of warmSearch(db));
t.teardown(() => db.$client.close())

const idOf = new Map(db.$client.prepare('select actor, id from entries').raw().all() as [string, number][])
const withWord = (word: string) =>
  new Set(db.$client.prepare('select rowid from entries_text where entries_text match ?').pluck().all(word) as number[])

/** Some that every second or third entry has, quoted, so that nothing else is meant. */
const WORDS = db.$client
  .prepare('select term from search_terms where entries between 1030 and 1900 order by term limit 5')
  .pluck()
  .all()
  .map(word => `"${word}"`)

/** Whom a plain look at each entry finds. */
function plain({ q, theme, country, kind, status, language, bbox, near, within }: DirectoryQuery): DirectoryEntry[] {
  const words = (q ?? '').split(' ').filter(Boolean).map(withWord)
  const among = <T>(wanted: readonly T[] | undefined, has: readonly (T | undefined)[]) =>
    !wanted || wanted.some(value => has.includes(value))
  return all.filter(entry => {
    const { charter } = entry
    const { place } = charter
    if (!words.every(some => some.has(idOf.get(entry.actor)!))) return false
    if (!among(theme, [charter.theme, ...(charter.themes ?? [])]) || !among(kind, charter.kind) || !among(status, [charter.status]))
      return false
    if (!among(country, [place?.country]) || !among(language, charter.languages ?? [])) return false
    if (!bbox && within === undefined) return true
    if (place?.latitude === undefined || place.longitude === undefined || place.precision === 'hidden') return false
    const here = { latitude: place.latitude, longitude: place.longitude }
    if (!bbox) return kilometresBetween(near!, here) <= within!
    const { south, north, west, east } = bbox
    const isBetween = west <= east ? here.longitude >= west && here.longitude <= east : here.longitude >= west || here.longitude <= east
    return here.latitude >= south && here.latitude <= north && isBetween
  })
}

const KEYS: Record<string, (entry: DirectoryEntry) => string | number> = {
  name: ({ charter }) => cutWords(charter.name).join(' '),
  newest: ({ publishedAt }) => -publishedAt,
  verified: ({ verifiedAt }) => -verifiedAt,
}

const random = randomNumbers(8)
const pick = <T>(...list: readonly T[]) => list[Math.floor(random() * list.length)]!
const maybe = <T extends object>(chance: number, made: () => T) => (random() < chance ? made() : {})
const around = (longitude: number) => (longitude > 180 ? longitude - 360 : longitude)
const made = Array.from({ length: 120 }, (): Record<string, string> => {
  const [latitude, longitude] = pick([40, -3], [49, 13], [38, -78], [-38, 145])
  const size = pick(1, 3, 8, 40)
  const place = pick<() => Record<string, string>>(
    () => ({ bbox: [longitude! - size, latitude! - size, around(longitude! + size), latitude! + size].join() }),
    () => ({ near: `${latitude},${longitude}`, within: String(size * 60) }),
  )
  return {
    ...maybe(0.5, () => ({ q: pick(...WORDS, WORDS.slice(0, 2).join(' '), '"garden"') })),
    ...maybe(0.6, () => ({ theme: pick('left', 'spiritual', 'left,anarchist') })),
    ...maybe(0.4, () => ({ country: pick('ES', 'DE', 'US,AU') })),
    ...maybe(0.2, () => ({ kind: pick('commune', 'ecovillage,monastic') })),
    ...maybe(0.1, () => ({ status: 'established' })),
    ...maybe(0.6, place),
    sort: pick('name', 'newest', 'verified'),
  }
})

// More than a thousand have the word and lie there, fewer have the theme too.
const dense = ['name', 'newest', 'verified'].map(sort => ({ q: '"garden"', theme: 'left', bbox: '5,41,21,57', sort }))
const queries = [...dense, ...made]

for (const parameters of queries) {
  t.test(JSON.stringify(parameters), async t => {
    const wanted = plain(readDirectoryQuery(parameters))
    const ids: number[] = []
    let cursor: string | undefined
    do {
      const found = findEntries(db, readDirectoryQuery({ ...parameters, limit: '100', ...(cursor ? { cursor } : {}) }), id => id)
      if (!cursor) {
        if (!found.approximate) t.equal(found.total, wanted.length, 'counted')
        else t.ok(Math.abs(found.total - wanted.length) <= TOLERANCE * wanted.length, `about ${found.total} of ${wanted.length}`)
        for (const field of ['theme', 'country', 'kind'] as const) {
          const others = plain({ ...readDirectoryQuery(parameters), [field]: undefined })
          for (const { value, count } of found.facets[field].slice(0, 3)) {
            const has = plain({ ...readDirectoryQuery(parameters), [field]: [value] } as DirectoryQuery).length
            if (!found.approximate) t.equal(count, has, `${field} ${value}`)
            else t.ok(Math.abs(count - has) <= TOLERANCE * others.length, `${field} ${value}: about ${count} of ${has}`)
          }
        }
      }
      ids.push(...found.items)
      cursor = found.next
    } while (cursor)
    t.same(new Set(ids), new Set(wanted.map(({ actor }) => idOf.get(actor)!)), 'who is found')
    t.equal(ids.length, wanted.length, 'each once')
    const key = KEYS[parameters.sort!]!
    const entryOf = new Map(all.map(entry => [idOf.get(entry.actor)!, entry]))
    const keys = ids.map(id => key(entryOf.get(id)!))
    t.same(
      keys,
      [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
      'in order',
    )
  })
}

t.test('by relevance too', async t => {
  for (const parameters of queries.filter(({ q, theme, bbox }) => q && (theme || bbox)).slice(0, 25)) {
    const { sort: _, ...rest } = parameters
    const ids: number[] = []
    let cursor: string | undefined
    do {
      const found = findEntries(
        db,
        readDirectoryQuery({ ...rest, sort: 'relevance', limit: '100', ...(cursor ? { cursor } : {}) }),
        id => id,
      )
      ids.push(...found.items)
      cursor = found.next
    } while (cursor)
    const wanted = plain(readDirectoryQuery(rest)).map(({ actor }) => idOf.get(actor)!)
    t.same(new Set(ids), new Set(wanted), JSON.stringify(rest))
    t.equal(ids.length, wanted.length, 'each once')
  }
})
