import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import t from 'tap'
import { inviteSteward, offerFirst, offerReset, removeSteward } from '../src/actions/steward.ts'
import { pastEvents } from '../src/db/audit.ts'
import { draftOf } from '../src/db/draft.ts'
import { stewardOf } from '../src/db/steward.ts'
import { faultOfPassword, LASTS } from '../src/domain/steward.ts'
import { archipelago, ended, start, until } from './helpers/command.ts'
import { send } from './helpers/form.ts'
import { messagesOf } from './helpers/messages.ts'
import { freePort, startNode, type TestNode } from './helpers/node.ts'
import { visit } from './helpers/page.ts'
import { readSources } from './helpers/sources.ts'
import { addTestSteward, browserOf, PASSWORD, signedIn } from './helpers/steward.ts'

const cookieOf = (headers: Headers) => (headers.get('set-cookie') ?? '').split(';')[0]!
const kindsIn = (node: TestNode) =>
  pastEvents(node.ctx.db, {}, 100)
    .map(({ kind }) => kind)
    .filter(kind => kind.startsWith('steward.'))

t.test('a steward signs in with name and password, and out again', async t => {
  const node = await startNode(t)
  await addTestSteward(node)
  const led = await node.get('/admin', 'text/html')
  t.equal(led.status, 303)
  t.equal(led.headers.get('location'), '/sign-in?next=%2Fadmin')
  t.match((await visit(node, '/sign-in')).text, 'Sign in')
  const wrong = await send(node, '/sign-in', { name: 'ada', password: 'not this one' })
  t.equal(wrong.status, 422)
  t.match(wrong.html, 'The name or the password is wrong.')
  t.match(wrong.html, 'value="ada"', 'what was typed stays, but for the password')
  t.notMatch(wrong.html, 'not this one')
  t.equal(wrong.headers.get('set-cookie'), null)
  t.equal((await send(node, '/sign-in', { name: 'ada', password: '' })).status, 422)

  const right = await send(node, '/sign-in', { name: ' Ada', password: PASSWORD, next: '/admin' })
  t.equal(right.status, 303)
  t.equal(right.location, '/admin')
  const browser = browserOf(node, cookieOf(right.headers))
  t.match((await browser.visit('/admin')).text, 'oak is in your care, ada : your role is owner.')
  t.match((await browser.visit('/')).html, 'href="/admin"', 'the way there stands on every page')
  t.notMatch((await visit(node, '/')).html, 'href="/admin"', 'for visitors it does not')

  const out = await browser.send('/sign-out')
  t.equal(out.location, '/sign-in?out')
  t.match(out.headers.get('set-cookie'), /Max-Age=0/)
  t.equal((await browser.visit('/admin')).status, 303, 'the cookie that was kept opens nothing')
  t.match((await visit(node, '/sign-in?out')).text, 'You are signed out.')
})

t.test('O-91: who tries passwords is stopped, by address and by name; a name nobody has is answered alike', async t => {
  const node = await startNode(t, { env: { TRUST_PROXY: '127.0.0.1' } })
  await addTestSteward(node)
  const from = (address: string, name: string, password = 'wrong wrong wrong') =>
    send(node, '/sign-in', { name, password }, { 'x-forwarded-for': address })
  const [known, unknown] = [await from('192.0.2.1', 'ada'), await from('192.0.2.1', 'nobody')]
  t.equal(unknown.status, known.status)
  t.equal(unknown.html.replaceAll('nobody', 'ada'), known.html, 'the same words')
  const took = async (name: string) => {
    const begun = performance.now()
    await from('192.0.2.2', name)
    return performance.now() - begun
  }
  const times = { ada: [] as number[], nobody: [] as number[] }
  for (let n = 0; n < 9; n++) for (const name of ['ada', 'nobody'] as const) times[name].push(await took(name))
  const median = (all: number[]) => all.toSorted((a, b) => a - b)[4]!
  const ratio = median(times.nobody) / median(times.ada)
  t.ok(ratio > 0.5 && ratio < 2, `about the same time (${ratio.toFixed(2)})`)

  for (let n = 0; n < 18; n++) await from('192.0.2.1', `somebody ${n}`)
  const stopped = await from('192.0.2.1', 'ada', PASSWORD)
  t.equal(stopped.status, 429, 'the right password too')
  t.match(stopped.html, 'too many tries')
  t.equal(stopped.headers.get('retry-after'), '600')
  t.equal((await from('192.0.2.3', 'ada', PASSWORD)).status, 303, 'from elsewhere it is good')
  for (let n = 4; n < 24; n++) await from(`192.0.2.${n}`, 'ada')
  t.equal((await from('192.0.2.99', 'ada', PASSWORD)).status, 429, 'many addresses for one name')
  node.clock.offsetMs += 3_600_001
  t.equal((await from('192.0.2.99', 'ada', PASSWORD)).status, 303, 'an hour later')
  const failures = pastEvents(node.ctx.db, { kind: 'steward.sign_in_failed' }, 200)
  t.ok(failures.length <= 60, 'the log does not grow with every try')
  t.notMatch(JSON.stringify(failures), /192\.0\.2|somebody/, 'and names neither addresses nor what was typed')
})

