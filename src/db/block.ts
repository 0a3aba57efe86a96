import { asc, eq, sql } from 'drizzle-orm'
import { type Block, domainOf, type Severity, withParents } from '../domain/block.ts'
import type { Db, Tx } from './open.ts'
import { prepared } from './prepared.ts'
import { actors, blocks, deliveries, followers, following, hosts } from './schema.ts'
import { entries } from './schema-directory.ts'
import { posts, reactions } from './schema-post.ts'

export function allBlocks(db: Db): Block[] {
  return db.select().from(blocks).orderBy(asc(blocks.domain)).all()
}

const byDomain = (db: Db) =>
  db
    .select({ severity: blocks.severity })
    .from(blocks)
    .where(eq(blocks.domain, sql.placeholder('domain')))
    .prepare()

/** How a server is blocked, by its own domain or by one it is part of. Asked of the database each time, so a block acts at once. */
export function severityOf(db: Db, host: string): Severity | undefined {
  const found = withParents(domainOf(host)).map(domain => prepared(db, byDomain).get({ domain })?.severity)
  return found.includes('suspend') ? 'suspend' : found.find(Boolean)
}

export function isSuspended(db: Db, host: string): boolean {
  return severityOf(db, host) === 'suspend'
}

export function saveBlock(tx: Tx, block: Block): void {
  tx.insert(blocks)
    .values(block)
    .onConflictDoUpdate({ target: blocks.domain, set: { severity: block.severity } })
    .run()
}

export function removeBlock(tx: Tx, domain: string): boolean {
  return tx.delete(blocks).where(eq(blocks.domain, domain)).run().changes > 0
}

/** What is here of a domain and its subdomains: actors, and servers there is a queue for. */
export function inhabitants(db: Db, domain: string): { actors: string[]; entries: string[]; hosts: string[] } {
  const within = <T extends { host: string }>(rows: T[]) => rows.filter(row => withParents(domainOf(row.host)).includes(domain))
  return {
    actors: within(db.select({ id: actors.id, host: actors.host }).from(actors).all()).map(row => row.id),
    entries: within(db.select({ actor: entries.actor, host: entries.host }).from(entries).all()).map(row => row.actor),
    hosts: within(db.select({ host: hosts.host }).from(hosts).all()).map(row => row.host),
  }
}

/** Cuts every tie to these actors and forgets what they said and what was to be sent there. */
export function cutOff(tx: Tx, { actors: ids, hosts: names }: { actors: string[]; hosts: string[] }): void {
  // One by one: a large server has more actors than one statement takes values.
  for (const id of ids) {
    tx.delete(followers).where(eq(followers.actor, id)).run()
    tx.delete(following).where(eq(following.actor, id)).run()
    tx.delete(posts).where(eq(posts.author, id)).run()
    tx.delete(reactions).where(eq(reactions.actor, id)).run()
  }
  for (const name of names) {
    tx.delete(deliveries).where(eq(deliveries.host, name)).run()
    tx.update(hosts).set({ nextDueAt: null }).where(eq(hosts.host, name)).run()
  }
}
