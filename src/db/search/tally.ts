import { FACETS, type Facet, type FacetCount } from '../../domain/directory.ts'
import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { hiddenRange } from '../../domain/entry-rank.ts'
import type { Db } from '../open.ts'
import { prepared } from '../prepared.ts'
import { statement } from '../statement.ts'
import { hiddenCount } from '../theme-policy.ts'
import { type Candidates, candidatesOf } from './candidates.ts'
import { countValues, placeTest } from './columns.ts'
import { matches } from './matches.ts'
import { knownValues } from './pieces.ts'
import { before, FIRST, type Scope, stretchesOf, whole } from './scope.ts'
import { expressionOf, type Wanted } from './wanted.ts'

/** So many entries are counted one by one. Where there are more, the best so many stand for all. */
const COUNTED = 1000
/** So many are enough to tell for all, in a directory that is not small. */
const ENOUGH = 300
/** Where it takes no more than so many microseconds, all are counted. */
const QUICK = 2000
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

/** @see Tally; what was found of `looked` entries stands for all */
type Counts = { total: number; exact: boolean; counts: ArrayLike<number>; scale: number; ids?: readonly number[] }

/**
 * How many entries are wanted, and for each value of each facet how many would be, under all filters but those of its own field: so a
 * person sees what another choice would give. Counted once for all pages and visitors, until something changes; in a large directory,
 * where something always does, for some seconds.
 */
export function tally(scope: Scope, wanted: Wanted, query: DirectoryQuery): Tally {
  const { db, state, of } = scope
  const { sort: _, limit: _limit, cursor: _cursor, ...asked } = query
  const key = JSON.stringify(asked)
  const remembered = prepared(db, noTallies)
  const known = remembered.get(key)
  const now = performance.now()
  if (known?.state === state) return known.tally
  if (known && of > FIRST && now - known.at < LASTS_MS) return { ...known.tally, ids: undefined }
  const made = countAll(scope, wanted, query)
  remembered.delete(key)
  remembered.set(key, { state, at: now, tally: made })
  for (const oldest of remembered.keys())
    if (remembered.size > REMEMBERED) remembered.delete(oldest)
    else break
  return made
}

const noTallies = (_: Db) => new Map<string, { state: string; at: number; tally: Tally }>()

function countAll(scope: Scope, wanted: Wanted, query: DirectoryQuery): Tally {
  const { db, of } = scope
  const values = knownValues(db)
  const { all, others } = countEach(scope, candidatesOf(scope, wanted, query), query)
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
  const hidden = hiddenOf(db, wanted, query)
  return {
    total: all.total,
    approximate: !exact,
    facets,
    of,
    ...(all.exact && all.ids ? { ids: all.ids } : {}),
    ...(hidden > 0 ? { hidden } : {}),
  }
}

function hiddenOf(db: Db, wanted: Wanted, query: DirectoryQuery): number {
  const all = hiddenCount(db, query.include)
  const expression = expressionOf(wanted)
  if (all === 0 || expression === undefined) return all
  return matches(db, expression, placeTest(db, query), { ...hiddenRange(query.include), most: COUNTED }).length
}

/** Counts what is wanted, and for each field that is narrowed what would be without that: all of it in one go. */
function countEach(scope: Scope, candidates: Candidates | undefined, query: DirectoryQuery): { all: Counts; others: Map<Facet, Counts> } {
  const everything = (): Counts => ({ total: scope.of, exact: true, counts: countsOfAll(scope.db, query.include), scale: 1 })
  if (!candidates) return { all: everything(), others: new Map() }
  const { fields, cost, each, wanted } = candidates
  const sets: Sample[] = [undefined, ...fields].map(() => ({ ids: [] }))
  const [all, ...narrower] = sets as [Sample, ...Sample[]]
  const take = (set: Sample, id: number) => {
    if (set.counts) return
    set.ids.push(id)
    if (set.ids.length === COUNTED) set.counts = counted(scope, set.ids, before(scope, id))
  }
  for (const { first, end, looked } of cost < QUICK ? [whole(scope)] : stretchesOf(scope)) {
    let from = first
    if (fields.length === 0 || narrower.some(({ counts }) => !counts)) {
      from = end
      each(first, end, (id, told) => {
        for (const [place, set] of sets.entries()) if (told === 0 || told === place) take(set, id)
        if (fields.length === 0) return !all.counts
        if (narrower.some(({ counts }) => !counts)) return true
        from = id + 1
        return false
      })
    }
    // Those that must fulfil everything are found sooner where nothing else is looked for.
    if (from < end && !all.counts)
      wanted(from, end, id => {
        take(all, id)
        return !all.counts
      })
    for (const set of sets) if (set.ids.length >= ENOUGH || looked === scope.of) set.counts ??= counted(scope, set.ids, looked)
    if (sets.every(({ counts }) => counts)) break
  }
  const others = new Map(fields.map((field, place) => [field, sets[place + 1]!.counts!]))
  for (const field of FACETS) if (query[field] && !others.has(field)) others.set(field, everything())
  return { all: all.counts!, others }
}

/** Entries that were found, and what they tell, once there are enough of them. */
type Sample = { ids: number[]; counts?: Counts }

/** @param looked among so many entries these were found */
function counted({ db, of }: Scope, ids: readonly number[], looked: number): Counts {
  const found = ids.length
  const exact = looked >= of && found < COUNTED
  const total = exact ? found : Math.max(found, Math.round((found * of) / Math.max(1, looked)))
  return { total, exact, counts: countValues(db, ids, knownValues(db).length), scale: exact ? 1 : total / found, ids }
}

function countsOfAll(db: Db, include: DirectoryQuery['include']): number[] {
  const counts: number[] = []
  const column = include === 'all' ? 'shown + heard' : 'shown'
  for (const [id, count] of statement(db, `select id, ${column} from facet_values where ${column} > 0`).all() as [number, number][])
    counts[id] = count
  return counts
}
