import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { readConfig } from '../src/config.ts'
import { createLog } from '../src/node.ts'
import { archipelago, ended, start, until } from './helpers/command.ts'
import { startForeign } from './helpers/foreign.ts'
import { freePort } from './helpers/node.ts'
import { root } from './helpers/root.ts'

const SECRET = 'planted-secret-value'

t.test('whatever is asked of a node, its log holds no secret, and every refusal has its reason', async t => {
  const env = {
    PORT: String(await freePort()),
    DATA_DIR: join(t.testdir(), 'data'),
    ALLOW_PRIVATE_ADDRESSES: 'true',
    LOG_LEVEL: 'trace',
    METRICS_TOKEN: `${SECRET}-of-the-monitor`,
  }
  const url = `http://localhost:${env.PORT}`
  await archipelago(env, ['setup', '--charter', new URL('examples/brook-farm.json', root).pathname, '--handle', 'brookfarm'])
  const server = start(env, ['serve'])
  t.teardown(() => server.kill('SIGKILL'))
  let log = ''
  for (const stream of [server.stdout!, server.stderr!]) stream.on('data', chunk => (log += String(chunk)))
  await until(async () => (await fetch(`${url}/healthz`).catch(() => undefined))?.ok)

  const stranger = await startForeign(t)
  const planted = {
    authorization: `Bearer ${SECRET}`,
    cookie: `session=${SECRET}`,
    'proxy-authorization': SECRET,
    'x-api-key': SECRET,
  }
  const signature = `keyId="${stranger.key.id}",algorithm="rsa-sha256",headers="(request-target) host date digest",signature="${Buffer.from(SECRET).toString('base64')}"`
  const post = (headers: Record<string, string>, document: Record<string, unknown> | string = stranger.activity('Follow', url)) =>
    stranger.send(`${url}/inbox`, document, { headers: { ...planted, ...headers } })
  const refused = [
    await post({ signature }),
    await post({ signature: `${SECRET}` }),
    await post({ signature: `keyId="${SECRET}"` }),
    await post({ 'content-type': 'text/plain' }),
    await post({}, `{"secret":"${SECRET}`),
    await post({ digest: 'SHA-256=AAAA' }),
    await stranger.send(`${url}/c/${SECRET}/inbox`, stranger.activity('Follow', url), { headers: planted }),
  ]
  t.same(
    refused.filter(({ status }) => status < 400 || status >= 500),
    [],
  )
  t.equal((await stranger.send(`${url}/inbox`, stranger.activity('Follow', `${url}/c/brookfarm`), { headers: planted })).status, 202)
  stranger.answerInbox({ status: 500, headers: { 'set-cookie': SECRET } })
  await archipelago(env, ['post', 'hello'])
  await until(() => stranger.inbox.length > 0)
  for (const path of ['/', '/metrics', '/nowhere', '/c/brookfarm?access_token=x', '/api/directory?theme=none'])
    await (await fetch(url + path, { headers: planted })).text()

  // Something that nobody foresaw.
  const db = new Database(join(env.DATA_DIR, 'archipelago.sqlite'))
  const keys = db.prepare('select private_key from keys').pluck().all() as string[]
  db.exec('alter table received rename to lost')
  t.equal((await stranger.send(`${url}/inbox`, stranger.activity('Like', `${url}/o/1`), { headers: planted })).status, 500)
  db.exec('alter table lost rename to received')
  db.close()
  t.equal(await ended(server, 'SIGTERM'), 0)

  const lines = log
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line) as Record<string, unknown>)
  t.ok(lines.length > refused.length)
  t.notMatch(log, SECRET)
  t.notMatch(log, Buffer.from(SECRET).toString('base64'))
  t.notMatch(log, /PRIVATE KEY/)
  for (const pem of keys) t.notOk(log.includes(pem.split('\n')[1]!), 'no line of a private key')
  const refusals = lines.filter(({ msg }) => msg === 'activity refused')
  t.equal(refusals.length, refused.length + 1)
  t.same(
    refusals.filter(({ reason }) => typeof reason !== 'string' || !/^[a-z0-9-]+$/.test(reason)),
    [],
  )
})

t.test('what an error brings along is blotted out', async t => {
  const lines: string[] = []
  const log = createLog(readConfig({ LOG_LEVEL: 'trace' }), { write: line => void lines.push(line) })
  const headers = {
    authorization: SECRET,
    cookie: SECRET,
    'set-cookie': [SECRET],
    signature: SECRET,
    'signature-input': SECRET,
    accept: 'text/html',
  }
  log.info({ headers })
  log.info({ request: { headers } })
  log.error({
    err: Object.assign(new Error('x', { cause: new Error('why') }), {
      code: 'SQLITE_FULL',
      headers,
      request: { headers },
      privateKey: SECRET,
    }),
  })
  log.info({ privateKey: SECRET, key: { privateKey: SECRET } })
  t.notMatch(lines.join(''), SECRET)
  const { err } = JSON.parse(lines[2]!) as { err: object }
  t.match(err, { type: 'Error', message: 'x', code: 'SQLITE_FULL', stack: /log.test/, cause: { message: 'why' } }, 'and the rest stays')
})
