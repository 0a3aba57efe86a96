import type Database from 'better-sqlite3'
import type { Arrived } from './foreign.ts'

/** What was sent of one kind. `acked` is set once a 202 has been read; without it the activity may or may not have arrived. */
export type Entry = { kind: 'Follow' | 'Undo' | 'Create'; id: string; actor: string; about: string; acked: boolean; sent: number }
export type Verdict = { acknowledged: number; lost: string[]; doubled: string[]; missing: string[]; broken: string[] }

/**
 * Compares what was acknowledged with what the node's database and the receivers hold, after everything has been delivered.
 * @param published ids of the node's own Create activities @param hosts what each server with a follower has got
 */
export function judge(db: Database.Database, ledger: Entry[], published: string[], hosts: Arrived[]): Verdict {
  const acked = ledger.filter(entry => entry.acked)
  const count = (sql: string) => {
    const statement = db.prepare(sql).pluck()
    return (...values: string[]) => statement.get(...values) as number
  }
  const received = count('select count(*) from received where iri = ?')
  const posts = count('select count(*) from posts where iri = ?')
  const followers = count("select count(*) from followers where actor = ? and state = 'accepted'")
  const accepted = count("select count(*) from events where kind = 'follower.accepted' and json_extract(data, '$.followId') = ?")
  const left = count("select count(*) from events where kind = 'follower.left' and subject = ?")
  const follows = new Map(ledger.flatMap(entry => (entry.kind === 'Follow' ? [[entry.id, entry] as const] : [])))
  const undos = new Map(ledger.flatMap(entry => (entry.kind === 'Undo' ? [[entry.about, entry] as const] : [])))
  const answers = (followId: string) => hosts.flatMap(host => [...(host.answers.get(followId) ?? [])])
  const lost: string[] = []
  const doubled: string[] = []
  const missing: string[] = []

  for (const entry of acked) {
    const { kind, id, actor, about } = entry
    if (received(id) !== 1) lost.push(`${id} is not among the received`)
    if (kind === 'Create' && posts(`${id}/note`) !== 1) lost.push(`the post of ${id}`)
    if (kind === 'Follow') {
      if (accepted(id) === 0) lost.push(`${id} was not accepted`)
      if (!undos.has(id) && followers(actor) !== 1) lost.push(`${actor} is no follower`)
      if (answers(id).length === 0) missing.push(`the Accept of ${id}`)
    }
    if (kind === 'Undo' && follows.get(about)?.acked && followers(actor) !== 0) lost.push(`${actor} still follows`)
  }
  for (const { kind, id, actor } of ledger) {
    if (received(id) > 1) doubled.push(`${id} was received ${received(id)} times`)
    if (kind === 'Follow' && accepted(id) > 1) doubled.push(`${id} was accepted ${accepted(id)} times`)
    if (kind === 'Follow' && new Set(answers(id)).size > 1) doubled.push(`${id} got different Accepts`)
    if (kind === 'Undo' && left(actor) > 1) doubled.push(`${actor} left ${left(actor)} times`)
  }
  for (const iri of published)
    for (const [n, host] of hosts.entries()) if (!host.creates.has(iri)) missing.push(`${iri} at receiver ${n + 1}`)
  const integrity = db.pragma('integrity_check', { simple: true })
  const foreign = db.pragma('foreign_key_check') as unknown[]
  const broken = [...(integrity === 'ok' ? [] : [`integrity_check: ${integrity}`]), ...foreign.map(row => JSON.stringify(row))]
  return { acknowledged: acked.length, lost, doubled, missing, broken }
}
