// npm run torture -- --rounds 15 [--json]
// Kills the server with SIGKILL at a random moment under load, starts it again, and in the end holds it to what it acknowledged.
import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type BenchNode, foundNode } from '../../bench/node.ts'
import { publishPost } from '../../src/actions/post.ts'
import type { Context } from '../../src/context.ts'
import { saveFollowing } from '../../src/db/following.ts'
import { transact } from '../../src/db/open.ts'
import { create, type ForeignHost, follow, post, startForeignHost, undo } from './foreign.ts'
import { type Entry, judge, type Verdict } from './ledger.ts'

const RECEIVERS = 4
const SENDERS = 8
const LONGEST_ROUND_MS = 800
/** Chance that something already sent is sent again, as servers do that heard no answer. */
const REPEAT = 0.3
const DRAIN_MS = 120_000

/** `stays` holds the Follows that are not to be undone (any more). */
type Torture = { node: BenchNode; ctx: Context; receivers: ForeignHost[]; ledger: Entry[]; next: number; stays: Set<string> }

/** @returns what was killed and sent, and what of it is wrong */
async function torture(root: string, rounds: number, say: (line: string) => void): Promise<Verdict & Record<string, unknown>> {
  const folder = mkdtempSync(join(tmpdir(), 'archipelago-torture-'))
  const node = await foundNode(root, join(folder, 'data'))
  const ctx = node.open()
  const receivers = await Promise.all(Array.from({ length: RECEIVERS }, startForeignHost))
  const all: Torture = { node, ctx, receivers, ledger: [], next: 0, stays: new Set() }
  try {
    followPosters(all)
    await settleKeepers(all)
    let published = 0
    for (let round = 1; round <= rounds; round++) {
      await node.start()
      published += await underLoad(all, round)
      if (round % 10 === 0) say(`${round} rounds, ${all.ledger.filter(entry => entry.acked).length} acknowledged`)
    }
    await node.start()
    await drained(ctx)
    await node.stop()
    const made = ctx.db.$client
      .prepare("select iri from activities where type = 'Create' and body like '%Still standing%'")
      .pluck()
      .all() as string[]
    const verdict = judge(
      ctx.db.$client,
      all.ledger,
      made,
      receivers.map(({ arrived }) => arrived),
    )
    if (made.length !== published) verdict.lost.push(`${published} posts were published and ${made.length} were told`)
    return { rounds, sent: all.ledger.length, published, ...verdict }
  } finally {
    ctx.db.$client.close()
    await node.kill()
    for (const receiver of receivers) receiver.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Sends until the moment comes, kills, and waits for the senders to notice. Gives how many posts were published meanwhile. */
async function underLoad(all: Torture, round: number): Promise<number> {
  const { node, ctx } = all
  let killed = false
  const sender = async () => {
    while (!killed) await sendSomething(all)
  }
  const senders = Array.from({ length: SENDERS }, sender)
  publishPost(ctx, `Still standing after ${round - 1}.`)
  await pause(randomInt(LONGEST_ROUND_MS))
  await node.kill()
  killed = true
  await Promise.all(senders)
  return 1
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
function followPosters({ ctx, receivers }: Torture): void {
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

async function drained({ db }: Context): Promise<void> {
  const left = db.$client
    .prepare(
      "select (select count(*) from deliveries) + (select count(*) from errands) + (select max(id) from events) - (select event_id from cursors where name = 'outbox')",
    )
    .pluck()
  const end = Date.now() + DRAIN_MS
  while ((left.get() as number) > 0 && Date.now() < end) await pause(100)
}

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' }, json: { type: 'boolean', default: false } } })
const rounds = Number(values.rounds)
if (!Number.isInteger(rounds) || rounds < 1 || rounds > 10_000) throw new Error('--rounds must be a number from 1 to 10000.')
const found = await torture(fileURLToPath(new URL('../../', import.meta.url)), rounds, line => values.json || console.log(line))
const { lost, doubled, missing, broken, ...counts } = found
const summary = { ...counts, lost: lost.length, doubled: doubled.length, missing: missing.length, broken: broken.length }
if (values.json) console.log(JSON.stringify(summary))
else
  console.log(
    Object.entries(summary)
      .map(([name, n]) => `${name} ${n}`)
      .join(', '),
  )
for (const fault of [...lost, ...doubled, ...missing, ...broken].slice(0, 50)) console.error(fault)
process.exitCode = lost.length + doubled.length + missing.length + broken.length > 0 ? 1 : 0
