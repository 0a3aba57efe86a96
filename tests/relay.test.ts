import t from 'tap'
import { publishCharter } from '../src/actions/charter.ts'
import { followActor } from '../src/actions/following.ts'
import { publishPost, withdrawPost } from '../src/actions/post.ts'
import { addRelay, leaveRelay } from '../src/actions/relay.ts'
import { actorOf } from '../src/db/actor.ts'
import { directorySize } from '../src/db/directory.ts'
import { dueErrands } from '../src/db/errand.ts'
import { postByIri } from '../src/db/post.ts'
import { reactionCounts } from '../src/db/reaction.ts'
import { allRelays } from '../src/db/relay.ts'
import { RELAY_LIMITS } from '../src/domain/relay.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { aCharter } from './helpers/charters.ts'
import { archipelago } from './helpers/command.ts'
import { type Foreign, startForeign } from './helpers/foreign.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public'

/** A foreign server whose `mallory` is a relay the node has joined by its inbox, as Mastodon's are. */
async function joined(t: Parameters<typeof startNode>[0], oak: TestNode): Promise<Foreign> {
  const relay = await startForeign(t)
  addRelay(oak.ctx, `${relay.origin}/inbox`)
  await settle(oak)
  await relay.send(`${oak.url}/inbox`, relay.activity('Accept', relay.inbox[0]))
  return relay
}

t.test('a relay known by its inbox is asked, answers, gets what is public, and is left', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const relay = await startForeign(t)
  const inbox = `${relay.origin}/inbox`
  addRelay(oak.ctx, inbox)
  addRelay(oak.ctx, inbox)
  publishPost(oak.ctx, 'before it has answered')
  await settle(oak)
  t.match(relay.inbox, [{ type: 'Follow', actor: oak.actor, object: PUBLIC }])
  t.equal(relay.inbox.length, 1, 'nothing goes there before it has accepted')

  const follow = relay.inbox[0]!
  const stranger = await startForeign(t)
  await stranger.send(`${oak.url}/inbox`, stranger.activity('Accept', follow))
  t.match(allRelays(oak.ctx.db), [{ inbox, state: 'pending', actor: null }], 'nobody else can accept')
  await relay.send(`${oak.url}/inbox`, relay.activity('Accept', follow.id))
  t.match(allRelays(oak.ctx.db), [{ inbox, state: 'accepted', actor: relay.me }])

  const post = publishPost(oak.ctx, 'hello')
  publishCharter(oak.ctx, aCharter({ name: 'oak', summary: 'Another edition.' }))
  await settle(oak)
  withdrawPost(oak.ctx, post.id)
  await settle(oak)
  t.same(
    relay.inbox.slice(1).map(({ type, object }) => [type, (object as { type: string }).type]),
    [
      ['Create', 'Note'],
      ['Create', 'Article'],
      ['Delete', 'Tombstone'],
    ],
    'posts and editions, and nothing of the actor',
  )

  leaveRelay(oak.ctx, inbox)
  publishPost(oak.ctx, 'after it was left')
  await settle(oak)
  t.match(relay.inbox.slice(4), [{ type: 'Undo', actor: oak.actor, object: { id: follow.id, type: 'Follow', object: PUBLIC } }])
  t.equal(relay.inbox.length, 5)
  t.throws(() => leaveRelay(oak.ctx, inbox), { name: 'Refusal', reason: 'missing' })
})

t.test('a relay that is an actor to follow (LitePub)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const relay = await startForeign(t)
  const id = `${relay.origin}/relay`
  relay.serve('/relay', { body: { ...relay.actor('relay'), id, type: 'Application', inbox: `${relay.origin}/inbox` } })
  const { inbox } = await lookUp(oak.federation, id)
  addRelay(oak.ctx, inbox, id)
  await settle(oak)
  t.match(relay.inbox, [{ type: 'Follow', object: id }])
  await relay.send(`${oak.url}/inbox`, relay.activity('Accept', relay.inbox[0]))
  t.match(allRelays(oak.ctx.db), [{ state: 'pending' }], 'another actor of the same server is not the relay')
  leaveRelay(oak.ctx, id)
  await settle(oak)
  t.match(relay.inbox[1], { type: 'Undo', object: { type: 'Follow', object: id } })
})

t.test('a relay that says no gets nothing, and can be asked again', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const relay = await startForeign(t)
  addRelay(oak.ctx, `${relay.origin}/inbox`)
  await settle(oak)
  await relay.send(`${oak.url}/inbox`, relay.activity('Reject', relay.inbox[0]))
  t.match(allRelays(oak.ctx.db), [{ state: 'rejected' }])
  publishPost(oak.ctx, 'hello')
  await settle(oak)
  t.equal(relay.inbox.length, 1)
  addRelay(oak.ctx, `${relay.origin}/inbox`)
  await settle(oak)
  t.equal(relay.inbox.length, 2)
})

