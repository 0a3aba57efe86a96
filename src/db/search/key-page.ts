import type { DirectoryQuery } from '../../domain/directory-query.ts'
import type { Db } from '../open.ts'
import type { Position } from '../search-cursor.ts'
import type { Page } from './page.ts'
import { type Source, sourceOf, statement } from './source.ts'
import { endOf, type Tally } from './tally.ts'
import { expressionOf, type Wanted } from './wanted.ts'

/** Up to so many are fetched and sorted. Where there are more, the index of the order is read until a page is full. */
const SORTED = 1000
/** What it takes to fetch one wanted entry, with and without a look at its place, and to look one of an order up, by place or for each token that is asked for: in microseconds, about. */
const COST = { fetch: 0.3, fetchPlace: 1.2, probePlace: 1.5, probeToken: 4 }
const STEP = { least: 60, most: 8_000 }
/** When so many were read in vain, words and order have something to do with each other, and sorting all is faster. */
const PATIENCE = 60_000

type Order = { key: string; sign: '>' | '<'; direction: 'asc' | 'desc'; first: string | number }
const ORDERS: Record<'name' | 'newest' | 'verified', Order> = {
  name: { key: 'sort_name', sign: '>', direction: 'asc', first: '' },
  newest: { key: 'published_at', sign: '<', direction: 'desc', first: Number.MAX_SAFE_INTEGER },
  verified: { key: 'verified_at', sign: '<', direction: 'desc', first: Number.MAX_SAFE_INTEGER },
}
type Key = { key: string | number; id: number }

/** A page in an order that has an index of its own. */
export function pageByKey(db: Db, wanted: Wanted, query: DirectoryQuery, position: Position | undefined, { total, of }: Tally): Page {
  const order = ORDERS[query.sort as keyof typeof ORDERS] ?? ORDERS.name
  const after: Key = position
    ? { key: position.key ?? order.first, id: position.id }
    : { key: order.first, id: order.sign === '>' ? -1 : Number.MAX_SAFE_INTEGER }
  const expression = expressionOf(wanted)
  const rows =
    expression === undefined
      ? walk(db, order, after, query, query.limit + 1)
      : total < SORTED
        ? sorted(db, order, after, query, sourceOf(expression, query, false))
        : sought(db, order, after, query, wanted, total, of)
  return { ids: rows.slice(0, query.limit).map(({ id }) => id), next: rows.length > query.limit ? rows[query.limit - 1] : undefined }
}

function walk(db: Db, { key, sign, direction }: Order, after: Key, { include }: DirectoryQuery, limit: number): Key[] {
  const sql = `select ${key}, id from entries where (${key}, id) ${sign} (@key, @id) and id < @end
    order by ${key} ${direction}, id ${direction} limit @limit`
  return keyed(statement(db, sql).all({ ...after, end: endOf(include), limit }))
}

function sorted(db: Db, { key, sign, direction }: Order, after: Key, { include, limit }: DirectoryQuery, source: Source): Key[] {
  const sql = `select e.${key}, e.id from ${source.from} cross join entries e on e.id = ${source.id}
    where ${source.where.join(' and ')} and ${source.id} < @end and (e.${key}, e.id) ${sign} (@key, @id)
    order by e.${key} ${direction}, e.id ${direction} limit @limit`
  return keyed(statement(db, sql).all({ ...source.values, ...after, end: endOf(include), limit: limit + 1 }))
}

/** Reads the order step by step, each as long as should fill the page, and keeps who is wanted. */
function sought(db: Db, order: Order, after: Key, query: DirectoryQuery, wanted: Wanted, total: number, of: number): Key[] {
  const source = sourceOf(expressionOf(wanted), query, false)
  const step = Math.min(STEP.most, Math.max(STEP.least, Math.ceil((1.5 * (query.limit + 1) * of) / total)))
  // Where only the place matters, an entry tells by itself whether it is wanted.
  const onlyPlace = wanted.parts.length === 0 && wanted.filters.size === 0
  const probed = onlyPlace ? sourceOf(undefined, query, true) : source
  const fetching = total * (wanted.box ? COST.fetchPlace : COST.fetch)
  const tokens = (expressionOf(wanted) ?? '').split('"').length / 2
  const isWanted = fetching < step * (onlyPlace ? COST.probePlace : COST.probeToken * tokens) ? among(db, source, query) : undefined
  const found: Key[] = []
  let last = after
  for (let walked = 0; walked < PATIENCE; walked += step) {
    const rows = walk(db, order, last, query, step)
    const here = isWanted ?? probe(db, probed, rows)
    found.push(...rows.filter(({ id }) => here.has(id)))
    if (found.length > query.limit || rows.length < step) return found
    last = rows.at(-1)!
  }
  return sorted(db, order, after, query, source)
}

function among(db: Db, source: Source, { include }: DirectoryQuery): Set<number> {
  const sql = `select json_group_array(id) from (select ${source.id} id from ${source.from} where ${source.where.join(' and ')} and ${source.id} < @end)`
  const [ids] = statement(db, sql).get({ ...source.values, end: endOf(include) }) as [string]
  return new Set(JSON.parse(ids) as number[])
}

function probe(db: Db, source: Source, rows: readonly Key[]): Set<number> {
  const sql = `select ${source.id} from ${source.from} where ${source.where.join(' and ')} and ${source.id} in (select value from json_each(@ids))`
  const ids = JSON.stringify(rows.map(({ id }) => id))
  return new Set((statement(db, sql).all({ ...source.values, ids }) as [number][]).map(([id]) => id))
}

const keyed = (rows: unknown[]) => (rows as [string | number, number][]).map(([key, id]) => ({ key, id }))
