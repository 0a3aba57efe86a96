import { request } from 'node:http'
import t from 'tap'
import { publishPost } from '../src/actions/post.ts'
import { allFollowing } from '../src/db/following.ts'
import type { AccountEntity } from '../src/mastodon/entities/account.ts'
import type { StatusEntity } from '../src/mastodon/entities/status.ts'
import { callerOf, clientOf } from './helpers/client.ts'
import { hearOf } from './helpers/client-world.ts'
import { anEntry, saveAll } from './helpers/entries.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'

t.setTimeout(240_000)

// Exactly the calls, headers and fields that apps use which cannot run here, each under the app and its screen.

type Search = { accounts: AccountEntity[]; statuses: StatusEntity[]; hashtags: { name: string; following: boolean }[] }
type Relation = { id: string; following: boolean; requested: boolean; showing_reblogs: boolean; notifying: boolean }
const elmAt = (node: TestNode) => node.address.slice(1)

t.test('Elk, sign in: an app registers with JSON and reads the literal addresses', async t => {
  const node = await startNode(t)
  const anyone = callerOf(node)
  const body = {
    client_name: 'Elk',
    redirect_uris: 'http://127.0.0.1:5314/api/x/oauth/y',
    scopes: 'read write follow push',
    website: 'https://elk.zone',
  }
  t.match((await anyone.post('/api/v1/apps', body)).body, { client_id: /./, client_secret: /./, vapid_key: /./ })
  const instance = (await anyone.get<{ configuration: { urls: object; statuses: object } }>('/api/v2/instance')).body
  t.ok(instance.configuration.urls && instance.configuration.statuses, 'without these it cannot post')
  t.match((await anyone.get('/nodeinfo/2.0')).body, { software: { name: 'archipelago' } })
})

t.test('Phanpy and Tusky, sign in: an app registers with a form; old Ice Cubes: in the address', async t => {
  const node = await startNode(t)
  const fields = { client_name: 'Phanpy', redirect_uris: 'https://phanpy.social/', scopes: 'read write', website: '' }
  t.equal((await callerOf(node).post('/api/v1/apps', new URLSearchParams(fields))).status, 200)
  t.equal((await callerOf(node).post(`/api/v1/apps?${new URLSearchParams(fields)}`)).status, 200)
  const multipart = new FormData()
  for (const [name, value] of Object.entries(fields)) multipart.set(name, value)
  t.equal((await callerOf(node).post('/api/v1/apps', multipart)).status, 200)
})

t.test('every app, search: a community known from the directory alone has a number at once, and can be followed by it', async t => {
  const oak = await startNode(t)
  const elm = await startNode(t, {
    handle: 'elm',
    charter: { name: 'Elm House', theme: 'anarchist', place: { precision: 'locality', country: 'ES', locality: 'Lakabe' } },
  })
  await hearOf(t, oak, elm)
  const me = await clientOf(oak)
  const find = async (q: string, more = '') => (await me.get<Search>(`/api/v2/search?resolve=true&q=${encodeURIComponent(q)}${more}`)).body
  for (const q of [
    'elm',
    'house',
    'theme:anarchist',
    'place:lakabe',
    'country:Spain elm',
    'country:ES',
    `@${elmAt(elm)}`,
    elmAt(elm),
    elm.actor,
  ]) {
    const { accounts } = await find(q)
    t.ok(
      accounts.some(({ acct }) => acct === elmAt(elm)),
      q,
    )
  }
  const [account] = (await find(`@${elmAt(elm)}`, '&type=accounts')).accounts
  t.equal(account?.acct, elmAt(elm), 'toot: who is named exactly comes first')
  t.match(account?.fields, [{ name: 'Theme', value: 'Anarchist' }])
  const id = account!.id
  t.match((await me.get<Relation[]>(`/api/v1/accounts/relationships?id[]=${id}&id[]=${id}&with_suspended=true`)).body, [
    { id, following: false },
    { id },
  ])
  t.equal((await me.get<AccountEntity>(`/api/v1/accounts/${id}`)).body.acct, elmAt(elm), 'Phanpy, Tusky: profile')
  t.equal(
    (await callerOf(oak).get<AccountEntity>(`/api/v1/accounts/lookup?acct=${elmAt(elm)}&skip_webfinger=true`)).body.id,
    id,
    'Elk: profile, signed out too',
  )
  t.match((await me.get(`/api/v1/accounts/familiar_followers?id[]=${id}`)).body, [{ id, accounts: [] }])
  t.same((await me.get(`/api/v1/accounts/${id}/featured_tags`)).body, [])

  // Ice Cubes sends its options in the address of a POST.
  const first = (await me.post<Relation>(`/api/v1/accounts/${id}/follow?notify=false&reblogs=false`)).body
  t.ok(first.requested || first.following)
  await settle(oak, elm)
  t.match(allFollowing(oak.ctx.db), [{ actor: elm.actor, state: 'accepted' }])
  const again = (await me.post<Relation>(`/api/v1/accounts/${id}/follow`, { reblogs: true, notify: true })).body
  t.match(again, { following: true, showing_reblogs: true, notifying: true }, 'asking again changes the options and nothing else')
})