t.test('O-92: made-up addresses do not make a new caller', async t => {
  const node = await startNode(t)
  await addTestSteward(node)
  const statuses: number[] = []
  for (let n = 0; n < 24; n++) {
    const made = { 'x-forwarded-for': `198.51.100.${n}`, forwarded: `for=198.51.100.${n}`, 'x-real-ip': `198.51.100.${n}` }
    statuses.push((await send(node, '/sign-in', { name: `x${n}`, password: 'y' }, made)).status)
  }
  t.same(statuses.slice(0, 20), Array(20).fill(422))
  t.same(statuses.slice(20), Array(4).fill(429), 'one bucket, and this machine is not exempt')
})

t.test('a password is long enough, is not what everybody takes, and is not the own name', async t => {
  t.equal(faultOfPassword('short'), 'short')
  t.equal(faultOfPassword('x'.repeat(201)), 'long')
  for (const common of ['password12', '1234567890', 'QWERTYUIOP', 'aaaaaaaaaaaa', 'abcabcabcabc', 'letmein12345', 'archipelago1'])
    t.equal(faultOfPassword(common), 'common', common)
  t.equal(faultOfPassword('brookfarm2027', ['brookfarm']), 'own')
  t.equal(faultOfPassword('قرية القمر الجديدة'), undefined)
  t.equal(faultOfPassword(PASSWORD, ['ada', 'oak']), undefined)
})

t.test('O-60: sessions are listed and ended one by one, all others, or everywhere, and nobody else’s', async t => {
  const node = await startNode(t)
  const steward = await addTestSteward(node)
  const signIn = async (agent: string) =>
    browserOf(node, cookieOf((await send(node, '/sign-in', { name: 'ada', password: PASSWORD }, { 'user-agent': agent })).headers))
  const [phone, laptop, library] = [await signIn('Phone'), await signIn('Laptop'), await signIn('Library <b>')]
  const inside = async () => {
    const all = { phone, laptop, library }
    const open = await Promise.all(
      Object.entries(all).map(async ([name, one]) => ((await one.visit('/admin')).status === 200 ? [name] : [])),
    )
    return open.flat()
  }
  const page = await phone.visit('/admin/account')
  for (const agent of ['Phone', 'Laptop', 'Library <b>']) t.match(page.text, agent)
  t.notMatch(page.html, 'Library <b>')
  const number = (agent: string) => new RegExp(`${agent}.*?name="session" value="(\\d+)"`, 's').exec(page.html)![1]!
  const ended = await phone.send('/admin/account/sessions', { session: number('Library') })
  t.equal(ended.location, '/admin/account')
  t.match((await phone.visit('/admin/account')).text, 'That browser is signed out.')
  t.same(await inside(), ['phone', 'laptop'])
  const bea = await signedIn(node, { name: 'bea' })
  const theirs = number('Laptop')
  t.equal((await bea.send('/admin/account/sessions', { session: theirs })).status, 404, 'of another steward there is none')
  t.same(await inside(), ['phone', 'laptop'])

  const form = { current: PASSWORD, password: 'another way to the sea', again: 'another way to the sea' }
  t.match((await phone.send('/admin/account/password', { ...form, current: 'wrong' })).html, 'The password is wrong.')
  t.match((await phone.send('/admin/account/password', { ...form, again: 'else' })).html, 'The two passwords are not the same.')
  t.match((await phone.send('/admin/account/password', { ...form, password: 'ada ada', again: 'ada ada' })).html, 'too short')
  t.same(await inside(), ['phone', 'laptop'], 'nothing has happened yet')
  t.equal((await phone.send('/admin/account/password', form)).status, 303)
  t.same(await inside(), ['phone'], 'every other browser is out')
  t.equal((await send(node, '/sign-in', { name: 'ada', password: PASSWORD })).status, 422)
  t.equal((await send(node, '/sign-in', { name: 'ada', password: form.password })).status, 303)
  await phone.send('/admin/account/sign-out-everywhere')
  t.same(await inside(), [])
  t.ok(kindsIn(node).includes('steward.password_changed'))
  t.equal(stewardOf(node.ctx.db, steward.id)?.name, 'ada')
})

