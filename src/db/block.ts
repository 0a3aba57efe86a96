import { and, asc, eq, inArray, isNull, like, sql } from 'drizzle-orm'
import { type Block, domainOf, type Severity, withParents } from '../domain/block.ts'
import type { Db, Tx } from './open.ts'
import { dropWords } from './post-words.ts'
import { actorBlocks, actorKeys, actors, blocks, deliveries, errands, followers, following, hosts, relays } from './schema.ts'
import { notices } from './schema-client-more.ts'
import { entries } from './schema-directory.ts'
import { inquiryMessages } from './schema-inquiry.ts'
import { attachments, postEdits } from './schema-media.ts'
import { mentions, posts, quotes, reactions, votes } from './schema-post.ts'
import { listing, writing } from './statement.ts'
import { removeBoostItemsBy } from './timeline.ts'

export function allBlocks(db: Db): Block[] {
  return db.select().from(blocks).orderBy(asc(blocks.domain)).all()
}

const SEVERITY = 'select severity from blocks where domain = ?'

/** How a server is blocked, by its own domain or by one it is part of. Asked of the database each time, so a block acts at once. */
export function severityOf(db: Db, host: string): Severity | undefined {
  const found = withParents(domainOf(host)).map(domain => listing(db, SEVERITY).get(domain) as Severity | undefined)
  return found.includes('suspend') ? 'suspend' : found.find(Boolean)
}

export function isSuspended(db: Db, host: string): boolean {
  return severityOf(db, host) === 'suspend'
}

export function blockOf(db: Db, domain: string): Block | undefined {
  return db.select().from(blocks).where(eq(blocks.domain, domain)).get()
}

/** Whether complaints from this server are taken. */
export function rejectsReports(db: Db, host: string): boolean {
  const wanted = and(inArray(blocks.domain, withParents(domainOf(host))), eq(blocks.rejectReports, true))
  return db.select({ domain: blocks.domain }).from(blocks).where(wanted).get() !== undefined
}

const MEDIA = 'select 1 from blocks where domain = ? and reject_media'

/** Whether pictures of this server are not wanted. */
export function rejectsMedia(db: Db, host: string): boolean {
  return withParents(domainOf(host)).some(domain => listing(db, MEDIA).get(domain) !== undefined)
}

/** A block keeps the day on which it began. */
export function saveBlock(tx: Tx, { since, ...block }: Block): void {
  tx.insert(blocks)
    .values({ ...block, since })
    .onConflictDoUpdate({ target: blocks.domain, set: block })
    .run()
}

/** Many at once; what stands already is overwritten. */
export function saveBlocks(tx: Tx, all: readonly Block[]): void {
  const taken = (column: string) => sql.raw(`excluded.${column}`)
  const set = {
    severity: taken('severity'),
    comment: taken('comment'),
    note: taken('note'),
    rejectMedia: taken('reject_media'),
    rejectReports: taken('reject_reports'),
    obfuscate: taken('obfuscate'),
  }
  for (let from = 0; from < all.length; from += 500)
    tx.insert(blocks)
      .values(
        all.slice(from, from + 500).map(({ domain, severity, since, comment, note, rejectMedia, rejectReports, obfuscate }) => ({
          domain,
          severity,
          since,
          comment,
          note,
          rejectMedia,
          rejectReports,
          obfuscate,
        })),
      )
      .onConflictDoUpdate({ target: blocks.domain, set })
      .run()
}

export function removeBlocks(tx: Tx, domains: readonly string[]): void {
  tx.delete(blocks)
    .where(sql`${blocks.domain} in (select value from json_each(${JSON.stringify(domains)}))`)
    .run()
}

export function removeBlock(tx: Tx, domain: string): boolean {
  return tx.delete(blocks).where(eq(blocks.domain, domain)).run().changes > 0
}

export type ActorBlock = typeof actorBlocks.$inferSelect

/** Whether the steward wants nothing to do with this actor. Asked of the database each time, like the servers. */
export function isBlocked(db: Db, actor: string): boolean {
  return listing(db, 'select 1 from actor_blocks where actor = ?').get(actor) !== undefined
}

export function actorBlockOf(db: Db, actor: string): ActorBlock | undefined {
  return db.select().from(actorBlocks).where(eq(actorBlocks.actor, actor)).get()
}

/** Single actors that are blocked, with what is known of them. */
export function allActorBlocks(db: Db) {
  return db
    .select({ actor: actorBlocks.actor, since: actorBlocks.since, comment: actorBlocks.comment, handle: actors.handle, host: actors.host })
    .from(actorBlocks)
    .leftJoin(actors, eq(actors.id, actorBlocks.actor))
    .orderBy(asc(actorBlocks.actor))
    .all()
}

export function saveActorBlock(tx: Tx, block: ActorBlock): void {
  tx.insert(actorBlocks).values(block).run()
}

export function removeActorBlock(tx: Tx, actor: string): void {
  tx.delete(actorBlocks).where(eq(actorBlocks.actor, actor)).run()
}

/** What is here of some servers. */
export type Inhabitants = { actors: string[]; entries: string[]; hosts: string[]; relays: string[] }

