import { type DirectoryEntry, FACETS, type Facet, facetValues } from '../../domain/directory.ts'
import { bandOf, bandOfId, idIn, tierOfId } from '../../domain/entry-rank.ts'
import { type SearchText, searchText, variantsOf } from '../../domain/search-text.ts'
import { isHiddenBy, type ThemePolicy } from '../../domain/theme-policy.ts'
import type { Db, Tx } from '../open.ts'
import { prepared } from '../prepared.ts'
import { clientOf } from '../statement.ts'
import { themePolicy } from '../theme-policy.ts'
import { packValue, unpackValues } from './packed-values.ts'
import { ANEW } from './pieces.ts'

/** Up to so many entries all words are counted exactly. */
const SMALL = 10_000
const SAMPLE = 8
/** Who has not looked for longer than so many left reads everything anew. */
const MOST_GONE = 10_000
/** So many words a connection remembers to be in the index. */
const MOST_REMEMBERED = 300_000

/** What a batch of changes makes of the index. Collected first, because the index takes many at once far better than one by one. */
export type IndexWork = {
  /** Entries that leave, of those the index has already. */
  gone: number[]
  made: Map<number, Indexed>
  terms: Map<string, number>
  values: Map<string, Counted & { field: Facet; value: string }>
  /** Values of entries that leave, by their numbers. */
  fewer: Map<number, Counted>
  bands: Map<number, { last: number; change: number }>
  /** In a large directory the words of one entry in so many are counted, for all of them: what is counted only tells frequent from rare. */
  sample: number
  /** Which entries are not listed. */
  policy: ThemePolicy
}
type Counted = { shown: number; heard: number }
type Indexed = { text: SearchText; values: string[]; latitude: number | null; longitude: number | null }
type Described = Pick<DirectoryEntry, 'charter' | 'handle' | 'host'>

export function emptyWork(tx: Tx): IndexWork {
  const size = prepared(tx, openWriter).size.get() as number
  return {
    gone: [],
    made: new Map(),
    terms: new Map(),
    values: new Map(),
    fewer: new Map(),
    bands: new Map(),
    sample: size < SMALL ? 1 : SAMPLE,
    policy: themePolicy(tx),
  }
}

/** A number for an entry that no other has had before it in its band. */
export function newId(tx: Tx, work: IndexWork, { state, verifiedAt, source, charter }: DirectoryEntry): number {
  // The community of this node is always listed.
  const number = bandOf(state, verifiedAt, source !== 'self' && isHiddenBy(work.policy, charter.themes))
  const band = bandIn(tx, work, number)
  band.change++
  return idIn(number, ++band.last)
}

function bandIn(tx: Tx, { bands }: IndexWork, number: number) {
  const band = bands.get(number) ?? { last: (prepared(tx, openWriter).lastInBand.get(number) as number | undefined) ?? 0, change: 0 }
  bands.set(number, band)
  return band
}

/** Notes that an entry can be found from now on. @param before digest of the vocabulary of the entry whose place it takes @returns that of its own */
export function addToIndex(work: IndexWork, id: number, entry: Described, before: number | undefined): number {
  const text = searchText(entry)
  const { latitude, longitude, precision } = entry.charter.place ?? {}
  const shown = precision !== 'hidden' && latitude !== undefined && longitude !== undefined
  work.made.set(id, {
    text,
    values: countValues(work, id, entry),
    latitude: shown ? latitude : null,
    longitude: shown ? longitude : null,
  })
  if (before !== text.digest) countTerms(work, text.vocabulary, id % work.sample === 0 ? work.sample : 0)
  return text.digest
}

/** Notes that an entry can no longer be found, before its row is deleted. @param entry what it was, if its words are to be counted down */
export function takeFromIndex(tx: Tx, work: IndexWork, id: number, entry: Described | undefined): void {
  const made = work.made.get(id)
  work.made.delete(id)
  if (made === undefined) work.gone.push(id)
  bandIn(tx, work, bandOfId(id)).change--
  const count = tierOfId(id)
  if (made) {
    if (count !== 'hidden') for (const key of made.values) work.values.get(key)![count]--
  } else if (count !== 'hidden') {
    const packed = prepared(tx, openWriter).valuesOf.get(id) as string | undefined
    for (const [number, times] of unpackValues(packed ?? '')) {
      const fewer = work.fewer.get(number) ?? { shown: 0, heard: 0 }
      fewer[count] += times
      work.fewer.set(number, fewer)
    }
  }
  if (entry && work.sample === 1) countTerms(work, searchText(entry).vocabulary, -1)
}

function countTerms(work: IndexWork, vocabulary: readonly string[], change: number): void {
  for (const term of vocabulary) work.terms.set(term, (work.terms.get(term) ?? 0) + change)
}

