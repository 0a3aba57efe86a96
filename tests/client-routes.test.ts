import t from 'tap'
import { publishPost } from '../src/actions/post.ts'
import { covers, SCOPES } from '../src/domain/oauth.ts'
import type { StatusEntity } from '../src/mastodon/entities/status.ts'
import type { Route } from '../src/mastodon/route.ts'
import { routes } from '../src/mastodon/routes.ts'
import { callerOf, clientOf, linksOf } from './helpers/client.ts'
import { startNode, type TestNode } from './helpers/node.ts'
import { addTestSteward } from './helpers/steward.ts'

t.setTimeout(240_000)

/** The address of a route, with a number that is nobody's in it. */
const addressOf = ({ path }: Route) => path.replace(/:name|:hashtag/g, 'farm').replace(/:\w+/g, '999999')
const guarded = routes.filter(route => route.needs !== 'nothing')
const named = ({ method, path }: Route) => `${method} ${path}`

async function ask(node: TestNode, route: Route, token?: string): Promise<number> {
  const response = await fetch(node.url + addressOf(route), {
    method: route.method,
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(route.method === 'GET' ? {} : { 'content-type': 'application/json' }),
    },
    ...(route.method === 'GET' ? {} : { body: '{}' }),
    signal: AbortSignal.timeout(10_000),
  })
  await response.body?.cancel()
  return response.status
}

t.test('no two routes stand at one address, and each says what it needs', async t => {
  const seen = routes.map(named)
  t.same(
    seen.filter((name, at) => seen.indexOf(name) !== at),
    [],
  )
  const unknown = guarded.filter(({ needs }) => needs !== 'app' && !SCOPES.includes(needs))
  t.same(unknown.map(named), [], 'every scope is one that can be asked for')
  const open = routes.filter(({ method, needs }) => needs === 'nothing' && method !== 'GET').map(named)
  t.same(open, ['POST /api/v1/apps', 'POST /oauth/token', 'POST /oauth/revoke'], 'nobody changes anything without a token, but to get one')
})

t.test('every guarded route refuses no token and a wrong one', async t => {
  const node = await startNode(t)
  const open: string[] = []
  for (const route of guarded) {
    if ((await ask(node, route)) !== 401) open.push(named(route))
    if ((await ask(node, route, 'nonsense')) !== 401) open.push(`${named(route)} (wrong token)`)
  }
  t.same(open, [])
  t.equal((await ask(node, routes.find(({ path }) => path === '/api/v1/instance')!, 'nonsense')) !== 500, true)
})

t.test('O-57: every guarded route refuses a token of another scope, the token of an app, and a steward of the wrong role', async t => {
  const node = await startNode(t)
  const { steward } = await clientOf(node)
  const open: string[] = []
  const scopes = [...new Set(guarded.flatMap(({ needs }) => (needs === 'app' ? [] : [needs])))]
  for (const needs of scopes) {
    const others = SCOPES.filter(scope => !covers([scope], needs))
    const wrong = await clientOf(node, { steward, scopes: others.join(' ') })
    for (const route of guarded.filter(one => one.needs === needs)) {
      if ((await ask(node, route, wrong.token)) !== 403) open.push(`${named(route)} with all but ${needs}`)
    }
  }
  t.same(open, [])
  const reader = await clientOf(node, { steward, scopes: 'read' })
  const writes = guarded.filter(({ needs }) => needs.startsWith('write'))
  for (const route of writes) if ((await ask(node, route, reader.token)) !== 403) open.push(named(route))
  t.same(open, [], 'a token to read writes nothing')
  const moderator = await clientOf(node, { name: 'mod', role: 'moderator' })
  t.equal((await moderator.post('/api/v1/statuses', { status: 'Hello' })).status, 403, 'a moderator does not speak for the community')
  const editor = await clientOf(node, { name: 'edi', role: 'editor' })
  t.equal((await editor.post('/api/v1/accounts/1/block')).status, 403, 'an editor does not block')
  t.equal((await editor.post('/api/v1/statuses', { status: 'Hello' })).status, 200)
})

t.test('what belongs to one steward another does not see: how far they have read', async t => {
  const node = await startNode(t)
  const ada = await clientOf(node)
  const ben = await clientOf(node, { steward: await addTestSteward(node, { name: 'ben' }) })
  await ada.post('/api/v1/markers', { home: { last_read_id: '77' } })
  t.match((await ada.get('/api/v1/markers?timeline[]=home')).body, { home: { last_read_id: '77', version: 1 } })
  t.match((await ben.get('/api/v1/markers?timeline[]=home')).body, { home: { last_read_id: '0' } })
})

