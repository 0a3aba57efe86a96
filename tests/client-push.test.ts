import { createECDH, randomBytes } from 'node:crypto'
import t, { type Test } from 'tap'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { react } from '../src/actions/reaction.ts'
import { removeSteward } from '../src/actions/steward.ts'
import { postByIri } from '../src/db/post.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { wakeApps } from '../src/mastodon/push-message.ts'
import { callerOf, clientOf } from './helpers/client.ts'
import { startForeign } from './helpers/foreign.ts'
import { settle, startNode } from './helpers/node.ts'
import { opened, startPushService } from './helpers/push.ts'

type Subscription = { id: number; endpoint: string; alerts: Record<string, boolean>; server_key: string; policy: string }

function keys() {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  const auth = randomBytes(16)
  return { pair, auth, sent: { p256dh: pair.getPublicKey('base64url'), auth: auth.toString('base64url') } }
}

async function village(t: Test) {
  const [oak, fern] = [await startNode(t, { handle: 'oak' }), await startNode(t, { handle: 'fern' })]
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(oak, fern)
  return { oak, fern, me: await clientOf(oak), service: await startPushService(t), keys: keys() }
}

t.test('an app is woken by what it wants to hear of, in words only it can read', async t => {
  const { oak, fern, me, service, keys } = await village(t)
  for (const standard of [true, false]) {
    const { body } = await me.post<Subscription>('/api/v1/push/subscription', {
      subscription: { endpoint: service.address, keys: keys.sent, standard },
      data: { alerts: { favourite: true, mention: false, unheard_of: true }, policy: 'all' },
    })
    t.match(body, {
      endpoint: service.address,
      standard,
      alerts: { favourite: true, mention: false },
      policy: 'all',
      server_key: /^[\w-]{87}$/,
    })
    const said = publishPost(oak.ctx, 'Bread is ready')
    await settle(oak, fern)
    react(fern.ctx, postByIri(fern.ctx.db, said.iri)!.id, 'like')
    publishPost(fern.ctx, 'Good', { replyTo: postByIri(fern.ctx.db, said.iri)! })
    await settle(oak, fern)
    t.equal(await wakeApps(oak.ctx), 1)
    t.equal(await wakeApps(oak.ctx), 0, 'once')
    const { headers, body: sealed } = service.received.splice(0)[0]!
    t.match(headers, { ttl: '172800', 'content-encoding': standard ? 'aes128gcm' : 'aesgcm', authorization: /^(vapid t=|WebPush )/ })
    t.notOk(sealed.includes('Bread'))
    if (standard)
      t.match(JSON.parse(opened(sealed, keys)), {
        notification_type: 'favourite',
        title: /^fern.* likes your post$/,
        body: 'Bread is ready',
        notification_id: Number,
      })
  }
  t.match((await me.get('/api/v1/push/subscription')).body, { endpoint: service.address })
  const changed = await me.put<Subscription>('/api/v1/push/subscription', { data: { alerts: { follow: true }, policy: 'followed' } })
  t.match(changed.body, { alerts: { follow: true, favourite: false }, policy: 'followed' })
  t.strictSame((await me.del('/api/v1/push/subscription')).body, {})
  t.equal((await me.get('/api/v1/push/subscription')).status, 404)
})

t.test('a service that knows of no such app is asked no more; one that is not well is tried again', async t => {
  const { oak, fern, me, service, keys } = await village(t)
  const subscription = { endpoint: service.address, keys: keys.sent, standard: true }
  await me.post('/api/v1/push/subscription', { subscription, data: { alerts: { favourite: true } } })
  const like = async () => {
    const said = publishPost(oak.ctx, 'Bread')
    await settle(oak, fern)
    react(fern.ctx, postByIri(fern.ctx.db, said.iri)!.id, 'like')
    await settle(oak, fern)
  }
  service.answer(503)
  await like()
  t.equal(await wakeApps(oak.ctx), 0)
  t.equal(await wakeApps(oak.ctx), 0)
  t.equal(service.received.splice(0).length, 1, 'not again at once')
  oak.clock.offsetMs = 61_000
  service.answer(201)
  t.equal(await wakeApps(oak.ctx), 1, 'later')
  const ben = await clientOf(oak, { name: 'ben', role: 'editor' })
  await ben.post('/api/v1/push/subscription', { subscription, data: { alerts: { favourite: true } } })
  removeSteward(oak.ctx, ben.steward.id)
  await like()
  t.equal(await wakeApps(oak.ctx), 1, 'who has left is not told')
  service.answer(410)
  await like()
  await wakeApps(oak.ctx)
  t.equal((await me.get('/api/v1/push/subscription')).status, 404)
})

t.test('addresses and keys that are none, and apps that may not', async t => {
  const { oak, me, keys } = await village(t)
  const far = await startForeign(t)
  const ask = (endpoint: string, sent: object = keys.sent) =>
    me.post('/api/v1/push/subscription', { subscription: { endpoint, keys: sent } })
  for (const endpoint of [
    'ftp://push.example/x',
    'https://me:secret@push.example/',
    'javascript:alert(1)',
    '',
    `https://push.example/${'x'.repeat(3_000)}`,
  ])
    t.equal((await ask(endpoint)).status, 422, endpoint.slice(0, 40))
  for (const wrong of [
    { ...keys.sent, p256dh: 'x' },
    { ...keys.sent, auth: 'AAAA' },
    {},
    { ...keys.sent, p256dh: keys.sent.p256dh.replace(/^./, 'C') },
  ])
    t.equal((await ask(`${far.origin}/x`, wrong)).status, 422)
  t.equal((await callerOf(oak).get('/api/v1/push/subscription')).status, 401)
  const ben = await clientOf(oak, { name: 'ben', scopes: 'read write' })
  t.equal((await ben.get('/api/v1/push/subscription')).status, 403)
})

t.test('without leave for private addresses only https is called, and no machine of this network', async t => {
  const oak = await startNode(t, { handle: 'oak', env: { ALLOW_PRIVATE_ADDRESSES: 'false' } })
  const me = await clientOf(oak)
  const answer = await me.post('/api/v1/push/subscription', { subscription: { endpoint: 'http://push.example/x', keys: keys().sent } })
  t.equal(answer.status, 422)
})