/** Writes down what was noted. In order of ids: the full-text index starts a new piece of itself each time that an id is smaller than the one before. */
export function writeIndex(tx: Tx, work: IndexWork): void {
  const write = prepared(tx, openWriter)
  for (const [number, { last, change }] of work.bands) write.saveBand.run(number, change, last)
  for (const id of work.gone.sort((a, b) => a - b)) {
    write.dropText.run(id)
    write.dropPlace.run(id)
    write.addGone.run(id)
  }
  if (work.gone.length > 0) write.dropOldGone.run(MOST_GONE)
  for (const [number, { shown, heard }] of work.fewer) write.fewerValues.run(shown, heard, number)
  const numbers = new Map<string, number>()
  for (const [key, { field, value, shown, heard }] of work.values)
    numbers.set(key, write.countValue.get(field, value, shown, heard) as number)
  for (const [id, { text, values, latitude, longitude }] of [...work.made].sort(([a], [b]) => a - b)) {
    write.addText.run(id, text.words, text.name, text.rest)
    write.addValues.run(id, `${values.map(key => packValue(numbers.get(key)!)).join('')} `, latitude, longitude)
    if (latitude !== null) write.addPlace.run(id, latitude, latitude, longitude, longitude)
  }
  writeTerms(write, work.terms)
}

function writeTerms(write: Writer, terms: IndexWork['terms']): void {
  const { remembered } = write
  if (remembered.size > MOST_REMEMBERED) remembered.clear()
  const variants: [variant: string, term: string][] = []
  // In order, because neighbours then lie on the same page. Most are there already and are not counted: to see that costs less than to write.
  for (const [term, change] of [...terms].sort(byFirst)) {
    if (change === 0 && remembered.has(term)) continue
    const before = write.entriesWith.get(term) as number | undefined
    if (before === undefined) {
      if (change < 0) continue
      write.addTerm.run(term, change)
      for (const variant of variantsOf(term)) variants.push([variant, term])
    } else if (change >= 0 || before + change > 0) {
      if (change !== 0) write.countTerm.run(change, term)
      remembered.add(term)
    } else {
      remembered.delete(term)
      write.dropTerm.run(term)
      for (const variant of variantsOf(term)) write.dropVariant.run(variant, term)
    }
  }
  for (const [variant, term] of variants.sort(byFirst)) write.addVariant.run(variant, term)
}

const byFirst = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1)

function countValues(work: IndexWork, id: number, { charter }: Described): string[] {
  const keys: string[] = []
  const tier = tierOfId(id)
  const all = facetValues({ charter } as DirectoryEntry)
  for (const field of FACETS) {
    for (const value of all[field]) {
      const key = `${field} ${value}`
      const counted = work.values.get(key) ?? { field, value, shown: 0, heard: 0 }
      if (tier !== 'hidden') counted[tier]++
      work.values.set(key, counted)
      keys.push(key)
    }
  }
  return keys
}

/** Empties everything that is made of the entries. */
export function clearIndex(tx: Tx): void {
  const $client = clientOf(tx)
  $client.exec("insert into entries_text (entries_text) values ('delete-all')")
  // Their numbers stay: a running server knows them.
  $client.exec('update facet_values set shown = 0, heard = 0')
  for (const table of ['entries_place', 'entry_facets', 'search_terms', 'search_typos', 'search_bands'])
    $client.exec(`delete from ${table}`)
  prepared(tx, openWriter).addGone.run(ANEW)
}

type Writer = ReturnType<typeof openWriter>

// Not by way of drizzle, which knows no virtual tables and takes three times as long.
function openWriter(db: Db) {
  const $client = clientOf(db)
  const statement = (sql: string) => $client.prepare(sql)
  return {
    remembered: new Set<string>(),
    size: statement('select coalesce(sum(entries), 0) from search_bands').pluck(),
    lastInBand: statement('select last from search_bands where band = ?').pluck(),
    saveBand: statement(
      'insert into search_bands values (?, ?, ?) on conflict (band) do update set entries = entries + excluded.entries, last = excluded.last',
    ),
    addText: statement('insert into entries_text (rowid, words, name, rest) values (?, ?, ?, ?)'),
    dropText: statement('delete from entries_text where rowid = ?'),
    addGone: statement('insert into search_gone (entry) values (?)'),
    dropOldGone: statement('delete from search_gone where seq <= (select max(seq) from search_gone) - ?'),
    addPlace: statement('insert into entries_place values (?, ?, ?, ?, ?)'),
    dropPlace: statement('delete from entries_place where id = ?'),
    addValues: statement('insert into entry_facets (entry, "values", latitude, longitude) values (?, ?, ?, ?)'),
    valuesOf: statement('select "values" from entry_facets where entry = ?').pluck(),
    fewerValues: statement('update facet_values set shown = shown - ?, heard = heard - ? where id = ?'),
    countValue: statement(`insert into facet_values (field, value, shown, heard) values (?, ?, ?, ?)
      on conflict (field, value) do update set shown = shown + excluded.shown, heard = heard + excluded.heard returning id`).pluck(),
    entriesWith: statement('select entries from search_terms where term = ?').pluck(),
    addTerm: statement('insert into search_terms values (?, ?)'),
    countTerm: statement('update search_terms set entries = entries + ? where term = ?'),
    dropTerm: statement('delete from search_terms where term = ?'),
    addVariant: statement('insert or ignore into search_typos values (?, ?)'),
    dropVariant: statement('delete from search_typos where variant = ? and term = ?'),
  }
}
