import t from 'tap'
import { followActor } from '../src/actions/following.ts'
import { claimFormerAddress, moveCommunity } from '../src/actions/move.ts'
import { allFollowers } from '../src/db/follower.ts'
import { allFollowing } from '../src/db/following.ts'
import { wasOnce } from '../src/federation/activities/actor.ts'
import { lookUp, lookUpDocument } from '../src/federation/lookup.ts'
import { startForeign } from './helpers/foreign.ts'
import { settle, startNode } from './helpers/node.ts'

t.test('a community changes its domain and its followers come along', async t => {
  const old = await startNode(t, { handle: 'oak' })
  const fresh = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  followActor(fern.ctx, (await lookUp(fern.federation, old.actor)).id)
  await settle(fern, old)

  t.notOk(wasOnce((await lookUpDocument(old.federation, fresh.actor)).document, old.actor))
  claimFormerAddress(fresh.ctx, old.actor)
  t.ok(wasOnce((await lookUpDocument(old.federation, fresh.actor)).document, old.actor))
  t.match(await (await fresh.get('/c/oak')).json(), { alsoKnownAs: [old.actor] })

  moveCommunity(old.ctx, fresh.actor)
  await settle(old, fern, fresh)
  t.match(allFollowing(fern.ctx.db), [{ actor: fresh.actor, state: 'accepted' }])
  t.equal(allFollowing(fern.ctx.db).length, 1)
  t.match(allFollowers(fresh.ctx.db), [{ actor: fern.actor }])
  t.same(allFollowers(old.ctx.db), [])
  t.match(await (await old.get('/c/oak')).json(), { movedTo: fresh.actor })
})

t.test('moves that are not believed (O-24)', async t => {
  const fern = await startNode(t, { handle: 'fern' })
  const foreign = await startForeign(t)
  followActor(fern.ctx, (await lookUp(fern.federation, foreign.me)).id)
  await settle(fern)
  await foreign.send(`${fern.url}/inbox`, foreign.activity('Accept', foreign.inbox[0]!.id))
  const moveTo = async (target: string, object: unknown = foreign.me) => {
    await foreign.send(`${fern.url}/inbox`, foreign.activity('Move', object, { target }))
    await settle(fern)
    return allFollowing(fern.ctx.db).map(row => row.actor)
  }
  foreign.serve('/users/stranger', { body: foreign.actor('stranger') })
  t.same(await moveTo(`${foreign.origin}/users/stranger`), [foreign.me], 'the target does not name it')
  t.same(await moveTo(`${foreign.origin}/users/nobody`), [foreign.me], 'the target is not there')
  foreign.serve('/users/next', { body: { ...foreign.actor('next'), alsoKnownAs: [foreign.me] } })
  t.same(await moveTo(`${foreign.origin}/users/next`, `${foreign.origin}/users/other`), [foreign.me], 'it is about somebody else')
  t.same(await moveTo(`${foreign.origin}/users/next`), [`${foreign.origin}/users/next`], 'a true one is followed')
})
