import { FACETS, type Facet } from '../../domain/directory.ts'
import type { DirectoryQuery, Filter } from '../../domain/directory-query.ts'
import { type Call, type Check, checkOf, countLying, lookAt, lookThrough, PRESENT } from './columns.ts'
import { matches } from './matches.ts'
import { isKept, meeting } from './postings.ts'
import { before, FIRST, type Scope } from './scope.ts'
import { every, type Wanted } from './wanted.ts'

/** So many are asked of the index at once where nothing else decides. */
const BATCH = 1000
/** Where so few of those that were looked at lie where they should, the index finds the rest sooner than memory. */
const RARE = 0.01

/** Who may be wanted: found by the index as far as it must be asked, and looked at in memory for the rest. */
export type Candidates = {
  /** Of those fields that the query narrows, the ones looked at in memory; @see Check */
  fields: readonly Facet[]
  /** Goes through entries from `first` to below `end`, in ascending order. */
  each: (first: number, end: number, call: Call) => void
}

/** @returns undefined where everything is wanted */
export function candidatesOf(scope: Scope, wanted: Wanted, query: DirectoryQuery): Candidates | undefined {
  const { db } = scope
  const check = checkOf(db, query)
  const asked = indexed(wanted)
  if (asked.length > 0) return { fields: check?.fields ?? [], each: amongFound(scope, asked, check) }
  if (!check) return undefined
  const { fields } = check
  if (wanted.place) return { fields, each: byPlace(scope, wanted.place, check) }
  const [field, ...others] = fields
  if (others.length > 0) return { fields, each: (first, end, call) => lookThrough(db, check, first, end, call) }
  return { fields: [], each: found(scope, wanted.filters.get(field!)!) }
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

function byPlace(scope: Scope, place: string, check: Check): Candidates['each'] {
  const { db, of } = scope
  let isRare: boolean | undefined
  return (first, end, call) => {
    if (before(scope, end) > FIRST) isRare ??= countLying(db, check, FIRST) < RARE * Math.min(FIRST, of)
    if (isRare) lookAt(db, matches(db, place, undefined, { first, end, most: -1 }), check, first, end, call)
    else lookThrough(db, check, first, end, call)
  }
}