t.test('Ice Cubes, every profile: pictures can be loaded from anywhere, and numbers are what is known here', async t => {
  const [oak, elm] = [await startNode(t), await startNode(t, { handle: 'elm' })]
  saveAll(oak.ctx.db, [anEntry({ charter: { name: 'Birch' } })])
  const me = await clientOf(oak)
  const far = async (q: string) => (await me.get<Search>(`/api/v2/search?type=accounts&resolve=true&q=${q}`)).body.accounts[0]!
  const listed = await far('birch')
  t.match(listed, { followers_count: 0, following_count: 0, locked: false })
  const { id } = await far(elmAt(elm))
  await me.post(`/api/v1/accounts/${id}/follow`)
  await settle(oak, elm)
  t.match((await me.get<AccountEntity>(`/api/v1/accounts/${id}`)).body, { followers_count: 1, following_count: 0 }, 'we follow it')
  const them = (await callerOf(elm).get<AccountEntity>(`/api/v1/accounts/lookup?acct=${oak.address.slice(1)}`)).body
  t.match(them, { followers_count: 0, following_count: 1 }, 'it follows us')
  for (const url of [listed.avatar, listed.header, listed.avatar_static, listed.header_static]) {
    const picture = await fetch(url)
    t.equal(picture.headers.get('content-type'), 'image/png')
    t.equal(picture.headers.get('cross-origin-resource-policy'), 'cross-origin', 'Elk and Phanpy are pages of other origins')
  }
  const own = (await me.get<AccountEntity>('/api/v1/accounts/verify_credentials')).body
  const info = (await me.get('/oauth/userinfo')).body
  t.match(info, { sub: own.uri, name: own.display_name, preferred_username: own.username, profile: own.url, picture: own.avatar })
})

t.test('Tusky, search: pages by offset until an empty one; limits that are too large are cut', async t => {
  const node = await startNode(t)
  saveAll(
    node.ctx.db,
    Array.from({ length: 45 }, (_, at) => anEntry({ charter: { name: `Birch ${at}`, summary: 'Under birches.' } })),
  )
  const me = await clientOf(node)
  const seen = new Set<string>()
  for (let offset = 0; offset < 200; offset += 20) {
    const { accounts } = (
      await me.get<Search>(`/api/v2/search?q=birch&type=accounts&resolve=true&limit=20&offset=${offset}&following=false`)
    ).body
    if (accounts.length === 0) break
    for (const { id } of accounts) seen.add(id)
  }
  t.equal(seen.size, 45)
  t.equal((await me.get<Search>('/api/v2/search?q=birch&type=accounts&limit=1000')).body.accounts.length, 40)
  t.match(Object.keys((await me.get<Search>('/api/v2/search?q=birch')).body).sort(), ['accounts', 'hashtags', 'statuses'])
})

