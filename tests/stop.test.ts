import { createServer } from 'node:http'
import { type AddressInfo, createConnection } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { queueLength } from '../src/db/delivery.ts'
import { openDatabase } from '../src/db/open.ts'
import { archipelago, ended, serve, until } from './helpers/command.ts'
import { freePort } from './helpers/node.ts'
import { root } from './helpers/root.ts'

const HOSTS = 100

t.test('SIGTERM with deliveries under way to a hundred servers that hang, and a slow request (O-96)', async t => {
  const env = { PORT: String(await freePort()), DATA_DIR: join(t.testdir(), 'data'), ALLOW_PRIVATE_ADDRESSES: 'true', LOG_LEVEL: 'silent' }
  const url = `http://localhost:${env.PORT}`
  await archipelago(env, ['setup', '--charter', new URL('examples/brook-farm.json', root).pathname, '--handle', 'brookfarm'])

  const held: string[] = []
  const got: string[] = []
  let hangs = true
  const peers = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk as Buffer))
    request.on('end', () => {
      const { type } = JSON.parse(Buffer.concat(chunks).toString()) as { type: string }
      const from = `${request.headers.host} ${type}`
      if (hangs) return void held.push(from)
      got.push(from)
      response.writeHead(202).end()
    })
  })
  await new Promise<void>(resolve => peers.listen(0, '0.0.0.0', resolve))
  t.teardown(() => peers.close() && peers.closeAllConnections())
  const { port } = peers.address() as AddressInfo
  const hosts = Array.from({ length: HOSTS }, (_, at) => `127.0.1.${at + 1}:${port}`)

  const database = join(env.DATA_DIR, 'archipelago.sqlite')
  const db = openDatabase(database)
  // The founding is said to nobody; then a hundred follow.
  const server = await serve(env)
  await until(() => db.$client.prepare('select count(*) from activities').pluck().get() !== 0)
  for (const host of hosts) {
    const actor = `http://${host}/a`
    db.$client
      .prepare(
        "insert into actors (id, type, handle, host, name, summary, url, inbox, fetched_at) values (?, 'Person', 'a', ?, 'a', '', ?, ?, 1)",
      )
      .run(actor, host, actor, `${actor}/inbox`)
    db.$client.prepare("insert into followers (actor, follow_id, state, since) values (?, ?, 'accepted', 1)").run(actor, `${actor}/follow`)
  }
  t.match(await archipelago(env, ['post', 'hello']), { code: 0 })
  await until(() => held.length >= 60)
  t.equal(queueLength(db), HOSTS)
  db.$client.close()

  const slow = createConnection(Number(env.PORT), '127.0.0.1')
  let answer = ''
  slow.on('data', chunk => (answer += String(chunk)))
  slow.on('error', () => {})
  const body = '{"type":"Like"}'
  slow.write(
    `POST /inbox HTTP/1.1\r\nhost: x\r\ncontent-type: application/activity+json\r\ncontent-length: ${body.length}\r\nexpect: 100-continue\r\n\r\n{`,
  )
  await until(() => answer.includes('100 Continue'))
  const began = Date.now()
  const gone = ended(server, 'SIGTERM')
  await until(async () => !(await fetch(`${url}/healthz`).catch(() => undefined)), 10_000)
  t.pass('nobody new is let in while the rest is finished')
  slow.write(body.slice(1))
  t.equal(await gone, 0)
  t.match(answer, /HTTP\/1.1 401 /, 'who was being served is answered')
  const seconds = (Date.now() - began) / 1000
  t.ok(seconds <= 30, `it took ${seconds} s`)
  t.comment(`${held.length} deliveries were under way; the end took ${seconds} s`)

  const after = openDatabase(database)
  t.equal(queueLength(after), HOSTS, 'nothing is lost')
  hangs = false
  const again = await serve(env)
  await until(() => queueLength(after) === 0)
  after.$client.close()
  t.equal(await ended(again, 'SIGTERM'), 0)
  t.strictSame([...new Set(got)].sort(), hosts.map(host => `${host} Create`).sort(), 'each server got it')
  t.equal(got.length, HOSTS, 'once, because none had answered before')
})