t.test('one-time codes: set up, each good once, recovery codes, and given up with the password', async t => {
  const node = await startNode(t)
  const owner = await signedIn(node)
  await owner.send('/admin/account/codes/begin')
  const page = await owner.visit('/admin/account/codes')
  t.match(page.html, /<img class="qr" src="data:image\/svg\+xml;base64,/)
  const secret = /<code class="code-letters"[^>]*>([A-Z2-7 ]+)</.exec(page.html)![1]!.replaceAll(' ', '')
  const code = (steps = 0) =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: node.ctx.now().getTime() + steps * 30_000 })
  const bad = code() === '000000' ? '111111' : '000000'
  t.equal((await owner.send('/admin/account/codes/enable', { code: bad })).status, 422)
  const first = code()
  const enabled = await owner.send('/admin/account/codes/enable', { code: first })
  const recovery = [...enabled.html.matchAll(/<li>([a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4})<\/li>/g)].map(([, one]) => one!)
  t.equal(new Set(recovery).size, 10)
  t.notMatch((await owner.visit('/admin/account/codes')).html, recovery[0]!, 'shown this once')
  const kept = JSON.stringify(node.ctx.db.$client.prepare('select * from recovery_codes').all())
  t.notMatch(kept, recovery[0]!.replaceAll('-', ''))

  const begin = async () => {
    const asked = await send(node, '/sign-in', { name: 'ada', password: PASSWORD, next: '/admin/audit' })
    t.equal(asked.location, '/sign-in/code?next=%2Fadmin%2Faudit')
    return browserOf(node, cookieOf(asked.headers))
  }
  const half = await begin()
  t.equal((await half.visit('/admin')).status, 303, 'the password alone opens nothing')
  t.match((await half.visit('/sign-in/code')).text, 'One-time code')
  t.equal((await half.send('/sign-in/code', { code: first })).status, 422, 'the code that enabled it was used')
  t.equal((await half.send('/sign-in/code', { code: bad })).status, 422)
  node.clock.offsetMs += 30_000
  const second = code()
  const whole = await half.send('/sign-in/code', { code: second, next: '/admin/audit' })
  t.equal(whole.location, '/admin/audit')
  t.not(cookieOf(whole.headers), half.cookie, 'what was given out before is not what opens')
  t.equal((await half.visit('/admin')).status, 303)
  t.equal((await browserOf(node, cookieOf(whole.headers)).visit('/admin')).status, 200)

  const again = await begin()
  t.equal((await again.send('/sign-in/code', { code: second })).status, 422, 'each code is good once')
  t.equal((await again.send('/sign-in/code', { code: code(5) })).status, 422, 'nor is one from far ahead')
  const byRecovery = await again.send('/sign-in/code', { code: recovery[3]!.toUpperCase().replaceAll('-', ' ') })
  t.equal(byRecovery.location, '/admin/account')
  t.match((await browserOf(node, cookieOf(byRecovery.headers)).visit('/admin/account')).text, '9 recovery codes are left')
  t.equal((await (await begin()).send('/sign-in/code', { code: recovery[3]! })).status, 422, 'and so is a recovery code')

  node.clock.offsetMs += 16 * 60_000
  const guessing = await begin()
  const statuses: number[] = []
  for (let n = 0; n < 11; n++) statuses.push((await guessing.send('/sign-in/code', { code: bad })).status)
  t.same(statuses, [...Array(10).fill(422), 429], 'guessing is stopped')
  node.clock.offsetMs += LASTS.waiting
  t.equal((await guessing.visit('/sign-in/code')).status, 303, 'and the half session does not last')

  const wrong = await owner.send('/admin/account/codes/disable', { password: 'not this' })
  t.equal(wrong.status, 422)
  t.equal((await owner.send('/admin/account/codes/disable', { password: PASSWORD })).status, 303)
  t.equal((await send(node, '/sign-in', { name: 'ada', password: PASSWORD })).location, '/admin')
})

