import { pino } from 'pino'
import t from 'tap'
import { forgetPledges } from '../src/actions/pledge.ts'
import { allPledges } from '../src/db/pledge.ts'
import { tellPledgers } from '../src/federation/pledge-news.ts'
import { pledgeNews } from '../src/web/pledge-news.ts'
import { archipelago } from './helpers/command.ts'
import { startForeign } from './helpers/foreign.ts'
import { fillIn, send } from './helpers/form.ts'
import { settle, startNode } from './helpers/node.ts'
import { linkTo, visit } from './helpers/page.ts'

const FORM = '/c/oak/pledge'

t.test('visitors pledge, and are told when there are enough', async t => {
  const dir = t.testdir()
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: line => void lines.push(line) })
  const node = await startNode(t, { file: `${dir}/archipelago.sqlite`, charter: { name: 'Oak Hill', status: 'forming' }, log })
  const server = await startForeign(t)
  const env = { DATA_DIR: dir, PORT: String(new URL(node.url).port), ALLOW_PRIVATE_ADDRESSES: 'true' }
  const list = async () => JSON.parse((await archipelago(env, ['pledges', '--json'])).out)

  t.equal((await visit(node, FORM)).status, 404, 'nobody is asked yet')
  t.match(await archipelago(env, ['pledges', 'need', '0.5']), { code: 2 })
  t.match(await archipelago(env, ['pledges', 'need', '3']), { code: 0, out: /3 people are needed/ })
  t.match((await visit(node, '/c/oak')).text, /Nobody has pledged yet; 3 are needed/)
  t.equal(linkTo(await visit(node, '/c/oak'), 'I would come'), FORM)

  const first = await fillIn(
    node,
    FORM,
    { name: 'Wren Planted', contact: `@mallory@${server.host}` },
    { headers: { 'accept-language': 'de' } },
  )
  t.match(first, { status: 303, location: /^\/pledges\/[\w-]{43}$/ })
  await fillIn(node, FORM, { name: '', contact: '' })
  t.match((await visit(node, '/c/oak')).text, /2 people would come; 3 are needed/)
  const held = await fillIn(node, FORM, { name: 'Ash Planted', contact: 'ash@planted.example' }, { proof: false })
  t.match((await visit(node, held.location)).text, /looked at first.*2 people would come/)
  const own = await visit(node, first.location)
  t.notMatch(own.text, /There are enough/)
  t.match(Object.fromEntries(own.headers), { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', 'x-robots-tag': /noindex/ })

  t.match(await list(), {
    need: 3,
    count: 2,
    reachedAt: null,
    pledges: [{ name: 'Wren Planted', held: false }, {}, { name: 'Ash Planted', held: true }],
  })
  t.match(await archipelago(env, ['pledges', 'accept', '3']), { code: 0, out: /Pledge 3 counts/ })
  t.match(await archipelago(env, ['pledges', 'accept', '3']), { code: 1, err: /counts already/ })
  t.match((await list()).reachedAt, /^\d{4}-/)
  for (const { location } of [first, held])
    t.match((await visit(node, location)).text, /There are enough: as many people as the community needs/)

  server.answerInbox({ status: 202 })
  await tellPledgers(node.federation, pledgeNews(node.ctx))
  await tellPledgers(node.federation, pledgeNews(node.ctx))
  await settle(node)
  const told = server.inbox as { type: string; to: string[]; cc: string[]; object: { content: string } }[]
  t.equal(told.length, 1, 'once')
  t.match(told[0], { type: 'Create', to: [server.me], object: { content: /Es sind genug: 3 Menschen kämen zu Oak Hill/ } })
  t.same(told[0]!.cc, [])

  const planted = /planted|Wren|Ash /i
  for (const path of [
    '/',
    '/c/oak',
    FORM,
    '/c/oak/outbox?page=true',
    '/api/directory',
    '/api/directory?format=atom',
    '/metrics',
    '/pledges',
    '/pledges/1',
  ])
    for (const accept of ['text/html', 'application/json', 'application/activity+json'])
      t.notMatch(await (await node.get(path, accept)).text(), planted, `${path} as ${accept}`)
  t.notMatch(lines.join(''), planted)
  const events = node.ctx.db.$client.prepare("select kind, subject, data from events where kind like 'pledge%'").all()
  t.notMatch(JSON.stringify(events), planted)
  t.match(events.at(-1), { kind: 'pledges.reached', subject: '3', data: null })

  t.match(await send(node, `${first.location}/withdraw`, {}), { status: 303, location: '/pledges/withdrawn' })
  t.match((await visit(node, '/pledges/withdrawn')).text, /what you entered is erased/)
  t.equal((await visit(node, first.location)).status, 404)
  t.match((await visit(node, '/c/oak')).text, /2 people would come; 3 are needed/)
  t.match(await archipelago(env, ['pledges', 'erase', '3']), { code: 0 })
  t.equal(allPledges(node.ctx.db).length, 1)
  await archipelago(env, ['pledges', 'need', '0'])
  t.equal((await visit(node, FORM)).status, 404)
})

t.test('whoever is not found is looked for again, and not for ever', async t => {
  const node = await startNode(t, { charter: { status: 'idea' } })
  const { needPledges } = await import('../src/actions/pledge.ts')
  needPledges(node.ctx, 1)
  await fillIn(node, FORM, { name: '', contact: '@nobody@localhost:1' })
  const due = () => allPledges(node.ctx.db)[0]!.dueAt
  for (let time = 0; time < 8; time++) {
    t.ok(due(), 'still to be told')
    node.clock.offsetMs += 24 * 3_600_000
    await tellPledgers(node.federation, pledgeNews(node.ctx))
  }
  t.equal(due(), null)
})

t.test('O-91: pledges are for those who are still forming, and kept from spam as inquiries are', async t => {
  const node = await startNode(t)
  const { needPledges } = await import('../src/actions/pledge.ts')
  needPledges(node.ctx, 5)
  t.equal((await visit(node, FORM)).status, 404, 'it is established')
  t.notMatch((await visit(node, '/c/oak')).html, FORM)

  const elm = await startNode(t, { handle: 'elm', charter: { status: 're_forming' } })
  needPledges(elm.ctx, 5)
  const form = '/c/elm/pledge'
  t.equal((await send(elm, form, { name: 'x' }, { origin: 'https://evil.test' })).status, 403)
  t.match(await fillIn(elm, form, { name: '', contact: 'x' }, { proof: false }), { status: 422, html: /href="#contact"/ })
  for (let time = 0; time < 3; time++) t.equal((await fillIn(elm, form, {}, { proof: false })).status, 303)
  t.equal((await fillIn(elm, form, {}, { proof: false })).status, 429)
  t.match((await visit(elm, form)).text, /Nobody has pledged yet; 5 are needed/, 'held ones do not count')
  elm.clock.offsetMs += 61 * 24 * 3_600_000
  forgetPledges(elm.ctx)
  t.equal(allPledges(elm.ctx.db).length, 0)
})
