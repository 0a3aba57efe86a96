import type { IncomingMessage } from 'node:http'
import { get } from 'node:http'
import { createStreamingAPIClient } from 'masto'
import t, { type Test } from 'tap'
import { WebSocket } from 'undici'
import { followActor } from '../src/actions/following.ts'
import { editPost, publishPost, withdrawPost } from '../src/actions/post.ts'
import { react } from '../src/actions/reaction.ts'
import { removeSteward } from '../src/actions/steward.ts'
import { postByIri } from '../src/db/post.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { clientOf } from './helpers/client.ts'
import { until } from './helpers/command.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'

type Frame = { stream: string[]; event: string; payload: string }

async function village(t: Test) {
  const [oak, fern] = [await startNode(t, { handle: 'oak' }), await startNode(t, { handle: 'fern' })]
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  followActor(oak.ctx, (await lookUp(oak.federation, fern.actor)).id)
  const calm = async () => {
    await settle(oak, fern)
    await oak.app.streams.pump()
  }
  await calm()
  return { oak, fern, me: await clientOf(oak), calm }
}

/** Listens as a browser does. */
async function listen(t: Test, node: TestNode, query: string, protocols: string[] = []) {
  const socket = new WebSocket(`${node.url.replace('http', 'ws')}/api/v1/streaming${query}`, protocols)
  const heard: Frame[] = []
  socket.onmessage = ({ data }) => void heard.push(JSON.parse(String(data)) as Frame)
  const state = { closed: false }
  socket.onclose = () => {
    state.closed = true
  }
  await new Promise((resolve, reject) => {
    socket.onopen = resolve
    socket.onerror = () => reject(new Error('refused'))
  })
  t.teardown(() => socket.close())
  const say = (words: unknown) => socket.send(typeof words === 'string' ? words : JSON.stringify(words))
  return { socket, heard, say, state, events: (from = 0) => heard.slice(from).map(({ stream, event }) => `${stream.join(' ')}: ${event}`) }
}

t.test('what happens is told to those who listen, each in their own stream', async t => {
  const { oak, fern, me, calm } = await village(t)
  const home = await listen(t, oak, '?stream=user', [me.token])
  t.equal(home.socket.protocol, me.token, 'browsers want their protocol back')
  const others = await listen(t, oak, `?access_token=${me.token}`)
  for (const asked of [
    { stream: 'public' },
    { stream: 'public:local' },
    { stream: 'hashtag', tag: 'Bread' },
    { stream: 'user:notification' },
    { stream: 'direct' },
  ])
    others.say({ type: 'subscribe', ...asked })
  await until(() => oak.app.streams.size() === 2)
  others.say({ type: 'subscribe', stream: 'nowhere' })
  await until(() => others.heard.length === 1)
  t.match(others.heard.splice(0)[0], { error: 'Unknown stream type', status: 400 })

  const said = publishPost(oak.ctx, 'Warm #bread')
  await calm()
  await until(() => others.heard.length === 3 && home.heard.length === 1)
  t.match(JSON.parse(home.heard[0]!.payload), { content: /bread/, account: { acct: 'oak' } })
  t.strictSame(others.events(), ['public: update', 'public:local: update', 'hashtag Bread: update'])
  const again = publishPost(fern.ctx, 'From fern')
  react(fern.ctx, postByIri(fern.ctx.db, said.iri)!.id, 'like')
  await calm()
  await until(() => home.heard.length === 3)
  t.strictSame(home.events(), ['user: update', 'user: update', 'user: notification'])
  await until(() => others.heard.length === 5)
  t.strictSame(others.events(3), ['public: update', 'user:notification: notification'])
  editPost(fern.ctx, again.id, 'From fern, again')
  editPost(oak.ctx, said.id, 'Cold #bread')
  await calm()
  await until(() => home.heard.length === 5)
  t.strictSame(home.events(3).sort(), ['user: status.update', 'user: status.update'])
  withdrawPost(fern.ctx, again.id)
  await calm()
  await until(() => home.heard.length === 6)
  t.match(home.heard[5], { event: 'delete', payload: /^\d+$/ })
  others.say({ type: 'unsubscribe', stream: 'public' })
  others.say({ type: 'unsubscribe', stream: 'hashtag', tag: 'Bread' })
  others.say('no JSON')
  others.say({ type: 'subscribe', stream: 'nowhere' })
  await until(() => others.heard.at(-1)?.event === undefined)
  const before = others.heard.length
  publishPost(oak.ctx, 'More #bread')
  publishPost(oak.ctx, `For @fern@${fern.ctx.config.host} alone`, {
    visibility: 'direct',
    mentioned: [{ actor: fern.actor, handle: 'fern', host: fern.ctx.config.host, url: fern.actor }],
  })
  await calm()
  await until(() => others.heard.length === before + 2)
  t.strictSame(others.events(before), ['public:local: update', 'direct: conversation'])
})

