import t, { type Test } from 'tap'
import { followActor, unfollowActor } from '../src/actions/following.ts'
import { publishPost, withdrawPost } from '../src/actions/post.ts'
import { actorOf } from '../src/db/actor.ts'
import { followerOf } from '../src/db/follower.ts'
import { followingOf } from '../src/db/following.ts'
import { postByIri } from '../src/db/post.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { gotosocial, mastodon, wordpress } from './helpers/manners.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'
import { type Json, type Manners, type Peer, startPeer } from './helpers/peer.ts'
import { plain, software, withoutContext } from './helpers/peer-words.ts'

const AS = 'https://www.w3.org/ns/activitystreams'
const PUBLIC = `${AS}#Public`
const now = () => new Date().toISOString()

async function meet(t: Test, manners: Manners) {
  const node = await startNode(t)
  const peer = await startPeer(t, manners)
  return { node, peer, say: (document: Json) => sent(t, node, peer, document) }
}

async function sent(t: Test, node: TestNode, peer: Peer, document: Json): Promise<void> {
  t.equal(await peer.send(`${node.actor}/inbox`, document), 202, `${document.type} is taken`)
  await settle(node)
}

for (const [name, { manners, words }] of Object.entries(software))
  t.test(`${name}: follow and be followed, a post each way, changed and deleted, and an end to it, twice`, async t => {
    const { node, peer, say } = await meet(t, manners)
    const { ctx, federation } = node

    for (const n of [1, 2]) {
      // Before it has ever said anything, and then when it is known.
      const { id } = await lookUp(federation, peer.me)
      t.equal(id, peer.me)
      followActor(ctx, id)
      await settle(node)
      const asked = peer.heard('Follow').at(-1)!
      t.match(asked, { actor: node.actor, object: peer.me, id: String })
      await say(words.accept(peer, asked, n))
      t.equal(followingOf(ctx.db, peer.me)?.state, 'accepted', 'we follow it')

      const follow = words.follow(peer, node.actor, n)
      await say(follow)
      t.equal(followerOf(ctx.db, peer.me)?.state, 'accepted', 'it follows us')
      t.match(peer.heard('Accept').at(-1), {
        actor: node.actor,
        object: { id: follow.id, type: 'Follow', actor: peer.me, object: node.actor },
      })

      const note = words.note(peer, n)
      await say(words.create(peer, note))
      t.equal(postByIri(ctx.db, String(note.id))?.content, '<p>hello</p>')
      await say(words.update(peer, { ...note, content: '<p>changed</p>', updated: now() }))
      t.equal(postByIri(ctx.db, String(note.id))?.content, '<p>changed</p>')
      await say(words.remove(peer, note))
      t.ok(postByIri(ctx.db, String(note.id))?.deletedAt, 'what it takes back is gone')

      const ours = publishPost(ctx, 'Good morning')
      await settle(node)
      t.match(peer.heard('Create').at(-1), { object: { id: ours.iri, type: 'Note', attributedTo: node.actor, content: /Good morning/ } })
      withdrawPost(ctx, ours.id)
      await settle(node)
      t.match(peer.heard('Delete').at(-1), { object: { id: ours.iri, type: 'Tombstone' } })

      await say(words.undo(peer, follow, n))
      t.notOk(followerOf(ctx.db, peer.me), 'it follows us no more')
      unfollowActor(ctx, peer.me)
      await settle(node)
      t.match(peer.heard('Undo').at(-1), { actor: node.actor, object: { id: asked.id, type: 'Follow', object: peer.me } })
    }
    t.same(peer.faults('POST'), [], 'it could verify all that was sent to it')
    t.same(peer.faults('GET'), [], 'and all that was asked of it')
  })

t.test('GoToSocial: a stranger’s first word, with a key that is a stub at its own address', async t => {
  const { node, peer, say } = await meet(t, gotosocial)
  await say(software.GoToSocial!.words.follow(peer, node.actor, 1))
  t.equal(followerOf(node.ctx.db, peer.me)?.state, 'accepted')
  t.strictSame(
    peer.asked.filter(({ method }) => method === 'GET').map(({ path }) => path),
    ['/users/zork/main-key', '/users/zork'],
  )
})

