import t from 'tap'
import { blockActor, blockDomain, unblockActor, unblockDomain } from '../src/actions/block.ts'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { isSuspended, severityOf } from '../src/db/block.ts'
import { queueLength } from '../src/db/delivery.ts'
import { entryOf } from '../src/db/directory.ts'
import { allFollowers } from '../src/db/follower.ts'
import { allFollowing } from '../src/db/following.ts'
import { postsBy } from '../src/db/post.ts'
import { reactionCounts } from '../src/db/reaction.ts'
import { readDomain } from '../src/domain/block.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { tellOthers } from '../src/federation/outbox.ts'
import { archipelago, ended, serve, until } from './helpers/command.ts'
import { startForeign } from './helpers/foreign.ts'
import { freePort, settle, startNode, type TestNode } from './helpers/node.ts'
import { root } from './helpers/root.ts'
import { stateHash } from './helpers/state.ts'

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

t.test('nothing of a blocked server is left, so its Delete has nothing to do (O-85)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const bad = await startForeign(t, { name: '127.0.0.1' })
  followActor(oak.ctx, (await lookUp(oak.federation, bad.me)).id)
  await settle(oak)
  await bad.send(`${oak.url}/inbox`, bad.activity('Accept', bad.inbox.find(activity => activity.type === 'Follow')!.id))
  const note = bad.note(`<p>Hello <a href="${oak.actor}">@oak</a> from mallory</p>`, {
    tag: [{ type: 'Mention', href: oak.actor, name: '@oak' }],
  })
  const post = publishPost(oak.ctx, 'words')
  await bad.send(`${oak.url}/inbox`, bad.activity('Create', note))
  for (const type of ['Like', 'Announce']) await bad.send(`${oak.url}/inbox`, bad.activity(type, post.iri))
  t.equal(postsBy(oak.ctx.db, bad.me, { limit: 5 }).length, 1)
  t.same(reactionCounts(oak.ctx.db, post.id), { likes: 1, boosts: 1 })

  blockDomain(oak.ctx, '127.0.0.1', 'suspend')
  const before = stateHash(oak.ctx.db)
  t.same(tracesOf(oak, bad.origin), [])
  t.same(reactionCounts(oak.ctx.db, post.id), { likes: 0, boosts: 0 })
  const asked = bad.asked.length
  const said = [
    bad.activity('Create', bad.note('again')),
    bad.activity('Update', { ...note, content: 'changed' }),
    bad.activity('Update', bad.note('never seen')),
    bad.activity('Announce', post.iri),
    bad.activity('Follow', oak.actor),
    bad.activity('Flag', oak.actor),
    bad.activity('Delete', note.id),
    bad.activity('Delete', bad.me),
  ]
  for (const activity of said) t.equal((await bad.send(`${oak.url}/inbox`, activity)).status, 403, String(activity.type))
  t.equal(stateHash(oak.ctx.db), before)
  t.equal(bad.asked.length, asked, 'and no key was fetched')
})

