import { createHash, randomBytes } from 'node:crypto'
import t from 'tap'
import { changePassword, removeSteward } from '../src/actions/steward.ts'
import { OUT_OF_BAND } from '../src/domain/oauth.ts'
import { ALL_SCOPES, callerOf, clientOf } from './helpers/client.ts'
import { hidden } from './helpers/form.ts'
import { startNode, type TestNode } from './helpers/node.ts'
import { addTestSteward, signedIn } from './helpers/steward.ts'

t.setTimeout(240_000)

const CALLBACK = 'https://app.test/cb'
type Registered = {
  client_id: string
  client_secret: string
  name: string
  redirect_uri: string
  redirect_uris: string[]
  scopes: string[]
}
type Token = { access_token: string; scope: string; token_type: string; created_at: number }
type Failure = { error: string; error_description?: string }
type Browser = Awaited<ReturnType<typeof signedIn>>

async function register(node: TestNode, redirectUris: string | string[] = CALLBACK, scopes = ALL_SCOPES): Promise<Registered> {
  const answer = await callerOf(node).post<Registered>('/api/v1/apps', { client_name: 'Reader', redirect_uris: redirectUris, scopes })
  return answer.body
}

/** The consent page, as the app leads to it, and what the steward's yes leads to. */
async function consent(browser: Browser, query: Record<string, string>, decision = 'allow') {
  const path = `/oauth/authorize?${new URLSearchParams(query)}`
  const page = await browser.visit(path)
  const names = ['response_type', 'client_id', 'redirect_uri', 'scope', 'state', 'code_challenge', 'code_challenge_method']
  const fields = Object.fromEntries(names.flatMap(name => (hidden(page.html, name) ? [[name, hidden(page.html, name)]] : [])))
  return { page, sent: await browser.send('/oauth/authorize', { ...fields, decision }) }
}

const asked = (app: Registered, more: Record<string, string> = {}) => ({
  response_type: 'code',
  client_id: app.client_id,
  redirect_uri: CALLBACK,
  scope: 'read write',
  ...more,
})

const redeem = <T = Token & Failure>(node: TestNode, app: Registered, code: string, more: Record<string, string> = {}) =>
  callerOf(node).post<T>('/oauth/token', {
    grant_type: 'authorization_code',
    client_id: app.client_id,
    client_secret: app.client_secret,
    redirect_uri: CALLBACK,
    code,
    ...more,
  })

t.test('an app is let in by the steward, with PKCE, and gives its token back', async t => {
  const node = await startNode(t)
  const browser = await signedIn(node)
  const app = await register(node)
  const verifier = randomBytes(32).toString('base64url')
  const challenge = createHash('sha256').update(verifier).digest('base64url')
  const { page, sent } = await consent(browser, asked(app, { state: 'a b&c', code_challenge: challenge, code_challenge_method: 'S256' }))
  t.match(page.text, /Reader/)
  t.match(page.text, /oak/, 'it names the community')
  t.match(page.text, /https:\/\/app\.test/, 'and where the answer goes')
  t.notMatch(page.headers.get('content-security-policy'), /form-action/, 'Elk, Phanpy: Chromium holds the redirect to form-action')
  t.equal(page.headers.get('cross-origin-opener-policy'), null, 'Phanpy: its window must stay its own')
  t.match(page.headers.get('content-security-policy'), /frame-ancestors 'none'/)

  t.equal(sent.status, 303)
  const back = new URL(sent.location)
  t.equal(back.origin + back.pathname, CALLBACK)
  t.equal(back.searchParams.get('state'), 'a b&c')
  const code = back.searchParams.get('code')!
  const wrong = await redeem(node, app, code, { code_verifier: `${verifier}x` })
  t.same([wrong.status, wrong.body.error], [400, 'invalid_grant'], 'a wrong verifier opens nothing')
  const none = await redeem(node, app, code)
  t.equal(none.status, 400, 'nor none')
  const token = await redeem(node, app, code, { code_verifier: verifier })
  t.equal(token.status, 200)
  t.match(token.body, { token_type: 'Bearer', scope: 'read write' })
  t.ok(Number.isInteger(token.body.created_at))

  const me = callerOf(node, token.body.access_token)
  t.match((await me.get('/api/v1/accounts/verify_credentials')).body, { acct: 'oak' })
  t.match((await me.get('/api/v1/apps/verify_credentials')).body, { name: 'Reader' })
  const stored = JSON.stringify(node.ctx.db.$client.prepare('select * from tokens, oauth_codes, apps').all())
  for (const secret of [token.body.access_token, code, app.client_secret])
    t.notOk(stored.includes(secret), 'no secret stands in the database')

  const { client_id, client_secret } = app
  t.same((await me.post('/oauth/revoke', { client_id, client_secret, token: token.body.access_token })).body, {})
  t.equal((await me.get('/api/v1/accounts/verify_credentials')).status, 401)
})

