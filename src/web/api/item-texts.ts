import { createHash } from 'node:crypto'
import type { Connection } from '../../db/open.ts'
import { entryById, versionById, versionOf } from '../../db/search/hydrate.ts'
import { type Found, findEntries } from '../../db/search.ts'
import { databaseVersion } from '../../db/statement.ts'
import type { DirectoryQuery } from '../../domain/directory-query.ts'
import type { ItemText } from './answer.ts'
import { toItem } from './items.ts'

/** So many entries are kept as they are sent, some two kilobytes each. */
const KEPT = 5000

type Kept = Omit<ItemText, 'distanceKm'> & { version: string; seen: string }

/** Searches for JSON. An entry is written once: the best of a directory are in the answers to many searches. */
export function textFinder(): (db: Connection, query: DirectoryQuery) => Found<ItemText> {
  const kept = new Map<number, Kept>()
  return (db, query) => {
    // As long as nobody has written anything, none of them can have changed. Within the snapshot, for that is what is read.
    let now: string | undefined
    return findEntries(db, query, (id, distanceKm) => {
      now ??= databaseVersion(db)
      const item = textOf(db, kept, id, now)
      return item && { text: item.text, digest: item.digest, distanceKm }
    })
  }
}

function textOf(db: Connection, kept: Map<number, Kept>, id: number, now: string): Kept | undefined {
  const known = kept.get(id)
  if (known && (known.seen === now || known.version === versionById(db, id))) {
    known.seen = now
    return known
  }
  kept.delete(id)
  const entry = entryById(db, id)
  if (!entry) return undefined
  const text = Buffer.from(JSON.stringify(toItem(entry)).slice(0, -1))
  const digest = createHash('sha1').update(text).digest('base64')
  const item = { text, digest, version: versionOf(entry), seen: now }
  kept.set(id, item)
  for (const oldest of kept.keys())
    if (kept.size > KEPT) kept.delete(oldest)
    else break
  return item
}
