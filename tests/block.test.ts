import t from 'tap'
import { blockDomain, unblockDomain } from '../src/actions/block.ts'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { isSuspended, severityOf } from '../src/db/block.ts'
import { queueLength } from '../src/db/delivery.ts'
import { allFollowers } from '../src/db/follower.ts'
import { allFollowing } from '../src/db/following.ts'
import { postsBy } from '../src/db/post.ts'
import { readDomain } from '../src/domain/block.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { tellOthers } from '../src/federation/outbox.ts'
import { startForeign } from './helpers/foreign.ts'
import { settle, startNode } from './helpers/node.ts'

t.test('a blocked server is cut off everywhere at once (O-89)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const bad = await startForeign(t, { name: '127.0.0.1' })
  const good = await startForeign(t)
  for (const server of [bad, good]) {
    await server.send(`${oak.actor}/inbox`, server.activity('Follow', oak.actor))
    followActor(oak.ctx, (await lookUp(oak.federation, server.me)).id)
    await settle(oak)
    await server.send(`${oak.url}/inbox`, server.activity('Accept', server.inbox.find(activity => activity.type === 'Follow')!.id))
    await server.send(`${oak.url}/inbox`, server.activity('Create', server.note(`hello from ${server.host}`)))
  }
  t.equal(allFollowers(oak.ctx.db).length, 2)
  publishPost(oak.ctx, 'still on its way')
  tellOthers(oak.federation)
  t.equal(queueLength(oak.ctx.db), 2)

  t.match(blockDomain(oak.ctx, '127.0.0.1', 'suspend'), { domain: '127.0.0.1', actors: 1 })
  t.match(allFollowers(oak.ctx.db), [{ actor: good.me }])
  t.match(allFollowing(oak.ctx.db), [{ actor: good.me }])
  t.same(postsBy(oak.ctx.db, bad.me, { limit: 5 }), [])
  t.equal(postsBy(oak.ctx.db, good.me, { limit: 5 }).length, 1)
  t.equal(queueLength(oak.ctx.db), 1, 'what was to be sent there is gone')

  const asked = bad.asked.length
  t.equal((await bad.send(`${oak.actor}/inbox`, bad.activity('Follow', oak.actor))).status, 403)
  t.equal(
    (
      await bad.send(
        `${oak.actor}/inbox`,
        { ...bad.activity('Follow', oak.actor), actor: `${bad.origin}/users/new` },
        { sign: { ...bad.key, id: `${bad.origin}/users/new#main-key` } },
      )
    ).status,
    403,
  )
  await t.rejects(lookUp(oak.federation, bad.me), { name: 'Refusal', message: /is blocked here/ })
  await t.rejects(lookUp(oak.federation, `@mallory@${bad.host}`), { name: 'Refusal', message: /is blocked here/ })
  publishPost(oak.ctx, 'among friends')
  await settle(oak)
  t.equal(bad.asked.length, asked, 'nothing is asked of it or sent to it')
  t.equal((await good.send(`${oak.actor}/inbox`, good.activity('Wave', 1))).status, 202)

  t.equal(unblockDomain(oak.ctx, '127.0.0.1'), '127.0.0.1')
  t.equal((await bad.send(`${oak.actor}/inbox`, bad.activity('Follow', oak.actor))).status, 202)
  t.throws(() => unblockDomain(oak.ctx, '127.0.0.1'), { name: 'Refusal' })
  t.throws(() => blockDomain(oak.ctx, 'localhost', 'suspend'), { message: /own domain/ })
})

t.test('a limited server is not listed, and its followers wait', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const other = await startForeign(t, { name: '127.0.0.1' })
  blockDomain(oak.ctx, '127.0.0.1', 'limit')
  t.equal((await other.send(`${oak.actor}/inbox`, other.activity('Follow', oak.actor))).status, 202)
  t.match(allFollowers(oak.ctx.db), [{ actor: other.me, state: 'pending' }])
})

t.test('every spelling of a domain is the same domain (O-88)', async t => {
  const oak = await startNode(t, { founded: false })
  blockDomain(oak.ctx, 'evil.test', 'suspend')
  blockDomain(oak.ctx, 'bücher.test', 'suspend')
  for (const host of ['evil.test', 'EVIL.test', 'sub.evil.test', 'evil.test.', 'evil.test:443', 'a.b.evil.test:8443', 'xn--bcher-kva.test'])
    t.ok(isSuspended(oak.ctx.db, host), host)
  for (const host of ['notevil.test', 'evil.test.example', 'test']) t.equal(severityOf(oak.ctx.db, host), undefined, host)
  for (const text of ['evil.test', 'https://EVIL.test/users/x', '@x@evil.test', 'evil.test.', ' evil.test:443 '])
    t.equal(readDomain(text), 'evil.test', text)
  for (const text of ['', 'evil', '*', 'com', '@x', 'a b.test']) t.throws(() => readDomain(text), { name: 'Refusal' }, text)
})
