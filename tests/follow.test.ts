import t from 'tap'
import { changeSettings } from '../src/actions/community.ts'
import { decideFollower } from '../src/actions/follower.ts'
import { followActor, unfollowActor } from '../src/actions/following.ts'
import { allFollowers } from '../src/db/follower.ts'
import { allFollowing, followingOf } from '../src/db/following.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { startForeign } from './helpers/foreign.ts'
import { settle, startNode } from './helpers/node.ts'

t.test('a community follows another by its address, and is accepted at once', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  const { id } = await lookUp(fern.federation, oak.actor)
  followActor(fern.ctx, id)
  t.match(allFollowing(fern.ctx.db), [{ actor: oak.actor, state: 'pending' }])
  await settle(fern, oak)
  t.match(allFollowing(fern.ctx.db), [{ actor: oak.actor, state: 'accepted', handle: 'oak', host: oak.ctx.config.host }])
  t.match(allFollowers(oak.ctx.db), [{ actor: fern.actor, state: 'accepted' }])

  const followers = await (await oak.get('/c/oak/followers')).json()
  t.match(followers, { type: 'OrderedCollection', totalItems: 1 })
  const page = await (await oak.get(followers.first)).json()
  t.same(page.orderedItems, [fern.actor])
  t.match(await (await fern.get('/c/fern/following?page=true')).json(), { orderedItems: [oak.actor] })

  t.test('asking again changes nothing', async t => {
    followActor(fern.ctx, oak.actor)
    await settle(fern, oak)
    t.equal(allFollowers(oak.ctx.db).length, 1)
  })

  t.test('and lets go again', async t => {
    unfollowActor(fern.ctx, oak.actor)
    await settle(fern, oak)
    t.same(allFollowers(oak.ctx.db), [])
    t.same(allFollowing(fern.ctx.db), [])
    t.throws(() => unfollowActor(fern.ctx, oak.actor), { name: 'Refusal', reason: 'missing' })
  })
})

t.test('a handle finds the same community, however it is written', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  const { host } = oak.ctx.config
  for (const what of [
    `@oak@${host}`,
    `oak@${host}`,
    `acct:oak@${host}`,
    `@OAK@${host.toUpperCase()}`,
    ` ${oak.actor} `,
    `${oak.actor}#main-key`,
  ]) {
    t.equal((await lookUp(fern.federation, what)).id, oak.actor, what)
  }
})

t.test('a lookup that leads nowhere says why', async t => {
  const fern = await startNode(t, { handle: 'fern' })
  const foreign = await startForeign(t)
  foreign.serve('/page', { type: 'text/html', body: '<h1>hello</h1>' })
  foreign.serve('/liar', { body: { ...foreign.actor('mallory'), id: fern.actor } })
  const cases: [string, RegExp][] = [
    ['nonsense', /neither a handle/],
    [`@nobody@${foreign.host}`, /knows nobody called nobody/],
    [`${foreign.origin}/missing`, /There is nothing at/],
    [`${foreign.origin}/page`, /not an ActivityStreams document/],
    ['http://localhost:1/c/x', /could not be reached/],
    ['@x@exa mple', /neither a handle/],
  ]
  for (const [what, why] of cases) await t.rejects(lookUp(fern.federation, what), { name: 'Refusal', message: why }, what)
})

t.test('where the steward approves followers, they wait', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  changeSettings(oak.ctx, { approvesFollowers: true })
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  t.match(allFollowers(oak.ctx.db), [{ state: 'pending' }])
  t.match(allFollowing(fern.ctx.db), [{ state: 'pending' }])
  t.match(await (await oak.get('/c/oak/followers')).json(), { totalItems: 0 })
  t.match(await (await oak.get('/c/oak')).json(), { manuallyApprovesFollowers: true })

  decideFollower(oak.ctx, fern.actor, 'accept')
  await settle(oak, fern)
  t.match(allFollowing(fern.ctx.db), [{ state: 'accepted' }])

  decideFollower(oak.ctx, fern.actor, 'reject')
  await settle(oak, fern)
  t.same(allFollowers(oak.ctx.db), [], 'a follower can be sent away later')
  t.match(allFollowing(fern.ctx.db), [{ state: 'rejected' }])
})

t.test('a follower from another kind of server', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const follow = foreign.activity('Follow', oak.actor)
  t.equal((await foreign.send(`${oak.actor}/inbox`, follow)).status, 202)
  await settle(oak)
  t.match(allFollowers(oak.ctx.db), [{ actor: foreign.me, state: 'accepted' }])
  t.match(foreign.inbox, [
    { type: 'Accept', actor: oak.actor, object: { id: follow.id, type: 'Follow', actor: foreign.me, object: oak.actor } },
  ])

  t.test('the same Follow again has no second effect (O-07)', async t => {
    t.equal((await foreign.send(`${oak.actor}/inbox`, follow)).status, 202)
    const undo = foreign.activity('Undo', follow)
    t.equal((await foreign.send(`${oak.actor}/inbox`, undo)).status, 202)
    t.same(allFollowers(oak.ctx.db), [])
    t.equal((await foreign.send(`${oak.actor}/inbox`, follow)).status, 202)
    await settle(oak)
    t.same(allFollowers(oak.ctx.db), [], 'an old Follow does not come back')
    t.equal(foreign.inbox.length, 1)
  })

  t.test('an Undo that overtakes its Follow leaves nobody following (O-103)', async t => {
    const late = foreign.activity('Follow', oak.actor)
    await foreign.send(`${oak.actor}/inbox`, foreign.activity('Undo', late))
    await foreign.send(`${oak.actor}/inbox`, late)
    t.same(allFollowers(oak.ctx.db), [])
  })
})

t.test('nobody can answer for another (O-22)', async t => {
  const fern = await startNode(t, { handle: 'fern' })
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  changeSettings(oak.ctx, { approvesFollowers: true })
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  const id = followingOf(fern.ctx.db, oak.actor)!.followId
  for (const type of ['Accept', 'Reject']) {
    t.equal((await foreign.send(`${fern.actor}/inbox`, foreign.activity(type, id))).status, 202)
    t.equal(
      (await foreign.send(`${fern.actor}/inbox`, foreign.activity(type, { id, type: 'Follow', actor: fern.actor, object: oak.actor })))
        .status,
      202,
    )
    t.equal(
      (
        await foreign.send(
          `${fern.actor}/inbox`,
          foreign.activity(type, { id: `${fern.url}/a/never`, type: 'Follow', actor: fern.actor, object: foreign.me }),
        )
      ).status,
      202,
    )
  }
  t.match(allFollowing(fern.ctx.db), [{ actor: oak.actor, state: 'pending' }])
  t.equal(allFollowing(fern.ctx.db).length, 1)
})
