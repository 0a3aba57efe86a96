import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { followActor } from '../../src/actions/following.ts'
import { publishPost } from '../../src/actions/post.ts'
import { allFollowers } from '../../src/db/follower.ts'
import { followingOf } from '../../src/db/following.ts'
import { openDatabase } from '../../src/db/open.ts'
import { postByIri } from '../../src/db/post.ts'
import { lookUp } from '../../src/federation/lookup.ts'
import { tellOthers } from '../../src/federation/outbox.ts'
import { archipelago, ended, serve, until } from '../helpers/command.ts'
import { freePort, settle, startNode } from '../helpers/node.ts'
import { root } from '../helpers/root.ts'
import { hostile } from './harness.ts'

const HOUR = 3_600_000
const example = new URL('examples/brook-farm.json', root).pathname

t.test('O-93 kills under load, a few: npm run torture has the many', async t => {
  const program = fileURLToPath(new URL('../torture/run.js', import.meta.url))
  // A steward's node has no test runner inside.
  const { NODE_OPTIONS: _, ...env } = process.env
  const out = await new Promise<string>(resolve => {
    execFile(process.execPath, [program, '--rounds', '2', '--json'], { env }, (_error, out) => resolve(out))
  })
  t.match(JSON.parse(out), { rounds: 2, lost: 0, doubled: 0, missing: 0, broken: 0 })
})

t.test('O-93 every connection that writes waits for the disk', async t => {
  const connection = openDatabase(join(t.testdir(), 'node.sqlite'))
  t.equal(connection.$client.pragma('synchronous', { simple: true }), 2)
  connection.$client.close()
  const sources = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' }).filter(name => /\.tsx?$/.test(name))
  const texts = sources.map(name => readFileSync(new URL(`src/${name}`, root), 'utf8'))
  const writers = texts.filter(text =>
    (text.match(/new Database\(.*/g) ?? []).some(call => !call.includes('readonly: true') && !call.includes('serving.lock')),
  )
  t.ok(writers.length > 0)
  for (const text of writers) t.match(text, "pragma('synchronous = FULL')", 'whatever opens data to write waits for the disk')
})

t.test('O-95 ids and dates go on rising when the clock is set back', async t => {
  const file = join(t.testdir(), 'node.sqlite')
  const node = await startNode(t, { file })
  const { ctx, clock } = node
  const [iris, dates]: [string[], number[]] = [[], []]
  for (const hours of [0, 2, 0, -24, -24, 0]) {
    clock.offsetMs = hours * HOUR
    for (let n = 0; n < 3; n++) {
      const post = publishPost(ctx, 'word')
      iris.push(post.iri)
      dates.push(post.publishedAt.getTime())
    }
    tellOthers(node.federation)
  }
  t.strictSame(iris, iris.toSorted(), 'addresses of posts')
  t.strictSame(
    dates,
    dates.toSorted((a, b) => a - b),
    'dates of posts',
  )
  const activities = ctx.db.$client.prepare(`select iri from activities where type = 'Create' order by id`).pluck().all() as string[]
  t.equal(activities.length, iris.length + 1)
  t.strictSame(activities, activities.toSorted(), 'addresses of activities')
  for (const table of ['posts', 'events', 'activities'])
    t.strictSame(
      ctx.db.$client.prepare(`select id from ${table} order by rowid`).pluck().all(),
      ctx.db.$client.prepare(`select id from ${table} order by id`).pluck().all(),
      `numbers of ${table}`,
    )
})

t.test('O-100 two processes on one database', async t => {
  const DATA_DIR = join(t.testdir(), 'data')
  const env = async () => ({ DATA_DIR, PORT: String(await freePort()), LOG_LEVEL: 'warn' })
  const first = await env()
  await archipelago(first, ['setup', '--charter', example, '--handle', 'brookfarm'])
  const server = await serve(first)
  t.teardown(() => server.kill('SIGKILL'))
  t.match(await archipelago(await env(), ['serve']), { code: 1, err: /^Another server is already running on the data in [^\n]+\n$/ })
  t.match(await archipelago(first, ['post', 'hello']), { code: 0 }, 'a command is no second server')
  t.equal(await ended(server, 'SIGKILL'), null)
  const again = await serve(first)
  t.equal(await ended(again, 'SIGTERM'), 0, 'the lock of a server that was killed is gone with it')
})

t.test('O-102 a flood of unsigned requests, and headers that never end', { timeout: 120_000 }, async t => {
  const env = { DATA_DIR: join(t.testdir(), 'data'), PORT: String(await freePort()), LOG_LEVEL: 'fatal' }
  await archipelago(env, ['setup', '--charter', example, '--handle', 'brookfarm'])
  const server = await serve(env)
  t.teardown(() => server.kill('SIGKILL'))
  const url = `http://127.0.0.1:${env.PORT}`
  const memory = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024

  const drips = Array.from({ length: 200 }, () => drip(Number(env.PORT)))
  const since = performance.now()
  const before = memory()
  // As many as this machine takes with one hand: 400 a second, for ten seconds.
  const taken: number[] = []
  const statuses = new Set<number>()
  const flood = (async () => {
    for (let sent = 0; performance.now() - since < 10_000; sent += 40) {
      await Promise.all(Array.from({ length: 40 }, () => unsigned(url).then(status => statuses.add(status))))
      await pause(Math.max(0, since + (sent + 40) * 2.5 - performance.now()))
    }
  })()
  while (performance.now() - since < 10_000) {
    const start = performance.now()
    t.ok((await fetch(`${url}/healthz`)).ok)
    taken.push(performance.now() - start)
    await pause(100)
  }
  await flood
  taken.sort((a, b) => a - b)
  const p95 = taken[Math.floor(taken.length * 0.95)]!
  t.ok(p95 <= 500, `health p95 ${Math.round(p95)} ms`)
  t.strictSame([...statuses], [401], 'each is refused')
  t.ok(memory() - before <= 100, `${Math.round(memory() - before)} MB more`)
  await until(() => drips.every(({ closed }) => closed()), 45_000)
  const longest = Math.max(...drips.map(({ closed }) => closed()! - since))
  t.ok(longest <= 30_000, `the slowest was closed after ${Math.round(longest / 100) / 10} s`)
  t.equal(await ended(server, 'SIGTERM'), 0)
})

function unsigned(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const body = '{"id":"https://evil.test/1","type":"Create","actor":"https://evil.test/a"}'
    const headers = { 'content-type': 'application/activity+json', 'content-length': body.length }
    const asked = request(`${url}/inbox`, { method: 'POST', headers }, response => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    asked.on('error', reject).end(body)
  })
}