t.test('a single actor is blocked, and its server is not', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const server = await startForeign(t)
  const other = { ...server.key, id: `${server.origin}/users/other#main-key` }
  server.serve('/users/other', { body: server.actor('other') })
  const follow = server.activity('Follow', oak.actor)
  await server.send(`${oak.actor}/inbox`, follow)
  followActor(oak.ctx, (await lookUp(oak.federation, server.me)).id)
  await settle(oak)
  const asked = server.inbox.find(activity => activity.type === 'Follow')!
  await server.send(`${oak.url}/inbox`, server.activity('Accept', asked.id))
  await server.send(`${oak.url}/inbox`, server.activity('Create', server.note('rude')))
  const post = publishPost(oak.ctx, 'words')
  const like = server.activity('Like', post.iri)
  await server.send(`${oak.url}/inbox`, like)
  await settle(oak)
  server.inbox.length = 0

  blockActor(oak.ctx, server.me)
  t.same(allFollowers(oak.ctx.db), [])
  t.same(allFollowing(oak.ctx.db), [])
  t.same(postsBy(oak.ctx.db, server.me, { limit: 5 }), [])
  t.same(reactionCounts(oak.ctx.db, post.id), { likes: 0, boosts: 0 })
  await settle(oak)
  t.match(server.inbox, [
    { type: 'Reject', actor: oak.actor, object: { id: follow.id, type: 'Follow' } },
    { type: 'Undo', actor: oak.actor, object: { id: asked.id, type: 'Follow' } },
    { type: 'Block', actor: oak.actor, object: server.me },
  ])
  const told = server.inbox.at(-1)!
  t.equal((await oak.get(new URL(String(told.id)).pathname)).status, 404, 'who is blocked is not for everybody to read')

  const before = stateHash(oak.ctx.db)
  const requests = server.asked.length
  for (const type of ['Follow', 'Create', 'Update', 'Like', 'Announce', 'Flag', 'Delete', 'Undo']) {
    const object =
      type === 'Create' || type === 'Update' ? server.note('more') : type === 'Delete' ? server.me : type === 'Undo' ? like : oak.actor
    t.equal((await server.send(`${oak.url}/inbox`, server.activity(type, object))).status, 403, type)
  }
  const newKey = { ...server.key, id: `${server.me}#key-2` }
  t.equal((await server.send(`${oak.url}/inbox`, server.activity('Follow', oak.actor), { sign: newKey })).status, 403, 'with another key')
  const passedOn = await server.send(`${oak.url}/inbox`, { ...server.activity('Follow', oak.actor), actor: `${server.origin}/users/other` })
  t.equal(passedOn.status, 403, 'in the name of another')
  t.equal(stateHash(oak.ctx.db), before)
  t.equal(server.asked.length, requests, 'none of which cost a fetch')
  t.throws(() => followActor(oak.ctx, server.me), { name: 'Refusal', message: /is blocked here/ })
  t.throws(() => blockActor(oak.ctx, server.me), { name: 'Refusal', message: /blocked already/ })

  const neighbour = { ...server.activity('Follow', oak.actor), actor: `${server.origin}/users/other` }
  t.equal((await server.send(`${oak.url}/inbox`, neighbour, { sign: other })).status, 202, 'its neighbour may follow')
  await settle(oak)
  server.inbox.length = 0

  unblockActor(oak.ctx, server.me)
  await settle(oak)
  t.match(server.inbox, [{ type: 'Undo', actor: oak.actor, object: { id: told.id, type: 'Block', object: server.me } }])
  t.equal((await server.send(`${oak.url}/inbox`, server.activity('Follow', oak.actor))).status, 202)
  t.throws(() => unblockActor(oak.ctx, server.me), { name: 'Refusal', message: /is not blocked/ })
})

t.test('a blocked community leaves the directory, and does not come back', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  await lookUp(oak.federation, fern.actor)
  t.ok(entryOf(oak.ctx.db, fern.actor))
  blockActor(oak.ctx, fern.actor)
  t.notOk(entryOf(oak.ctx.db, fern.actor))
  await lookUp(oak.federation, fern.actor)
  t.notOk(entryOf(oak.ctx.db, fern.actor), 'not even when it is looked at')
  unblockActor(oak.ctx, fern.actor)
  await lookUp(oak.federation, fern.actor)
  t.ok(entryOf(oak.ctx.db, fern.actor))
})

