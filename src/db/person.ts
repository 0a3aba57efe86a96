import { and, count, eq, inArray, or, sql } from 'drizzle-orm'
import { actorAt, actorOf } from './actor.ts'
import type { Db, Tx } from './open.ts'
import { recordOf } from './record.ts'
import { activities, actors, deliveries, errands, events, followers, following, received } from './schema.ts'
import { entries } from './schema-directory.ts'
import { inquiries, pledges } from './schema-inquiry.ts'
import { mentions, posts, quotes, reactions, reports, votes } from './schema-post.ts'
import { clientOf } from './statement.ts'

/** Somebody as this node knows them: actors of the fediverse, and what strangers sent under a name or an address. */
export type Person = { actors: string[]; inquiries: number[]; pledges: number[] }

/** @param text a handle, the address of an actor, or what was given with an inquiry or a pledge: an e-mail address, a name, a number */
export function findPerson(db: Db, text: string): Person {
  const wanted = text.trim()
  const [, handle, host] = /^(?:acct:)?@?([^@\s/]+)@([^@\s/]+)$/.exec(wanted) ?? []
  const named = handle && host ? (actorAt(db, handle, host) ?? actorAt(db, handle.toLowerCase(), host.toLowerCase()))?.id : undefined
  const address = /^https?:\/\//.test(wanted) ? wanted : undefined
  const known = named ?? (address && (actorOf(db, address)?.id ?? (isHeardOf(db, address) ? address : undefined)))
  const same = wanted.toLowerCase()
  const bare = same.replace(/^(acct:|mailto:)?@?/, '')
  const said = (column: typeof inquiries.contact | typeof pledges.contact) =>
    or(...[same, bare, `@${bare}`].map(one => sql`lower(trim(${column})) = ${one}`))
  const theirs = (table: typeof inquiries | typeof pledges) => or(said(table.contact), sql`lower(trim(${table.name})) = ${same}`)
  const ids = <T extends { id: number }>(rows: T[]) => rows.map(({ id }) => id)
  const wrote = known ? or(theirs(inquiries), eq(inquiries.actor, known)) : theirs(inquiries)
  return {
    actors: known ? [known] : [],
    inquiries: wanted ? ids(db.select({ id: inquiries.id }).from(inquiries).where(wrote).all()) : [],
    pledges: wanted ? ids(db.select({ id: pledges.id }).from(pledges).where(theirs(pledges)).all()) : [],
  }
}

function isHeardOf(db: Db, actor: string): boolean {
  const some = [
    db.select({ n: count() }).from(posts).where(eq(posts.author, actor)).get()!,
    db
      .select({ n: count() })
      .from(reports)
      .where(or(eq(reports.reporter, actor), eq(reports.target, actor)))
      .get()!,
    db.select({ n: count() }).from(received).where(eq(received.actor, actor)).get()!,
  ]
  return recordOf(db, actor) !== undefined || some.some(({ n }) => n > 0)
}

/** How many rows of what kind there are about somebody. */
export type PersonCounts = Record<
  'follower' | 'following' | 'posts' | 'mentions' | 'reactions' | 'quotes' | 'reports' | 'entry' | 'sent' | 'log' | 'inquiries' | 'pledges',
  number
>

export function countPerson(db: Db, person: Person): PersonCounts {
  const all = person.actors
  const n = (row: { n: number } | undefined) => row?.n ?? 0
  const of = (
    table: typeof followers | typeof following | typeof mentions | typeof reactions | typeof votes | typeof quotes | typeof entries,
  ) => n(db.select({ n: count() }).from(table).where(inArray(table.actor, all)).get())
  return {
    follower: of(followers),
    following: of(following),
    posts: n(db.select({ n: count() }).from(posts).where(inArray(posts.author, all)).get()),
    mentions: of(mentions),
    reactions: of(reactions) + of(votes),
    quotes: of(quotes),
    reports: n(
      db
        .select({ n: count() })
        .from(reports)
        .where(or(inArray(reports.reporter, all), inArray(reports.target, all)))
        .get(),
    ),
    entry: of(entries),
    sent: all.reduce((sum, actor) => sum + n(db.select({ n: count() }).from(activities).where(privateAbout(actor)).get()), 0),
    log: all.reduce((sum, actor) => sum + n(db.select({ n: count() }).from(events).where(eventsAbout(actor)).get()), 0),
    inquiries: person.inquiries.length,
    pledges: person.pledges.length,
  }
}

