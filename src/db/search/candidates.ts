import { FACETS, type Facet } from '../../domain/directory.ts'
import type { DirectoryQuery, Filter } from '../../domain/directory-query.ts'
import { listing } from '../statement.ts'
import { type Call, type Check, COST, checkOf, isAmong, lookAt, lookThrough, PRESENT } from './columns.ts'
import { matches } from './matches.ts'
import { entriesAround } from './places.ts'
import { intersectionOf, isKept, meeting, RARE } from './postings.ts'
import { endOf, type Scope } from './scope.ts'
import { every, type Wanted } from './wanted.ts'

/** So many are asked of the index at once where nothing else decides. */
const BATCH = 1000
/** Where so great a part of all lies around a box, to look at the best first is sooner than to look at what lies there. */
const MANY = { share: 0.05, least: 4000 }

/** Who may be wanted: found by the index as far as it must be asked, and looked at in memory for the rest. */
export type Candidates = {
  /** Of those fields that the query narrows, the ones looked at in memory; @see Check */
  fields: readonly Facet[]
  /** What it takes, in microseconds, about, to go through all of them; infinite where the index must be asked. */
  cost: number
  /** Goes through entries from `first` to below `end`, in ascending order. */
  each: (first: number, end: number, call: Call) => void
  /** The same of those only that fulfil everything. @param call returns whether to go on */
  wanted: (first: number, end: number, call: (id: number) => boolean) => void
}
type Some = Omit<Candidates, 'wanted'>

/** @returns undefined where everything is wanted */
export function candidatesOf(scope: Scope, wanted: Wanted, query: DirectoryQuery): Candidates | undefined {
  const check = checkOf(scope.db, query)
  const asked = indexed(wanted)
  const near = wanted.box && entriesAround(scope, wanted.box, Math.max(MANY.least, MANY.share * scope.of))
  const some = someOf(scope, wanted, asked, near, check)
  return some && { ...some, wanted: fulfilling(scope, some, near, asked, () => rareValues(scope, wanted, query), check ?? PRESENT) }
}

function someOf(
  scope: Scope,
  wanted: Wanted,
  asked: readonly string[],
  near: Float64Array | undefined,
  check: Check | undefined,
): Some | undefined {
  const { db, of } = scope
  const fields = check?.fields ?? []
  if (near && check)
    return { fields, cost: asked.length > 0 ? Infinity : near.length * COST.look, each: amongNear(scope, near, asked, check) }
  if (asked.length > 0) return { fields, cost: Infinity, each: amongFound(scope, asked, check) }
  if (!check) return undefined
  const [field, ...others] = fields
  if (others.length === 0 && !check.bounds) return { fields: [], cost: Infinity, each: found(scope, wanted.filters.get(field!)!) }
  return { fields, cost: of * COST.pass, each: (first, end, call) => lookThrough(db, check, first, end, call) }
}

/** Of those fields that memory knows, values that few entries have and that are kept, or the rarest: to go through those is sooner than through all. */
function rareValues(scope: Scope, wanted: Wanted, query: DirectoryQuery): string[] {
  const { db, of } = scope
  const end = endOf(query.include)
  const counted = listing(db, 'select shown + heard from facet_values where field = ? and value = ?')
  const count = (field: Facet) => query[field]!.reduce((sum, value) => sum + ((counted.get(field, value) as number | undefined) ?? 0), 0)
  const rare = FACETS.filter(field => query[field]).map(field => ({ expression: wanted.filters.get(field)!, count: count(field) }))
  return rare
    .filter(({ count }) => count < RARE * of)
    .sort((a, b) => a.count - b.count)
    .filter(
      ({ expression, count }, place) => isKept(scope, [expression], end) || (place === 0 && count < Math.max(MANY.least, MANY.share * of)),
    )
    .map(({ expression }) => expression)
}

function fulfilling(
  scope: Scope,
  { each }: Some,
  near: Float64Array | undefined,
  asked: readonly string[],
  rareOf: () => string[],
  check: Check,
): Candidates['wanted'] {
  let rare: string[] | undefined
  return (first, end, call) => {
    // Only asked for where it is needed: most often what was counted is enough.
    rare ??= rareOf()
    if (asked.length + rare.length === 0 && !near) return each(first, end, (id, told) => told !== 0 || call(id))
    const lists = [...(asked.length > 0 ? [asked] : []), ...rare.map(value => [value])].map(expressions => meeting(scope, expressions, end))
    const met = intersectionOf(near ? [near, ...lists] : lists, first, end)
    lookAt(scope.db, met, check, first, end, (id, told) => told !== 0 || call(id))
  }
}

/** What only the index knows: words, and values of fields that are not counted. */
export function indexed({ parts, filters }: Wanted): string[] {
  const others = [...filters].filter(([field]) => !(FACETS as readonly Filter[]).includes(field))
  return [...parts.map(({ any }) => any), ...others.map(([, expression]) => expression)]
}

function amongFound(scope: Scope, asked: readonly string[], check: Check | undefined): Candidates['each'] {
  return (first, end, call) => {
    // With nothing else to fulfil, most often a page of what the index says is enough.
    if (!check && !isKept(scope, asked, end)) found(scope, every(asked))(first, end, call)
    else lookAt(scope.db, meeting(scope, asked, end), check ?? PRESENT, first, end, call)
  }
}

function found({ db }: Scope, expression: string): Candidates['each'] {
  return (first, end, call) => {
    for (let from = first; ; ) {
      const ids = matches(db, expression, undefined, { first: from, end, most: BATCH })
      for (const id of ids) if (!call(id, 0)) return
      if (ids.length < BATCH) return
      from = ids.at(-1)! + 1
    }
  }
}

/** Goes through the fewer of those that lie around a box and those with the words asked for. */
function amongNear(scope: Scope, near: Float64Array, asked: readonly string[], check: Check): Candidates['each'] {
  const { db } = scope
  return (first, end, call) => {
    const met = asked.length > 0 ? meeting(scope, asked, end) : undefined
    if (!met) lookAt(db, near, check, first, end, call)
    else if (met.length < near.length) lookAt(db, met, check, first, end, call)
    else lookAt(db, near, check, first, end, (id, told) => !isAmong(met, id) || call(id, told))
  }
}
