// npm run torture -- --rounds 15 [--json]
// Kills the server with SIGKILL at a random moment under load, starts it again, and in the end holds it to what it acknowledged.
// Nothing else has the database open when it dies, so that each start has to recover it. Ends with 1 if anything is wrong.
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import Database from 'better-sqlite3'
import { type BenchNode, foundNode } from '../../bench/node.ts'
import { publishPost } from '../../src/actions/post.ts'
import type { Context } from '../../src/context.ts'
import { saveFollowing } from '../../src/db/following.ts'
import { transact } from '../../src/db/open.ts'
import { root } from '../helpers/root.ts'
import { create, type ForeignHost, follow, post, startForeignHost, undo } from './foreign.ts'
import { type Entry, judge, type Verdict } from './ledger.ts'

const RECEIVERS = 4
const SENDERS = 8
/** The moment of a kill: after so many answers at most, and then within so many milliseconds. */
const MOST_ANSWERS = 80
const LONGEST_AFTER_MS = 60
const LONGEST_ROUND_MS = 5_000
/** Chance that something already sent is sent again, as servers do that heard no answer. */
const REPEAT = 0.3
/** Chance that the server dies while it is still starting. */
const STILLBORN = 0.1
const LONGEST_STILLBORN_MS = 400
const DRAIN_MS = 120_000
const LONGEST_START_MS = 5_000

/** `stays` holds the Follows that are not to be undone (any more). */
type Torture = {
  node: BenchNode
  receivers: ForeignHost[]
  ledger: Entry[]
  next: number
  stays: Set<string>
  faults: string[]
  slow: string[]
}
type Load = { published: number; sent: number; loadMs: number; kills: number; slowestStartMs: number }

