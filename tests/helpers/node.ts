import { createServer } from 'node:net'
import { pino } from 'pino'
import type { Test } from 'tap'
import { foundCommunity } from '../../src/actions/community.ts'
import { foundNode } from '../../src/actions/node.ts'
import { tallyQuestions } from '../../src/actions/question.ts'
import { buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Context } from '../../src/context.ts'
import { queueLength } from '../../src/db/delivery.ts'
import { dueErrands } from '../../src/db/errand.ts'
import { openDatabase, transact } from '../../src/db/open.ts'
import type { Charter } from '../../src/domain/charter.ts'
import { communityIri, nodeIri } from '../../src/domain/iri.ts'
import { createDelivery } from '../../src/federation/delivery.ts'
import { runErrands } from '../../src/federation/errand.ts'
import { createFetcher } from '../../src/federation/fetch.ts'
import { tellOthers } from '../../src/federation/outbox.ts'
import { aCharter } from './charters.ts'
import { foundCheaply, giveKeys, type RsaPair } from './cheap-keys.ts'

export type TestNode = Awaited<ReturnType<typeof startNode>>

/** A whole node on loopback: real routes over real HTTP, real SQLite, real keys and signatures, and a clock that can be moved. */
export async function startNode(
  t: Test,
  {
    handle = 'oak',
    charter = {},
    env = {},
    file = ':memory:',
    founded = true,
    ...given
  }: {
    handle?: string
    charter?: Partial<Charter>
    env?: Record<string, string>
    file?: string
    founded?: boolean
    /** A free one unless given: a node that comes back comes back to its own. */
    port?: number
    /** One pair for many nodes, where there are many. */
    rsa?: RsaPair
  } & Partial<Pick<Context, 'fetch' | 'log'>> = {},
) {
  const port = given.port ?? (await freePort())
  const config = readConfig({ PORT: String(port), ALLOW_PRIVATE_ADDRESSES: 'true', LOG_LEVEL: 'silent', ...env })
  const clock = { offsetMs: 0 }
  const ctx: Context = {
    config,
    db: openDatabase(file),
    now: () => new Date(Date.now() + clock.offsetMs),
    fetch: given.fetch ?? createFetcher({ userAgent: 'Archipelago test', allowPrivate: true }),
    log: given.log ?? pino({ level: 'silent' }),
  }
  const { rsa } = given
  if (rsa) transact(ctx.db, tx => giveKeys(tx, nodeIri(config.publicUrl), rsa, ctx.now()))
  foundNode(ctx)
  if (founded && rsa) foundCheaply(ctx, aCharter({ name: handle, ...charter }), handle, rsa)
  else if (founded) foundCommunity(ctx, aCharter({ name: handle, ...charter }), handle)
  const app = buildApp(ctx)
  const delivery = createDelivery(app.federation)
  // Its founding is old news: nobody was there to hear of it.
  tellOthers(app.federation)
  await app.server.listen({ port, host: '127.0.0.1' })
  let stopped: Promise<void> | undefined
  const stop = () => {
    stopped ??= delivery
      .stop()
      .then(() => app.stop())
      .then(() => void ctx.db.$client.close())
    return stopped
  }
  t.teardown(stop)
  return {
    ctx,
    app,
    stop,
    delivery,
    clock,
    federation: app.federation,
    url: config.publicUrl,
    actor: communityIri(config.publicUrl, handle),
    address: `@${handle}@${config.host}`,
    /** Asks this node for something, as a fediverse server unless told otherwise. */
    get: (path: string, accept = 'application/activity+json') =>
      fetch(new URL(path, config.publicUrl), { headers: { accept }, redirect: 'manual' }),
  }
}

/** Lets the nodes talk until nobody has anything more to say: what the jobs of a running node do by themselves. */
export async function settle(...nodes: Pick<TestNode, 'ctx' | 'federation' | 'delivery'>[]): Promise<void> {
  for (let round = 0; round < 50; round++) {
    let said = 0
    for (const { ctx, federation, delivery } of nodes) {
      tallyQuestions(ctx)
      said += tellOthers(federation) + queueLength(ctx.db) + dueErrands(ctx.db, ctx.now(), 1).length
      delivery.deliverDue()
      await delivery.idle()
      await runErrands(federation)
    }
    if (said === 0) return
  }
}

// Below those that the system gives to whoever calls out: between two looks nobody else takes one of these by chance.
const PORTS = { first: 12_000, each: 100, processes: 200 }
let nextPort = 0

/** A port of the loopback address that nobody listens on; every test process has some of its own. */
export async function freePort(): Promise<number> {
  const mine = PORTS.first + (process.pid % PORTS.processes) * PORTS.each
  for (;;) {
    const port = mine + (nextPort++ % PORTS.each)
    if (await isFree(port)) return port
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)))
  })
}
