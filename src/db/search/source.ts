import type { Statement } from 'better-sqlite3'
import type { DirectoryQuery } from '../../domain/directory-query.ts'
import { type Box, longitudes, type Point } from '../../lib/geo.ts'
import type { Db } from '../open.ts'
import { prepared } from '../prepared.ts'
import { clientOf } from './client.ts'

/** Rows to choose entries from: tables with their conditions, the column of the entry's id, and what the conditions need to know. */
export type Source = { from: string; where: string[]; id: string; values: Record<string, unknown> }

/** Great-circle distance in SQL, as lib/geo.ts computes it. */
export const DISTANCE = `(2 * 6371.0088 * asin(sqrt(min(1.0, pow(sin(radians(f.latitude - @latitude) / 2), 2)
  + cos(radians(@latitude)) * cos(radians(f.latitude)) * pow(sin(radians(f.longitude - @longitude) / 2), 2)))))`

/** Entries that fulfil a full-text expression, or all, and lie where the query says. @param withValues whether the columns of `entry_facets` are needed, as `f` */
export function sourceOf(expression: string | undefined, query: DirectoryQuery, withValues: boolean): Source {
  const place = placeOf(query)
  const source =
    expression === undefined
      ? { from: 'entry_facets f', where: ['true'], id: 'f.entry', values: {} }
      : {
          // In this order, whatever the planner thinks: the full-text index gives ids in ascending order.
          from: `entries_text t${withValues || place ? ' cross join entry_facets f on f.entry = t.rowid' : ''}`,
          where: ['entries_text match @expression'],
          id: 't.rowid',
          values: { expression },
        }
  return place ? { ...source, where: [...source.where, ...place.where], values: { ...source.values, ...place.values } } : source
}

function placeOf({ bbox, near, within }: DirectoryQuery): Pick<Source, 'where' | 'values'> | undefined {
  if (bbox) return inBox(bbox)
  return near && within !== undefined ? around(near, within) : undefined
}

export function around({ latitude, longitude }: Point, within: number): Pick<Source, 'where' | 'values'> {
  return { where: ['f.latitude is not null', `${DISTANCE} <= @within`], values: { latitude, longitude, within } }
}

export function inBox(box: Box): Pick<Source, 'where' | 'values'> {
  const stretches = longitudes(box)
  return {
    where: [
      'f.latitude between @south and @north',
      `(${stretches.map((_, n) => `f.longitude between @west${n} and @east${n}`).join(' or ')})`,
    ],
    values: {
      south: box.south,
      north: box.north,
      ...Object.fromEntries(stretches.flatMap(([west, east], n) => [[`west${n}`, west], [`east${n}`, east]])), // biome-ignore format: pairs
    },
  }
}

/** A statement made once for each connection: there are few texts, and each is asked often. Rows come as arrays. */
export function statement(db: Db, sql: string): Statement {
  const known = prepared(db, openStatements)
  const made = known.get(sql) ?? clientOf(db).prepare(sql).raw()
  known.set(sql, made)
  return made
}

const openStatements = (_: Db) => new Map<string, Statement>()