t.test('Feditext, profile directory: the whole directory, page by page, in both orders, and what is here alone', async t => {
  const node = await startNode(t)
  saveAll(
    node.ctx.db,
    Array.from({ length: 30 }, (_, at) => anEntry({ charter: { name: `Birch ${at}` }, publishedAt: new Date(Date.UTC(2026, 0, 1 + at)) })),
  )
  const anyone = callerOf(node)
  for (const order of ['active', 'new']) {
    const seen: string[] = []
    for (let offset = 0; offset < 60; offset += 10) {
      const page = (await anyone.get<AccountEntity[]>(`/api/v1/directory?order=${order}&limit=10&offset=${offset}`)).body
      seen.push(...page.map(({ acct }) => acct))
    }
    t.equal(new Set(seen).size, 31, order)
    t.equal(seen.length, 31)
  }
  t.match((await anyone.get<AccountEntity[]>('/api/v1/directory?local=true')).body, [{ acct: 'oak' }])
  t.equal((await anyone.get<AccountEntity[]>('/api/v1/directory?local=true')).body.length, 1)
})

t.test('Elk and Mastodon for Android, for you: communities near in theme and place, with the reason', async t => {
  const node = await startNode(t, {
    charter: { theme: 'anarchist', place: { precision: 'locality', country: 'ES', latitude: 42.8, longitude: -1.6 } },
  })
  saveAll(node.ctx.db, [
    anEntry({
      charter: {
        name: 'Near',
        theme: 'anarchist',
        place: { precision: 'locality', country: 'ES', latitude: 42.9, longitude: -1.5 },
      },
    }),
    anEntry({ charter: { name: 'Far', theme: 'spiritual' } }),
  ])
  const me = await clientOf(node)
  const suggested = (await me.get<{ source: string; sources: string[]; account: AccountEntity }[]>('/api/v2/suggestions?limit=20')).body
  t.equal(suggested[0]?.account.display_name, 'Near')
  t.match(suggested[0]?.account.fields, [{ name: 'Why', value: /km away.*Same theme: Anarchist/ }])
  t.notOk(
    suggested.some(({ account }) => account.acct === 'oak'),
    'never itself',
  )
  t.match((await me.get<AccountEntity[]>('/api/v1/suggestions')).body, [{ display_name: 'Near' }], 'Ice Cubes asks the older address')
  for (const name of ['tags', 'statuses', 'links']) t.equal((await me.get(`/api/v1/trends/${name}`)).status, 200, 'iOS: no 404')
})

t.test('Phanpy and Elk, compose: nulls, empty lists and words nobody knows are taken', async t => {
  const node = await startNode(t)
  const me = await clientOf(node)
  const body = {
    status: 'Hello\nworld',
    media_ids: [],
    in_reply_to_id: null,
    spoiler_text: null,
    sensitive: null,
    language: null,
    poll: null,
    visibility: 'public',
    quote_approval_policy: 'public',
    content_type: 'text/plain',
  }
  const said = (await me.post<StatusEntity>('/api/v1/statuses', body, { 'idempotency-key': 'k' })).body
  t.match(said, { visibility: 'public', content: /Hello<br \/>\s*world/ })
  t.equal((await me.post<StatusEntity>('/api/v1/statuses', { ...body, status: 'Other' }, { 'idempotency-key': 'k' })).body.id, said.id)
  const form = new URLSearchParams({ status: 'By form', visibility: 'private', sensitive: '1' })
  t.match((await me.post<StatusEntity>('/api/v1/statuses', form)).body, { visibility: 'private', sensitive: true })
  t.equal(await sendUntyped(node, me.token, 'status=Untyped'), 200, 'Sponge says nothing of the kind of its body')
  t.match(await me.post('/api/v1/statuses', { status: '' }), { status: 422, body: { error: /./ } })
})

t.test('Tusky, notifications worker: markers by form; Elk: every marker is there', async t => {
  const node = await startNode(t)
  const me = await clientOf(node)
  await me.post('/api/v1/markers', new URLSearchParams({ 'notifications[last_read_id]': '7' }))
  t.match((await me.get('/api/v1/markers?timeline[]=notifications')).body, { notifications: { last_read_id: '7' } })
  t.match((await me.get('/api/v1/markers?timeline[]=home&timeline[]=notifications')).body, { home: { last_read_id: '0' } })
  t.same((await me.get('/api/v1/notifications?limit=30&exclude_types[]=follow_request&types[]=reaction')).status, 200)
})

