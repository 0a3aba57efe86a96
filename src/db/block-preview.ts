import { and, count, eq, inArray, like, sql } from 'drizzle-orm'
import { domainOf, type Severity, withParents } from '../domain/block.ts'
import { inhabitants } from './block.ts'
import type { Db } from './open.ts'
import { actors, deliveries, followers, following } from './schema.ts'
import { entries, peers } from './schema-directory.ts'
import { posts, reactions } from './schema-post.ts'

/** How many, and the first of them by name. */
export type Named = { count: number; first: string[] }
/** What a block would cut, as it stands now. */
export type BlockPreview = {
  followers: Named
  following: Named
  entries: Named
  peers: Named
  relays: Named
  posts: number
  reactions: number
  deliveries: number
}

const FIRST = 5
const AT_ONCE = 500
const NOBODY: Named = { count: 0, first: [] }

/** What it would do to block a domain and its subdomains. A limit only takes entries out of the directory. */
export function previewDomain(db: Db, domain: string, severity: Severity): BlockPreview {
  const found = inhabitants(db, domain)
  const listed = named(namesOfEntries(db, found.entries.slice(0, FIRST)), found.entries.length)
  const nothing = { followers: NOBODY, following: NOBODY, peers: NOBODY, relays: NOBODY, posts: 0, reactions: 0, deliveries: 0 }
  if (severity === 'limit') return { ...nothing, entries: listed }
  const nodes = db
    .select({ origin: peers.origin })
    .from(peers)
    .where(like(peers.origin, `%${domain}%`))
    .all()
    .map(({ origin }) => new URL(origin).host)
    .filter(host => withParents(domainOf(host)).includes(domain))
  const queued = sum(found.hosts, some => db.select({ n: count() }).from(deliveries).where(inArray(deliveries.host, some)).get()!.n)
  const walls = found.relays.map(inbox => new URL(inbox).host)
  return {
    ...wordsOf(db, found.actors),
    entries: listed,
    peers: named([...new Set(nodes)], nodes.length),
    relays: named(walls, walls.length),
    deliveries: queued,
  }
}

/** What it would do to block one actor. */
export function previewActor(db: Db, actor: string): BlockPreview {
  const listed = db.select({ actor: entries.actor }).from(entries).where(eq(entries.actor, actor)).all()
  return {
    ...wordsOf(db, [actor]),
    entries: named(
      namesOfEntries(
        db,
        listed.map(row => row.actor),
      ),
      listed.length,
    ),
    peers: NOBODY,
    relays: NOBODY,
    // What waits goes to its server, where others read it too.
    deliveries: 0,
  }
}

/** Followers and followed of some servers, each by its host: what a list of them would cut. */
export function tiesByHost(db: Db): { followers: Map<string, string[]>; following: Map<string, string[]> } {
  const all = (table: typeof followers | typeof following) => {
    const rows = db.select({ handle: actors.handle, host: actors.host }).from(table).innerJoin(actors, eq(actors.id, table.actor)).all()
    const byHost = new Map<string, string[]>()
    for (const { handle, host } of rows) byHost.set(host, [...(byHost.get(host) ?? []), `@${handle}@${host}`])
    return byHost
  }
  return { followers: all(followers), following: all(following) }
}

function wordsOf(db: Db, ids: readonly string[]): Pick<BlockPreview, 'followers' | 'following' | 'posts' | 'reactions'> {
  const kept = (some: string[]) =>
    db
      .select({ n: count() })
      .from(posts)
      .where(and(inArray(posts.author, some), sql`${posts.deletedAt} is null`))
      .get()!.n
  return {
    followers: tied(db, followers, ids),
    following: tied(db, following, ids),
    posts: sum(ids, kept),
    reactions: sum(ids, some => db.select({ n: count() }).from(reactions).where(inArray(reactions.actor, some)).get()!.n),
  }
}

function tied(db: Db, table: typeof followers | typeof following, ids: readonly string[]): Named {
  const names: string[] = []
  for (const some of parts(ids)) {
    const rows = db
      .select({ id: table.actor, handle: actors.handle, host: actors.host })
      .from(table)
      .leftJoin(actors, eq(actors.id, table.actor))
      .where(inArray(table.actor, some))
      .all()
    for (const { id, handle, host } of rows) names.push(handle ? `@${handle}@${host}` : id)
  }
  return named(names.sort(), names.length)
}

function namesOfEntries(db: Db, ids: readonly string[]): string[] {
  return db
    .select({ name: entries.name })
    .from(entries)
    .where(inArray(entries.actor, [...ids]))
    .all()
    .map(({ name }) => name)
}

const named = (names: readonly string[], all: number): Named => ({ count: all, first: names.slice(0, FIRST) })

function sum(values: readonly string[], of: (some: string[]) => number): number {
  return parts(values).reduce((total, some) => total + of(some), 0)
}

function parts(values: readonly string[]): string[][] {
  return Array.from({ length: Math.ceil(values.length / AT_ONCE) }, (_, at) => values.slice(at * AT_ONCE, (at + 1) * AT_ONCE))
}
