import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { monthRank } from '../../domain/entry-rank.ts'
import type { Db } from '../open.ts'
import type { Position } from '../search-cursor.ts'
import { statement } from '../statement.ts'
import { candidatesOf, indexed } from './candidates.ts'
import { COST, isAmong, roughKeys, testOf } from './columns.ts'
import { matchesAmong } from './matches.ts'
import type { Page } from './page.ts'
import { beginningOf } from './pieces.ts'
import { isKept, meeting } from './postings.ts'
import { endOf, type Scope } from './scope.ts'
import type { Tally } from './tally.ts'
import { every, expressionOf, type Wanted } from './wanted.ts'

/** Up to so many are sorted. Where there are more, either that or the index of the order is read until a page is full, as costs less. */
const SORTED = 1000
/**
 * What it takes, in microseconds, about: to have the index name one entry, to read the row of one, to read one of an order, and to look
 * one of an order up in the index for each token that is asked for.
 */
const TAKES = { name: 0.3, row: 20, walk: 1, probeToken: 4 }
const STEP = { least: 60, most: 8_000 }
/** When so many were read in vain, words and order have something to do with each other, and sorting all is faster. */
const PATIENCE = 60_000

type Sort = 'name' | 'newest' | 'verified'
/** `rough` gives the number that `roughKeys` has for a key. */
type Order = {
  sort: Sort
  key: string
  sign: '>' | '<'
  direction: 'asc' | 'desc'
  first: string | number
  rough: (key: unknown) => number
}
const latest = { sign: '<', direction: 'desc', first: Number.MAX_SAFE_INTEGER } as const
const ORDERS: Record<Sort, Order> = {
  name: { sort: 'name', key: 'sort_name', sign: '>', direction: 'asc', first: '', rough: key => beginningOf(String(key)) },
  newest: { ...latest, sort: 'newest', key: 'published_at', rough: key => -Number(key) },
  verified: { ...latest, sort: 'verified', key: 'verified_at', rough: key => monthRank(Number(key)) },
}
type Key = { key: string | number; id: number }

/** A page in an order that has an index of its own. */
export function pageByKey(scope: Scope, wanted: Wanted, query: DirectoryQuery, position: Position | undefined, tally: Tally): Page {
  const { db } = scope
  const order = ORDERS[query.sort as keyof typeof ORDERS] ?? ORDERS.name
  const after: Key = position
    ? { key: position.key ?? order.first, id: position.id }
    : { key: order.first, id: order.sign === '>' ? -1 : Number.MAX_SAFE_INTEGER }
  const rows =
    expressionOf(wanted) === undefined
      ? walk(db, order, after, query, query.limit + 1)
      : tally.total < SORTED
        ? sorted(db, order, after, query, tally.ids ?? all(scope, wanted, query))
        : sought(scope, order, after, wanted, query, tally)
  return { ids: rows.slice(0, query.limit).map(({ id }) => id), next: rows.length > query.limit ? rows[query.limit - 1] : undefined }
}

function walk(db: Db, { key, sign, direction }: Order, after: Key, { include }: DirectoryQuery, limit: number): Key[] {
  const sql = `select ${key}, id from entries where (${key}, id) ${sign} (@key, @id) and id < @end
    order by ${key} ${direction}, id ${direction} limit @limit`
  return keyed(statement(db, sql).all({ ...after, end: endOf(include), limit }))
}

function sorted(db: Db, order: Order, after: Key, { limit }: DirectoryQuery, all: readonly number[]): Key[] {
  const { key, sign, direction } = order
  const ids = foremost(db, order, after, limit + 1, all)
  const sql = `select e.${key}, e.id from json_each(@ids) j cross join entries e on e.id = j.value
    where (e.${key}, e.id) ${sign} (@key, @id) order by e.${key} ${direction}, e.id ${direction} limit @limit`
  return keyed(statement(db, sql).all({ ...after, ids: JSON.stringify(ids), limit: limit + 1 }))
}

/** Those of some entries among which the next so many are, however those are sorted that memory can't tell apart. */
function foremost(db: Db, { sort, rough }: Order, after: Key, most: number, ids: readonly number[]): number[] {
  const from = rough(after.key)
  const keys = roughKeys(db, ids, sort)
  const rest = keys.filter(key => key >= from).sort()
  // Who shares the place of the one before may stand before it.
  const shared = rest.lastIndexOf(from) + 1
  const last = rest[Math.min(rest.length, shared + most) - 1] ?? from
  return ids.filter((_, n) => keys[n]! >= from && keys[n]! <= last)
}

/** Reads the order step by step, each as long as should fill the page, and keeps who is wanted; or sorts all, where that costs less. */
function sought(scope: Scope, order: Order, after: Key, wanted: Wanted, query: DirectoryQuery, { total, of }: Tally): Key[] {
  const { db } = scope
  const { limit } = query
  const walked = Math.ceil((1.5 * (limit + 1) * of) / total)
  const step = Math.min(STEP.most, Math.max(STEP.least, walked))
  const asked = indexed(wanted)
  const end = endOf(query.include)
  const probing = step * TAKES.probeToken * (every(asked).split('"').length / 2)
  const met = asked.length > 0 && (isKept(scope, asked, end) || total * TAKES.name < probing) ? meeting(scope, asked, end) : undefined
  const test = testOf(db, query)
  const looking = met ? met.length * COST.look : (candidatesOf(scope, wanted, query)?.cost ?? Number.POSITIVE_INFINITY)
  if (looking < walked * TAKES.walk) {
    const ids = foremost(db, order, after, limit + 1, met ? Array.from(met).filter(test) : all(scope, wanted, query))
    if (ids.length * TAKES.row < walked * TAKES.walk) return sorted(db, order, after, query, ids)
  }
  const found: Key[] = []
  let last = after
  for (let read = 0; read < PATIENCE; read += step) {
    const rows = walk(db, order, last, query, step)
    const ids = rows.map(({ id }) => id).filter(id => test(id) && (!met || isAmong(met, id)))
    const here = met || asked.length === 0 ? new Set(ids) : matchesAmong(db, every(asked), ids)
    for (const row of rows) if (here.has(row.id)) found.push(row)
    if (found.length > limit || rows.length < step) return found
    last = rows.at(-1)!
  }
  return sorted(db, order, after, query, all(scope, wanted, query))
}

/** All that are wanted, in ascending order. */
function all(scope: Scope, wanted: Wanted, query: DirectoryQuery): number[] {
  const ids: number[] = []
  candidatesOf(scope, wanted, query)?.wanted(0, endOf(query.include), id => ids.push(id) > 0)
  return ids
}

const keyed = (rows: unknown[]) => (rows as [string | number, number][]).map(([key, id]) => ({ key, id }))
