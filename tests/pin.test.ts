import t from 'tap'
import { followActor } from '../src/actions/following.ts'
import { pinPost, unpinPost } from '../src/actions/pin.ts'
import { publishPost, withdrawPost } from '../src/actions/post.ts'
import { postByIri } from '../src/db/post.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { lookUpPost } from '../src/federation/lookup-post.ts'
import { startForeign } from './helpers/foreign.ts'
import { settle, startNode } from './helpers/node.ts'
import { stateHash } from './helpers/state.ts'

t.test('what the steward pins stands in the collection after the essence of the charter', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  const posts = Array.from({ length: 6 }, (_, at) => publishPost(oak.ctx, `Post ${at}`))
  await settle(oak, fern)
  const featured = async () => {
    const { orderedItems, totalItems } = await (await oak.get('/c/oak/featured')).json()
    t.equal(totalItems, orderedItems.length)
    return orderedItems.map((item: { id: string }) => item.id).slice(1)
  }
  const pinned = (at: number) => Boolean(postByIri(fern.ctx.db, posts[at]!.iri)!.pinnedAt)

  for (const { id } of posts.slice(0, 5)) pinPost(oak.ctx, id)
  await settle(oak, fern)
  t.match((await (await oak.get('/c/oak/featured')).json()).orderedItems[0].id, /essence-1$/)
  t.same(new Set(await featured()), new Set(posts.slice(0, 5).map(post => post.iri)))
  t.same([0, 4, 5].map(pinned), [true, true, false])
  t.match(await (await fern.get(`/communities/${oak.ctx.config.host}/oak`, 'text/html')).text(), 'pinned')
  t.throws(() => pinPost(oak.ctx, posts[5]!.id), { reason: 'conflict', message: /unpin/ })
  t.throws(() => pinPost(oak.ctx, posts[0]!.id), { message: /./, reason: 'conflict' })
  t.throws(() => pinPost(oak.ctx, 999), { message: /./, reason: 'missing' })
  t.throws(() => unpinPost(oak.ctx, posts[5]!.id), { message: /./, reason: 'conflict' })

  unpinPost(oak.ctx, posts[0]!.id)
  withdrawPost(oak.ctx, posts[1]!.id)
  pinPost(oak.ctx, posts[5]!.id)
  await settle(oak, fern)
  t.equal((await featured()).length, 4)
  t.same([0, 4, 5].map(pinned), [false, true, true])
  t.throws(() => pinPost(oak.ctx, publishPost(oak.ctx, 'For us', { visibility: 'followers' }).id), { message: /./, reason: 'invalid' })
})

t.test('O-27: nobody puts anything into a collection that is not its own', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const alice = await startForeign(t, { who: 'alice' })
  const mallory = await startForeign(t)
  for (const { who, more } of [
    { who: alice, more: { featured: `${alice.me}/featured` } },
    { who: mallory, more: { featured: `${mallory.me}/featured` } },
  ]) {
    const context = [
      'https://www.w3.org/ns/activitystreams',
      'https://w3id.org/security/v1',
      { featured: { '@id': 'http://joinmastodon.org/ns#featured', '@type': '@id' } },
    ]
    who.serve(new URL(who.me).pathname, { body: { ...who.actor(who.me.split('/').at(-1)!), '@context': context, ...more } })
    followActor(oak.ctx, (await lookUp(oak.federation, who.me)).id)
    await settle(oak)
    await who.send(`${oak.url}/inbox`, who.activity('Accept', who.inbox[0]!.id))
  }
  const own = publishPost(oak.ctx, 'ours')
  const note = alice.note('from alice')
  await alice.send(`${oak.url}/inbox`, alice.activity('Create', note))
  const his = mallory.note('from mallory')
  await mallory.send(`${oak.url}/inbox`, mallory.activity('Create', his))
  await settle(oak)

  await t.test('refused without effect', async t => {
    // Of the same server as mallory, and kept here.
    const bob = mallory.me.replace('mallory', 'bob')
    const bobs = mallory.note('from bob', { attributedTo: bob })
    mallory.serve(new URL(bob).pathname, { body: mallory.actor('bob') })
    mallory.serve(new URL(String(bobs.id)).pathname, { body: { '@context': 'https://www.w3.org/ns/activitystreams', ...bobs } })
    await lookUpPost(oak.federation, String(bobs.id))

    const before = stateHash(oak.ctx.db)
    const refused = async (type: string, object: unknown, target: unknown) => {
      t.equal((await mallory.send(`${oak.url}/inbox`, mallory.activity(type, object, target ? { target } : {}))).status, 202)
      t.equal(stateHash(oak.ctx.db), before, `${type} ${JSON.stringify(object)} ${JSON.stringify(target)}`)
    }
    for (const type of ['Add', 'Remove'])
      for (const target of [
        `${alice.me}/featured`,
        `${oak.actor}/featured`,
        { id: `${oak.actor}/featured`, type: 'OrderedCollection' },
        undefined,
      ])
        for (const object of [note.id, own.iri, his.id, his]) await refused(type, object, target)
    // Its own collection, but not its own post.
    for (const object of [note.id, own.iri, note, bobs.id]) await refused('Add', object, `${mallory.me}/featured`)
    await settle(oak)
    t.equal(stateHash(oak.ctx.db), before)
    t.equal((await (await oak.get('/c/oak/featured')).json()).totalItems, 1)
  })
  await t.test('its own is pinned and unpinned', async t => {
    const target = `${alice.me}/featured`
    await alice.send(`${oak.url}/inbox`, alice.activity('Add', note.id, { target }))
    t.ok(postByIri(oak.ctx.db, String(note.id))!.pinnedAt)
    await alice.send(`${oak.url}/inbox`, alice.activity('Remove', note.id, { target }))
    t.notOk(postByIri(oak.ctx.db, String(note.id))!.pinnedAt)
  })
  await t.test('one that is not here is fetched from its origin', async t => {
    const older = alice.note('an old one')
    alice.serve(new URL(String(older.id)).pathname, { body: { '@context': 'https://www.w3.org/ns/activitystreams', ...older } })
    await alice.send(`${oak.url}/inbox`, alice.activity('Add', older.id, { target: `${alice.me}/featured` }))
    await settle(oak)
    t.match(postByIri(oak.ctx.db, String(older.id)), { content: 'an old one', pinnedAt: Date })
  })
})
