import t from 'tap'
import { hearEntry } from '../src/actions/entry.ts'
import { takeLooks } from '../src/actions/look-due.ts'
import { lookBook, wantLook } from '../src/db/look.ts'
import { transact } from '../src/db/open.ts'
import { recordOf } from '../src/db/record.ts'
import { entryKey } from '../src/domain/entry.ts'
import { LIMITS, lookWithin } from '../src/domain/entry-limit.ts'
import { checkEntries } from '../src/federation/entry-origin.ts'
import { startNode } from './helpers/node.ts'
import { aKey, anAuthor, DAY, signed } from './helpers/signed-entry.ts'

type Json = Record<string, unknown>
const MINUTE = 60_000
const stranger = aKey()

async function scene(t: Parameters<typeof startNode>[0]) {
  const node = await startNode(t)
  const { ctx, clock } = node
  const now = () => ctx.now().getTime()
  // From the beginning of a day on, so that its budget lasts.
  clock.offsetMs += DAY - (now() % DAY)
  return {
    ...node,
    now,
    origin: (document: Json) => hearEntry(ctx, signed(document, now()), 'origin'),
    gossip: (document: Json, peer: number) => hearEntry(ctx, signed(document, now()), { peer }),
    checkAt: (actor: string) => recordOf(ctx.db, actor)?.checkAt?.getTime() ?? null,
    /** Which communities are looked at within this time, as often as each; nobody answers. */
    looksWithin(ms: number): Map<string, number> {
      const seen = new Map<string, number>()
      const until = now() + ms
      for (;;) {
        const { looks, due } = takeLooks(ctx)
        for (const { actor, checkAt } of looks) {
          seen.set(actor, (seen.get(actor) ?? 0) + 1)
          // As after an answer: nothing is left to be done.
          if (checkAt) ctx.db.$client.prepare('update records set check_at = null where actor = ?').run(actor)
        }
        if (due > 0) continue
        if (now() >= until) return seen
        clock.offsetMs += 5 * MINUTE
      }
    },
    pretendToShow(communities: number): void {
      ctx.db.$client.prepare('insert into search_bands values (1, ?, ?)').run(communities, communities)
    },
  }
}
const crowd = (count: number) => Array.from({ length: count }, (_, n) => anAuthor(`https://d${n}.test/c/d`))

t.test('whoever contradicts what is known of many makes this node look at few, and at each but once in six hours', async t => {
  const { ctx, now, origin, gossip, looksWithin } = await scene(t)
  const known = crowd(LIMITS.checksPerPeerADay + 100)
  for (const author of known) origin(author.entry(5, now()))
  const verdicts = new Set(known.map(author => gossip(author.entry(9, now(), {}, { by: stranger }), 1)))
  t.same([...verdicts], ['quarantine'])
  const waiting = ctx.db.$client.prepare('select count(*) from records where check_at is not null').pluck()
  t.equal(waiting.get(), LIMITS.checksPerPeerADay, 'the rest is not even noted')
  const looks = looksWithin(12 * 60 * MINUTE)
  t.equal(looks.size, LIMITS.checksPerPeerADay)
  t.ok(
    [...looks.values()].every(times => times === 1),
    'at each once',
  )
  t.equal(lookBook(ctx.db, ctx.now()).peers[1], LIMITS.checksPerPeerADay, 'at the cost of who told')

  // Another peer says the same, again and again, of one community.
  const one = known.at(-1)!
  const times = () => gossip(one.entry(9, now(), {}, { by: stranger }), 2)
  let count = 0
  for (let quarter = 0; quarter < 4 * 7; quarter++) {
    times()
    count += looksWithin(15 * MINUTE).get(one.actor) ?? 0
  }
  t.equal(count, 2, 'in seven hours it is looked at twice')
})

