import { createServer, type Server } from 'node:net'
import type { Context } from '../src/context.ts'
import { saveActivity } from '../src/db/activity.ts'
import { type Tx, transact } from '../src/db/open.ts'
import { actors, deliveries, followers, hosts } from '../src/db/schema.ts'
import { peer, type World } from './world.ts'

// Rows written at a time: SQLite takes 32,766 values in one statement.
const ROWS = 500

/** Writes followers into the database, spread over the hosts of the world; each host has one inbox for all of its own. */
export function addFollowers(ctx: Context, world: World, count: number): void {
  const now = ctx.now()
  const crowd = Array.from({ length: count }, (_, n) => peer(world, n))
  transact(ctx.db, tx => {
    each(crowd, some => {
      const rows = some.map(({ id, host, name }) => ({
        ...{ id, type: 'Person', handle: name, host, name, summary: '', url: id, inbox: `${id}/inbox` },
        ...{ sharedInbox: `http://${host}/inbox`, outbox: null, followers: null, icon: null, charter: null, fetchedAt: now, goneAt: null },
      }))
      tx.insert(actors).values(rows).run()
      tx.insert(followers)
        .values(some.map(({ id }) => ({ actor: id, followId: `${id}#follow`, state: 'accepted' as const, since: now })))
        .run()
    })
  })
}

/** Queues deliveries to hosts where nobody is, or where somebody takes connections and says nothing. */
export function addQueue(ctx: Context, count: number, dead: string[]): void {
  const now = ctx.now()
  transact(ctx.db, tx => {
    tx.insert(hosts)
      .values(dead.map(host => ({ host, nextDueAt: now })))
      .run()
    const activityCount = Math.ceil(count / dead.length)
    const numbers = Array.from({ length: activityCount }, (_, n) => oldNews(ctx, tx, n))
    const rows = Array.from({ length: count }, (_, n) => {
      const host = dead[n % dead.length]!
      return { activity: numbers[Math.floor(n / dead.length)]!, inbox: `http://${host}/inbox`, host, queuedAt: now, dueAt: now }
    })
    each(rows, some => void tx.insert(deliveries).values(some).run())
  })
}

function oldNews(ctx: Context, tx: Tx, n: number): number {
  const iri = `${ctx.config.publicUrl}/a/old-${n}`
  const body = JSON.stringify({ '@context': 'https://www.w3.org/ns/activitystreams', id: iri, type: 'Create', content: 'x'.repeat(2_000) })
  const actor = `${ctx.config.publicUrl}/c/brookfarm`
  return saveActivity(tx, { iri, actor, type: 'Create', public: false, body, at: ctx.now() })
}

function each<T>(rows: T[], write: (some: T[]) => void): void {
  for (let at = 0; at < rows.length; at += ROWS) write(rows.slice(at, at + ROWS))
}

/** Servers that take connections and never answer. */
export async function silentHosts(addresses: string[], port: number): Promise<Server[]> {
  return Promise.all(
    addresses.map(address => {
      const server = createServer(socket => socket.on('error', () => {}).resume())
      return new Promise<Server>((resolve, reject) => server.once('error', reject).listen(port, address, () => resolve(server)))
    }),
  )
}
