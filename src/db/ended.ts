import { rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { count, sql } from 'drizzle-orm'
import type { Connection, Db, Tx } from './open.ts'
import { dropOrphans, tablesOf } from './person.ts'
import { prepared } from './prepared.ts'
import { deliveries } from './schema.ts'
import { clearIndex } from './search/writer.ts'
import { saveSetting, setting } from './setting.ts'
import { clientOf } from './statement.ts'

const ENDED = 'community.ended'
const ERASED = 'community.erased'

/** When the community of this node ended for good; undefined while it is there. */
export function endedAt(db: Db): Date | undefined {
  const said = setting(db, ENDED)
  return said === undefined ? undefined : new Date(Number(said))
}

/** How long it is taken for granted that the community is still there: another process may have ended it. */
const LOOKED_AT_MS = 100
const lastLook = (_: Db) => ({ at: Number.NEGATIVE_INFINITY })

/** The same for every request to ask: what another process has written shows a tenth of a second later. */
export function endedLately(db: Db): Date | undefined {
  const look = prepared(db, lastLook)
  const now = performance.now()
  if (now - look.at < LOOKED_AT_MS) return undefined
  const at = endedAt(db)
  if (!at) look.at = now
  return at
}

export function saveEnd(tx: Tx, at: Date): void {
  saveSetting(tx, ENDED, String(at.getTime()))
  prepared(tx, lastLook).at = Number.NEGATIVE_INFINITY
}

/** Whether everything but the end itself is gone already. */
export function isErased(db: Db): boolean {
  return setting(db, ERASED) === 'yes'
}

/** What must stay for the end to be told, and for nobody to take the address for another community. */
const STAYS =
  /^(sqlite_|__drizzle|settings$|communities$|keys$|activities$|deliveries$|hosts$|records$|tree$|cursors$|entries_text|post_words|entries_place|entry_facets$|facet_values$|search_)/
const SETTINGS_THAT_STAY = ['publicUrl', 'formKey', ENDED, ERASED]

/** Everything goes but the tombstone and what is still on its way. @param actor the community that was */
export function eraseRest(tx: Tx, actor: string): void {
  const client = clientOf(tx)
  client.pragma('defer_foreign_keys = on')
  for (const table of tablesOf(tx)) if (!STAYS.test(table)) client.prepare(`delete from "${table}"`).run()
  clearIndex(tx)
  client.exec('delete from post_words; delete from post_words_due')
  client.prepare('delete from activities where id not in (select activity from deliveries)').run()
  client.prepare('delete from hosts where host not in (select host from deliveries)').run()
  client.prepare('delete from records where actor <> ?').run(actor)
  client.prepare('delete from tree').run()
  const kept = SETTINGS_THAT_STAY.map(() => '?').join(', ')
  client.prepare(`delete from settings where name not in (${kept}) and name not like 'entry.%'`).run(...SETTINGS_THAT_STAY)
  dropOrphans(tx)
  saveSetting(tx, ERASED, 'yes')
}

/** Files beside the database: pictures and backups. */
export function eraseFiles(db: Connection): void {
  const { name, memory } = db.$client
  if (memory) return
  for (const folder of ['media', 'backups']) rmSync(join(dirname(name), folder), { recursive: true, force: true })
}

/** What was deleted is overwritten: it stood in the file until now. */
export function compact(db: Connection): void {
  db.$client.exec('vacuum')
  db.$client.pragma('wal_checkpoint(truncate)')
}

export function isAllSent(db: Db): boolean {
  return db.select({ n: count() }).from(deliveries).get()!.n === 0
}

/** Nothing can be signed in the name of the community any more, and nobody is remembered who was told. */
export function forgetPrivateKeys(tx: Tx, actor: string): void {
  for (const table of ['deliveries', 'activities', 'hosts']) tx.run(sql.raw(`delete from ${table}`))
  tx.run(sql`update keys set private_key = '' where actor = ${actor}`)
}