t.test('all peers together have a budget, and this node one of its own that no flood can touch', async t => {
  const { ctx, now, origin, gossip, looksWithin } = await scene(t)
  const [own, told] = [anAuthor('https://own.test/c/own'), crowd(40)]
  origin(own.entry(5, now()))
  for (const author of told) gossip(author.entry(5, now()), 1)
  const { day } = lookBook(ctx.db, ctx.now())
  const spent = { day, all: LIMITS.checksADay - 3, peers: {}, own: 0, opened: 0, hastened: {} }
  ctx.db.$client.prepare('insert or replace into settings values (?, ?)').run('entry.checks', JSON.stringify(spent))
  transact(ctx.db, tx => wantLook(tx, Buffer.from(entryKey(own.actor), 'hex'), new Date(now() + 11 * MINUTE)))
  const looks = looksWithin(60 * MINUTE)
  t.equal(looks.get(own.actor), 1)
  t.equal(looks.size, 4)
  const put = told.filter(({ actor }) => !looks.has(actor)).map(({ actor }) => recordOf(ctx.db, actor)!)
  t.ok(
    put.every(({ state, checkAt }) => state === 'heard' && checkAt! > ctx.now()),
    'the others wait',
  )
  const used = lookBook(ctx.db, ctx.now())
  t.match(used, { own: 1, all: LIMITS.checksADay })
  const full = { ...used, own: LIMITS.ownChecksADay }
  ctx.db.$client.prepare('insert or replace into settings values (?, ?)').run('entry.checks', JSON.stringify(full))
  transact(ctx.db, tx => wantLook(tx, Buffer.from(entryKey(told[0]!.actor), 'hex'), ctx.now()))
  t.equal(looksWithin(0).size, 0, 'which has an end too')
})

t.test('the larger the directory, the longer a newcomer’s origin is left alone, but for whoever opens its page', async t => {
  const { ctx, now, gossip, checkAt, pretendToShow, get, federation } = await scene(t)
  t.equal(lookWithin(0), 10 * MINUTE)
  t.equal(lookWithin(6000), 10 * MINUTE)
  t.ok(lookWithin(60_000) >= 100 * MINUTE)
  t.equal(lookWithin(1e6), DAY)
  const few = crowd(20)
  for (const author of few) gossip(author.entry(5, now()), 1)
  t.ok(
    few.every(({ actor }) => checkAt(actor)! - now() <= 10 * MINUTE),
    'a small directory shows newcomers within minutes',
  )
  pretendToShow(60_000)
  const many = Array.from({ length: 40 }, (_, n) => anAuthor(`https://e${n}.test/c/e`))
  for (const author of many) gossip(author.entry(5, now()), 1)
  const waits = many.map(({ actor }) => checkAt(actor)! - now())
  t.ok(Math.max(...waits) > 60 * MINUTE)
  t.ok(Math.max(...waits) <= lookWithin(60_001))

  const named = many.reduce((one, other) => (checkAt(one.actor)! > checkAt(other.actor)! ? one : other))
  const before = checkAt(named.actor)!
  const known = JSON.parse(recordOf(ctx.db, named.actor)!.text) as Json
  gossip(known, 1)
  t.equal(checkAt(named.actor), before, 'to name it twice hastens nothing')
  gossip(known, 2)
  t.ok(Math.abs(checkAt(named.actor)! - (before + now()) / 2) < 5_000, 'named by another, it is looked at in half the time')
  t.equal(recordOf(ctx.db, named.actor)!.peer, 2)

  const opened = anAuthor('http://127.0.0.1:1/c/opened')
  gossip(opened.entry(5, now()), 1)
  const page = await get('/communities/127.0.0.1:1/opened', 'text/html')
  t.equal(page.status, 200)
  t.equal(await checkEntries(federation), 1, 'somebody reads its page')
  t.equal(recordOf(ctx.db, opened.actor)!.checks, 1, 'and its origin was asked at once')
  await get('/communities/127.0.0.1:1/opened', 'text/html')
  t.equal(await checkEntries(federation), 0, 'once')
  t.equal(lookBook(ctx.db, ctx.now()).opened, 1)
})