t.test('what a relay passes on leads to communities, and to nothing else', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  const moss = await startNode(t, { handle: 'moss' })
  const relay = await joined(t, oak)
  const ours = publishPost(oak.ctx, 'ours')
  const theirs = publishPost(fern.ctx, 'theirs')
  const before = directorySize(oak.ctx.db)

  const stranger = await startForeign(t)
  await stranger.send(`${oak.url}/inbox`, stranger.activity('Announce', theirs.iri))
  await settle(oak)
  t.equal(actorOf(oak.ctx.db, fern.actor), undefined, 'a stranger’s Announce leads nowhere')

  const person = { ...stranger.note('hi') }
  stranger.serve(new URL(String(person.id)).pathname, { body: { '@context': 'https://www.w3.org/ns/activitystreams', ...person } })
  for (const object of [theirs.iri, moss.actor, person.id, ours.iri])
    await relay.send(`${oak.url}/inbox`, relay.activity('Announce', object))
  await settle(oak)
  t.equal(directorySize(oak.ctx.db), before + 2, 'both communities are in the directory')
  t.equal(postByIri(oak.ctx.db, theirs.iri), undefined, 'their posts are not kept')
  t.notOk(stranger.asked.filter(line => line === 'GET /users/mallory').length > 2, 'a person is looked at once')
  t.equal(actorOf(oak.ctx.db, stranger.me)?.charter, null)
  t.same(reactionCounts(oak.ctx.db, ours.id), { likes: 0, boosts: 0 }, 'passing on is no boost')

  t.test('from one that is followed nothing is lost', async t => {
    followActor(oak.ctx, fern.actor)
    await settle(oak, fern)
    await relay.send(`${oak.url}/inbox`, relay.activity('Announce', theirs.iri))
    await settle(oak)
    t.equal(postByIri(oak.ctx.db, theirs.iri), undefined, 'what came before is still not kept')
    const { iri } = publishPost(fern.ctx, 'heard directly')
    await settle(fern, oak)
    t.match(postByIri(oak.ctx.db, iri), { author: fern.actor })
  })
})

t.test('relays make a node look into so much an hour and no more', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const relay = await joined(t, oak)
  const announce = (count: number) =>
    Promise.all(
      Array.from({ length: count }, () =>
        relay.send(`${oak.url}/inbox`, relay.activity('Announce', `${relay.origin}/notes/${relay.newId().length}-${Math.random()}`)),
      ),
    )
  await announce(RELAY_LIMITS.errands + 10)
  t.equal(dueErrands(oak.ctx.db, oak.ctx.now(), 500).length, RELAY_LIMITS.errands)
  await settle(oak)
  t.equal(dueErrands(oak.ctx.db, new Date(Date.now() + 9e9), 500).length, 0, 'what can’t be had is not asked for again')
  await announce(1)
  t.equal(dueErrands(oak.ctx.db, oak.ctx.now(), 500).length, 0)
  oak.clock.offsetMs += RELAY_LIMITS.withinMs
  await announce(1)
  t.equal(dueErrands(oak.ctx.db, oak.ctx.now(), 500).length, 1, 'in the next hour there is room again')
})

t.test('on the command line', async t => {
  const foreign = await startForeign(t)
  const env = { DATA_DIR: t.testdir(), PORT: '3998', LOG_LEVEL: 'silent', ALLOW_PRIVATE_ADDRESSES: 'true' }
  t.equal((await archipelago(env, ['setup', '--charter', 'examples/brook-farm.json'])).code, 0)
  const inbox = `${foreign.origin}/inbox`
  t.match(JSON.parse((await archipelago(env, ['relay', 'add', inbox, '--json'])).out), { inbox, actor: null, state: 'pending' })
  t.match(JSON.parse((await archipelago(env, ['relay', 'add', foreign.me, '--json'])).out), { actor: foreign.me })
  t.match(JSON.parse((await archipelago(env, ['relay', 'list', '--json'])).out), [{ inbox }, { actor: foreign.me }])
  t.match(await archipelago(env, ['relay', 'remove', inbox]), { code: 0, out: /no relay of this community any more/ })
  t.match(await archipelago(env, ['relay', 'remove', inbox]), { code: 1, err: /is no relay/ })
  t.match(await archipelago(env, ['relay', 'add', 'relay']), { code: 1, err: /not the address of a relay/ })
})
