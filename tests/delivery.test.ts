import t from 'tap'
import { publishPost } from '../src/actions/post.ts'
import { hostOf, queueLength } from '../src/db/delivery.ts'
import { openDatabase } from '../src/db/open.ts'
import { createDelivery } from '../src/federation/delivery.ts'
import { createFederation } from '../src/federation/federation.ts'
import { tellOthers } from '../src/federation/outbox.ts'
import { type Foreign, startForeign } from './helpers/foreign.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'

const MINUTE = 60_000

async function followedBy(t: Parameters<typeof startNode>[0], oak: TestNode, count = 1): Promise<Foreign[]> {
  const servers: Foreign[] = []
  for (let i = 0; i < count; i++) {
    const foreign = await startForeign(t)
    await foreign.send(`${oak.actor}/inbox`, foreign.activity('Follow', oak.actor))
    servers.push(foreign)
  }
  await settle(oak)
  for (const foreign of servers) foreign.inbox.length = 0
  return servers
}

async function attempt(oak: TestNode): Promise<void> {
  tellOthers(oak.federation)
  oak.delivery.deliverDue()
  await oak.delivery.idle()
}
const contents = (foreign: Foreign) => foreign.inbox.map(activity => (activity.object as { content?: string }).content)

t.test('one inbox for each server, and the same activity for all', async t => {
  const oak = await startNode(t)
  const [one, two] = await followedBy(t, oak, 2)
  one!.serve('/users/bob', { body: one!.actor('bob') })
  await one!.send(
    `${oak.actor}/inbox`,
    { ...one!.activity('Follow', oak.actor), actor: `${one!.origin}/users/bob` },
    { sign: { ...one!.key, id: `${one!.origin}/users/bob#main-key` } },
  )
  await settle(oak)
  one!.inbox.length = 0
  publishPost(oak.ctx, 'hello')
  await settle(oak)
  t.equal(one!.inbox.length, 1, 'two followers there, one delivery')
  t.equal(one!.inbox[0]!.id, two!.inbox[0]!.id)
  t.equal(queueLength(oak.ctx.db), 0)
})

t.test('what fails for a while is tried again, on a schedule, with the same id and in order', async t => {
  const oak = await startNode(t)
  const [foreign] = await followedBy(t, oak)
  foreign!.answerInbox({ status: 503 })
  publishPost(oak.ctx, 'first')
  publishPost(oak.ctx, 'second')
  await attempt(oak)
  t.same(contents(foreign!), ['<p>first</p>'], 'the second waits behind the first')
  await attempt(oak)
  t.equal(foreign!.inbox.length, 1, 'nothing more within a minute')
  oak.clock.offsetMs += 2 * MINUTE
  await attempt(oak)
  t.equal(foreign!.inbox.length, 2)
  t.equal(foreign!.inbox[0]!.id, foreign!.inbox[1]!.id)
  oak.clock.offsetMs += 4 * MINUTE
  await attempt(oak)
  t.equal(foreign!.inbox.length, 2, 'the second pause is five minutes')
  foreign!.answerInbox({ status: 202 })
  oak.clock.offsetMs += 4 * MINUTE
  await attempt(oak)
  t.same(contents(foreign!).slice(2), ['<p>first</p>', '<p>second</p>'])
  t.equal(queueLength(oak.ctx.db), 0)
})

t.test('answers and what follows from them (O-105)', async t => {
  const again = [408, 425, 429, 500, 502, 503]
  const final = [301, 400, 401, 403, 404, 410, 413]
  const oak = await startNode(t)
  const [foreign] = await followedBy(t, oak)
  for (const status of [...final, ...again]) {
    foreign!.answerInbox({ status, headers: { location: `${foreign!.origin}/elsewhere` } })
    publishPost(oak.ctx, `status ${status}`)
    await attempt(oak)
    t.equal(queueLength(oak.ctx.db), again.includes(status) ? 1 : 0, `${status} is ${again.includes(status) ? 'tried again' : 'final'}`)
    foreign!.answerInbox({ status: 202 })
    oak.clock.offsetMs += 60 * MINUTE
    await attempt(oak)
    t.equal(queueLength(oak.ctx.db), 0)
  }
  t.notOk(foreign!.asked.includes('POST /elsewhere'), 'a redirect is not followed with a signed body')
})

