import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { publishPost } from '../src/actions/post.ts'
import { databaseFault } from '../src/db/fault.ts'
import { figures } from '../src/db/figures.ts'
import { type Connection, openDatabase } from '../src/db/open.ts'
import { postsBy } from '../src/db/post.ts'
import { tellOthers } from '../src/federation/outbox.ts'
import { signCavage } from '../src/federation/signatures.ts'
import { archipelago, ended, serve, until } from './helpers/command.ts'
import { type Foreign, startForeign } from './helpers/foreign.ts'
import { freePort, settle, startNode } from './helpers/node.ts'
import { root } from './helpers/root.ts'
import { smallDisk } from './helpers/small-disk.ts'
import { stateHash } from './helpers/state.ts'

const HOUR = 3_600_000
const example = new URL('examples/brook-farm.json', root).pathname
const received = ({ $client }: Connection) => $client.prepare('select iri from received order by iri').pluck().all() as string[]
const noMount = 'no disk can be mounted here'

t.test('a full database takes nothing, serves everything, and works again when there is room (O-94)', async t => {
  const oak = await startNode(t, { file: join(t.testdir(), 'node.sqlite') })
  const stranger = await startForeign(t)
  const { $client } = oak.ctx.db
  t.equal((await stranger.send(`${oak.url}/inbox`, stranger.activity('Follow', oak.actor))).status, 202)
  await settle(oak)
  $client.pragma(`max_page_count = ${$client.pragma('page_count', { simple: true })}`)

  const accepted = received(oak.ctx.db)
  const refused: object[] = []
  for (let round = 0; round < 40 && refused.length < 20; round++) {
    // Several at once: they share a transaction, and each must get its own true answer.
    const batch = Array.from({ length: 20 }, () => stranger.activity('Like', `${stranger.newId()}${'x'.repeat(200)}`))
    const answers = await Promise.all(batch.map(activity => post(`${oak.url}/inbox`, stranger, activity)))
    batch.forEach((activity, at) => {
      if (answers[at]!.status === 202) accepted.push(String(activity.id))
      else {
        t.match(answers[at], { status: 503, retryAfter: /^\d+$/ })
        refused.push(activity)
      }
    })
  }
  t.ok(refused.length >= 20, 'it did get full')
  t.strictSame(received(oak.ctx.db), accepted.sort(), 'what was answered with 202 is written down, and nothing else')

  const before = stateHash(oak.ctx.db)
  const fault = caught(() => publishPost(oak.ctx, 'word '.repeat(1000)))
  t.equal(databaseFault(fault), 'full')
  t.equal(stateHash(oak.ctx.db), before, 'half a post is no post')
  for (const path of ['/', '/api/directory', '/c/oak', '/c/oak/followers', '/healthz']) t.equal((await oak.get(path)).status, 200, path)
  t.match(await (await oak.get('/metrics', '*/*')).text(), /activities_refused_total\{reason="database-full"\} \d+/)

  $client.pragma('max_page_count = 1000000')
  for (const activity of refused.slice(0, 3))
    t.equal((await post(`${oak.url}/inbox`, stranger, activity)).status, 202, 'the same activity once more')
  t.ok(publishPost(oak.ctx, 'There is room again'))
  t.equal($client.pragma('integrity_check', { simple: true }), 'ok')
})

t.test('a full disk under a running server, its commands and a backup (O-94)', async t => {
  const disk = smallDisk(t)
  if (!disk) return t.plan(0, noMount)
  const env = { PORT: String(await freePort()), DATA_DIR: join(disk.path, 'data'), ALLOW_PRIVATE_ADDRESSES: 'true', LOG_LEVEL: 'silent' }
  const url = `http://localhost:${env.PORT}`
  await archipelago(env, ['setup', '--charter', example, '--handle', 'brookfarm'])
  const server = await serve(env)
  t.teardown(() => server.kill('SIGKILL'))
  const stranger = await startForeign(t)
  t.equal((await post(`${url}/inbox`, stranger, stranger.activity('Like', `${url}/o/1`))).status, 202)
  disk.fill()
  const files = readdirSync(disk.path, { recursive: true }).sort()

  const like = stranger.activity('Like', `${url}/o/2`)
  t.match(await post(`${url}/inbox`, stranger, like), { status: 503, retryAfter: /^\d+$/ })
  t.match(await archipelago(env, ['post', 'word '.repeat(500)]), { code: 1, out: '', err: /^The disk is full[^\n]*\n$/ })
  t.match(await archipelago(env, ['backup', join(disk.path, 'copy')]), { code: 1, out: '', err: /^The disk is full[^\n]*\n$/ })
  t.strictSame(readdirSync(disk.path, { recursive: true }).sort(), files, 'nothing half done is left')
  t.equal((await fetch(`${url}/c/brookfarm`)).status, 200)
  t.match(await (await fetch(`${url}/readyz`)).json(), { ready: false, reasons: [{ reason: 'disk' }] })

  disk.free()
  t.equal((await post(`${url}/inbox`, stranger, like)).status, 202, 'without a restart')
  t.match(await archipelago(env, ['post', 'There is room again']), { code: 0 })
  t.match(await archipelago(env, ['backup', join(disk.path, 'copy')]), { code: 0 })
  t.equal(await ended(server, 'SIGTERM'), 0)
})