/** A connection that says a byte of its headers now and then. */
function drip(port: number): { closed: () => number | undefined } {
  let closed: number | undefined
  const socket: Socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nhost: x\r\nx-slow: '))
  const timer = setInterval(() => socket.write('a'), 2_000)
  socket
    .on('error', () => {})
    .on('close', () => {
      clearInterval(timer)
      closed = performance.now()
    })
    .resume()
  return { closed: () => closed }
}

t.test('what comes in the wrong order', async t => {
  const { node, evil, deliver, attack } = await hostile(t)
  const { db } = node.ctx

  await attack(
    'O-103 an Accept twice, an Undo before its Follow, a Delete before its Create, one activity at three inboxes',
    async t => {
      await lookUp(node.federation, evil.me)
      followActor(node.ctx, evil.me)
      await settle(node)
      const accept = evil.activity('Accept', followingOf(db, evil.me)!.followId)
      for (const activity of [accept, accept, { ...accept, id: evil.newId() }]) t.equal((await deliver(evil, activity)).status, 202)
      const answered = db.$client.prepare("select count(*) from events where kind = 'follow.answered'").pluck().get()
      t.equal(answered, 1, 'once')

      const follow = evil.activity('Follow', node.actor)
      await deliver(evil, evil.activity('Undo', follow))
      await deliver(evil, follow)
      t.equal(allFollowers(db).length, 0, 'not followed')

      const note = evil.note('too late')
      await deliver(evil, evil.activity('Delete', note.id))
      await deliver(evil, evil.activity('Create', note))
      t.ok(postByIri(db, String(note.id))?.deletedAt, 'deleted stays deleted')

      const again = evil.activity('Follow', node.actor)
      const inboxes = [`${node.url}/inbox`, `${node.actor}/inbox`, `${node.url}/node/inbox`]
      const answers = await Promise.all(inboxes.map(inbox => evil.send(inbox, again)))
      t.strictSame(
        answers.map(({ status }) => status),
        [202, 202, 202],
      )
      await settle(node)
      t.equal(allFollowers(db).length, 1)
      t.equal(evil.inbox.filter(({ type }) => type === 'Accept').length, 1, 'one answer')
    },
    { changes: true },
  )
})
