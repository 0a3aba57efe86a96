import { Secret, TOTP } from 'otpauth'
import t from 'tap'
import { noteInquiry } from '../../src/actions/inquiry.ts'
import { publishPost } from '../../src/actions/post.ts'
import { changePassword, changeRole, inviteSteward, removeSteward } from '../../src/actions/steward.ts'
import { beginTotp, enableTotp } from '../../src/actions/totp.ts'
import { readConfig } from '../../src/config.ts'
import { allInquiries } from '../../src/db/inquiry.ts'
import { hashPassword } from '../../src/lib/password.ts'
import { createLog } from '../../src/node.ts'
import { clientOf } from '../helpers/client.ts'
import { fillIn, send } from '../helpers/form.ts'
import { settle, startNode } from '../helpers/node.ts'
import { addTestSteward, PASSWORD, signedIn } from '../helpers/steward.ts'

const MOST_PAGES = 400

t.test('O-58: a steward who is removed or has a new password is out at once, with every app, and a lost role counts at once', async t => {
  const node = await startNode(t)
  await addTestSteward(node, { name: 'olga' })
  const me = '/api/v1/accounts/verify_credentials'
  for (const [name, end] of Object.entries({
    'another password': (id: number, hash: string) => changePassword(node.ctx, id, hash),
    removed: (id: number) => removeSteward(node.ctx, id),
  })) {
    const steward = await addTestSteward(node, { name: `s ${name}` })
    const app = await clientOf(node, { steward })
    const signIn = await send(node, '/sign-in', { name: `s ${name}`, password: PASSWORD })
    const cookie = signIn.headers.get('set-cookie')!.split(';')[0]!
    const inside = async () => (await fetch(`${node.url}/admin`, { headers: { cookie }, redirect: 'manual' })).status
    t.same([await inside(), (await app.get(me)).status], [200, 200], name)
    end(steward.id, await hashPassword('quite another password'))
    t.same([await inside(), (await app.get(me)).status], [303, 401], name)
  }
  const editor = await signedIn(node, { name: 'ed', role: 'editor' })
  t.equal((await editor.visit('/admin/charter')).status, 200)
  changeRole(node.ctx, editor.steward.id, 'moderator')
  t.equal((await editor.visit('/admin/charter')).status, 403, 'a role that is taken away counts at once')
})