t.test('a command blocks in the running server within a second (O-89)', async t => {
  const dir = t.testdir()
  const env = { PORT: String(await freePort()), DATA_DIR: dir, ALLOW_PRIVATE_ADDRESSES: 'true' }
  const origin = `http://localhost:${env.PORT}`
  await archipelago(env, ['setup', '--charter', new URL('examples/brook-farm.json', root).pathname, '--handle', 'brookfarm'])
  const running = await serve(env)
  t.teardown(() => ended(running, 'SIGKILL'))
  const me = `${origin}/c/brookfarm`
  const [one, bad] = [await startForeign(t, { who: 'one' }), await startForeign(t, { name: '127.0.0.1' })]
  for (const server of [one, bad]) {
    t.equal((await server.send(`${origin}/inbox`, server.activity('Follow', me))).status, 202)
    await until(() => server.inbox.some(activity => activity.type === 'Accept'))
    server.answerInbox({ status: 503 })
  }
  await archipelago(env, ['post', 'still on its way'])
  await until(() => [one, bad].every(server => server.inbox.some(activity => activity.type === 'Create')))

  t.match(await archipelago(env, ['block', '127.0.0.1']), { code: 0, out: /127\.0\.0\.1 is blocked/ })
  t.equal((await bad.send(`${origin}/inbox`, bad.activity('Follow', me))).status, 403)
  t.match(await (await fetch(`${me}/followers`)).json(), { totalItems: 1 })
  const address = `@one@${one.host}`
  t.match(await archipelago(env, ['block', address.toUpperCase().replace('@ONE', '@one')]), { code: 0, out: `${address} is blocked` })
  t.equal((await one.send(`${origin}/inbox`, one.activity('Follow', me))).status, 403)
  t.match(await (await fetch(`${me}/followers`)).json(), { totalItems: 0 })
  t.match(await archipelago(env, ['following']), { code: 0 })

  const listed = JSON.parse((await archipelago(env, ['blocks', '--json'])).out)
  t.match(listed, [
    { domain: '127.0.0.1', severity: 'suspend' },
    { actor: one.me, address },
  ])
  t.match(await archipelago(env, ['blocks']), { out: new RegExp(`127\\.0\\.0\\.1 +suspend .*\n${address} +actor `) })
  t.match(await archipelago(env, ['block', '--severity', 'limit', address]), { code: 1, err: /Only a whole server can be limited/ })
  t.match(await archipelago(env, ['unblock', address]), { code: 0, out: /not blocked any more/ })
  t.match(await archipelago(env, ['unblock', address]), { code: 1, err: /is not blocked/ })
  t.match(await archipelago(env, ['unblock', '127.0.0.1']), { code: 0 })
  one.answerInbox({ status: 202 })
  t.equal((await one.send(`${origin}/inbox`, one.activity('Follow', me))).status, 202)
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
  const spellings = [
    'evil.test',
    'EVIL.test',
    'sub.evil.test',
    'evil.test.',
    'evil.test..',
    'evil.test:443',
    'evil.test.:443',
    'a.b.evil.test:8443',
  ]
  for (const host of [...spellings, 'xn--bcher-kva.test', 'www.XN--BCHER-KVA.test.']) t.ok(isSuspended(oak.ctx.db, host), host)
  for (const host of ['notevil.test', 'evil.test.example', 'test']) t.equal(severityOf(oak.ctx.db, host), undefined, host)
  for (const text of ['evil.test', 'https://EVIL.test/users/x', '@x@evil.test', 'evil.test.', ' evil.test:443 '])
    t.equal(readDomain(text), 'evil.test', text)
  for (const text of ['', 'evil', '*', 'com', '@x', 'a b.test']) t.throws(() => readDomain(text), { name: 'Refusal' }, text)
})

t.test('a request is refused by every spelling of a blocked domain, whatever signs it, and costs no fetch (O-88)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const server = await startForeign(t)
  blockDomain(oak.ctx, 'evil.test', 'suspend')
  blockDomain(oak.ctx, 'bücher.test', 'suspend')
  const hosts = ['evil.test', 'EVIL.test', 'sub.evil.test', 'evil.test.', 'evil.test:443', 'e%76il.test', 'ｅvil.test']
  const idn = ['bücher.test', 'BÜCHER.test', 'xn--bcher-kva.test', 'a.xn--BCHER-kva.test', 'bu\u0308cher.test']
  const before = stateHash(oak.ctx.db)
  for (const host of [...hosts, ...idn]) {
    const actor = `https://${host}/users/x`
    const activity = { ...server.activity('Follow', oak.actor), id: `${actor}/1`, actor }
    t.equal((await server.send(`${oak.url}/inbox`, activity)).status, 403, `${host} as actor`)
    if (/[^\x21-\x7e]/.test(host)) continue
    const sign = { ...server.key, id: `${actor}#main-key` }
    t.equal((await server.send(`${oak.url}/inbox`, activity, { sign })).status, 403, `${host} as actor and key`)
    t.equal((await server.send(`${oak.url}/inbox`, server.activity('Follow', oak.actor), { sign })).status, 403, `${host} as key`)
  }
  const actor = 'https://notevil.test/users/x'
  const sign = { ...server.key, id: `${actor}#main-key` }
  const status = (await server.send(`${oak.url}/inbox`, { ...server.activity('Follow', oak.actor), id: `${actor}/1`, actor }, { sign }))
    .status
  t.not(status, 403, 'notevil.test is somebody else')
  t.same(server.asked, [])
  t.equal(stateHash(oak.ctx.db), before)
})

/** Every row of the database in which an address of this server stands. What was received and what we did is ours to remember. */
function tracesOf({ ctx }: TestNode, origin: string): string[] {
  const { $client } = ctx.db
  const tables = $client
    .prepare("select name from sqlite_master where type = 'table' and sql not like '%virtual%'")
    .pluck()
    .all() as string[]
  // `cut_ties` remembers what an undo brings back.
  const ours = ['received', 'events', 'activities', 'blocks', 'hosts', 'cut_ties']
  return tables
    .filter(table => !ours.includes(table))
    .filter(table => JSON.stringify($client.prepare(`select * from "${table}"`).safeIntegers(false).all()).includes(origin))
}
