import { sql } from 'drizzle-orm'
import { type EntryState, entryKey } from '../domain/entry.ts'
import type { Db } from './open.ts'
import { prepared } from './prepared.ts'
import { records } from './schema-directory.ts'

/** The entry of a community as it was signed, canonical JSON, and how sure this node is of it. */
export type KeptEntry = { actor: string; state: EntryState; seq: number; text: string }

/** The signed entries of some communities. What nobody signed, and what is no entry any more, is not among them. */
export function signedEntriesOf(db: Db, actors: readonly string[]): Map<string, KeptEntry> {
  if (actors.length === 0) return new Map()
  const rows = prepared(db, byKeys).all({ keys: JSON.stringify(actors.map(entryKey)) })
  return new Map(rows.map(row => [row.actor, row]))
}

function byKeys(db: Db) {
  const { key, actor, state, seq, text, kind, hash } = records
  return db
    .select({ actor, state, seq, text })
    .from(records)
    .where(sql`${key} in (select unhex(value) from json_each(${sql.placeholder('keys')})) and ${kind} = 'entry' and ${hash} is not null`)
    .prepare()
}