t.test('somebody is invited, joins once, gets another role and is removed; the last owner stays', async t => {
  const node = await startNode(t)
  const owner = await signedIn(node)
  const made = await owner.send('/admin/stewards/invite', { role: 'editor' })
  const path = /http:\/\/localhost:\d+(\/join\/[\w-]{43})/.exec(made.html)![1]!
  t.notMatch((await owner.visit('/admin/stewards')).html, path, 'the link is shown once')
  const table = JSON.stringify(node.ctx.db.$client.prepare('select * from invitations').all())
  t.notMatch(table, path.split('/')[2]!, 'and kept nowhere')

  t.match((await visit(node, path)).text, 'Speaks for the community')
  const form = { name: 'Bea', password: 'the hens are in the garden', again: 'the hens are in the garden' }
  t.match((await send(node, path, { ...form, name: 'ADA' })).html, 'There is or was a steward of this name.')
  t.match((await send(node, path, { ...form, name: '<b>' })).html, 'A name has 2 to 40 letters')
  t.equal((await send(node, path, form, { origin: 'https://evil.test' })).status, 403)
  const joined = await send(node, path, form)
  t.equal(joined.location, '/admin')
  const bea = browserOf(node, cookieOf(joined.headers))
  t.match((await bea.visit('/admin')).text, 'your role is editor')
  t.equal((await send(node, path, { ...form, name: 'cy' })).status, 404, 'good once')
  t.equal((await visit(node, path)).status, 404)

  t.equal((await bea.visit('/admin/stewards')).status, 403)
  await owner.send('/admin/stewards/2/role', { role: 'moderator' })
  t.equal((await bea.visit('/admin/audit')).status, 200, 'the new role counts at once')
  const undo = await owner.visit('/admin/stewards')
  t.match(undo.html, /action="\/admin\/stewards\/2\/role"><input type="hidden" name="role" value="editor"/, 'and can be taken back')

  t.equal((await owner.send('/admin/stewards/1/role', { role: 'editor' })).status, 409, 'the last owner stays one')
  t.equal((await owner.send('/admin/stewards/1/remove', { name: 'ada' })).status, 409)
  t.equal((await owner.visit('/admin')).status, 200)
  t.equal((await owner.send('/admin/stewards/2/remove', { name: 'somebody' })).status, 422, 'the name must be typed')
  t.equal((await owner.send('/admin/stewards/2/remove', { name: 'Bea' })).status, 303)
  t.equal((await bea.visit('/admin')).status, 303, 'out at once')
  t.equal((await send(node, '/sign-in', { name: 'bea', password: form.password })).status, 422)

  const late = inviteSteward(node.ctx, 'owner')
  const taken = inviteSteward(node.ctx, 'owner')
  await owner.send(`/admin/stewards/invitations/${taken.id}/revoke`)
  t.equal((await send(node, `/join/${taken.token}`, { ...form, name: 'cy' })).status, 404, 'taken back')
  node.clock.offsetMs += LASTS.invite + 1_000
  t.equal((await send(node, `/join/${late.token}`, { ...form, name: 'cy' })).status, 404, 'too late')
})

