import t from 'tap'
import { publishPost } from '../src/actions/post.ts'
import { allFollowers } from '../src/db/follower.ts'
import { reactionCounts } from '../src/db/reaction.ts'
import { startForeign } from './helpers/foreign.ts'
import { settle, startNode } from './helpers/node.ts'

t.test('likes and boosts of a post are counted, once for each actor', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const { id, iri } = publishPost(oak.ctx, 'hello')
  const like = foreign.activity('Like', iri)
  const boost = foreign.activity('Announce', iri)
  for (const activity of [like, like, foreign.activity('Like', iri), boost, foreign.activity('Like', foreign.me)])
    await foreign.send(`${oak.url}/inbox`, activity)
  t.same(reactionCounts(oak.ctx.db, id), { likes: 1, boosts: 1 })
  t.match(await (await oak.get(iri)).json(), { likes: { totalItems: 1 }, shares: { totalItems: 1 } })
  t.match(await (await oak.get(iri, 'text/html')).text(), /1 like.*1 boost/s)
  await foreign.send(`${oak.url}/inbox`, foreign.activity('Undo', like))
  await foreign.send(`${oak.url}/inbox`, foreign.activity('Undo', boost.id))
  t.same(reactionCounts(oak.ctx.db, id), { likes: 0, boosts: 0 })
})

t.test('somebody who blocks the community does not follow it any more', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  await foreign.send(`${oak.url}/inbox`, foreign.activity('Follow', oak.actor))
  await settle(oak)
  t.equal(allFollowers(oak.ctx.db).length, 1)
  await foreign.send(`${oak.url}/inbox`, foreign.activity('Block', oak.actor))
  t.equal(allFollowers(oak.ctx.db).length, 0)
})
