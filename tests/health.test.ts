import { request } from 'node:http'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { publishPost } from '../src/actions/post.ts'
import { tellOthers } from '../src/federation/outbox.ts'
import { prometheusText } from '../src/lib/prometheus.ts'
import { startForeign } from './helpers/foreign.ts'
import { settle, startNode } from './helpers/node.ts'

const TOKEN = 'a-token-of-twenty-letters'

/** A request with headers that fetch would not send. */
function ask(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers, agent: false }, response => {
      let text = ''
      response.on('data', chunk => (text += String(chunk)))
      response.on('end', () => resolve({ status: response.statusCode!, text, headers: response.headers }))
    })
    asked.on('error', reject)
    asked.end()
  })
}

t.test('alive, ready, and why not', async t => {
  const oak = await startNode(t, { file: join(t.testdir(), 'node.sqlite') })
  const { $client } = oak.ctx.db
  t.match(await ask(`${oak.url}/healthz`), {
    status: 200,
    text: 'alive\n',
    headers: { 'cache-control': 'no-store', 'content-type': /^text\/plain/ },
  })
  const ready = async () => {
    const { status, text } = await ask(`${oak.url}/readyz`)
    return { status, ...(JSON.parse(text) as { ready: boolean; reasons: { reason: string; message: string }[] }) }
  }
  const changes = () => $client.prepare('select total_changes()').pluck().get()
  const before = changes()
  t.strictSame(await ready(), { status: 200, ready: true, reasons: [] })
  t.equal(changes(), before, 'asking writes nothing')

  await t.test('deliveries that nobody tries', async t => {
    const friend = await startForeign(t)
    await friend.send(`${oak.url}/inbox`, friend.activity('Follow', oak.actor))
    await settle(oak)
    publishPost(oak.ctx, 'hello')
    tellOthers(oak.federation)
    t.match(await ready(), { status: 200 }, 'due, but only just')
    $client.exec('update hosts set next_due_at = next_due_at - 400000')
    t.match(await ready(), { status: 503, ready: false, reasons: [{ reason: 'deliveries' }] })
    await settle(oak)
    t.match(await ready(), { status: 200 })
  })

  await t.test('a clock that is behind what was written down', async t => {
    $client.exec('update received set at = at + 3600000')
    t.match(await ready(), { status: 503, reasons: [{ reason: 'clock' }] })
    $client.exec('update received set at = at - 3600000')
    t.match(await ready(), { status: 200 })
  })

  await t.test('a database that cannot be read', async t => {
    $client.exec('alter table settings rename to lost')
    t.match(await ask(`${oak.url}/healthz`), { status: 200 }, 'the process lives')
    const { status } = await ask(`${oak.url}/readyz`)
    t.ok(status >= 500)
    $client.exec('alter table lost rename to settings')
  })
})

t.test('the metrics are for this machine, or for who knows the token', async t => {
  const port = (node: { url: string }) => new URL(node.url).port
  const open = await startNode(t)
  const closed = await startNode(t, { env: { METRICS_TOKEN: TOKEN, TRUST_PROXY: '127.0.0.1' } })
  for (const node of [open, closed]) {
    const url = `${node.url}/metrics`
    t.equal((await ask(url)).status, 200, 'a program on this machine')
    t.equal((await ask(`http://127.0.0.1:${port(node)}/metrics`)).status, 200)
    const through: Record<string, string>[] = [
      { 'x-forwarded-for': '127.0.0.1' },
      { 'x-forwarded-for': '203.0.113.9' },
      { 'x-forwarded-proto': 'https' },
      { 'x-real-ip': '127.0.0.1' },
      { forwarded: 'for=127.0.0.1' },
      { via: '1.1 proxy' },
      { host: 'oak.example' },
      { host: 'localhost.oak.example' },
    ]
    const refused = node === open ? 403 : 401
    for (const headers of through) {
      t.equal((await ask(url, headers)).status, refused, JSON.stringify(headers))
      const known = { ...headers, authorization: `Bearer ${TOKEN}` }
      t.equal((await ask(url, known)).status, node === open ? 403 : 200, `${JSON.stringify(headers)} and the token`)
      for (const wrong of ['Bearer ', 'Bearer wrong', `Bearer ${TOKEN}x`, `Basic ${TOKEN}`, TOKEN])
        t.equal((await ask(url, { ...headers, authorization: wrong })).status, refused, wrong)
    }
  }
  t.match(await ask(`${closed.url}/metrics`, { host: 'x' }), { headers: { 'www-authenticate': 'Bearer' } })
  t.equal(await withoutHost(Number(port(open))), 400, 'nor without a name')
})

