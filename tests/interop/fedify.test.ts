import t from 'tap'
import { publishCharter } from '../../src/actions/charter.ts'
import { followActor, unfollowActor } from '../../src/actions/following.ts'
import { moveCommunity } from '../../src/actions/move.ts'
import { publishPost, withdrawPost } from '../../src/actions/post.ts'
import { allFollowers } from '../../src/db/follower.ts'
import { allFollowing } from '../../src/db/following.ts'
import { postsBy } from '../../src/db/post.ts'
import { reactionCounts } from '../../src/db/reaction.ts'
import { lookUp } from '../../src/federation/lookup.ts'
import { aCharter } from '../helpers/charters.ts'
import { settle, startNode } from '../helpers/node.ts'
import { visit } from '../helpers/page.ts'
import { startPeer, withoutPeers } from './peer.ts'

const skip = withoutPeers()
if (skip) console.error(skip)

t.test('a Fedify server finds our community', { skip }, async t => {
  const peer = await startPeer(t)
  await peer.ask('actor', { as: 'alice' })
  const node = await startNode(t, {
    charter: { name: 'Oak & Ash', summary: 'Woodland people.', place: { precision: 'locality', country: 'PT', locality: 'Sintra' } },
  })
  publishPost(node.ctx, 'Haymaking on Saturday')
  await settle(node)
  for (const what of [node.address, `acct:${node.address.slice(1)}`, node.actor]) {
    const found = await peer.ask<Record<string, unknown>>('lookup', { what })
    t.match(found, { id: node.actor, type: 'Organization', handle: 'oak', name: /^Oak & Ash · /, summary: '<p>Woodland people.</p>' }, what)
    t.match(found.attachments, [{ name: /./, value: /./ }], 'with its facts')
    t.match(JSON.stringify(found.attachments), 'Sintra')
    t.match(found.featured, [{ content: /<strong>Oak &amp; Ash<\/strong>/ }], 'its charter is pinned')
    t.same(found.keys, [`${node.actor}#main-key`, `${node.actor}#ed25519-key`])
    t.equal(found.followers, 0)
    t.equal(found.posts, 2, 'the charter and the post')
  }
  const [post, article] = [postsBy(node.ctx.db, node.actor, { limit: 1 })[0]!.iri, `${node.url}/o/charter-1`]
  t.match(await peer.ask('lookup', { what: post }), {
    id: post,
    type: 'Note',
    content: '<p>Haymaking on Saturday</p>',
    attributedTo: node.actor,
  })
  t.match(await peer.ask('lookup', { what: article }), { id: article, type: 'Article', attributedTo: node.actor })
  t.match(await peer.ask('nodeInfo', { url: `${node.url}/nodeinfo/2.1` }), {
    software: { name: 'archipelago' },
    protocols: ['activitypub'],
    usage: {},
  })
  t.equal(await peer.ask('lookup', { what: `@nobody@${node.ctx.config.host}` }), null)
  t.match(await peer.ask('lookup', { what: `@node@${node.ctx.config.host}` }), { type: 'Application', id: `${node.url}/node` })
})

t.test('somebody on a Fedify server follows us', { skip }, async t => {
  const peer = await startPeer(t)
  const alice = await peer.ask('actor', { as: 'alice' })
  const node = await startNode(t, { charter: { name: 'Oak' } })
  await peer.ask('follow', { as: 'alice', whom: node.address })
  await settle(node)
  t.match(allFollowers(node.ctx.db), [{ actor: alice, state: 'accepted' }])
  t.match((await peer.state()).following, { alice: [node.actor] }, 'and knows that it was accepted')

  await t.test('our post', async t => {
    publishPost(node.ctx, 'Haymaking on **Saturday**')
    await settle(node)
    const [create] = await peer.heard('Create')
    t.match(create, { listened: true, status: 202, signature: `${node.actor}#main-key` })
    t.match(create!.document.object, { type: 'Note', content: /Haymaking on <strong>Saturday<\/strong>/ })
  })

  await t.test('a new edition of our charter: the actor, and an article', async t => {
    publishCharter(node.ctx, aCharter({ name: 'Oak and pond' }))
    await settle(node)
    t.match(await peer.heard('Update'), [{ listened: true, document: { object: { id: node.actor, name: /^Oak and pond/ } } }])
    t.match((await peer.heard('Create')).at(-1), { listened: true, document: { object: { type: 'Article', name: /edition 2/ } } })
  })

  await t.test('a post taken back', async t => {
    const post = publishPost(node.ctx, 'Said too much')
    await settle(node)
    withdrawPost(node.ctx, post.id)
    await settle(node)
    t.match(await peer.heard('Delete'), [{ listened: true, document: { object: { type: 'Tombstone', id: post.iri } } }])
  })

  await t.test('and lets go again', async t => {
    await peer.ask('unfollow', { as: 'alice', whom: node.address })
    await settle(node)
    t.same(allFollowers(node.ctx.db), [])
    const before = (await peer.state()).heard.length
    publishPost(node.ctx, 'Nobody hears this')
    await settle(node)
    t.equal((await peer.state()).heard.length, before, 'it hears no more')
  })
  const { heard } = await peer.state()
  t.ok(
    heard.every(it => it.listened && it.signature === `${node.actor}#main-key`),
    'Fedify could verify all we ever sent',
  )
  t.ok(
    heard.filter(it => /Create|Update|Delete/.test(it.type)).every(it => it.proof),
    'what is public also by its proof',
  )
  t.same((await peer.state()).faults, [])
})