t.test('WordPress: a profile that has changed, said without an id, and in the same words again', async t => {
  const { node, peer, say } = await meet(t, wordpress)
  await say(software.WordPress!.words.follow(peer, node.actor, 1))
  const news = { '@context': AS, type: 'Update', actor: peer.me, object: peer.me, to: [PUBLIC] }
  const second = () => Math.floor(Date.now() / 1000)
  let lastSaid = 0
  for (const name of ['Ada L.', 'Ada Lovelace']) {
    peer.actor.name = name
    // In another second, as its Date counts them: the same request again would be the same activity.
    while (second() === lastSaid) await new Promise(resolve => setImmediate(resolve))
    await say(news)
    lastSaid = second()
    t.equal(actorOf(node.ctx.db, peer.me)?.name, name)
  }
  // What it shows is not believed, only looked at.
  await say({ ...news, object: { ...withoutContext(peer.actor), name: 'Mallory' } })
  t.equal(actorOf(node.ctx.db, peer.me)?.name, 'Ada Lovelace')
})

t.test('An Undo without an id takes back what it names, an activity of another type without one is refused', async t => {
  const { node, peer, say } = await meet(t, wordpress)
  const follow = software.WordPress!.words.follow(peer, node.actor, 1)
  await say(follow)
  t.equal(await peer.send(`${node.actor}/inbox`, { '@context': AS, type: 'Follow', actor: peer.me, object: node.actor }), 400)
  await say({ '@context': AS, type: 'Undo', actor: peer.me, object: withoutContext(follow) })
  t.notOk(followerOf(node.ctx.db, peer.me))
})

t.test('WordPress: an Accept whose Follow has lost its id', async t => {
  const { node, peer, say } = await meet(t, wordpress)
  await lookUp(node.federation, peer.me)
  followActor(node.ctx, peer.me)
  await settle(node)
  await say(software.WordPress!.words.accept(peer, { type: 'Follow', actor: node.actor, object: peer.me }, 1))
  t.equal(followingOf(node.ctx.db, peer.me)?.state, 'accepted')
})

t.test('Mastodon: every yes to one who follows already has the same id', async t => {
  const { node, peer, say } = await meet(t, mastodon)
  await lookUp(node.federation, peer.me)
  for (const round of [1, 2]) {
    followActor(node.ctx, peer.me)
    await settle(node)
    const asked = peer.heard('Follow').at(-1)!
    await say({ ...software.Mastodon!.words.accept(peer, asked, 0), id: `${peer.me}#accepts/follows/` })
    t.equal(followingOf(node.ctx.db, peer.me)?.state, 'accepted', `round ${round}`)
    unfollowActor(node.ctx, peer.me)
  }
})

t.test('Mastodon: an account is deleted, and its key is gone', async t => {
  const { node, peer, say } = await meet(t, mastodon)
  const goodbye = {
    ...plain(`${peer.me}#delete`, 'Delete', peer, peer.me, { to: [PUBLIC] }),
    '@context': [AS, 'https://w3id.org/security/v1'],
    signature: {
      ...{ type: 'RsaSignature2017', creator: `${peer.me}#main-key`, created: now(), expires: now() },
      signatureValue: Buffer.alloc(256, 7).toString('base64'),
    },
  }
  await say(software.Mastodon!.words.follow(peer, node.actor, 1))
  t.ok(followerOf(node.ctx.db, peer.me))
  peer.vanish()
  await say(goodbye)
  t.notOk(followerOf(node.ctx.db, peer.me))
  t.ok(actorOf(node.ctx.db, peer.me)?.goneAt)

  const stranger = await startPeer(t, mastodon)
  stranger.vanish()
  await sent(t, node, stranger, { ...goodbye, id: `${stranger.me}#delete`, actor: stranger.me, object: stranger.me })
  t.notOk(actorOf(node.ctx.db, stranger.me), 'of somebody never known there is nothing to forget')
})
