import t from 'tap'
import { followActor } from '../src/actions/following.ts'
import { rotateKeys } from '../src/actions/node.ts'
import { publishPost } from '../src/actions/post.ts'
import { allFollowers } from '../src/db/follower.ts'
import { postsBy } from '../src/db/post.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { settle, startNode } from './helpers/node.ts'

t.test('new keys lose no follower', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  publishPost(oak.ctx, 'with the old key')
  await settle(oak, fern)
  const before = await (await oak.get('/c/oak')).json()

  t.same(rotateKeys(oak.ctx).sort(), [
    `${oak.actor}#ed25519-key-2`,
    `${oak.actor}#main-key-2`,
    `${oak.url}/node#ed25519-key-2`,
    `${oak.url}/node#main-key-2`,
  ])
  publishPost(oak.ctx, 'with the new key')
  await settle(oak, fern)
  t.match(
    postsBy(fern.ctx.db, oak.actor, { limit: 2 }).map(post => post.content),
    ['<p>with the new key</p>', '<p>with the old key</p>'],
  )
  t.equal(allFollowers(oak.ctx.db).length, 1)

  const after = await (await oak.get('/c/oak')).json()
  t.equal(after.publicKey.id, `${oak.actor}#main-key-2`)
  t.not(after.publicKey.publicKeyPem, before.publicKey.publicKeyPem)
  t.equal(after.assertionMethod.length, 1)
  t.equal(after.proof.verificationMethod, `${oak.actor}#ed25519-key-2`)
  t.equal(
    oak.ctx.db.$client.prepare("select count(*) from keys where retired_at is not null and private_key != ''").pluck().get(),
    0,
    'old private keys are gone',
  )
  rotateKeys(oak.ctx)
  t.equal((await (await oak.get('/node')).json()).publicKey.id, `${oak.url}/node#main-key-3`)
})