t.test('a server that asks for patience gets it', async t => {
  const oak = await startNode(t)
  const [foreign] = await followedBy(t, oak)
  foreign!.answerInbox({ status: 429, headers: { 'retry-after': '3600' } })
  publishPost(oak.ctx, 'hello')
  await attempt(oak)
  publishPost(oak.ctx, 'another')
  oak.clock.offsetMs += 59 * MINUTE
  await attempt(oak)
  t.equal(foreign!.inbox.length, 1)
  foreign!.answerInbox({ status: 202 })
  oak.clock.offsetMs += 2 * MINUTE
  await attempt(oak)
  t.equal(foreign!.inbox.length, 3)
})

t.test('one bad inbox stops no one (O-28)', async t => {
  const oak = await startNode(t)
  const servers = await followedBy(t, oak, 3)
  oak.ctx.db.$client.prepare('update actors set inbox = ?, shared_inbox = null where id = ?').run('javascript:1', servers[0]!.me)
  publishPost(oak.ctx, 'hello')
  await settle(oak)
  t.equal(servers[1]!.inbox.length, 1)
  t.equal(servers[2]!.inbox.length, 1)
})

t.test('a server that is gone for a week gets nothing new until it speaks again', async t => {
  const oak = await startNode(t)
  const [foreign] = await followedBy(t, oak)
  foreign!.answerInbox({ status: 503, headers: { 'retry-after': '60' } })
  publishPost(oak.ctx, 'lost')
  for (let day = 0; day < 9; day++) {
    await attempt(oak)
    oak.clock.offsetMs += 26 * 60 * MINUTE
  }
  t.equal(queueLength(oak.ctx.db), 0, 'given up after seven days')
  const tried = foreign!.inbox.length
  publishPost(oak.ctx, 'not queued')
  await attempt(oak)
  t.equal(foreign!.inbox.length, tried)
  oak.clock.offsetMs = 0
  await foreign!.send(`${oak.actor}/inbox`, foreign!.activity('Wave', 1))
  t.match(hostOf(oak.ctx.db, foreign!.host), { failures: 0, failingSince: null })
  foreign!.answerInbox({ status: 202 })
  publishPost(oak.ctx, 'back again')
  await settle(oak)
  t.equal(contents(foreign!).at(-1), '<p>back again</p>')
})

t.test('a crash between queueing and sending loses nothing', async t => {
  const file = `${t.testdir()}/node.sqlite`
  const oak = await startNode(t, { file })
  const [foreign] = await followedBy(t, oak)
  publishPost(oak.ctx, 'hello')
  tellOthers(oak.federation)
  // What a killed process leaves behind: a lease nobody holds.
  oak.ctx.db.$client.prepare('update hosts set leased_until = ?').run(Date.now() + 60 * MINUTE)
  const after = createFederation({ ...oak.ctx, db: openDatabase(file) })
  const delivery = createDelivery(after)
  delivery.deliverDue()
  await delivery.stop()
  after.ctx.db.$client.close()
  t.same(contents(foreign!), ['<p>hello</p>'])
})

t.test('a server that only knows RFC 9421 is spoken to so, from the second time on at once', async t => {
  const oak = await startNode(t)
  const [foreign] = await followedBy(t, oak)
  foreign!.answerInbox(headers => ({ status: headers['signature-input'] ? 202 : 401 }))
  publishPost(oak.ctx, 'first')
  await settle(oak)
  t.same(contents(foreign!), ['<p>first</p>', '<p>first</p>'], 'cavage first, because some answer 202 to what they can’t verify')
  publishPost(oak.ctx, 'second')
  await settle(oak)
  t.same(contents(foreign!).slice(2), ['<p>second</p>'])
  t.match(hostOf(oak.ctx.db, foreign!.host), { signature: 'rfc9421' })
})