t.test('O-87: what one may read nobody keeps for another', async t => {
  const node = await startNode(t)
  const { headers } = await (await clientOf(node)).get('/api/v1/timelines/home')
  t.match(headers.get('cache-control'), /private/)
  t.match(headers.get('vary'), /Authorization/)
})

t.test('browsers may ask from every origin, before they ask too, and unknown addresses are answered in the same form', async t => {
  const node = await startNode(t)
  const unknown = await callerOf(node).get<{ error: string }>('/api/v1/nothing/here')
  t.same([unknown.status, unknown.body], [404, { error: 'Record not found' }])
  t.equal(unknown.headers.get('access-control-allow-origin'), '*')
  const denied = await callerOf(node, 'x').get('/api/v1/timelines/home')
  t.equal(denied.headers.get('access-control-allow-origin'), '*', 'a browser must be able to read why')
  for (const path of ['/api/v1/statuses', '/oauth/token', '/api/v2/search', '/api/v1/nothing']) {
    const asked = await fetch(node.url + path, {
      method: 'OPTIONS',
      headers: { origin: 'https://elk.test', 'access-control-request-method': 'POST' },
    })
    t.equal(asked.status, 204)
    t.match(asked.headers.get('access-control-allow-headers'), /Authorization.*Idempotency-Key/)
    t.match(asked.headers.get('access-control-allow-methods'), /PUT, PATCH, DELETE/)
    t.ok(Number(asked.headers.get('access-control-max-age')) >= 3600)
  }
  t.equal((await node.get('/api/directory', 'application/json')).status, 200, 'the directory’s own interface stays')
})

t.test('pages say where their neighbours are', async t => {
  const node = await startNode(t)
  const me = await clientOf(node)
  for (let n = 1; n <= 5; n++) publishPost(node.ctx, `Post ${n}`)
  const texts = (all: StatusEntity[]) => all.map(one => one.content.replace(/\D/g, '')).join('')
  const first = await me.get<StatusEntity[]>('/api/v1/timelines/home?limit=2&only_media=false')
  t.equal(texts(first.body), '54')
  t.match(first.headers.get('link'), /^<[^>]+max_id=\d+>; rel="next", <[^>]+min_id=\d+>; rel="prev"$/)
  t.match(linksOf(first).next, /only_media=false/, 'with what was asked besides')
  const second = await me.get<StatusEntity[]>(linksOf(first).next!)
  t.equal(texts(second.body), '32')
  const last = await me.get<StatusEntity[]>(linksOf(second).next!)
  t.equal(texts(last.body), '1')
  t.equal(linksOf(last).next, undefined, 'toot: the last page has no next')
  t.equal(texts((await me.get<StatusEntity[]>(linksOf(last).prev!)).body), '32', 'min_id: what comes right after')
  t.equal(
    texts((await me.get<StatusEntity[]>(`/api/v1/timelines/home?limit=2&since_id=${last.body[0]!.id}`)).body),
    '54',
    'since_id: the newest',
  )
  const none = await me.get(linksOf(first).prev!)
  t.equal(none.headers.get('link'), null, 'Tusky: an empty page leads nowhere')
  t.equal((await me.get<StatusEntity[]>('/api/v1/timelines/home?limit=1000&max_id=nonsense')).body.length, 5)
})

t.test('O-91: too many requests are told so, with when to come again', async t => {
  const node = await startNode(t)
  const me = await clientOf(node)
  const { headers } = await me.get('/api/v1/preferences')
  const [limit, left] = [Number(headers.get('x-ratelimit-limit')), Number(headers.get('x-ratelimit-remaining'))]
  t.ok(limit >= 300 && left === limit - 1, 'Phanpy asks 160 times at once')
  t.match(headers.get('x-ratelimit-reset'), /^\d{4}-\d\d-\d\dT/, 'Mastodon.py reads it as a time')
  let refused: Awaited<ReturnType<typeof me.get>> | undefined
  for (let round = 0; round * 50 <= 1100 && !refused; round++) {
    const all = await Promise.all(Array.from({ length: 50 }, () => callerOf(node).get('/api/v1/custom_emojis')))
    refused = all.find(answer => answer.status === 429)
  }
  t.same(refused?.body, { error: 'Too many requests' })
  t.ok(Number(refused?.headers.get('retry-after')) > 0)
  t.equal(refused?.headers.get('access-control-allow-origin'), '*')
  t.equal((await me.get('/api/v1/preferences')).status, 200, 'others go on')
})