t.test('we follow a community on a Fedify server', { skip }, async t => {
  const peer = await startPeer(t)
  const charter = { edition: 1, published: new Date().toISOString(), ...aCharter({ name: 'Alder Well' }) }
  const alice = await peer.ask('actor', { as: 'alice', charter })
  const node = await startNode(t)
  const found = await lookUp(node.federation, `@alice@${peer.host}`)
  t.match(found, { id: alice, handle: 'alice', sharedInbox: `${peer.origin}/inbox` })
  followActor(node.ctx, found.id)
  await settle(node)
  t.match(allFollowing(node.ctx.db), [{ actor: alice, state: 'accepted' }])
  t.match((await peer.state()).followers, { alice: [node.actor] })
  const page = async () => (await visit(node, `/communities/${peer.host}/alice`)).text

  t.match(await page(), 'Alder Well', 'with its charter')

  const iri = await peer.ask('post', { as: 'alice', content: '<p>The well is dug</p>' })
  await settle(node)
  t.match(await page(), 'The well is dug')
  await peer.ask('edit', { iri, content: '<p>The well is dug, and deep</p>' })
  await settle(node)
  t.match(await page(), 'The well is dug, and deep')
  await peer.ask('delete', { iri })
  await settle(node)
  t.notMatch(await page(), 'The well is dug')

  for (const kind of ['Event', 'Question']) {
    await peer.ask('post', { as: 'alice', kind, name: `Barn dance, ${kind}`, content: '<p>On Sunday</p>' })
    await settle(node)
    t.match(await page(), `Barn dance, ${kind}`)
  }
  const article = await peer.ask('post', { as: 'alice', kind: 'Article', name: 'On wells', content: '<h2>Depth</h2><p>Ten metres.</p>' })
  await settle(node)
  t.match(await page(), /On wells/)
  await peer.ask('delete', { iri: article })
  await settle(node)
  t.notMatch(await page(), /On wells/)

  await peer.ask('rename', { as: 'alice', name: 'Alder Spring' })
  await settle(node)
  t.match(allFollowing(node.ctx.db), [{ name: 'Alder Spring' }], 'an Update of the actor itself')

  unfollowActor(node.ctx, alice)
  await settle(node)
  t.same((await peer.state()).followers, { alice: [] })
  t.same(
    (await peer.state()).sent.filter(({ status }) => status !== 202),
    [],
    'all it sent was taken at once',
  )
})

t.test('likes, boosts and blocks from a Fedify server', { skip }, async t => {
  const peer = await startPeer(t)
  await peer.ask('actor', { as: 'alice' })
  const node = await startNode(t)
  const post = publishPost(node.ctx, 'Haymaking on Saturday')
  await settle(node)
  const of = node.address
  for (const whole of [false, true]) {
    const reactions = ['Like', 'Announce'].map(type => peer.ask('react', { as: 'alice', type, object: post.iri, of, whole }))
    const ids = await Promise.all(reactions)
    t.same(reactionCounts(node.ctx.db, post.id), { likes: 1, boosts: 1 }, whole ? 'with the whole post inside' : 'by its address')
    for (const id of ids) await peer.ask('undo', { as: 'alice', id, of })
    t.same(reactionCounts(node.ctx.db, post.id), { likes: 0, boosts: 0 }, 'and taken back')
  }
  await peer.ask('follow', { as: 'alice', whom: of })
  t.equal(allFollowers(node.ctx.db).length, 1)
  await peer.ask('react', { as: 'alice', type: 'Block', object: node.actor, of, whole: true })
  t.same(allFollowers(node.ctx.db), [], 'who blocks us is no follower any more')
  t.same(
    (await peer.state()).sent.filter(({ status }) => status !== 202),
    [],
  )
})

t.test('a Fedify server that shows its actors only to who signs', { skip }, async t => {
  const peer = await startPeer(t)
  const alice = await peer.ask('actor', { as: 'alice', secure: true })
  t.equal((await fetch(alice, { headers: { accept: 'application/activity+json' } })).status, 401)
  const node = await startNode(t)
  t.match(await lookUp(node.federation, `@alice@${peer.host}`), { id: alice, name: 'alice' })
  await peer.ask('follow', { as: 'alice', whom: node.address })
  await settle(node)
  t.match((await peer.state()).following, { alice: [node.actor] })
})

t.test('our community moves, and its followers on a Fedify server are told', { skip }, async t => {
  const peer = await startPeer(t)
  const [alice, heir] = await Promise.all(['alice', 'heir'].map(as => peer.ask('actor', { as })))
  const node = await startNode(t)
  await peer.ask('follow', { as: 'alice', whom: node.address })
  await settle(node)
  moveCommunity(node.ctx, heir!)
  await settle(node)
  t.match(await peer.heard('Move'), [{ listened: true, status: 202, document: { object: node.actor, target: heir } }])
  // The other Fedify there has not kept what it read before.
  t.match(await peer.ask('lookup', { what: node.actor, sign: 'cavage' }), { movedTo: heir })
  t.match(allFollowers(node.ctx.db), [{ actor: alice }])
})
