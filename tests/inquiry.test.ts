import { pino } from 'pino'
import t from 'tap'
import { forgetInquiries } from '../src/actions/inquiry.ts'
import { allInquiries, messagesOf } from '../src/db/inquiry.ts'
import { addressGroup } from '../src/lib/address-group.ts'
import { createAllowance } from '../src/lib/allowance.ts'
import { archipelago } from './helpers/command.ts'
import { startForeign } from './helpers/foreign.ts'
import { fillIn, openForm, send, solve } from './helpers/form.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'
import { linkTo, visit } from './helpers/page.ts'

const FORM = '/c/oak/inquire'
const ASKED = { name: 'Wren Planted', wish: 'visit', message: 'May I come\nin <b>May</b>?', contact: 'wren@planted.example' }
const DAY = 24 * 3_600_000
const from = (address: string) => ({ 'x-forwarded-for': address })

t.test('a seeker writes, the steward answers, and both go on', async t => {
  const dir = t.testdir()
  const node = await startNode(t, {
    file: `${dir}/archipelago.sqlite`,
    charter: {
      name: 'Oak Hill',
      membershipProcess: 'First **write** to us.',
      visitorProcess: 'Bring boots.',
      contact: 'steward@oak.example',
    },
  })
  const env = { DATA_DIR: dir, PORT: String(new URL(node.url).port), ALLOW_PRIVATE_ADDRESSES: 'true' }
  const page = await visit(node, '/c/oak')
  t.equal(linkTo(page, 'Write to the community'), FORM)
  const form = await visit(node, FORM)
  t.match(form.text, /Read this first.*First write to us\..*Bring boots\..*Your message/, 'how to join is read before the form')
  t.equal(form.headers.get('cache-control'), 'no-store')
  t.notMatch(form.html, 'steward@oak.example')

  const sent = await fillIn(node, FORM, ASKED)
  t.equal(sent.status, 303)
  t.match(sent.location, /^\/inquiries\/[\w-]{43}$/)
  const own = await visit(node, sent.location)
  t.equal(own.status, 200)
  t.match(own.text, /You and Oak Hill.*Not read yet.*May I come in <b>May<\/b>\?/)
  t.notMatch(own.text, /looked at with care/, 'its proof was good')
  t.match(Object.fromEntries(own.headers), { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': /noindex/ })
  t.match(own.html, /<meta name="robots" content="noindex/)
  const token = sent.location.split('/').at(-1)!
  const dump = node.ctx.db.$client.serialize().toString('latin1')
  t.notOk(dump.includes(token), 'the address is kept nowhere')

  const listed = JSON.parse((await archipelago(env, ['inquiries', '--json'])).out)
  t.match(listed, [
    { number: 1, state: 'new', held: false, wish: 'visit', name: 'Wren Planted', contact: 'wren@planted.example', messages: 1 },
  ])
  t.match(await archipelago(env, ['inquiry', 'note', '1', 'sounds', 'nice']), { code: 0 })
  t.match(await archipelago(env, ['inquiry', 'answer', '1', 'Come', 'in *June*.']), { code: 0, out: /answered/ })
  const answered = await visit(node, sent.location)
  t.match(answered.text, /In conversation.*Oak Hill.*Come in June \./)
  t.notMatch(answered.text, 'sounds nice', 'notes are the stewards’ own')

  t.match(await send(node, sent.location, { message: 'In June then.' }), { status: 303, location: `${sent.location}#latest` })
  const shown = JSON.parse((await archipelago(env, ['inquiry', 'show', '1', '--json'])).out)
  t.match(shown.messages, [
    { from: 'seeker' },
    { from: 'note', text: 'sounds nice' },
    { from: 'steward' },
    { from: 'seeker', text: 'In June then.' },
  ])
  t.match(await archipelago(env, ['inquiry', 'state', '1', 'accepted']), { code: 0 })
  t.match(await archipelago(env, ['inquiry', 'state', '1', 'withdrawn']), { code: 2 }, 'only the seeker withdraws')
  const over = await visit(node, sent.location)
  t.match(over.text, /Accepted.*This conversation is over.*180 days/)
  t.notMatch(over.html, '<textarea')
  t.match(JSON.parse((await archipelago(env, ['inquiries', '--json'])).out), [])
  t.match(await archipelago(env, ['inquiry', 'show', '1']), { out: /Wren Planted, wren@planted.example/ })
  t.match(await archipelago(env, ['inquiry', 'erase', '1']), { code: 0 })
  t.equal((await visit(node, sent.location)).status, 404)
  t.match(await archipelago(env, ['inquiry', 'show', '1']), { code: 1, err: /no inquiry numbered 1/ })
})

t.test('the seeker withdraws and erases', async t => {
  const node = await startNode(t)
  const { location } = await fillIn(node, FORM, ASKED, { proof: false })
  t.match((await visit(node, location)).text, /looked at with care first/)
  t.equal((await send(node, `${location}/withdraw`, {})).status, 303)
  t.match((await visit(node, location)).text, /Withdrawn by you/)
  t.match(await send(node, location, { message: 'One thing more' }), { status: 429 }, 'it has ended')
  const erased = await send(node, `${location}/erase`, {})
  t.match(erased, { status: 303, location: '/inquiries/erased' })
  t.match((await visit(node, erased.location)).text, /The conversation is gone/)
  t.equal((await visit(node, location)).status, 404)
  t.equal((await send(node, `${location}/erase`, {})).status, 404)
  for (const table of ['inquiries', 'inquiry_messages'])
    t.equal(node.ctx.db.$client.prepare(`select count(*) from ${table}`).pluck().get(), 0, table)
})

t.test('nothing of it is seen anywhere else', async t => {
  const lines: string[] = []
  const node = await startNode(t, { log: pino({ level: 'trace' }, { write: line => void lines.push(line) }) })
  const { location } = await fillIn(node, FORM, ASKED)
  await send(node, location, { message: 'The planted words' })
  await send(node, location, { message: '' })
  await settle(node)
  const paths = ['/', '/?q=planted', '/c/oak', FORM, '/about', '/network', '/c/oak/outbox?page=true', '/c/oak/followers', '/api/directory']
  const more = [
    '/api/directory?format=atom&q=planted',
    '/metrics',
    '/healthz',
    '/nodeinfo/2.1',
    '/c/oak/entry',
    '/inquiries',
    '/inquiries/1',
    '/inquiries/x',
  ]
  const planted = /planted|Wren|in <b>May|in &lt;b&gt;May/i
  for (const path of [...paths, ...more])
    for (const accept of ['text/html', 'application/json', 'application/activity+json', 'application/atom+xml']) {
      const said = await (await node.get(path, accept)).text()
      t.notMatch(
        said
          .replaceAll('q=planted', '')
          .replaceAll('value="planted"', '')
          .replace(/“?planted”?/g, ''),
        planted,
        `${path} as ${accept}`,
      )
    }
  t.notMatch(lines.join(''), planted, 'the log')
  t.notMatch(lines.join(''), location.split('/').at(-1)!, 'the log knows no private address')
  const others = node.ctx.db.$client
    .prepare(
      "select name from sqlite_master where type = 'table' and name not like 'inquir%' and sql not like '%fts5%' and name not like 'sqlite%'",
    )
    .pluck()
    .all() as string[]
  for (const table of others) t.notMatch(JSON.stringify(node.ctx.db.$client.prepare(`select * from "${table}"`).all()), planted, table)
  const events = node.ctx.db.$client.prepare("select kind, subject, data from events where kind like 'inquiry%'").all()
  t.same(events, [
    { kind: 'inquiry.received', subject: '1', data: null },
    { kind: 'inquiry.said', subject: '1', data: null },
  ])
})

t.test('what is wrong is said beside the field and at the top, and what was typed stays', async t => {
  const node = await startNode(t)
  const wrong = await fillIn(node, FORM, { name: '', message: 'Typed <i>words</i>', contact: 'not an address' }, { proof: false })
  t.equal(wrong.status, 422)
  t.match(wrong.html, /role="alert".*href="#name".*href="#wish".*href="#contact"/s)
  t.match(wrong.html, /<title>Please look again: /)
  t.match(wrong.html, /id="contact-fault"/)
  t.match(wrong.html, /aria-describedby="contact-help contact-fault"/)
  t.match(wrong.html, /Typed &lt;i>words&lt;\/i>/)
  t.match(wrong.html, /value="not an address"/)
  t.equal(allInquiries(node.ctx.db).length, 0)
  const long = await fillIn(node, FORM, { ...ASKED, message: 'x'.repeat(5_001) }, { proof: false })
  t.match(long.html, /5,000 characters/)
  const huge = await send(node, FORM, { ...ASKED, message: 'x'.repeat(100_000) })
  t.equal(huge.status, 413)
  const german = await fillIn(node, FORM, { ...ASKED, name: '' }, { headers: { 'accept-language': 'de' } })
  t.match(german.html, /Sag, wie du genannt werden möchtest/)
})

t.test('another site can’t send it', async t => {
  const node = await startNode(t)
  const { ticket } = await openForm(node, FORM)
  const fields = { ...ASKED, ticket }
  for (const headers of [
    { origin: 'https://evil.test' },
    { origin: undefined },
    { origin: 'null' },
    { origin: `${node.url}.evil.test` },
    { origin: undefined, 'sec-fetch-site': 'cross-site' },
  ])
    t.equal((await send(node, FORM, fields, headers)).status, 403, JSON.stringify(headers))
  t.equal(allInquiries(node.ctx.db).length, 0)
  t.equal((await send(node, FORM, fields, { 'content-type': 'text/plain' })).status, 422)
  const { location } = await send(node, FORM, fields, { origin: undefined, 'sec-fetch-site': 'same-origin' })
  t.equal((await send(node, `${location}/erase`, {}, { origin: 'https://evil.test' })).status, 403)
  t.equal((await send(node, `${location}/erase`, {}, { origin: 'null', 'sec-fetch-site': 'cross-site' })).status, 403)
  t.equal((await send(node, `${location}/erase`, {}, { origin: 'null' })).status, 303, 'a page without a referrer says null')
})

t.test('O-72, O-91: spam is held off, and nobody is locked out', async t => {
  const node = await startNode(t, { env: { TRUST_PROXY: '127.0.0.1' } })
  const count = () => allInquiries(node.ctx.db).length
  const { ticket } = await openForm(node, FORM)
  const trapped = await send(node, FORM, { ...ASKED, ticket, website: 'https://buy.example' }, from('192.0.2.1'))
  t.match(trapped, { status: 422, html: /last field/ })
  node.clock.offsetMs -= 3_500
  t.match(await send(node, FORM, { ...ASKED, ticket }, from('192.0.2.1')), { status: 422, html: /faster than anybody types/ })
  node.clock.offsetMs += 3_500
  const forged = JSON.stringify({ ...JSON.parse(ticket), signature: 'a'.repeat(64) })
  for (const bad of ['', 'x', '{}', forged])
    t.equal((await send(node, FORM, { ...ASKED, ticket: bad }, from('192.0.2.1'))).status, 422, bad)
  node.clock.offsetMs += 25 * 3_600_000
  t.match(await send(node, FORM, { ...ASKED, ticket }, from('192.0.2.1')), { status: 422, html: /open for very long/ })
  t.equal(count(), 0)

  const proof = await openForm(node, FORM)
  const wrong = await send(node, FORM, { ...ASKED, ticket: proof.ticket, proof: '{"counter":1,"derivedKey":"00"}' }, from('192.0.2.9'))
  t.match(allInquiries(node.ctx.db)[0], { held: true }, 'a false proof is none')
  const again = await send(node, FORM, { ...ASKED, ticket: proof.ticket, proof: await solve(proof.ticket) }, from('192.0.2.9'))
  t.equal(again.location, wrong.location, 'sent twice it is the same, and leads to the same page')
  t.equal(count(), 1)
  await send(node, `${wrong.location}/erase`, {})
  const replayed = await send(node, FORM, { ...ASKED, ticket: proof.ticket }, from('192.0.2.9'))
  t.equal(replayed.status, 409, 'an erased one does not come back')

  for (let time = 0; time < 3; time++)
    t.equal((await fillIn(node, FORM, ASKED, { proof: false, headers: from(`2001:db8:1:2::${time}`) })).status, 303)
  const often = await fillIn(node, FORM, ASKED, { proof: false, headers: from('2001:db8:1:2:ffff::1') })
  t.match(often, { status: 429, html: /in a short time.*May I come/s }, 'one household is one caller')
  t.equal((await fillIn(node, FORM, ASKED, { proof: false, headers: from('2001:db8:1:3::1') })).status, 303)
  t.equal((await fillIn(node, FORM, ASKED, { headers: from('2001:db8:1:2::7') })).status, 303, 'a proof lets in more')
  t.match(
    allInquiries(node.ctx.db).map(({ held }) => held),
    [false, true, true, true, true],
    'what is held stands last',
  )
  node.clock.offsetMs += 3_600_001
  t.equal((await fillIn(node, FORM, ASKED, { proof: false, headers: from('2001:db8:1:2::1') })).status, 303)

  for (let n = count() - 1; n < 40; n++)
    t.equal((await fillIn(node, FORM, ASKED, { proof: false, headers: from(`198.51.100.${n}`) })).status, 303)
  t.match(await fillIn(node, FORM, ASKED, { proof: false, headers: from('203.0.113.1') }), { status: 503, html: /try tomorrow/ })
  t.equal((await fillIn(node, FORM, ASKED, { headers: from('203.0.113.1') })).status, 303, 'who proves that they mean it comes through')
})

t.test('who may write is the steward’s choice, else the charter’s', async t => {
  const dir = t.testdir()
  const closed = { openToMembers: 'no', openToVisitors: 'no', openToVolunteers: 'no' } as const
  const node = await startNode(t, { file: `${dir}/archipelago.sqlite`, charter: closed })
  const env = { DATA_DIR: dir, PORT: String(new URL(node.url).port) }
  const status = async () => (await visit(node, FORM)).status
  const set = async (...options: string[]) => JSON.parse((await archipelago(env, ['settings', ...options, '--json'])).out).inquiries
  t.equal(await status(), 200, 'it is listed')
  t.equal(await set('--listed', 'no'), false)
  t.equal(await status(), 404)
  t.equal(await set('--inquiries', 'yes'), true)
  t.equal(await status(), 200)
  const { ticket } = await openForm(node, FORM)
  t.equal(await set('--inquiries', 'no'), false)
  t.equal((await send(node, FORM, { ...ASKED, ticket })).status, 404)
  t.notMatch((await visit(node, '/c/oak')).html, FORM)
  t.equal((await visit(node, '/c/elm/inquire')).status, 404)
  const other = await startNode(t, { handle: 'elm', charter: { ...closed, status: 'disbanded', disbanded: 1999 } })
  t.equal((await visit(other, '/c/elm/inquire')).status, 404, 'nobody is there any more')
})

t.test('what is settled is erased after 180 days, what was held and never looked at after 60', async t => {
  const node = await startNode(t, { env: { TRUST_PROXY: '127.0.0.1' } })
  const { location } = await fillIn(node, FORM, ASKED, { proof: false, headers: from('192.0.2.1') })
  await fillIn(node, FORM, ASKED, { proof: false, headers: from('192.0.2.2') })
  await send(node, `${location}/withdraw`, {})
  node.clock.offsetMs += 59 * DAY
  t.equal(forgetInquiries(node.ctx), 0)
  node.clock.offsetMs += 2 * DAY
  t.equal(forgetInquiries(node.ctx), 1)
  t.equal((await visit(node, location)).status, 200)
  node.clock.offsetMs += 120 * DAY
  t.equal(forgetInquiries(node.ctx), 1)
  t.equal((await visit(node, location)).status, 404)
  t.equal(node.ctx.db.$client.prepare('select count(*) from spent_tickets').pluck().get(), 0)
})

t.test('a direct post is an inquiry, and is answered with one', async t => {
  const node = await startNode(t)
  const server = await startForeign(t)
  const direct = (content: string, more = {}) =>
    server.note(content, { to: [node.actor], tag: [{ type: 'Mention', href: node.actor }], ...more })
  const say = (note: object) => server.send(`${node.url}/inbox`, server.activity('Create', note, { to: [node.actor] }))
  t.equal((await say(direct('<p>May I <b>visit</b>?</p>'))).status, 202)
  await say(direct('<p>In May?</p>'))
  const [inquiry] = allInquiries(node.ctx.db)
  t.match(inquiry, { actor: server.me, state: 'new', messages: 2 }, 'both are one conversation')
  await answer(node, inquiry!.id, 'Yes, **in May**.')
  await settle(node)
  const sent = server.inbox.at(-1) as { type: string; to: string[]; cc: string[]; object: { id: string; content: string; to: string[] } }
  t.match(sent, { type: 'Create', to: [server.me], object: { to: [server.me], content: /in May/ } })
  t.same(sent.cc, [], 'for nobody else')
  await say(direct('<p>Thank you</p>', { inReplyTo: sent.object.id }))
  t.match(
    messagesOf(node.ctx.db, inquiry!.id).map(({ voice, html }) => [voice, html]),
    [
      ['seeker', /visit/],
      ['seeker', /In May/],
      ['steward', /in May/],
      ['seeker', /Thank you/],
    ],
  )
  await say(server.note('<p>Hello all</p>', { tag: [{ type: 'Mention', href: node.actor }] }))
  t.equal(allInquiries(node.ctx.db)[0]!.messages, 4, 'what is for everybody is no inquiry')

  const { eraseInquiry } = await import('../src/actions/inquiry.ts')
  eraseInquiry(node.ctx, inquiry!.id)
  const kept = JSON.stringify(
    ['posts', 'activities', 'inquiry_messages'].map(table => node.ctx.db.$client.prepare(`select * from ${table}`).all()),
  )
  t.notMatch(kept, /visit|Thank you|in May/, 'its words are gone')
})

async function answer(node: TestNode, id: number, text: string): Promise<void> {
  const { answerInquiry } = await import('../src/actions/inquiry.ts')
  answerInquiry(node.ctx, id, text)
}

t.test('addresses in one hand count as one, and only so many are remembered', async t => {
  t.equal(addressGroup('192.0.2.7'), '192.0.2.7')
  t.equal(addressGroup('::ffff:192.0.2.7'), '192.0.2.7')
  t.equal(addressGroup('2001:db8:0:1:ffff::1'), addressGroup('2001:0db8::1:0:0:0:9'))
  t.not(addressGroup('2001:db8:0:1::1'), addressGroup('2001:db8:0:2::1'))
  const allowed = createAllowance({ times: 1, withinMs: 1_000, most: 2 })
  const now = new Date()
  t.ok(allowed('a', now))
  t.notOk(allowed('a', now))
  t.ok(allowed('b', now))
  t.ok(allowed('c', now), 'and a is forgotten')
  t.ok(allowed('a', now))
})