t.test('a forgotten password is replaced by a link', async t => {
  const node = await startNode(t)
  const ada = await signedIn(node)
  const [first, { token }] = [offerReset(node.ctx, ada.steward.id), offerReset(node.ctx, ada.steward.id)]
  const form = { password: 'salt and seaweed and rope', again: 'salt and seaweed and rope' }
  t.equal((await send(node, `/join/${first.token}`, form)).status, 404, 'only the last link is good')
  const done = await send(node, `/join/${token}`, form)
  t.equal(done.status, 303)
  t.equal((await ada.visit('/admin')).status, 303, 'whoever was signed in is out')
  t.equal((await send(node, '/sign-in', { name: 'ada', password: form.password })).status, 303)
})

t.test('what is done bears a name in the log, in words, page by page', async t => {
  const node = await startNode(t)
  const owner = await signedIn(node)
  await owner.send('/admin/stewards/invite', { role: 'moderator' })
  const page = await owner.visit('/admin/audit?kind=steward.invited')
  t.match(page.text, /Somebody was invited as a steward \(moderator, link 2\) .* UTC · ada/)
  t.match((await owner.visit('/admin/audit')).text, 'Edition 1 of the charter was published')
  t.match((await owner.visit('/admin/audit?steward=1')).text, 'invited')
  t.notMatch((await owner.visit('/admin/audit?steward=1')).text, 'Edition 1 of the charter was published')
  for (let n = 0; n < 60; n++) inviteSteward(node.ctx, 'editor')
  const first = await owner.visit('/admin/audit')
  const older = /href="(\/admin\/audit\?before=\d+)"/.exec(first.html)![1]!
  t.match((await owner.visit(older)).text, 'ada became a steward: owner')
  t.equal((await owner.visit('/admin/audit?before=x&kind=%27&steward=-1')).status, 200)

  const kinds = [
    ...readSources('src')
      .find(({ path }) => path === 'src/domain/event.ts')!
      .text.matchAll(/^ {2}\| '([a-z_.]+)'/gm),
  ]
  const words = messagesOf('en')
  t.ok(kinds.length > 50)
  t.same(
    kinds.map(([, kind]) => kind!).filter(kind => !words.has(`audit.did.${kind.replaceAll('.', '_')}`)),
    [],
    'there are words for everything that can happen',
  )
})

t.test('the first link makes the first owner only, and leads on step by step', async t => {
  const node = await startNode(t, { founded: false })
  const [old, { token }] = [offerFirst(node.ctx), offerFirst(node.ctx)]
  const form = { name: 'ada', password: PASSWORD, again: PASSWORD }
  t.equal((await send(node, `/join/${old.token}`, form)).status, 404, 'only the last is good')
  const joined = await send(node, `/join/${token}`, form)
  t.equal(joined.location, '/admin/first-run')
  t.throws(() => offerFirst(node.ctx), /has a steward already/)
  const ada = browserOf(node, cookieOf(joined.headers))
  t.match((await ada.visit('/admin/first-run')).text, 'Step 2 of 5')
  t.match((await ada.visit('/admin/account')).text, 'There is no community here yet. Go on setting up')
  t.equal((await ada.send('/admin/first-run/found', { handle: 'oak', listed: 'yes' })).status, 422, 'not without a charter')
  const charter = { name: 'Oak Hill', summary: 'A hill with oaks.', kind: 'commune', theme: 'ecological', status: 'established' }
  await ada.send('/admin/charter/edit/identity', { ...charter, version: '0' })
  t.match((await ada.visit('/admin/first-run')).text, 'Step 3 of 5')
  await ada.send('/admin/first-run/skip', { step: 'place' })
  const step = await ada.visit('/admin/first-run')
  t.match(step.text, 'Step 4 of 5')
  t.match(step.html, 'value="oakhill"', 'a handle is proposed')
  const unsaid = await ada.send('/admin/first-run/found', { handle: 'Oak Hill' })
  t.match(unsaid.html, 'A handle has 1 to 30 of the letters a to z')
  t.match(unsaid.html, 'Say yes or no: nobody decides this for you.')
  t.equal((await ada.send('/admin/first-run/found', { handle: 'oak', listed: 'yes' })).status, 303)
  t.match((await ada.visit('/admin/first-run')).text, 'Step 5 of 5')
  t.match((await visit(node, '/c/oak')).text, 'Oak Hill')

  const peer = await startNode(t, { handle: 'elm' })
  t.match((await ada.send('/admin/first-run/peer', { address: '' })).html, 'Type an address or a handle.')
  t.equal((await ada.send('/admin/first-run/peer', { address: 'http://localhost:1' })).status, 422)
  t.equal((await ada.send('/admin/first-run/peer', { address: peer.address })).status, 303)
  const done = await ada.visit('/admin/first-run')
  t.match(done.text, `You know ${peer.address} now.`)
  t.match(done.text, 'Everything is set up.')
})