t.test('of who is muted nothing is told, and of others only what stands at home', async t => {
  const { oak, fern, me, calm } = await village(t)
  const home = await listen(t, oak, '?stream=user', [me.token])
  await until(() => oak.app.streams.size() === 1)
  const first = publishPost(fern.ctx, 'First')
  await calm()
  const { id } = (await me.get<{ account: { id: string } }[]>('/api/v1/timelines/home')).body[0]!.account
  await me.post(`/api/v1/accounts/${id}/mute`)
  editPost(fern.ctx, first.id, 'First, said louder')
  publishPost(fern.ctx, 'Second')
  await calm()
  await me.post(`/api/v1/accounts/${id}/unmute`)
  editPost(fern.ctx, first.id, 'First, said again')
  await calm()
  await me.post(`/api/v1/accounts/${id}/unfollow`)
  editPost(fern.ctx, first.id, 'First, for those who listen')
  await calm()
  publishPost(oak.ctx, 'Last')
  await calm()
  await until(() => home.heard.at(-1)?.payload.includes('Last') === true)
  t.strictSame(
    home.heard.map(({ event, payload }) => `${event} ${/First[^<]*|Second|Last/.exec(payload)?.[0]}`),
    ['update First', 'status.update First, said again', 'update Last'],
  )
})

t.test('masto.js listens', async t => {
  const { oak, me, calm } = await village(t)
  const client = createStreamingAPIClient({ streamingApiUrl: oak.url.replace('http', 'ws'), accessToken: me.token })
  const events = client.user.subscribe()
  await until(() => oak.app.streams.size() === 1)
  const first = events.values().next()
  await until(async () => {
    publishPost(oak.ctx, 'Hello')
    await calm()
    return Promise.race([first, new Promise(resolve => setImmediate(resolve, false))])
  })
  t.match(await first, { value: { event: 'update', payload: { content: /Hello/ } } })
  events.unsubscribe()
  client.close()
})

t.test('server-sent events say the same', async t => {
  const { oak, me, calm } = await village(t)
  const { response, text } = await events(t, oak, '/api/v1/streaming/user', me.token)
  t.match(response.headers, { 'content-type': 'text/event-stream', 'access-control-allow-origin': '*' })
  await until(() => oak.app.streams.size() === 1)
  publishPost(oak.ctx, 'Two\nlines')
  await calm()
  await until(() => text().includes('\n\n'))
  t.match(text(), /event: update\ndata: \{.*lines.*\}\n\n/)
  oak.app.streams.ping()
  await until(() => text().includes(':thump\n'))
  response.destroy()
  await until(() => oak.app.streams.size() === 0)
  const tagged = await events(t, oak, '/api/v1/streaming/hashtag?tag=x', me.token)
  t.equal(tagged.response.statusCode, 200)
  for (const [path, token, status] of [
    ['user', undefined, 401],
    ['user', 'x', 401],
    ['hashtag', me.token, 422],
    ['list?list=9', me.token, 404],
    ['nowhere', me.token, 404],
    ['user', (await clientOf(oak, { name: 'ben', scopes: 'write' })).token, 403],
  ] as const)
    t.equal((await events(t, oak, `/api/v1/streaming/${path}`, token)).response.statusCode, status, path)
  t.equal(await (await fetch(`${oak.url}/api/v1/streaming/health`)).text(), 'OK')
})

t.test('O-58 who may not listen any more hears nothing more', async t => {
  const { oak, me, calm } = await village(t)
  const home = await listen(t, oak, '?stream=user', [me.token])
  const other = await events(t, oak, '/api/v1/streaming/user', me.token)
  await until(() => oak.app.streams.size() === 2)
  oak.app.streams.check()
  t.equal(oak.app.streams.size(), 2)
  await me.post('/oauth/revoke', { client_id: me.app.clientId, client_secret: me.secret, token: me.token })
  oak.app.streams.check()
  await until(() => home.state.closed && other.ended() && oak.app.streams.size() === 0)
  publishPost(oak.ctx, 'Not for them')
  await calm()
  t.strictSame(home.heard, [])
  await t.rejects(listen(t, oak, '?stream=user', [me.token]), { message: 'refused' })
  await t.rejects(listen(t, oak, ''), { message: 'refused' })
  const ben = await clientOf(oak, { name: 'ben', role: 'editor' })
  const his = await listen(t, oak, '?stream=user', [ben.token])
  await until(() => oak.app.streams.size() === 1)
  removeSteward(oak.ctx, ben.steward.id)
  oak.app.streams.check()
  await until(() => his.state.closed)
})

t.test('what says too much is cut off, and other pages are not sockets', async t => {
  const { oak, me } = await village(t)
  const home = await listen(t, oak, '?stream=user', [me.token])
  home.say('x'.repeat(10_000))
  await until(() => home.state.closed)
  const many = await listen(t, oak, '', [me.token])
  for (let n = 0; n < 60; n++) many.say({ type: 'subscribe', stream: 'hashtag', tag: `tag${n}` })
  await until(() => many.heard.length === 10)
  t.match(many.heard[0], { error: 'Too many streams' })
  const upgraded = await new Promise<IncomingMessage>(resolve =>
    get(`${oak.url}/nodeinfo/2.1`, { headers: { connection: 'upgrade', upgrade: 'h2c' } }, resolve),
  )
  t.equal(upgraded.statusCode, 200, 'who asks for another protocol is answered in this one')
  await new Promise(resolve => upgraded.resume().once('close', resolve))
})

async function events(t: Test, node: TestNode, path: string, token: string | undefined) {
  let text = ''
  let ended = false
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const response = await new Promise<IncomingMessage>((resolve, reject) =>
    get(`${node.url}${path}`, { headers }, resolve).once('error', reject),
  )
  response.on('data', chunk => {
    text += String(chunk)
  })
  response.on('close', () => {
    ended = true
  })
  response.on('error', () => {})
  t.teardown(() => response.destroy())
  return { response, text: () => text, ended: () => ended }
}
