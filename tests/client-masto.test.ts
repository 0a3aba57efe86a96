import { createRestAPIClient, createStreamingAPIClient } from 'masto'
import t, { type Test } from 'tap'
import { clientOf } from './helpers/client.ts'
import { hearOf } from './helpers/client-world.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'
import { photograph } from './helpers/pictures.ts'

t.setTimeout(120_000)

/** masto.js, the library of Elk and Phanpy, as the community of a node. */
async function masto(node: TestNode) {
  const { token, app, secret } = await clientOf(node)
  return { rest: createRestAPIClient({ url: node.url, accessToken: token }), token, app, secret }
}

/** What a stream tells, as it comes. */
function listen(t: Test, node: TestNode, token: string, stream: 'user' | 'public') {
  const client = createStreamingAPIClient({ streamingApiUrl: node.url.replace(/^http/, 'ws'), accessToken: token })
  t.teardown(() => client.close())
  const events: { event: string; payload: unknown }[] = []
  const waiting: (() => void)[] = []
  void (async () => {
    const subscription = stream === 'user' ? client.user.subscribe() : client.public.subscribe()
    for await (const event of subscription) {
      events.push(event as never)
      for (const done of waiting.splice(0)) done()
    }
  })().catch(() => {})
  return async (wanted: (event: { event: string; payload: unknown }) => boolean): Promise<unknown> => {
    for (;;) {
      const found = events.find(wanted)
      if (found) return found.payload
      await new Promise<void>(resolve => waiting.push(resolve))
    }
  }
}

t.test('two communities talk through masto.js', async t => {
  const oak = await startNode(t)
  const elm = await startNode(t, {
    handle: 'elm',
    charter: { name: 'Elm House', theme: 'anarchist', place: { precision: 'locality', country: 'ES', locality: 'Lakabe' } },
  })
  await hearOf(t, oak, elm)
  const [one, two] = [await masto(oak), await masto(elm)]
  const heard = listen(t, oak, one.token, 'user')

  while (oak.app.streams.size() === 0) await one.rest.v2.instance.fetch()
  const instance = await one.rest.v2.instance.fetch()
  t.match(instance.version, /^4\.2\.0 \(compatible; /)
  t.ok(instance.configuration.urls.streaming)
  const { accounts } = await one.rest.v2.search.list({ q: 'lakabe', resolve: true, limit: 5 })
  const [found] = accounts
  t.equal(found?.acct, elm.address.slice(1), 'found by its place, known only by gossip')
  t.ok(
    found?.fields.some(field => field.value === 'Anarchist'),
    'its charter stands in its fields',
  )
  t.match(await one.rest.v1.suggestions.list(), [{ acct: found!.acct }])
  t.match(await one.rest.v1.directory.list({ order: 'active' }), { length: 3 }, 'and who told of it')
  const before = await one.rest.v1.accounts.relationships.fetch({ id: [found!.id] })
  t.match(before, [{ id: found!.id, following: false, requested: false }])
  const asked = await one.rest.v1.accounts.$select(found!.id).follow({ reblogs: true })
  t.ok(asked.requested || asked.following)
  await settle(oak, elm)
  t.match(await one.rest.v1.accounts.relationships.fetch({ id: [found!.id] }), [{ following: true, showingReblogs: true }])

  const [follower] = await two.rest.v1.notifications.list()
  t.match(follower, { type: 'follow', account: { acct: oak.address.slice(1) } })
  const media = await two.rest.v2.media.create({
    file: new Blob([new Uint8Array(await photograph())], { type: 'image/jpeg' }),
    description: 'A field',
  })
  const post = await two.rest.v1.statuses.create({ status: 'Haymaking #farm', mediaIds: [media.id], language: 'en', visibility: 'public' })
  t.match(post.mediaAttachments, [{ type: 'image', description: 'A field', blurhash: /./ }])
  await settle(oak, elm)
  await oak.app.streams.pump()
  const told = (await heard(({ event }) => event === 'update')) as { content: string }
  t.match(told.content, /Haymaking/, 'the stream tells of it')

  const [read] = await one.rest.v1.timelines.home.list({ limit: 1 })
  t.match(read, { account: { acct: elm.address.slice(1) }, mediaAttachments: [{ description: 'A field' }], tags: [{ name: 'farm' }] })
  const answer = await one.rest.v1.statuses.create({
    status: `@${elm.address.slice(1)} we come`,
    inReplyToId: read!.id,
    visibility: 'public',
  })
  t.equal(answer.inReplyToId, read!.id)
  t.match(answer.mentions, [{ acct: elm.address.slice(1) }])
  t.match(await one.rest.v1.statuses.$select(read!.id).favourite(), { favourited: true })
  const wrapper = await one.rest.v1.statuses.$select(read!.id).reblog()
  t.match(wrapper, { reblog: { id: read!.id, reblogged: true }, content: '' })
  await settle(oak, elm)
  const kinds = (await two.rest.v1.notifications.list()).map(({ type }) => type).sort()
  t.same(kinds, ['favourite', 'follow', 'mention', 'reblog'])
  t.match(await two.rest.v1.statuses.$select(post.id).context.fetch(), { descendants: [{ content: /we come/ }] })
  t.match(await two.rest.v1.statuses.$select(post.id).favouritedBy.list(), [{ acct: oak.address.slice(1) }])

  const question = await two.rest.v1.statuses.create({ status: 'Which day?', poll: { options: ['Saturday', 'Sunday'], expiresIn: 3600 } })
  await settle(oak, elm)
  const [asks] = await one.rest.v1.timelines.home.list({ limit: 1 })
  const voted = await one.rest.v1.polls.$select(asks!.poll!.id).votes.create({ choices: [1] })
  t.match(voted, { voted: true, ownVotes: [1] })
  await settle(oak, elm)
  t.match(await two.rest.v1.polls.$select(question.poll!.id).fetch(), { options: [{ votesCount: 0 }, { votesCount: 1 }], votesCount: 1 })

  await two.rest.v1.statuses.$select(post.id).update({ status: 'Haymaking on Sunday #farm', mediaIds: [media.id] })
  await settle(oak, elm)
  t.match(await one.rest.v1.statuses.$select(read!.id).fetch(), { content: /Sunday/, editedAt: /./ })
  t.match(await one.rest.v1.statuses.$select(read!.id).history.list(), { length: 2 })
  await two.rest.v1.statuses.$select(post.id).remove()
  await settle(oak, elm)
  await t.rejects(one.rest.v1.statuses.$select(read!.id).fetch(), /Record not found/)
  await oak.app.streams.pump()
  const gone = await heard(({ event }) => event === 'delete')
  t.equal(gone, read!.id, 'the stream tells that it is gone')

  const pages = one.rest.v1.accounts.$select(found!.id).statuses.list({ limit: 1 })
  const all: string[] = []
  for await (const page of pages) all.push(...page.map(({ id }) => id))
  t.ok(all.length >= 1, 'it pages to the end and stops')
  await one.rest.v1.markers.create({ home: { lastReadId: answer.id } })
  t.match(await one.rest.v1.markers.fetch({ timeline: ['home', 'notifications'] }), {
    home: { lastReadId: answer.id },
    notifications: { lastReadId: /./ },
  })
  t.match(await one.rest.v1.accounts.$select(found!.id).unfollow(), { following: false })
})