t.test('an editor writes and looks on while founding waits for an owner, and whoever leaves leaves no draft', async t => {
  const node = await startNode(t, { founded: false })
  const [ada, bea] = [await signedIn(node), await signedIn(node, { name: 'bea', role: 'editor' })]
  const charter = { name: 'Oak Hill', summary: 'A hill with oaks.', kind: 'commune', theme: 'ecological', status: 'established' }
  await bea.send('/admin/charter/edit/identity', { ...charter, version: '0' })
  await bea.send('/admin/first-run/skip', { step: 'place' })
  const step = await bea.visit('/admin/first-run')
  t.match(step.text, 'Founding is for an owner')
  t.notMatch(step.html, '/admin/first-run/found', 'there is no form that would be refused')
  t.equal((await bea.send('/admin/first-run/found', { handle: 'oak', listed: 'yes' })).status, 403)
  const file = await (await bea.get('/admin/charter/export')).text()
  await ada.send('/admin/charter/import', { text: file })
  t.match((await ada.visit('/admin/first-run')).html, '/admin/first-run/found', 'an owner founds with what the editor has written')
  t.equal((await ada.send('/admin/first-run/found', { handle: 'oak', listed: 'yes' })).status, 303)
  const then = await bea.visit('/admin/first-run')
  t.match(then.text, 'Meeting other nodes is for an owner')
  t.notMatch(then.html, '/admin/first-run/peer')

  t.ok(draftOf(node.ctx.db, bea.steward.id))
  removeSteward(node.ctx, bea.steward.id)
  t.equal(draftOf(node.ctx.db, bea.steward.id), undefined)
})

t.test('a node nobody looks after says its link when it starts, and commands do what pages do', async t => {
  const env = { PORT: String(await freePort()), DATA_DIR: join(t.testdir(), 'data') }
  const server = start(env, ['serve'])
  t.teardown(() => server.kill('SIGKILL'))
  let log = ''
  server.stdout!.on('data', chunk => (log += String(chunk)))
  const link = () => /http:\/\/localhost:\d+\/join\/[\w-]{43}/.exec(log)?.[0]
  await until(link)
  t.equal((await fetch(link()!, { headers: { accept: 'text/html' } })).status, 200)
  const run = async (...args: string[]) => JSON.parse((await archipelago(env, ['steward', ...args, '--json'])).out || 'null')
  const added = await archipelago(env, ['steward', 'add', 'Ada', '--role', 'owner', '--json'], `${PASSWORD}\n`)
  t.match(JSON.parse(added.out), { id: 1, name: 'ada', role: 'owner' })
  t.equal((await archipelago(env, ['steward', 'add', 'bea'], 'short\n')).code, 1)
  t.match((await archipelago(env, ['steward', 'first'])).err, 'has a steward already')
  t.match(await run('invite', '--role', 'moderator'), { link: /\/join\/[\w-]{43}$/ })
  t.match((await run('list')).invitations.at(-1), { kind: 'invite', role: 'moderator' })
  t.match((await archipelago(env, ['steward', 'role', 'ada', 'editor'])).err, 'the only owner')
  t.match((await archipelago(env, ['steward', 'remove', 'ada', '--yes', 'ada'])).err, 'the only owner')
  t.match(await run('reset-password', 'ada'), { link: /\/join\// })
  t.match(await run('sign-out', 'ada'), { name: 'ada', ended: 0 })
  t.match(await run('totp-disable', 'ada'), { name: 'ada' })
  t.equal(await ended(server, 'SIGTERM'), 0)
})