t.test('O-86: no page, feed, answer or line of the log holds a secret, for strangers or for stewards', async t => {
  const lines: string[] = []
  const log = createLog(readConfig({ LOG_LEVEL: 'trace' }), { write: line => void lines.push(line) })
  const place = {
    precision: 'country',
    country: 'ES',
    region: 'Geheimland',
    locality: 'Geheimdorf',
    street: 'Geheimgasse',
    latitude: 42.51234,
    longitude: -0.71234,
  } as const
  const node = await startNode(t, {
    log,
    charter: { name: 'Oak Hill', place, membershipProcess: 'Write to us.', agreements: [{ title: 'Land', text: 'Held together.' }] },
  })
  const { ctx } = node
  for (const n of [1, 2, 3]) publishPost(ctx, `Good morning ${n}`)
  const seeker = { name: 'Wren Planted', wish: 'visit', message: 'planted-question', contact: 'wren@planted.example' }
  const asked = await fillIn(node, '/c/oak/inquire', seeker)
  const inquiry = allInquiries(ctx.db)[0]!.id
  noteInquiry(ctx, inquiry, 'planted-note')
  const owner = await signedIn(node, { name: 'planted-steward' })
  const secret = beginTotp(ctx, owner.steward.id)
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: ctx.now().getTime() })
  const recovery = enableTotp(ctx, owner.steward.id, code)!
  const app = await clientOf(node, { steward: owner.steward })
  const invitation = inviteSteward(ctx, 'owner')
  await send(node, '/sign-in', { name: 'planted-steward', password: 'planted-wrong-password' })
  await settle(node)

  const column = (of: string) => ctx.db.$client.prepare(of).pluck().all() as string[]
  // Nobody is ever shown these.
  const never = {
    'private keys': column('select private_key from keys').flatMap(pem => pem.split('\n').filter(line => line.length > 30)),
    'password hashes': [...column('select password_hash from stewards'), '$argon2'],
    'session tokens': [owner.cookie.split('=')[1]!, ...column('select token_hash from steward_sessions')],
    'tokens of apps': [app.token, app.secret, ...column('select hash from tokens')],
    'one-time codes': [secret, ...recovery, ...column('select hash from recovery_codes')],
    invitations: [invitation.token, ...column('select token_hash from invitations')],
    'private pages': [asked.location.split('/')[2]!, ...column('select token_hash from inquiries')],
    passwords: [PASSWORD, 'planted-wrong-password'],
    'form key': column("select value from settings where name = 'formKey'"),
  }
  // Strangers are not shown these either.
  const inside = {
    seekers: ['Wren Planted', 'wren@planted', 'planted-question', 'planted-note'],
    stewards: ['planted-steward'],
    'exact places': ['42.51', '0.7123', 'Geheimland', 'Geheimdorf', 'Geheimgasse'],
  }
  const found = (text: string, secrets: Record<string, readonly string[]>) =>
    Object.entries(secrets).flatMap(([what, all]) => (all.some(one => text.includes(one)) ? [what] : []))

  const begin = [
    ...['/', '/about', '/network', '/api', '/match', '/compare', '/sign-in', '/opensearch.xml', '/healthz', '/metrics', '/nowhere'],
    ...['/c/oak', '/c/oak/charter', '/c/oak/inquire', '/c/oak/outbox?page=true', '/c/oak/followers?page=true', '/c/oak/featured'],
    ...['/node', '/nodeinfo/2.1', '/.well-known/nodeinfo', '/api/v1/instance', '/api/v2/instance', '/api/v1/accounts/lookup?acct=oak'],
    ...['/api/directory', '/api/directory?format=csv', '/api/directory?format=geojson', '/api/directory?format=atom', '/directory/entries'],
    ...[`/.well-known/webfinger?resource=acct:oak@${ctx.config.host}`, '/inquiries/erased', '/admin', '/c/oak/feed.atom'],
  ]
  const public_ = await crawl(node.url, begin, {})
  t.ok(public_.size > 60, `${public_.size} public answers`)
  for (const [path, text] of public_) t.same(found(text, { ...never, ...inside }), [], path)

  const pages = node.app.stewardRoutes.filter(({ method, path }) => method === 'GET' && !path.includes(':')).map(({ path }) => path)
  const mine = await crawl(node.url, pages, { cookie: owner.cookie }, path => path.startsWith('/admin') && !/export/.test(path))
  t.ok(mine.size > 20, `${mine.size} pages for stewards`)
  for (const [path, text] of mine) t.same(found(text, never), [], path)

  const written = lines.join('')
  t.ok(lines.length > 0, 'there is a log')
  t.same(found(written, { ...never, ...inside }), [], 'the log')
  t.same(found(column('select body from activities').join('\n'), { ...never, ...inside }), [], 'what is sent to others')
  t.same(found(JSON.stringify(ctx.db.$client.prepare('select * from events').all()), never), [], 'the log of events')
})

/** Every answer that can be reached by links from these, each also as programs ask for it. */
async function crawl(url: string, begin: readonly string[], headers: Record<string, string>, wanted = (_path: string) => true) {
  const waiting = [...begin]
  const seen = new Set(waiting)
  const answers = new Map<string, string>()
  for (let path = waiting.shift(); path !== undefined && answers.size < MOST_PAGES; path = waiting.shift())
    for (const accept of ['text/html', 'application/activity+json']) {
      const response = await fetch(url + path, { headers: { accept, ...headers }, redirect: 'manual' })
      // What the visitor has sent comes back to nobody else.
      const told = [...response.headers].filter(([name]) => name !== 'set-cookie')
      const text = await response.text()
      answers.set(`${accept} ${path}`, `${JSON.stringify(told)}\n${text}`)
      for (const [, link = ''] of `${text} href="${response.headers.get('location') ?? ''}"`.matchAll(
        /(?:href|src|action|"id"|"url")[=:]\s*"([^"]+)"/g,
      )) {
        const address = URL.canParse(link, url + path) ? new URL(link.replaceAll('&amp;', '&'), url + path) : undefined
        const next = address && address.origin === url ? address.pathname + address.search : undefined
        if (next === undefined || seen.has(next) || /lang=|sign-out|^\/assets|^\/map/.test(next) || !wanted(next)) continue
        seen.add(next)
        waiting.push(next)
      }
    }
  return answers
}