t.test('O-56: a code works once, for ten minutes, and a second use ends what the first gave', async t => {
  const node = await startNode(t)
  const browser = await signedIn(node)
  const app = await register(node)
  const code = async () => new URL((await consent(browser, asked(app))).sent.location).searchParams.get('code')!
  const first = await code()
  const { body } = await redeem(node, app, first)
  const again = await redeem(node, app, first)
  t.same([again.status, again.body.error], [400, 'invalid_grant'])
  t.equal((await callerOf(node, body.access_token).get('/api/v1/accounts/verify_credentials')).status, 401)

  const late = await code()
  node.clock.offsetMs += 11 * 60_000
  t.equal((await redeem(node, app, late)).status, 400, 'after eleven minutes')
  const plain = await browser.visit(
    `/oauth/authorize?${new URLSearchParams(asked(app, { code_challenge: 'x'.repeat(43), code_challenge_method: 'plain' }))}`,
  )
  t.equal(plain.status, 400, 'plain is not understood')
  const other = await register(node)
  t.equal((await redeem(node, other, await code())).status, 400, 'another app has no use for it')
  t.equal((await redeem(node, app, await code(), { redirect_uri: `${CALLBACK}/x` })).status, 400)
  t.equal((await redeem(node, { ...app, client_secret: 'wrong' }, await code())).status, 401)
})

t.test('O-55: answers go to an address the app has named, byte for byte, and nowhere else', async t => {
  const node = await startNode(t)
  const browser = await signedIn(node)
  const app = await register(node)
  const others = [
    `${CALLBACK}/more`,
    `${CALLBACK}?a=b`,
    `${CALLBACK}#f`,
    'https://app.test:444/cb',
    'http://app.test/cb',
    'https://app.test.evil.test/cb',
    'https://app.test/%2e%2e/cb',
    'https://app.test/CB',
    'https://APP.test/cb',
    OUT_OF_BAND,
    '',
  ]
  for (const redirect_uri of others) {
    const page = await browser.visit(`/oauth/authorize?${new URLSearchParams(asked(app, { redirect_uri }))}`)
    t.equal(page.status, 400, redirect_uri)
    t.equal(page.headers.get('location'), null)
    const sent = await browser.send('/oauth/authorize', { ...asked(app, { redirect_uri }), decision: 'allow' })
    t.same([sent.status, sent.location], [400, ''])
  }
  for (const uri of ['javascript:alert(1)', 'data:text/html,x', 'https://a.test/#f', 'http://a.test/', 'https://u:p@a.test/', 'nonsense'])
    t.equal((await callerOf(node).post('/api/v1/apps', { client_name: 'X', redirect_uris: uri })).status, 422, uri)
})

t.test('addresses of real apps are taken as they are', async t => {
  const node = await startNode(t)
  const browser = await signedIn(node)
  const real = [
    'icecubesapp://',
    'oauth2redirect://com.keylesspalace.tusky/',
    'org.joinmastodon.android-auth://callback',
    'com.tapbots.Ivory.10217:/request_token',
    'http://127.0.0.1:5314/api/social.example/oauth/http%3A%2F%2F127.0.0.1%3A5314',
  ]
  for (const redirect_uri of real) {
    const app = await register(node, redirect_uri)
    const { sent } = await consent(browser, asked(app, { redirect_uri }))
    t.ok(sent.location.startsWith(`${redirect_uri}?code=`), redirect_uri)
  }
  const both = await register(node, [OUT_OF_BAND, CALLBACK])
  t.equal(both.redirect_uri, `${OUT_OF_BAND}\n${CALLBACK}`)
})

t.test('toot, Mastodon.py: a code is shown to be carried over', async t => {
  const node = await startNode(t)
  const browser = await signedIn(node)
  const app = await register(node, OUT_OF_BAND)
  // As Mastodon.py asks: literal words of Python, and toot with a slash at the end.
  const query = asked(app, { redirect_uri: OUT_OF_BAND, force_login: 'False', state: 'None', lang: 'None' })
  t.equal((await browser.visit(`/oauth/authorize/?${new URLSearchParams(query)}`)).status, 200)
  const { sent } = await consent(browser, query)
  t.equal(sent.status, 200)
  const code = /value="([A-Za-z0-9_-]{43})"/.exec(sent.html)?.[1] ?? ''
  t.equal((await redeem(node, app, code, { redirect_uri: OUT_OF_BAND })).status, 200)
})

