import t from 'tap'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { react, takeReactionBack } from '../src/actions/reaction.ts'
import { allFollowers } from '../src/db/follower.ts'
import { postByIri } from '../src/db/post.ts'
import { reactionCounts } from '../src/db/reaction.ts'
import { PUBLIC } from '../src/federation/context.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { lookUpPost } from '../src/federation/lookup-post.ts'
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

t.test('the community likes and boosts what others say, and takes it back', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  const ash = await startNode(t, { handle: 'ash' })
  followActor(ash.ctx, (await lookUp(ash.federation, fern.actor)).id)
  await settle(ash, fern)
  const { id, iri } = publishPost(oak.ctx, 'a good word')
  const first = publishPost(oak.ctx, 'private', { visibility: 'followers' })
  await t.rejects(lookUpPost(fern.federation, first.iri), { message: /./, reason: 'missing' })
  await t.rejects(lookUpPost(fern.federation, oak.actor), { message: /not a post/ })
  await t.rejects(lookUpPost(fern.federation, '999'), { message: /numbered 999/ })

  // Nobody here follows its author: it is fetched, and its author with it.
  const kept = await lookUpPost(fern.federation, iri)
  t.match(kept, { iri, author: oak.actor, local: false, content: /a good word/ })
  react(fern.ctx, kept.id, 'like')
  react(fern.ctx, kept.id, 'like')
  react(fern.ctx, kept.id, 'boost')
  await settle(fern, oak, ash)
  t.same(reactionCounts(oak.ctx.db, id), { likes: 1, boosts: 1 })
  const outbox = async () => (await (await fern.get(`${fern.actor}/outbox?page=true`)).json()).orderedItems
  const [boost] = await outbox()
  t.match(boost, { type: 'Announce', object: iri, to: [PUBLIC], cc: [`${fern.actor}/followers`, oak.actor], proof: Object })
  t.notMatch(JSON.stringify(await outbox()), '"Like"')
  t.equal((await fern.get(boost.id)).status, 200)
  t.ok(postByIri(ash.ctx.db, iri), 'who follows the booster gets the post')

  takeReactionBack(fern.ctx, kept.id, 'like')
  takeReactionBack(fern.ctx, kept.id, 'boost')
  t.throws(() => takeReactionBack(fern.ctx, kept.id, 'boost'), { message: /not boosted/ })
  await settle(fern, oak, ash)
  t.same(reactionCounts(oak.ctx.db, id), { likes: 0, boosts: 0 })
  t.notMatch(JSON.stringify(await outbox()), 'Announce')
  t.equal((await fern.get(boost.id)).status, 404)
})

t.test('what was taken back before it was told is never told', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const note = foreign.note('words')
  foreign.serve(new URL(String(note.id)).pathname, { body: { '@context': 'https://www.w3.org/ns/activitystreams', ...note } })
  const { id } = await lookUpPost(oak.federation, String(note.id))
  react(oak.ctx, id, 'like')
  takeReactionBack(oak.ctx, id, 'like')
  await settle(oak)
  t.same(foreign.inbox, [])
  react(oak.ctx, id, 'like')
  await settle(oak)
  takeReactionBack(oak.ctx, id, 'like')
  await settle(oak)
  const [like, undo] = foreign.inbox
  t.match(like, { type: 'Like', actor: oak.actor, object: note.id, to: [foreign.me] })
  t.match(undo, { type: 'Undo', object: { id: like!.id, type: 'Like', object: note.id } })
})

t.test('a post that somebody else claims to have written is not kept', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const elsewhere = await startForeign(t, { who: 'alice' })
  const note = foreign.note('words', { attributedTo: elsewhere.me })
  foreign.serve(new URL(String(note.id)).pathname, { body: { '@context': 'https://www.w3.org/ns/activitystreams', ...note } })
  await t.rejects(lookUpPost(oak.federation, String(note.id)), { message: /not a post/ })
  t.equal(postByIri(oak.ctx.db, String(note.id)), undefined)
  const own = publishPost(oak.ctx, 'ours')
  t.throws(() => react(oak.ctx, own.id, 'like'), { message: /own post/ })
  t.throws(() => react(oak.ctx, publishPost(oak.ctx, 'ours', { visibility: 'followers' }).id, 'boost'), { message: /not for everybody/ })
})