/** @returns what was killed and sent, and what of it is wrong */
async function torture(rounds: number, say: (line: string) => void): Promise<Verdict & { slow: string[] } & Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'archipelago-torture-'))
  const node = await foundNode(fileURLToPath(root), join(folder, 'data'))
  const receivers = await Promise.all(Array.from({ length: RECEIVERS }, startForeignHost))
  const all: Torture = { node, receivers, ledger: [], next: 0, stays: new Set(), faults: [], slow: [] }
  const load: Load = { published: 0, sent: 0, loadMs: 0, kills: 0, slowestStartMs: 0 }
  const since = performance.now()
  try {
    opened(node, followPosters(receivers))
    await settleKeepers(all)
    for (let round = 1; round <= rounds; round++) {
      if (Math.random() < STILLBORN) await killWhileStarting(all, load)
      await start(all, load)
      await underLoad(all, load, round)
      if (round % 10 === 0) say(`${round} rounds, ${all.ledger.filter(entry => entry.acked).length} acknowledged`)
    }
    await start(all, load)
    await drained(node)
    await node.stop()
    return { rounds, seconds: Math.round((performance.now() - since) / 1000), ...verdict(all, load) }
  } finally {
    await node.kill()
    for (const receiver of receivers) receiver.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function verdict({ node, receivers, ledger, faults, slow }: Torture, { published, sent, loadMs, kills, slowestStartMs }: Load) {
  return opened(node, ctx => {
    const client = ctx.db.$client
    const made = client
      .prepare("select iri from activities where type = 'Create' and body like '%Still standing%'")
      .pluck()
      .all() as string[]
    const arrived = receivers.map(host => host.arrived)
    const found = judge(client, ledger, made, arrived)
    if (made.length !== published) found.lost.push(`${published} posts were published and ${made.length} were told`)
    const perSecond = Math.round(sent / (loadMs / 1000))
    const deliveries = arrived.reduce((sum, { creates, answers }) => sum + creates.size + answers.size, 0)
    found.broken.push(...faults)
    return { kills, sent, perSecond, published, deliveries, slowestStartMs: Math.round(slowestStartMs), slow, ...found }
  })
}

async function start({ node, slow }: Torture, load: Load): Promise<void> {
  const since = performance.now()
  await node.start()
  const ms = performance.now() - since
  load.slowestStartMs = Math.max(load.slowestStartMs, ms)
  if (ms > LONGEST_START_MS) slow.push(`a start took ${Math.round(ms)} ms`)
}

async function killWhileStarting({ node }: Torture, load: Load): Promise<void> {
  // It goes on asking until the next start answers it.
  void node.start().catch(() => {})
  await pause(randomInt(LONGEST_STILLBORN_MS))
  await node.kill()
  load.kills++
}

/** Sends until the moment comes, kills, waits for the senders to notice, and looks at what is left. */
async function underLoad(all: Torture, load: Load, round: number): Promise<void> {
  const { node, faults } = all
  let killed = false
  const sender = async () => {
    for (; !killed; load.sent++) await sendSomething(all)
  }
  opened(node, ctx => publishPost(ctx, `Still standing after ${round - 1}.`))
  load.published++
  const since = performance.now()
  const senders = Array.from({ length: SENDERS }, sender)
  const enough = load.sent + randomInt(MOST_ANSWERS)
  while (load.sent < enough && performance.now() - since < LONGEST_ROUND_MS) await pause(2)
  await pause(randomInt(LONGEST_AFTER_MS))
  await node.kill()
  killed = true
  load.kills++
  load.loadMs += performance.now() - since
  await Promise.all(senders)
  const damage = damageOf(node.database)
  if (damage) faults.push(`after ${round} rounds: ${damage}`)
}

/** What a plain look at the file finds wrong with it, the write-ahead log included. */
function damageOf(file: string): string | undefined {
  // Read-only, so that it stays for the server to recover.
  const database = new Database(file, { readonly: true })
  try {
    const found = String(database.pragma('quick_check', { simple: true }))
    return found === 'ok' ? undefined : found
  } finally {
    database.close()
  }
}

/** Works on the node's data as a command would, and leaves. */
function opened<T>(node: BenchNode, work: (ctx: Context) => T): T {
  const ctx = node.open()
  try {
    const synchronous = ctx.db.$client.pragma('synchronous', { simple: true })
    if (synchronous !== 2) throw new Error(`PRAGMA synchronous is ${synchronous}.`)
    return work(ctx)
  } finally {
    ctx.db.$client.close()
  }
}

async function sendSomething(all: Torture): Promise<void> {
  const { ledger } = all
  const entry = ledger.length > 0 && Math.random() < REPEAT ? ledger[randomInt(ledger.length)]! : fresh(all)
  await send(all, entry)
}

function fresh(all: Torture): Entry {
  const number = ++all.next
  const { origin } = all.receivers[number % RECEIVERS]!
  const wish = Math.random()
  const standing = wish < 0.2 ? all.ledger.find(entry => entry.kind === 'Follow' && entry.acked && !all.stays.has(entry.id)) : undefined
  const entry: Entry = standing
    ? { kind: 'Undo', id: `${standing.id}/undo`, actor: standing.actor, about: standing.id, acked: false, sent: 0 }
    : wish < 0.6
      ? { kind: 'Follow', id: `${origin}/follows/${number}`, actor: `${origin}/users/f${number}`, about: '', acked: false, sent: 0 }
      : { kind: 'Create', id: `${origin}/posts/${number}`, actor: `${origin}/users/poster`, about: '', acked: false, sent: 0 }
  if (standing) all.stays.add(standing.id)
  all.ledger.push(entry)
  return entry
}

async function send({ node }: Torture, entry: Entry): Promise<void> {
  const { kind, id, actor, about } = entry
  const document =
    kind === 'Follow'
      ? follow(actor, id, node.actor)
      : kind === 'Create'
        ? create(actor, id)
        : undo(actor, id, follow(actor, about, node.actor))
  entry.sent++
  if ((await post(`${node.url}/inbox`, document)) === 202) entry.acked = true
}

/** Each server has a poster whom the node follows, so that what it posts is kept. */
function followPosters(receivers: ForeignHost[]): (ctx: Context) => void {
  return ctx =>
    transact(ctx.db, tx => {
      for (const { origin } of receivers)
        saveFollowing(tx, { actor: `${origin}/users/poster`, followId: `${origin}/asked`, state: 'accepted', since: ctx.now() })
    })
}

/** On each server somebody follows the node from the start, so that every post of it must arrive there. */
async function settleKeepers(all: Torture): Promise<void> {
  await all.node.start()
  for (const { origin } of all.receivers) {
    const entry: Entry = {
      kind: 'Follow',
      id: `${origin}/follows/keeper`,
      actor: `${origin}/users/keeper`,
      about: '',
      acked: false,
      sent: 0,
    }
    all.ledger.push(entry)
    await send(all, entry)
    if (!entry.acked) throw new Error('The first follower was not taken.')
    all.stays.add(entry.id)
  }
  await all.node.stop()
}

async function drained(node: BenchNode): Promise<void> {
  const ctx = node.open()
  const left = ctx.db.$client
    .prepare(
      "select (select count(*) from deliveries) + (select count(*) from errands) + (select max(id) from events) - (select event_id from cursors where name = 'outbox')",
    )
    .pluck()
  const end = Date.now() + DRAIN_MS
  while ((left.get() as number) > 0 && Date.now() < end) await pause(100)
  ctx.db.$client.close()
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } } })
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 10_000) throw new Error('--rounds must be a number from 1 to 10000.')
const found = await torture(rounds, line => values.json || console.log(line))
const { slow, lost, doubled, missing, broken, ...counts } = found
const summary = { ...counts, slow: slow.length, lost: lost.length, doubled: doubled.length, missing: missing.length, broken: broken.length }
if (values.json) console.log(JSON.stringify(summary))
else
  console.log(
    Object.entries(summary)
      .map(([name, n]) => `${name} ${n}`)
      .join(', '),
  )
const faults = [...slow, ...lost, ...doubled, ...missing, ...broken]
for (const fault of faults.slice(0, 50)) console.error(fault)
// As every step of .ci/run ends; beside the JSON, not in it.
console.error(`${faults.length > 0 ? 0 : rounds} passed, ${faults.length} failed`)
process.exitCode = faults.length > 0 ? 1 : 0