t.test('who is not signed in is led there and back; who says no sends the app away; other sites cannot say yes', async t => {
  const node = await startNode(t)
  const app = await register(node)
  const path = `/oauth/authorize?${new URLSearchParams(asked(app, { state: 's' }))}`
  const out = await node.get(path, 'text/html')
  t.equal(out.status, 303)
  const next = new URL(out.headers.get('location')!, node.url)
  t.equal(next.pathname, '/sign-in')
  t.match(next.searchParams.get('next'), /^\/oauth\/authorize\?response_type=code&/)
  t.equal((await node.get(next.pathname + next.search, 'text/html')).headers.get('cross-origin-opener-policy'), null)

  const browser = await signedIn(node)
  const { sent } = await consent(browser, asked(app, { state: 's' }), 'deny')
  t.equal(new URL(sent.location).searchParams.get('error'), 'access_denied')
  const forged = await browser.send('/oauth/authorize', { ...asked(app), decision: 'allow' }, { origin: 'https://evil.test' })
  t.equal(forged.status, 403)
  const password = await browser.visit(`${path}&force_login=true`)
  t.ok(password.status === 200 || password.status === 303, 'an app may ask for the password anew')
})

t.test('an app is refused what it did not say it would ask for, and everything without its secret', async t => {
  const node = await startNode(t)
  const browser = await signedIn(node)
  const app = await register(node, CALLBACK, 'read')
  t.equal((await browser.visit(`/oauth/authorize?${new URLSearchParams(asked(app))}`)).status, 400)
  const anyone = callerOf(node)
  const own = { client_id: app.client_id, client_secret: app.client_secret }
  const granted = await anyone.post<Token>('/oauth/token', {
    grant_type: 'client_credentials',
    ...own,
    scope: 'read',
    redirect_uri: CALLBACK,
  })
  t.match(granted.body, { token_type: 'Bearer', scope: 'read' })
  const itself = callerOf(node, granted.body.access_token)
  t.equal((await itself.get('/api/v1/apps/verify_credentials')).status, 200)
  t.equal((await itself.get('/api/v1/timelines/home')).status, 403, 'it stands for nobody')
  t.match(await anyone.post<Failure>('/oauth/token', { grant_type: 'client_credentials', ...own, scope: 'write' }), {
    status: 400,
    body: { error: 'invalid_scope' },
  })
  t.match(await anyone.post<Failure>('/oauth/token', { grant_type: 'password', ...own }), {
    status: 400,
    body: { error: 'unsupported_grant_type' },
  })
  t.match(await anyone.post<Failure>('/oauth/token', { grant_type: 'client_credentials', client_id: app.client_id }), {
    status: 401,
    body: { error: 'invalid_client' },
  })
  t.match(await anyone.post<Failure>('/oauth/revoke', { client_id: app.client_id, client_secret: 'x', token: 'y' }), { status: 401 })
  const basic = Buffer.from(`${app.client_id}:${app.client_secret}`).toString('base64')
  const byHeader = await anyone.post<Token>('/oauth/token', new URLSearchParams({ grant_type: 'client_credentials' }), {
    authorization: `Basic ${basic}`,
  })
  t.equal(byHeader.status, 200, 'the secret may stand in a header')
})

t.test('O-58: tokens end with the app, with the steward, and with the password', async t => {
  const node = await startNode(t)
  const standing = async (token: string) => (await callerOf(node, token).get('/api/v1/accounts/verify_credentials')).status
  const one = await clientOf(node, { name: 'ben' })
  changePassword(node.ctx, one.steward.id, 'no password at all')
  t.equal(await standing(one.token), 401, 'another password')
  await addTestSteward(node, { name: 'eve' })
  const two = await clientOf(node, { name: 'cid' })
  removeSteward(node.ctx, two.steward.id)
  t.equal(await standing(two.token), 401, 'a steward who has left')

  const browser = await signedIn(node, { name: 'dora' })
  const three = await clientOf(node, { steward: browser.steward })
  const page = await browser.visit('/admin/apps')
  t.match(page.text, /Test app/)
  const sent = await browser.send('/admin/apps/revoke', { app: String(three.app.id), steward: String(browser.steward.id) })
  t.equal(sent.status, 303)
  t.equal(await standing(three.token), 401, 'revoked on the page')
  t.match((await browser.visit('/admin/apps')).text, /Test app can act for the community no more/)
  const stranger = await signedIn(node, { name: 'fay', role: 'editor' })
  const four = await clientOf(node, { steward: browser.steward })
  t.equal((await stranger.send('/admin/apps/revoke', { app: String(four.app.id), steward: String(browser.steward.id) })).status, 403)
  t.equal(await standing(four.token), 200, 'no editor ends the apps of others')
})

t.test('Phanpy, Mastodon.py: the metadata document', async t => {
  const node = await startNode(t)
  const { body, headers } = await callerOf(node).get<Record<string, string & string[]>>('/.well-known/oauth-authorization-server')
  t.equal(headers.get('access-control-allow-origin'), '*')
  t.match(body, {
    issuer: `${node.url}/`,
    token_endpoint: `${node.url}/oauth/token`,
    app_registration_endpoint: `${node.url}/api/v1/apps`,
    code_challenge_methods_supported: ['S256'],
  })
  t.ok(body.scopes_supported?.includes('write:statuses'))
})
