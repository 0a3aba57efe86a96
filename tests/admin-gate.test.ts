import t from 'tap'
import { removeSteward } from '../src/actions/steward.ts'
import { type Act, LASTS, may, ROLES, type Role } from '../src/domain/steward.ts'
import { createSessions } from '../src/web/session.ts'
import { send } from './helpers/form.ts'
import { startNode } from './helpers/node.ts'
import { stateHash } from './helpers/state.ts'
import { type browserOf, signedIn } from './helpers/steward.ts'

t.test('O-61: every route for stewards refuses whoever may not, and nothing happens', async t => {
  const node = await startNode(t)
  const as: Record<Role, ReturnType<typeof browserOf>> = {
    owner: await signedIn(node, { name: 'olga', role: 'owner' }),
    editor: await signedIn(node, { name: 'ed', role: 'editor' }),
    moderator: await signedIn(node, { name: 'mo', role: 'moderator' }),
  }
  const revoked = await signedIn(node, { name: 'rex' })
  await revoked.send('/admin/account/sign-out-everywhere')
  const gone = await signedIn(node, { name: 'gone', role: 'editor' })
  removeSteward(node.ctx, gone.steward.id)
  const name = as.owner.cookie.split('=')[0]!
  const strangers = {
    'no session': '',
    'a made-up session': `${name}=${'A'.repeat(43)}`,
    'an empty session': `${name}=`,
    'an endless session': `${name}=${'A'.repeat(5000)}`,
    'a revoked session': revoked.cookie,
    'the session of somebody who left': gone.cookie,
  }

  const routes = node.app.stewardRoutes
  t.ok(routes.length > 20, 'there are routes to try')
  t.same([...new Set(routes.map(({ path }) => path.startsWith('/admin')))], [true])
  const before = stateHash(node.ctx.db)
  for (const { method, path, act } of routes) {
    const address = path.replace(/:\w+/g, '1')
    const what = `${method} ${path}`
    const get = (cookie: string) => fetch(node.url + address, { headers: { accept: 'text/html', cookie }, redirect: 'manual' })

    for (const [who, cookie] of Object.entries(strangers)) {
      if (method === 'GET') {
        const answer = await get(cookie)
        t.equal(answer.status, 303, `${what}: ${who}`)
        t.equal(answer.headers.get('location'), `/sign-in?next=${encodeURIComponent(address)}`)
        t.match(answer.headers.get('cache-control'), 'no-store')
      } else {
        const answer = await send(node, address, { name: 'x' }, { cookie })
        t.equal(answer.status, 401, `${what}: ${who}`)
        t.match(answer.headers.get('cache-control'), 'no-store')
      }
    }
    for (const role of ROLES.filter(role => !may(role, act))) {
      const status = method === 'GET' ? (await get(as[role].cookie)).status : (await as[role].send(address)).status
      t.equal(status, 403, `${what}: ${role}`)
    }
    if (method === 'POST') {
      const owner = { cookie: as.owner.cookie }
      const elsewhere: Record<string, Record<string, string | undefined>> = {
        'another site': { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' },
        'another site as text': { origin: 'https://evil.test', 'content-type': 'text/plain' },
        'another site as parts': { origin: 'https://evil.test', 'content-type': 'multipart/form-data; boundary=x' },
        'a site that hides': { origin: 'null', 'sec-fetch-site': 'cross-site' },
        'a neighbour': { origin: node.url.replace('localhost', 'x.localhost'), 'sec-fetch-site': 'same-site' },
        'one that says nothing': { origin: undefined },
      }
      for (const [who, headers] of Object.entries(elsewhere))
        t.equal((await send(node, address, 'x=y', { ...owner, ...headers })).status, 403, `${what}: from ${who}`)
      t.notMatch((await get(as.owner.cookie)).status, 2, `${what}: not by a link`)
    }
  }
  t.equal(stateHash(node.ctx.db), before, 'nothing has happened')
})

t.test('every page for stewards opens for those who may, is kept nowhere and in no search engine', async t => {
  const node = await startNode(t)
  const owner = await signedIn(node)
  const plain = node.app.stewardRoutes.filter(({ method, path }) => method === 'GET' && !path.includes(':'))
  for (const { path } of plain) {
    const page = await owner.visit(path)
    t.ok([200, 302, 303, 404].includes(page.status), `${path} answers ${page.status}`)
    t.equal(page.headers.get('cache-control'), 'no-store', path)
    t.match(page.headers.get('x-robots-tag'), 'noindex', path)
  }
})

t.test('a session ends by itself, and what is dangerous takes the password again', async t => {
  const node = await startNode(t)
  const owner = await signedIn(node)
  t.equal((await owner.visit('/admin/account/codes')).status, 200, 'just signed in')
  node.clock.offsetMs += LASTS.proof + 1_000
  const asked = await owner.visit('/admin/account/codes')
  t.equal(asked.headers.get('location'), '/admin/confirm?next=%2Fadmin%2Faccount%2Fcodes')
  const late = await owner.send('/admin/stewards/invite', { role: 'owner' }, { referer: `${node.url}/admin/stewards` })
  t.equal(late.location, '/admin/confirm?next=%2Fadmin%2Fstewards', 'no link was made')
  t.equal((await owner.visit('/admin')).status, 200, 'everything else still works')

  node.clock.offsetMs += LASTS.idle - 60_000
  t.equal((await owner.visit('/admin')).status, 200, 'used within a fortnight it lasts on')
  node.clock.offsetMs += LASTS.idle - 60_000
  t.equal((await owner.visit('/admin')).status, 200)
  node.clock.offsetMs += LASTS.idle + 60_000
  t.equal((await owner.visit('/admin')).status, 303, 'unused it does not')
  const other = await signedIn(node, { name: 'bea' })
  for (let day = 0; day < 89; day += 13) {
    t.equal((await other.visit('/admin')).status, 200, `day ${day}`)
    node.clock.offsetMs += 13 * 24 * 3_600_000
  }
  t.equal((await other.visit('/admin')).status, 303, 'and not for more than ninety days')
})

t.test('the cookie belongs to one host and one node, and scripts do not see it', async t => {
  const http = createSessions((await startNode(t)).ctx)
  t.match(http.cookie('x'), /^steward-\d+=x; Max-Age=7776000; Path=\/; HttpOnly; SameSite=Lax$/)
  const https = createSessions((await startNode(t, { env: { PUBLIC_URL: 'https://oak.test' } })).ctx)
  t.equal(https.cookie('x'), '__Host-steward=x; Max-Age=7776000; Path=/; HttpOnly; Secure; SameSite=Lax')
  t.equal(https.noCookie(), '__Host-steward=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax')
})

t.test('O-68: signing in leads nowhere but here', async t => {
  const node = await startNode(t)
  const owner = await signedIn(node)
  const nexts = [
    '//evil.test',
    '/\\evil.test',
    'https://evil.test',
    '/%5cevil.test//',
    'javascript:alert(1)',
    '/\tevil',
    '',
    '/admin@evil.test',
  ]
  for (const next of nexts) {
    const { headers, status } = await owner.visit(`/sign-in?next=${encodeURIComponent(next)}`)
    t.equal(status, 303)
    t.equal(new URL(headers.get('location')!, node.url).origin, node.url, JSON.stringify(next))
  }
  t.equal((await owner.visit('/sign-in?next=%2Fadmin%2Faudit%3Fkind%3Dx')).headers.get('location'), '/admin/audit?kind=x')
})

t.test('roles allow what they are for', async t => {
  const acts: Act[] = ['charter', 'posts', 'moderation', 'settings', 'stewards', 'danger']
  t.same(
    acts.filter(act => may('owner', act)),
    acts,
  )
  t.same(
    acts.filter(act => may('editor', act)),
    ['charter', 'posts'],
  )
  t.same(
    acts.filter(act => may('moderator', act)),
    ['moderation'],
  )
})
