import { FACETS, type Facet, type FacetCount } from '../../domain/directory.ts'
import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { bandOfId, idIn, numberOfId, rangesOf } from '../../domain/entry-rank.ts'
import type { Db } from '../open.ts'
import { prepared } from '../prepared.ts'
import { countPacked } from './packed-values.ts'
import { sourceOf, statement } from './source.ts'
import { expressionOf, type Wanted } from './wanted.ts'

/** So many entries are counted one by one. Where there are more, the best so many stand for all. */
const COUNTED = 1000
/** So many are enough to tell for all, in a directory that is not small. */
const ENOUGH = 300
const SMALL = 40_000
/** So many searches are remembered, and for how long while entries come and go. */
const REMEMBERED = 500
const LASTS_MS = 10_000

export type Tally = {
  total: number
  approximate: boolean
  facets: Record<Facet, FacetCount[]>
  /** How many entries there are to choose from. */
  of: number
}

type Value = { field: Facet; value: string }
type Counts = { total: number; exact: boolean; counts: ArrayLike<number>; scale: number }

/**
 * How many entries are wanted, and for each value of each facet how many would be, under all filters but those of its own field: so a
 * person sees what another choice would give. Counted once for all pages and visitors, until something changes; in a large directory,
 * where something always does, for some seconds.
 */
export function tally(db: Db, wanted: Wanted, query: DirectoryQuery): Tally {
  const bands = bandsOf(db, query.include)
  const state = bands.map(band => band.join(' ')).join()
  const of = bands.reduce((sum, [, entries]) => sum + entries, 0)
  const { sort: _, limit: _limit, cursor: _cursor, ...asked } = query
  const key = JSON.stringify(asked)
  const remembered = prepared(db, noTallies)
  const known = remembered.get(key)
  const now = performance.now()
  if (known && (known.state === state || (of > SMALL && now - known.at < LASTS_MS))) return known.tally
  const made = countAll(db, wanted, query, bands, of)
  remembered.delete(key)
  remembered.set(key, { state, at: now, tally: made })
  for (const oldest of remembered.keys())
    if (remembered.size > REMEMBERED) remembered.delete(oldest)
    else break
  return made
}

const noTallies = (_: Db) => new Map<string, { state: string; at: number; tally: Tally }>()

function countAll(db: Db, wanted: Wanted, query: DirectoryQuery, bands: Band[], of: number): Tally {
  const values = knownValues(db)
  const count = (but?: Facet) => countOf(db, expressionOf(wanted, but), query, values.length, bands, of)
  const all = count()
  const facets = Object.fromEntries(FACETS.map(field => [field, [] as FacetCount[]])) as Tally['facets']
  const others = new Map(FACETS.filter(field => query[field]).map(field => [field, count(field)]))
  for (const [number, known] of values.entries()) {
    if (!known) continue
    const { counts, scale } = others.get(known.field) ?? all
    const found = counts[number] ?? 0
    if (found > 0) facets[known.field].push({ value: known.value, count: Math.round(found * scale) })
  }
  for (const field of FACETS) {
    // A value that was asked for is listed even when nothing has it.
    for (const value of query[field] ?? []) if (!facets[field].some(known => known.value === value)) facets[field].push({ value, count: 0 })
    facets[field].sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  }
  return { total: all.total, approximate: !all.exact || [...others.values()].some(({ exact }) => !exact), facets, of }
}

/** Looks at the best entries first, at more and more of them, until enough are found to tell for all. */
function countOf(db: Db, expression: string | undefined, query: DirectoryQuery, values: number, bands: Band[], of: number): Counts {
  if (expression === undefined) return { total: of, exact: true, counts: countsOfAll(db, query.include), scale: 1 }
  const source = sourceOf(expression, query, true)
  const sql = `select count(*), max(id), group_concat(packed, '') from (select ${source.id} id, f."values" packed
    from ${source.from} where ${source.where.join(' and ')} and ${source.id} < @end order by ${source.id} limit ${COUNTED})`
  for (let most = SMALL; ; most *= 4) {
    const last = most >= of
    const end = last ? endOf(query.include) : idAt(bands, most)
    const [found, greatest, packed] = statement(db, sql).get({ ...source.values, end }) as [number, number | null, string | null]
    if (!last && found < ENOUGH) continue
    const counts = countPacked(packed ?? '', values)
    if (last && found < COUNTED) return { total: found, exact: true, counts, scale: 1 }
    const looked = found < COUNTED || greatest === null ? most : before(bands, greatest)
    const total = Math.max(found, Math.round((found * of) / Math.max(1, looked)))
    return { total, exact: false, counts, scale: total / found }
  }
}

type Band = [band: number, entries: number, last: number]

function bandsOf(db: Db, include: DirectoryQuery['include']): Band[] {
  const end = bandOfId(endOf(include))
  return statement(db, 'select band, entries, last from search_bands where band < ? and entries > 0 order by band').all(end) as Band[]
}

/** About how many entries stand before this id, and it itself. */
function before(bands: readonly Band[], id: number): number {
  const band = bandOfId(id)
  let sum = 0
  for (const [other, entries, last] of bands) {
    if (other < band) sum += entries
    else if (other === band) sum += (entries * numberOfId(id)) / last
  }
  return sum
}

/** The id before which about so many entries stand. */
function idAt(bands: readonly Band[], count: number): number {
  let left = count
  for (const [band, entries, last] of bands) {
    if (left < entries) return idIn(band, Math.ceil((last * left) / entries))
    left -= entries
  }
  return Number.MAX_SAFE_INTEGER
}

export function endOf(include: DirectoryQuery['include']): number {
  return rangesOf(include).at(-1)!.end
}

function countsOfAll(db: Db, include: DirectoryQuery['include']): number[] {
  const counts: number[] = []
  const column = include === 'all' ? 'shown + heard' : 'shown'
  for (const [id, count] of statement(db, `select id, ${column} from facet_values where ${column} > 0`).all() as [number, number][])
    counts[id] = count
  return counts
}

/** Every value by its number. Numbers are only ever added, so only new ones need to be read. */
function knownValues(db: Db): readonly (Value | undefined)[] {
  const values = prepared(db, noValues)
  const [most] = statement(db, 'select max(id) from facet_values').get() as [number | null]
  if ((most ?? 0) >= values.length)
    for (const [
      id,
      field,
      value,
    ] of statement(db, 'select id, field, value from facet_values where id >= ?').all(values.length) as [number, Facet, string][]) // biome-ignore format: a loop
      values[id] = { field, value }
  return values
}

const noValues = (_: Db): (Value | undefined)[] => []