const names = (column: typeof activities.body | typeof events.data, actor: string) => sql`instr(${column}, ${JSON.stringify(actor)}) > 0`
const privateAbout = (actor: string) => and(eq(activities.public, false), names(activities.body, actor))
const eventsAbout = (actor: string) => or(eq(events.subject, actor), names(events.data, actor))

/** Direct posts of ours that nobody but this actor was to read. */
export function lettersTo(db: Db, actor: string): { author: string; iri: string; id: number }[] {
  const theirs = db.select({ post: mentions.post }).from(mentions).where(eq(mentions.actor, actor))
  const others = db.select({ post: mentions.post }).from(mentions).where(sql`${mentions.actor} <> ${actor}`)
  return db
    .select({ author: posts.author, iri: posts.iri, id: posts.id })
    .from(posts)
    .where(and(eq(posts.local, true), eq(posts.visibility, 'direct'), inArray(posts.id, theirs), sql`${posts.id} not in ${others}`))
    .all()
}

/** What was sent to somebody alone and has arrived, and their name in the log. */
export function scrubWords(tx: Tx, actor: string): void {
  const arrived = sql`${activities.id} not in (select ${deliveries.activity} from ${deliveries})`
  tx.delete(activities)
    .where(and(privateAbout(actor), arrived))
    .run()
  tx.update(events).set({ subject: 'erased', data: null }).where(eventsAbout(actor)).run()
  tx.delete(received).where(eq(received.actor, actor)).run()
  tx.delete(errands).where(eq(errands.actor, actor)).run()
  tx.delete(reports)
    .where(or(eq(reports.reporter, actor), eq(reports.target, actor)))
    .run()
}

/** Tables that hold no rows about people, or whose rows about them have an end of their own. */
const NOT_SWEPT = /^(sqlite_|__drizzle|entries|search_|facet_|records$|tree$|deliveries$|activities$|events$|keys$|settings$|posts$)/

/** Every row of any table in which a column is this actor and nothing else; then the rows that hung on them. */
export function sweep(tx: Tx, actor: string): void {
  const client = clientOf(tx)
  client.pragma('defer_foreign_keys = on')
  for (const table of tablesOf(tx)) {
    if (NOT_SWEPT.test(table)) continue
    const columns = client.pragma(`table_info("${table}")`) as { name: string; type: string }[]
    const texts = columns.filter(({ type }) => type.toLowerCase() === 'text').map(({ name }) => `"${name}" = @actor`)
    if (texts.length > 0) client.prepare(`delete from "${table}" where ${texts.join(' or ')}`).run({ actor })
  }
  dropOrphans(tx)
  tx.delete(actors).where(eq(actors.id, actor)).run()
}

export function tablesOf(db: Db): string[] {
  return clientOf(db).prepare("select name from sqlite_master where type = 'table' and sql not like '%virtual%'").pluck().all() as string[]
}

/** Rows whose parent is gone go too. */
export function dropOrphans(tx: Tx): void {
  const client = clientOf(tx)
  for (let round = 0; round < 5; round++) {
    let gone = 0
    for (const table of tablesOf(tx))
      for (const { table: parent, from, to } of client.pragma(`foreign_key_list("${table}")`) as {
        table: string
        from: string
        to: string
      }[])
        gone += client
          .prepare(`delete from "${table}" where "${from}" is not null and "${from}" not in (select "${to ?? 'id'}" from "${parent}")`)
          .run().changes
    if (gone === 0) return
  }
}