t.test('Phanpy, edit profile: what the charter says is refused with words, the rest is done', async t => {
  const node = await startNode(t)
  const me = await clientOf(node)
  const form = new FormData()
  form.set('display_name', 'oak')
  form.set('note', 'A community of the tests.')
  form.set('locked', 'true')
  form.set('fields_attributes[0][name]', 'Theme')
  form.set('fields_attributes[0][value]', 'Ecological')
  t.match((await me.patch('/api/v1/accounts/update_credentials', form)).body, { locked: true }, 'what is sent back unchanged is no change')
  form.set('display_name', 'Another')
  t.match(await me.patch('/api/v1/accounts/update_credentials', form), {
    status: 422,
    body: { error: /Display name come from the community’s charter/ },
  })
})

t.test('Tusky and Elk, settings: how posts go out is each steward’s own, and holds where the app does not say', async t => {
  const node = await startNode(t)
  const [me, ben] = [await clientOf(node), await clientOf(node, { name: 'ben' })]
  const source = { 'source[privacy]': 'private', 'source[sensitive]': 'true', 'source[language]': 'pt-BR' }
  const chosen = { privacy: 'private', sensitive: true, language: 'pt-BR' }
  t.match((await me.patch('/api/v1/accounts/update_credentials', new URLSearchParams(source))).body, { source: chosen })
  t.match((await me.get('/api/v1/accounts/verify_credentials')).body, { source: chosen })
  t.match((await me.get('/api/v1/preferences')).body, {
    'posting:default:visibility': 'private',
    'posting:default:sensitive': true,
    'posting:default:language': 'pt-BR',
  })
  await me.patch('/api/v1/accounts/update_credentials', { source: { privacy: 'direct', language: 'no language' } })
  const said = (await me.post<StatusEntity>('/api/v1/statuses', { status: 'Hello' })).body
  t.match(said, { visibility: 'private', sensitive: true, language: 'pt-BR' })
  const other = { status: 'Hello', visibility: 'public', sensitive: false, language: 'en' }
  const open = (await me.post<StatusEntity>('/api/v1/statuses', other)).body
  t.match(open, { visibility: 'public', sensitive: false, language: 'en' })
  t.match(
    (await me.post('/api/v1/statuses', { status: 'Yes', in_reply_to_id: open.id })).body,
    { visibility: 'public' },
    'an answer goes where it was asked',
  )
  t.match((await ben.post('/api/v1/statuses', { status: 'Hello' })).body, { visibility: 'public', sensitive: false, language: null })
})

t.test('toot, Elk, Tusky, thread and profile', async t => {
  const node = await startNode(t)
  const me = await clientOf(node)
  const first = publishPost(node.ctx, 'First')
  publishPost(node.ctx, 'Second', { replyTo: first })
  const [second] = (await me.get<StatusEntity[]>('/api/v1/timelines/home')).body
  t.match((await me.get(`/api/v1/statuses/${second!.id}/context`)).body, { ancestors: [{ content: '<p>First</p>' }], descendants: [] })
  const { id } = (await me.get<AccountEntity>('/api/v1/accounts/lookup?acct=oak')).body
  const said = async (query: string) => (await me.get<StatusEntity[]>(`/api/v1/accounts/${id}/statuses?${query}`)).body.length
  t.same(
    [await said('limit=30'), await said('exclude_replies=true'), await said('only_media=true'), await said('pinned=true')],
    [2, 1, 0, 0],
  )
  await me.post(`/api/v1/statuses/${second!.in_reply_to_id}/pin`)
  t.equal(await said('pinned=true'), 1)
})

/** A body without a word on what it is, which fetch cannot send. */
function sendUntyped(node: TestNode, token: string, body: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(body) }
    const asked = request(`${node.url}/api/v1/statuses`, { method: 'POST', headers }, answer => resolve(answer.resume().statusCode))
    asked.on('error', reject)
    asked.end(body)
  })
}
