import t, { type Test } from 'tap'
import { changeSettings } from '../../src/actions/community.ts'
import { followActor } from '../../src/actions/following.ts'
import { publishPost } from '../../src/actions/post.ts'
import { allFollowers } from '../../src/db/follower.ts'
import { allFollowing, followingOf } from '../../src/db/following.ts'
import { transact } from '../../src/db/open.ts'
import { addPost } from '../../src/db/post.ts'
import { PLAIN } from '../../src/domain/post.ts'
import { lookUp } from '../../src/federation/lookup.ts'
import { signCavage } from '../../src/federation/signatures.ts'
import { settle } from '../helpers/node.ts'
import { befriend, hostile } from './harness.ts'

type Json = Record<string, unknown>
const MINUTE = 60_000

t.test('who follows whom', async t => {
  const world = await hostile(t)
  const { node, evil, victim, deliver, attack } = world
  await befriend(world)
  await deliver(victim, victim.activity('Follow', node.actor))
  const own = publishPost(node.ctx, 'our own words')
  await settle(node)
  /** Sends what mallory says; taken or refused, it must have no effect. */
  const says = async (t: Test, document: Json, message: string) => {
    t.ok([202, 401, 403].includes((await deliver(evil, document)).status), message)
    await settle(node)
  }

  await attack(
    'O-22 an Accept or Reject that nobody asked for',
    async t => {
      victim.serve('/users/dora', { body: victim.actor('dora') })
      const dora = await lookUp(node.federation, `${victim.origin}/users/dora`)
      followActor(node.ctx, dora.id)
      await settle(node)
      const { followId } = followingOf(node.ctx.db, dora.id)!
      const real = { id: followId, type: 'Follow', actor: node.actor, object: dora.id }
      const before = JSON.stringify(allFollowing(node.ctx.db))
      for (const type of ['Accept', 'Reject']) {
        await says(
          t,
          evil.activity(type, { id: `${node.url}/a/never`, type: 'Follow', actor: node.actor, object: evil.me }),
          `${type} of what was never asked`,
        )
        await says(t, evil.activity(type, `${node.url}/a/never`), `${type}, only named`)
        await says(t, evil.activity(type, real), `${type} by somebody else`)
        await says(t, evil.activity(type, followId), `${type} by somebody else, only named`)
        await says(t, evil.activity(type, { ...real, object: evil.me }), `${type}, its target changed`)
      }
      t.equal(JSON.stringify(allFollowing(node.ctx.db)), before)
      t.match(followingOf(node.ctx.db, dora.id), { state: 'pending' })
    },
    { changes: ['actors', 'actor_keys', 'following', 'events', 'activities', 'entries'] },
  )

  await attack(
    'O-23 a follower who accepts itself',
    async t => {
      changeSettings(node.ctx, { approvesFollowers: true })
      const asked = evil.activity('Follow', node.actor)
      await says(t, asked, 'asks')
      t.match(allFollowers(node.ctx.db), [{ state: 'accepted' }, { actor: evil.me, state: 'pending' }])
      for (const object of [asked, asked.id, { ...asked, actor: node.actor, object: evil.me }])
        await says(t, evil.activity('Accept', object), 'and says yes')
      t.match(allFollowers(node.ctx.db), [{ state: 'accepted' }, { actor: evil.me, state: 'pending' }])
      const hidden = transact(node.ctx.db, tx =>
        addPost(tx, { ...PLAIN, ...own, iri: `${node.url}/o/hidden`, content: 'for followers', visibility: 'followers' }),
      )
      t.ok(hidden)
      const url = new URL(`${node.url}/o/hidden`)
      const headers = await signCavage({ method: 'GET', url }, evil.key, new Date())
      const answer = await fetch(url, {
        headers: { date: headers.date!, signature: headers.signature!, accept: 'application/activity+json' },
      })
      t.equal(answer.status, 404, 'what is for followers is not there')
      t.notMatch(await answer.text(), /for followers/)
    },
    { changes: ['communities', 'followers', 'events', 'activities', 'posts', 'timeline_items', 'entries', 'notices'] },
  )

  await attack(
    'O-24 a Move that its target does not confirm',
    async t => {
      const followed = () => allFollowing(node.ctx.db).map(({ actor }) => actor)
      const move = async (to: string, from = evil.me) => {
        const key = { ...evil.key, id: `${from}#main-key` }
        t.equal(
          (await deliver(evil, { ...evil.activity('Move', from, { target: to }), actor: from }, { key, at: node.ctx.now() })).status,
          202,
        )
        await settle(node)
      }
      const next = (name: string, ...formerly: string[]) => {
        evil.serve(`/users/${name}`, { body: evil.actor(name, undefined, { alsoKnownAs: formerly }) })
        return `${evil.origin}/users/${name}`
      }
      const before = followed()
      for (const target of [next('stranger'), next('other', victim.me), `${evil.origin}/users/missing`, victim.me, node.actor])
        await move(target)
      t.same(followed(), before, 'not believed')
      const second = next('second', evil.me)
      await move(second)
      t.ok(followed().includes(second) && !followed().includes(evil.me), 'a true one is followed')
      // Followed again, and led on within the week.
      followActor(node.ctx, evil.me)
      await settle(node)
      await deliver(evil, evil.activity('Accept', followingOf(node.ctx.db, evil.me)!.followId))
      const third = next('third', evil.me)
      node.clock.offsetMs = 6 * 24 * 60 * MINUTE
      await move(third)
      t.notOk(followed().includes(third), 'another within seven days is not')
      node.clock.offsetMs = 0
    },
    { changes: ['actors', 'actor_keys', 'following', 'events', 'activities', 'entries', 'errands', 'posts', 'timeline_items'] },
  )
})