const run = async (dataDir: string, args: string[]) => archipelago({ DATA_DIR: dataDir, PORT: String(await freePort()) }, args)

t.test('a disk that can’t be written is told in one sentence', async t => {
  const disk = smallDisk(t)
  if (!disk) return t.plan(0, noMount)
  const data = join(disk.path, 'data')
  const database = join(data, 'archipelago.sqlite')
  openDatabase(database).$client.close()
  disk.protect()
  const why = /^The data can’t be written: the disk or the folder is read-only[^\n]*\n$/
  for (const args of [['serve'], ['followers']]) t.match(await run(data, args), { code: 1, err: why }, args.join(' '))
  t.match(await run(data, ['restore', database]), { code: 1, err: why })
})

t.test('a damaged database is told in one sentence', async t => {
  const dir = t.testdir()
  const whole = join(dir, 'whole.sqlite')
  openDatabase(whole).$client.close()
  const bytes = readFileSync(whole)
  const damaged = {
    words: Buffer.from('This is a letter and no database. '.repeat(200)),
    schema: Buffer.from(bytes).fill(0xa5, 100, 4096),
    cut: bytes.subarray(0, 5000),
  }
  for (const [name, content] of Object.entries(damaged)) {
    mkdirSync(join(dir, name))
    writeFileSync(join(dir, name, 'archipelago.sqlite'), content)
    for (const command of ['serve', 'followers'])
      t.match(await run(join(dir, name), [command]), { code: 1, err: /^The database is damaged[^\n]*\n$/ }, `${command}: ${name}`)
  }
})

t.test('the clock runs two hours ahead, and is set right (O-95)', async t => {
  const oak = await startNode(t, { file: join(t.testdir(), 'node.sqlite') })
  const friend = await startForeign(t)
  await friend.send(`${oak.url}/inbox`, friend.activity('Follow', oak.actor))
  await settle(oak)
  friend.inbox.length = 0
  const ready = async () => (await oak.get('/readyz', '*/*')).json()
  t.match(await ready(), { ready: true })
  oak.app.start()

  oak.clock.offsetMs = 2 * HOUR
  t.match(await ready(), { ready: false, reasons: [{ reason: 'clock' }] })
  friend.answerInbox({ status: 503, headers: { 'retry-after': '60' } })
  publishPost(oak.ctx, 'while it was wrong')
  await until(() => friend.inbox.length === 1)
  friend.answerInbox({ status: 202 })
  oak.clock.offsetMs = -24 * HOUR
  t.match(await ready(), { ready: false, reasons: [{ reason: 'clock' }] })
  publishPost(oak.ctx, 'a day behind')
  oak.clock.offsetMs = 60_000
  // What was put off for two hours arrives within a minute, and is written down as arrived.
  await until(() => friend.inbox.length === 3 && figures(oak.ctx.db).deliveries === 0)
  const { $client } = oak.ctx.db

  oak.clock.offsetMs = 0
  publishPost(oak.ctx, 'and right again')
  tellOthers(oak.federation)
  const posts = postsBy(oak.ctx.db, oak.actor, { limit: 9 })
  t.equal(new Set(posts.map(({ iri }) => iri)).size, 3)
  for (const table of ['posts', 'events', 'activities'])
    t.strictSame(
      $client.prepare(`select id from ${table} order by rowid`).pluck().all(),
      $client.prepare(`select id from ${table} order by id`).pluck().all(),
      `the ids of ${table} rise`,
    )
})

function caught(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  return undefined
}

async function post(url: string, { key }: Foreign, activity: object) {
  const body = Buffer.from(JSON.stringify(activity))
  const signed = await signCavage({ method: 'POST', url: new URL(url), body }, key, new Date())
  const headers = new Headers({ ...signed, 'content-type': 'application/activity+json' })
  headers.delete('host')
  const answer = await fetch(url, { method: 'POST', headers, body })
  await answer.arrayBuffer()
  return { status: answer.status, retryAfter: answer.headers.get('retry-after') }
}
