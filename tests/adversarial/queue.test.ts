import { statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { publishPost } from '../../src/actions/post.ts'
import { forgetHosts, queueLength } from '../../src/db/delivery.ts'
import { allFollowers } from '../../src/db/follower.ts'
import { type Connection, openDatabase, transact } from '../../src/db/open.ts'
import { tellOthers } from '../../src/federation/outbox.ts'
import { archipelago, ended, serve, until } from '../helpers/command.ts'
import { freePort, settle, startNode } from '../helpers/node.ts'
import { root } from '../helpers/root.ts'
import { hostile } from './harness.ts'

const DAY = 24 * 3_600_000

/** Followers that nobody had to sign for: one on each host. */
function addFollowers({ $client }: Connection, hosts: readonly string[]): void {
  const actor = $client.prepare(
    "insert into actors (id, type, handle, host, name, summary, url, inbox, fetched_at) values (?, 'Person', 'a', ?, 'a', '', ?, ?, 1)",
  )
  const follower = $client.prepare("insert into followers (actor, follow_id, state, since) values (?, ?, 'accepted', 1)")
  $client.transaction(() => {
    for (const host of hosts) {
      const id = `http://${host}/a`
      actor.run(id, host, id, `${id}/inbox`)
      follower.run(id, `${id}/follow`)
    }
  })()
}

t.test('poisoned inboxes', async t => {
  const { node, evil, victim, deliver, attack, inside } = await hostile(t)
  const bad = ['', 42, 'http://[::1', 'javascript:1', 'x'.repeat(3_000_000), null, [], {}, 'http://u:p@evil.test/', victim.me]

  await attack('O-28 followers with inboxes that are none', async t => {
    for (const [index, inbox] of bad.entries()) {
      const me = `${evil.origin}/users/bad${index}`
      evil.serve(`/users/bad${index}`, { body: evil.actor(`bad${index}`, undefined, { inbox }) })
      const follow = { ...evil.activity('Follow', node.actor), actor: me }
      const { status } = await deliver(evil, follow, { key: { ...evil.key, id: `${me}#main-key` } })
      t.equal(status, 401, `inbox ${JSON.stringify(inbox).slice(0, 40)}`)
    }
    t.same(allFollowers(node.ctx.db), [])
  })

  await attack(
    'O-28 such rows in the database, put there by hand',
    async t => {
      const inboxes = [...bad.filter(inbox => typeof inbox === 'string' && inbox !== victim.me), ...inside('/inbox'), '   ', 'http:', '//x']
      addFollowers(
        node.ctx.db,
        inboxes.map((_, index) => `bad${index}.test`),
      )
      for (const [index, inbox] of inboxes.entries())
        node.ctx.db.$client.prepare('update actors set inbox = ? where host = ?').run(inbox, `bad${index}.test`)
      await deliver(victim, victim.activity('Follow', node.actor))
      await settle(node)
      victim.inbox.length = 0
      publishPost(node.ctx, 'for all who can hear')
      await settle(node)
      t.match(victim.inbox, [{ type: 'Create' }], 'everybody else gets the post')
      t.equal(queueLength(node.ctx.db), 0)
    },
    { changes: true },
  )
})

t.test('O-29 kill -9 with 200 deliveries under way', async t => {
  const env = { PORT: String(await freePort()), DATA_DIR: join(t.testdir(), 'data'), ALLOW_PRIVATE_ADDRESSES: 'true', LOG_LEVEL: 'silent' }
  await archipelago(env, ['setup', '--charter', new URL('examples/brook-farm.json', root).pathname, '--handle', 'brookfarm'])
  const got = new Map<string, string[]>()
  let held = 0
  let hangs = true
  const peers = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk as Buffer))
    request.on('end', () => {
      const { id } = JSON.parse(Buffer.concat(chunks).toString()) as { id: string }
      const host = String(request.headers.host)
      got.set(host, [...(got.get(host) ?? []), id])
      // Half of the first have taken it, and nobody has heard their answer.
      if (hangs && held++ % 2 === 0) return
      response.writeHead(202).end()
    })
  })
  await new Promise<void>(resolve => peers.listen(0, '0.0.0.0', resolve))
  t.teardown(() => peers.close() && peers.closeAllConnections())
  const { port } = peers.address() as AddressInfo
  const hosts = Array.from({ length: 200 }, (_, at) => `127.0.2.${at + 1}:${port}`)

  const db = openDatabase(join(env.DATA_DIR, 'archipelago.sqlite'))
  t.teardown(() => db.$client.close())
  const server = await serve(env)
  await until(() => db.$client.prepare('select count(*) from activities').pluck().get() !== 0)
  addFollowers(db, hosts)
  t.match(await archipelago(env, ['post', 'hello']), { code: 0 })
  await until(() => held >= 60)
  t.equal(await ended(server, 'SIGKILL'), null)
  t.ok(queueLength(db) > 0, `${queueLength(db)} were still to be sent`)
  t.ok((db.$client.prepare('select count(*) from hosts where leased_until is not null').pluck().get() as number) > 0, 'and some leased')

  hangs = false
  const again = await serve(env)
  await until(() => queueLength(db) === 0)
  t.equal(await ended(again, 'SIGTERM'), 0)
  t.same([...got.keys()].sort(), [...hosts].sort(), 'each server got it')
  t.equal(new Set([...got.values()].flat()).size, 1, 'always under the same id')
})

t.test('O-30 100,000 followers on servers that fail, of which 4,000 are tried', async t => {
  const file = join(t.testdir(), 'node.sqlite')
  const node = await startNode(t, { file })
  const { db } = node.ctx
  // Nobody listens at port 1, at any address of this machine.
  addFollowers(
    db,
    Array.from({ length: 4000 }, (_, at) => `127.${1 + (at >> 8)}.1.${at & 255}:1`),
  )
  const size = () => {
    db.$client.pragma('wal_checkpoint(TRUNCATE)')
    return statSync(file).size
  }
  const before = size()
  publishPost(node.ctx, 'to nobody')
  tellOthers(node.federation)
  const waiting = () => db.$client.prepare('select count(*) from hosts where failures > 0').pluck().get() as number
  while (waiting() < 4000) {
    node.delivery.deliverDue()
    await node.delivery.idle()
  }
  const each = (size() - before) / 4000
  t.ok(each <= 500, `${Math.round(each)} bytes for each, so ${Math.round(each / 10)} MB for 100,000`)
  const rows = () => db.$client.prepare('select count(*) from hosts').pluck().get()
  t.equal(rows(), 4000)

  // What the week of trying ends in, without the week.
  db.$client.prepare('delete from deliveries').run()
  db.$client.prepare('update hosts set next_due_at = null, leased_until = null').run()
  node.clock.offsetMs = 8 * DAY
  publishPost(node.ctx, 'to nobody either')
  tellOthers(node.federation)
  t.equal(queueLength(db), 0, 'nothing more is queued for them')
  t.equal(
    transact(db, tx => forgetHosts(tx, new Date(node.ctx.now().getTime() - 90 * DAY))),
    0,
  )
  node.clock.offsetMs = 91 * DAY
  transact(db, tx => forgetHosts(tx, new Date(node.ctx.now().getTime() - 90 * DAY)))
  t.equal(rows(), 0, 'and in the end nothing is remembered of them')
})