t.test('the metrics say what happened, in Prometheus’ text format', async t => {
  const oak = await startNode(t, { file: join(t.testdir(), 'node.sqlite') })
  const friend = await startForeign(t)
  await friend.send(`${oak.url}/inbox`, friend.activity('Follow', oak.actor))
  await friend.send(`${oak.url}/inbox`, friend.activity('Wave', oak.actor))
  await friend.send(`${oak.url}/inbox`, friend.activity('Follow', oak.actor), { sign: null })
  await friend.send(`${oak.url}/inbox`, '[1]')
  await friend.send(`${oak.url}/inbox`, friend.activity('Follow', oak.actor), { headers: { 'content-type': 'text/plain' } })
  await friend.send(`${oak.url}/c/nobody/inbox`, friend.activity('Follow', oak.actor))
  await settle(oak)
  // The app's own jobs are not running here; its delivery is.
  const { text, headers } = await ask(`${oak.url}/metrics`)
  t.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  const figures = new Map<string, number>()
  for (const line of text.trimEnd().split('\n')) {
    if (/^# (HELP [a-z_]+ .+|TYPE [a-z_]+ (counter|gauge))$/.test(line)) continue
    const [, name, value] = /^([a-z_]+(?:\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})?) (-?\d+(?:\.\d+)?(?:e[+-]\d+)?)$/.exec(line) ?? []
    if (!t.ok(name, line)) continue
    t.notOk(figures.has(name!), `${name} once`)
    figures.set(name!, Number(value))
  }
  t.match(Object.fromEntries(figures), {
    'archipelago_activities_received_total{outcome="effect"}': 1,
    'archipelago_activities_received_total{outcome="no effect"}': 1,
    'archipelago_activities_refused_total{reason="unsigned"}': 1,
    'archipelago_activities_refused_total{reason="shape"}': 1,
    'archipelago_activities_refused_total{reason="media-type"}': 1,
    'archipelago_activities_refused_total{reason="no-such-inbox"}': 1,
    'archipelago_deliveries_total{outcome="arrived"}': 1,
    archipelago_deliveries_queued: 0,
    archipelago_followers: 1,
    archipelago_entries: 1,
    archipelago_errands: 0,
  })
  for (const name of ['archipelago_database_bytes', 'archipelago_wal_bytes', 'process_resident_memory_bytes', 'process_cpu_seconds_total'])
    t.ok(figures.get(name)! > 0, name)
  t.ok(figures.get('archipelago_event_loop_lag_seconds{quantile="p99"}')! >= 0)
  t.match(text, `archipelago_build_info{version="${oak.ctx.config.version}",node="${process.version}"} 1`)
})

t.test('odd labels stay on their line', async t => {
  const samples = [{ labels: { reason: 'a "b"\\\nc' }, value: 1 }]
  t.equal(
    prometheusText([{ name: 'x', help: 'two\nlines', type: 'gauge', samples }]),
    '# HELP x two\\nlines\n# TYPE x gauge\nx{reason="a \\"b\\"\\\\\\nc"} 1\n',
  )
})

function withoutHost(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(port, '127.0.0.1', () => socket.write('GET /metrics HTTP/1.1\r\n\r\n'))
    socket.once('data', chunk => {
      resolve(Number(String(chunk).split(' ')[1]))
      socket.destroy()
    })
    socket.once('error', reject)
  })
}
