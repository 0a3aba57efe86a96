import type { DirectoryEntry } from '../../domain/directory.ts'
import type { Db } from '../open.ts'
import { listing, statement } from '../statement.ts'
import { charterIn } from './record-charter.ts'

type Row = [
  id: number,
  actor: string,
  host: string,
  handle: string,
  url: string,
  edition: number,
  source: DirectoryEntry['source'],
  publishedAt: number,
  verifiedAt: number,
  state: DirectoryEntry['state'],
  expiresAt: number | null,
  record: number,
  charter: string | null,
  text: string | null,
]

// The text of the record is only fetched where the charter does not stand in the entry itself.
const ENTRY = `select e.id, e.actor, e.host, e.handle, e.url, e.edition, e.source, e.published_at, e.verified_at, e.state, e.expires_at,
    e.record, e.charter, r.text
  from entries e left join records r on r.id = e.record and e.charter is null where e.id = ?`

/** An entry by its id, read without drizzle: twenty of them are the greater part of a search. Undefined where it is not there any more. */
export function entryById(db: Db, id: number): DirectoryEntry | undefined {
  const row = statement(db, ENTRY).get(id) as Row | undefined
  if (!row) return undefined
  const [, actor, host, handle, url, edition, source, publishedAt, verifiedAt, state, expiresAt, record, own, text] = row
  const charter = own === null ? charterIn(text) : (JSON.parse(own) as DirectoryEntry['charter'])
  if (!charter) return undefined
  return {
    actor,
    host,
    handle,
    url,
    charter,
    edition,
    source,
    publishedAt: new Date(publishedAt),
    verifiedAt: new Date(verifiedAt),
    state,
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    record,
  }
}

/** What may change of an entry while its id stays, as one text. Undefined where it is not there any more. */
export function versionById(db: Db, id: number): string | undefined {
  const sql = "select record || ' ' || verified_at || ' ' || source || ' ' || state from entries where id = ?"
  return listing(db, sql).get(id) as string | undefined
}

/** The same of an entry that was read. */
export function versionOf({ record, verifiedAt, source, state }: DirectoryEntry): string {
  return `${record} ${verifiedAt.getTime()} ${source} ${state}`
}
