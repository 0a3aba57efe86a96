import { existsSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { queueLength } from '../src/db/delivery.ts'
import { waitingHosts } from '../src/db/waiting.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { archipelago } from './helpers/command.ts'
import { startForeign } from './helpers/foreign.ts'
import { settle, startNode } from './helpers/node.ts'
import { signedIn } from './helpers/steward.ts'

t.test('what waits is shown with its reason, tried again, and given up on purpose', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const other = await startForeign(t)
  await other.send(`${oak.actor}/inbox`, other.activity('Follow', oak.actor))
  await settle(oak)
  const browser = await signedIn(oak)
  t.match((await browser.visit('/admin/node')).text, /Nothing waits to be sent/)
  other.answerInbox({ status: 503 })
  publishPost(oak.ctx, 'not taken')
  oak.delivery.deliverDue()
  await oak.delivery.idle()
  await (await import('../src/federation/outbox.ts')).tellOthers(oak.federation)
  oak.delivery.deliverDue()
  await oak.delivery.idle()
  t.match(waitingHosts(oak.ctx.db), [{ host: other.host, waiting: 1, error: /503/ }])
  const page = await browser.visit('/admin/node')
  t.match(page.text, /1 delivery waits to be sent\. 1 server does not take what is sent/)
  t.match(page.text, new RegExp(`${other.host} 1 waits.*503`))

  other.answerInbox({ status: 202 })
  const before = other.inbox.length
  t.equal((await browser.send('/admin/node/retry', { host: other.host })).status, 303)
  oak.delivery.deliverDue()
  await oak.delivery.idle()
  t.match(other.inbox.slice(before), [{ type: 'Create' }], 'it goes out at once')
  t.equal(queueLength(oak.ctx.db), 0)
  await browser.send('/admin/node/retry', { host: other.host })
  t.match((await browser.visit('/admin/node')).text, /Nothing waits for/)

  other.answerInbox({ status: 503 })
  publishPost(oak.ctx, 'never taken')
  await settle(oak)
  await browser.send('/admin/node/drop', { host: other.host, typed: 'yes' })
  t.equal(queueLength(oak.ctx.db), 1, 'not without its name')
  await browser.send('/admin/node/drop', { host: other.host, typed: other.host })
  t.match((await browser.visit('/admin/node')).text, /1 delivery to .* is given up/)
  t.equal(queueLength(oak.ctx.db), 0)
})

t.test('a backup is made by a press, while others are served, and only an owner takes it away', async t => {
  const file = join(t.testdir(), 'archipelago.sqlite')
  const oak = await startNode(t, { handle: 'oak', file, env: { DATA_DIR: join(file, '..') } })
  const owner = await signedIn(oak)
  t.match((await owner.visit('/admin/node')).text, /No backup has been made yet/)
  const [made, page] = await Promise.all([owner.send('/admin/node/backup'), oak.get('/', 'text/html')])
  t.equal(made.status, 303)
  t.equal(page.status, 200)
  const shown = await owner.visit('/admin/node')
  const name = /archipelago-[\d-]+\.sqlite/.exec(shown.text)![0]
  t.match(shown.text, /The backup is made/)
  const path = join(file, '../backups', name)
  t.ok(existsSync(path))
  const copy = new Database(path, { readonly: true })
  t.equal(copy.prepare('select handle from communities').pluck().get(), 'oak')
  copy.close()
  const taken = await owner.get(`/admin/node/backups/${name}`)
  t.equal(taken.status, 200)
  t.equal(
    Buffer.from(await taken.arrayBuffer())
      .subarray(0, 15)
      .toString(),
    'SQLite format 3',
  )
  t.equal((await owner.get('/admin/node/backups/..%2Farchipelago.sqlite')).status, 404)
  const moderator = await signedIn(oak, { name: 'mo', role: 'moderator' })
  t.equal((await moderator.get(`/admin/node/backups/${name}`)).status, 403)
  oak.clock.offsetMs += 30 * 60_000
  t.equal((await owner.get(`/admin/node/backups/${name}`)).status, 303, 'and the password is asked for again')

  const env = { DATA_DIR: join(file, '..'), PORT: String(oak.ctx.config.listen.port) }
  const mine = join(file, '../mine.sqlite')
  t.equal((await archipelago(env, ['backup', mine])).code, 0)
  t.match(
    JSON.parse((await archipelago(env, ['node', 'status', '--json'])).out),
    { lastBackup: { file: mine } },
    'one by command counts too',
  )
  t.match(JSON.parse((await archipelago(env, ['deliveries', '--json'])).out), [])
  t.equal((await archipelago(env, ['deliveries', 'retry', 'nobody.example'])).code, 1)
})

t.test('peers, jobs and what went wrong', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const elm = await startNode(t, { handle: 'elm' })
  const browser = await signedIn(oak)
  t.equal((await browser.send('/admin/node/peers', { peer: elm.url })).status, 303)
  t.match((await browser.visit('/admin/node')).text, new RegExp(`${elm.url} is asked from now on.*This node knows 1 other`))
  t.equal((await browser.send('/admin/node/peers', { peer: 'nonsense' })).status, 422)
  await browser.send('/admin/node/peers/leave', { peer: elm.url })
  t.match((await browser.visit('/admin/node')).text, /is not asked any more/)

  oak.ctx.db.$client.exec('alter table charters rename to hidden_charters')
  await oak.get('/c/oak', 'text/html')
  oak.ctx.db.$client.exec('alter table hidden_charters rename to charters')
  t.match((await browser.visit('/admin/node')).text, /1 thing has gone wrong.*GET \/c\/:handle/)
  followActor(oak.ctx, (await lookUp(oak.federation, elm.address)).id)
})