/** What is here of a domain and its subdomains: actors, entries, servers there is a queue for, and relays. */
export function inhabitants(db: Db, domain: string): Inhabitants {
  const named = `%${domain}%`
  const there = db.select({ actor: entries.actor, host: entries.host }).from(entries).where(like(entries.host, named)).all()
  return { ...strangersOf(db, host => withParents(domainOf(host)).includes(domain), named), entries: within(there, domain) }
}

/** The same of many domains, but for entries: in one go through everything there is. */
export function inhabitantsOfAny(db: Db, domains: ReadonlySet<string>): Inhabitants {
  return { ...strangersOf(db, host => withParents(domainOf(host)).some(part => domains.has(part)), '%'), entries: [] }
}

function within(rows: readonly { actor: string; host: string }[], domain: string): string[] {
  return rows.filter(({ host }) => withParents(domainOf(host)).includes(domain)).map(({ actor }) => actor)
}

function strangersOf(db: Db, isTheirs: (host: string) => boolean, named: string): Omit<Inhabitants, 'entries'> {
  const theirs = (address: string) => URL.canParse(address) && isTheirs(new URL(address).host)
  // Of a thread posts are kept whose authors never came here themselves.
  const authors = db
    .selectDistinct({ id: posts.author })
    .from(posts)
    .where(and(eq(posts.local, false), like(posts.author, named)))
    .all()
  const known = db.select({ id: actors.id, host: actors.host }).from(actors).where(like(actors.host, named)).all()
  const queues = db.select({ host: hosts.host }).from(hosts).where(like(hosts.host, named)).all()
  return {
    actors: [
      ...new Set([...known.filter(({ host }) => isTheirs(host)).map(({ id }) => id), ...authors.map(({ id }) => id).filter(theirs)]),
    ],
    hosts: queues.map(({ host }) => host).filter(isTheirs),
    relays: db
      .select({ inbox: relays.inbox })
      .from(relays)
      .all()
      .map(({ inbox }) => inbox)
      .filter(theirs),
  }
}

/** Cuts every tie to these servers, and forgets who is there, what they said and what was to be sent there. */
export function cutOff(tx: Tx, found: Inhabitants, at: Date): void {
  // One by one: a large server has more actors than one statement takes values.
  for (const id of found.actors) {
    forgetWordsOf(tx, id, at)
    tx.delete(followers).where(eq(followers.actor, id)).run()
    tx.delete(following).where(eq(following.actor, id)).run()
    tx.delete(actorKeys).where(eq(actorKeys.actor, id)).run()
    // Who has said goodbye for good stays gone, and who is blocked alone stays known by name.
    if (isBlocked(tx, id)) blankActor(tx, id)
    else
      tx.delete(actors)
        .where(and(eq(actors.id, id), isNull(actors.goneAt)))
        .run()
  }
  for (const name of found.hosts) {
    tx.delete(deliveries).where(eq(deliveries.host, name)).run()
    tx.update(hosts).set({ nextDueAt: null }).where(eq(hosts.host, name)).run()
  }
  for (const inbox of found.relays) tx.delete(relays).where(eq(relays.inbox, inbox)).run()
}

/** Forgets the pictures of these actors: their own, and what their posts carry. */
export function forgetMediaOf(tx: Tx, found: readonly string[]): void {
  const theirs = JSON.stringify(found)
  writing(tx, 'update actors set icon = null where id in (select value from json_each(?))').run(theirs)
  writing(
    tx,
    'delete from attachments where post in (select id from posts where not local and author in (select value from json_each(?)))',
  ).run(theirs)
}

/** Forgets everything an actor has said here: posts, reactions, votes, quotes, and what was still to be fetched for it. */
export function forgetWordsOf(tx: Tx, actor: string, at: Date): void {
  const his = tx.select({ id: posts.id }).from(posts).where(eq(posts.author, actor))
  tx.delete(mentions).where(inArray(mentions.post, his)).run()
  tx.delete(attachments).where(inArray(attachments.post, his)).run()
  tx.delete(postEdits).where(inArray(postEdits.post, his)).run()
  tx.update(inquiryMessages).set({ post: null }).where(inArray(inquiryMessages.post, his)).run()
  tx.delete(reactions).where(inArray(reactions.post, his)).run()
  dropWords(tx, actor)
  tx.delete(posts).where(eq(posts.author, actor)).run()
  tx.delete(reactions).where(eq(reactions.actor, actor)).run()
  tx.delete(notices).where(eq(notices.actor, actor)).run()
  removeBoostItemsBy(tx, actor)
  tx.delete(votes).where(eq(votes.actor, actor)).run()
  tx.update(quotes)
    .set({ revokedAt: at })
    .where(and(eq(quotes.actor, actor), isNull(quotes.revokedAt)))
    .run()
  tx.delete(errands).where(eq(errands.actor, actor)).run()
}

/** Of an actor only its address is kept, its inbox, and the keys it is known by. */
export function blankActor(tx: Tx, id: string): void {
  const name = sql`${actors.handle}`
  tx.update(actors).set({ name, summary: '', icon: null, charter: null }).where(eq(actors.id, id)).run()
}
