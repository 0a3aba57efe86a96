import { FACETS, type Facet, type FacetCount } from '../../domain/directory.ts'
import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { bandOfId, hiddenRange, idIn, numberOfId, rangesOf } from '../../domain/entry-rank.ts'
import type { Db } from '../open.ts'
import { prepared } from '../prepared.ts'
import { statement } from '../statement.ts'
import { hiddenCount } from '../theme-policy.ts'
import { countValues, knownValues, placeTest, type Test, valueTest } from './columns.ts'
import { matches } from './matches.ts'
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
  /** All that were found, in ascending order, where all were counted. */
  ids?: readonly number[] | undefined
  /** How many the policy hides of what was asked for, up to a thousand; absent where it hides none. */
  hidden?: number
}

type Include = DirectoryQuery['include']
type Scope = { db: Db; include: Include; bands: readonly Band[]; of: number; values: number }
/** Ids in ascending order: from `first` to below `end`, at most so many. */
type Take = (first: number, end: number, most: number) => number[]
/** @see Tally; `read` are those that were looked at, all there are before `end` */
type Counts = { total: number; exact: boolean; counts: ArrayLike<number>; scale: number; read?: { ids: number[]; end: number } }

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
  if (known?.state === state) return known.tally
  if (known && of > SMALL && now - known.at < LASTS_MS) return { ...known.tally, ids: undefined }
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
  const scope = { db, include: query.include, bands, of, values: values.length }
  const lies = placeTest(db, query)
  const taking = (but?: Facet): Take | undefined => {
    const expression = expressionOf(wanted, but)
    return expression === undefined ? undefined : (first, end, most) => matches(db, expression, lies, { first, end, most })
  }
  const others = new Map(FACETS.filter(field => query[field]).map(field => [field, countOf(scope, taking(field))]))
  const all = countOf(scope, among(taking(), [...others.values()], valueTest(db, query)))
  const facets = Object.fromEntries(FACETS.map(field => [field, [] as FacetCount[]])) as Tally['facets']
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
  const exact = all.exact && [...others.values()].every(({ exact }) => exact)
  const hidden = hiddenOf(db, query.include, taking())
  return {
    total: all.total,
    approximate: !exact,
    facets,
    of,
    ...(all.exact && all.read ? { ids: all.read.ids } : {}),
    ...(hidden > 0 ? { hidden } : {}),
  }
}

function hiddenOf(db: Db, include: Include, take: Take | undefined): number {
  const all = hiddenCount(db, include)
  if (all === 0 || !take) return all
  const { first, end } = hiddenRange(include)
  return take(first, end, COUNTED).length
}

/** What all filters leave, out of what was read for all but one of them, as far as that goes. */
function among(take: Take | undefined, others: readonly Counts[], has: Test | undefined): Take | undefined {
  const read = others.flatMap(({ read }) => read ?? []).sort((a, b) => b.end - a.end)[0]
  if (!take || !read || !has) return take
  const known = read.ids.filter(has)
  return (first, end, most) => {
    const here = known.filter(id => id >= first && id < end).slice(0, most)
    if (here.length === most || end <= read.end) return here
    return [...here, ...take(Math.max(first, read.end), end, most - here.length)]
  }
}

/** Looks at the best entries first, at more and more of them, until enough are found to tell for all. */
function countOf({ db, include, bands, of, values }: Scope, take: Take | undefined): Counts {
  if (!take) return { total: of, exact: true, counts: countsOfAll(db, include), scale: 1 }
  const ids: number[] = []
  let first = 0
  for (let most = SMALL; ; most *= 4) {
    const last = most >= of
    const end = last ? endOf(include) : idAt(bands, most)
    for (const id of take(first, end, COUNTED - ids.length)) ids.push(id)
    const found = ids.length
    first = end
    if (!last && found < ENOUGH) continue
    const counts = countValues(db, ids, values)
    const read = { ids, end: found < COUNTED ? end : ids.at(-1)! + 1 }
    if (last && found < COUNTED) return { total: found, exact: true, counts, scale: 1, read }
    const looked = found < COUNTED ? most : before(bands, ids.at(-1)!)
    const total = Math.max(found, Math.round((found * of) / Math.max(1, looked)))
    return { total, exact: false, counts, scale: total / found, read }
  }
}

type Band = [band: number, entries: number, last: number]

function bandsOf(db: Db, include: Include): Band[] {
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

export function endOf(include: Include): number {
  return rangesOf(include).at(-1)!.end
}

function countsOfAll(db: Db, include: Include): number[] {
  const counts: number[] = []
  const column = include === 'all' ? 'shown + heard' : 'shown'
  for (const [id, count] of statement(db, `select id, ${column} from facet_values where ${column} > 0`).all() as [number, number][])
    counts[id] = count
  return counts
}
