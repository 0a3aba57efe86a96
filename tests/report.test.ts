import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { publishPost } from '../src/actions/post.ts'
import { closeReport, fileReport } from '../src/actions/report.ts'
import { saveActor } from '../src/db/actor.ts'
import { transact } from '../src/db/open.ts'
import { allReports } from '../src/db/report.ts'
import { lookUp } from '../src/federation/lookup.ts'
import type { SigningKey } from '../src/federation/signatures.ts'
import { exportKey } from '../src/federation/signatures.ts'
import { archipelago } from './helpers/command.ts'
import { type Foreign, startForeign } from './helpers/foreign.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'
import { stateHash } from './helpers/state.ts'

const HOUR = 3_600_000

/** A Flag as Mastodon sends it: from the server's own actor, without `to`. */
const flag = (server: Foreign, object: unknown, content: string, more: Record<string, unknown> = {}) =>
  server.activity('Flag', object, { content, ...more })

t.test('a complaint about the community reaches its steward, and nobody else (O-104)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const server = await startForeign(t)
  const post = publishPost(oak.ctx, 'something rude')
  const strangers = Array.from({ length: 900 }, (_, at) => `https://elsewhere.test/notes/${at}`)
  const missing = [`${oak.url}/o/never`, `${oak.url}/o/charter-7`, `${oak.url}/c/nobody`]
  const words = `<p>They <script>alert(1)</script>are <b>rude</b>.</p><p>Again.</p>\u202e ${'x'.repeat(900_000)}`
  const sent = flag(server, [oak.actor, post.iri, `${oak.url}/o/charter-1`, ...missing, ...strangers], words)
  t.equal((await server.send(`${oak.url}/inbox`, sent)).status, 202)
  const [report] = allReports(oak.ctx.db)
  t.match(report, { iri: sent.id, reporter: server.me, target: oak.actor, posts: [post.iri, `${oak.url}/o/charter-1`] })
  t.equal(report!.comment.length, 5_000)
  t.match(report!.comment, /^They are rude\.\nAgain\.\n/)
  t.notMatch(report!.comment, /\u202e/)

  await settle(oak)
  t.same(server.inbox, [], 'nobody is told')
  for (const path of ['/c/oak', '/c/oak/outbox?page=true', '/c/oak/featured', `/o/${post.iri.split('/').at(-1)}`, '/api/directory', '/'])
    t.notMatch(await (await oak.get(path, 'text/html, application/activity+json')).text(), /They are rude|activities\/1"/, path)

  closeReport(oak.ctx, report!.id)
  t.same(allReports(oak.ctx.db), [])
  t.equal(allReports(oak.ctx.db, { closed: true }).length, 1)
  t.throws(() => closeReport(oak.ctx, report!.id), { name: 'Refusal', message: /closed already/ })
  t.throws(() => closeReport(oak.ctx, 77), { name: 'Refusal', message: /no report numbered 77/ })
})

t.test('what is not about us, or not the sender’s to say, is not kept', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const server = await startForeign(t)
  await server.send(`${oak.url}/inbox`, server.activity('Wave', oak.actor))
  const before = stateHash(oak.ctx.db)
  const elsewhere = 'https://elsewhere.test/users/x'
  const cases: [string, Record<string, unknown>, number][] = [
    ['about somebody else', flag(server, [elsewhere, `${elsewhere}/1`], 'x'), 202],
    ['about nothing', flag(server, [], 'x'), 202],
    ['about the node', flag(server, `${oak.url}/node`, 'x'), 202],
    ['about a post that is not there', flag(server, `${oak.url}/o/never`, 'x'), 202],
    ['an id on another host', flag(server, oak.actor, 'x', { id: 'https://elsewhere.test/flags/1' }), 401],
    ['an actor on another host', flag(server, oak.actor, 'x', { actor: elsewhere }), 401],
    [
      'more objects than a document may have',
      flag(server, [oak.actor, ...Array.from({ length: 1_000 }, (_, at) => `https://e.test/${at}`)], 'x'),
      400,
    ],
  ]
  for (const [name, activity, status] of cases) {
    t.equal((await server.send(`${oak.url}/inbox`, activity)).status, status, name)
    t.equal(stateHash(oak.ctx.db), before, name)
    t.same(allReports(oak.ctx.db), [], name)
  }
  t.equal((await server.send(`${oak.url}/inbox`, flag(server, oak.actor, ''))).status, 202)
  t.match(allReports(oak.ctx.db), [{ comment: '', posts: [] }], 'a single object and no words are enough')
})

t.test('who complains again the same day is counted once, and a server has twenty open complaints a day', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const server = await startForeign(t)
  const people = await crowd(oak, server, 30)
  const send = ([id, sign]: (typeof people)[number]) =>
    server.send(`${oak.url}/inbox`, { ...flag(server, oak.actor, 'again'), actor: id }, { sign })
  const open = () => allReports(oak.ctx.db).length

  for (let time = 0; time < 5; time++) t.equal((await send(people[0]!)).status, 202)
  t.equal(open(), 1)
  closeReport(oak.ctx, allReports(oak.ctx.db)[0]!.id)
  await send(people[0]!)
  t.equal(open(), 1, 'one that was dealt with can come up again')

  for (const person of people) t.equal((await send(person)).status, 202)
  t.equal(open(), 20)
  const full = stateHash(oak.ctx.db)
  for (const person of people) await send(person)
  t.equal(stateHash(oak.ctx.db), full, 'the rest is dropped without effect')

  const other = await startForeign(t, { name: '127.0.0.1' })
  await other.send(`${oak.url}/inbox`, flag(other, oak.actor, 'mine'))
  t.equal(open(), 21, 'another server is heard')

  oak.ctx.db.$client.prepare('update reports set at = at - ?').run(25 * HOUR)
  for (const person of people.slice(0, 3)) t.equal((await send(person)).status, 202)
  t.equal(open(), 24, 'and the next day the first one too')
})

t.test('a steward complains, and the node says it', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  const post = publishPost(fern.ctx, 'rude')
  const { id } = await lookUp(oak.federation, fern.actor)
  fileReport(oak.ctx, id, [post.iri], 'They are rude to everybody.')
  await settle(oak, fern)
  t.match(allReports(fern.ctx.db), [
    { reporter: `${oak.url}/node`, target: fern.actor, posts: [post.iri], comment: 'They are rude to everybody.' },
  ])
  t.notMatch(JSON.stringify(allReports(fern.ctx.db)), oak.actor, 'who complained is not said')

  const server = await startForeign(t)
  await lookUp(oak.federation, server.me)
  const { iri } = fileReport(oak.ctx, server.me, [], 'spam < all day')
  await settle(oak)
  t.match(server.inbox, [
    { id: iri, type: 'Flag', actor: `${oak.url}/node`, object: [server.me], content: 'spam < all day', to: [server.me] },
  ])
  t.equal((await oak.get(new URL(iri).pathname)).status, 404)
  t.notMatch(await (await oak.get('/c/oak/outbox?page=true')).text(), /Flag/)

  const refused: [() => unknown, RegExp][] = [
    [() => fileReport(oak.ctx, server.me, [], ' '), /needs some words/],
    [() => fileReport(oak.ctx, server.me, [], 'x'.repeat(5_001)), /may have 5,000 characters; this one has 5,001/],
    [() => fileReport(oak.ctx, server.me, [post.iri], 'x'), /is no post of/],
    [() => fileReport(oak.ctx, 'https://nobody.test/', [], 'x'), /is not known here/],
  ]
  for (const [act, message] of refused) t.throws(act, { name: 'Refusal', message }, message.source)
})

t.test('reports by the command line', async t => {
  const dir = t.testdir()
  const server = await startForeign(t)
  const oak = await startNode(t, { handle: 'oak', file: `${dir}/archipelago.sqlite` })
  const env = { DATA_DIR: dir, PORT: String(new URL(oak.url).port), ALLOW_PRIVATE_ADDRESSES: 'true' }
  t.match(await archipelago(env, ['reports']), { code: 0, err: /no open reports/ })
  const filed = await archipelago(env, ['report', server.me, '--post', `${server.origin}/notes/1`, 'They', 'are rude.', '--json'])
  t.match(JSON.parse(filed.out), { number: 1, actor: server.me, posts: [`${server.origin}/notes/1`] })
  await settle(oak)
  t.match(server.inbox, [{ type: 'Flag', content: 'They are rude.', object: [server.me, `${server.origin}/notes/1`] }])

  await server.send(`${oak.url}/inbox`, flag(server, oak.actor, 'No, they are.'))
  const listed = JSON.parse((await archipelago(env, ['reports', '--json'])).out)
  t.match(listed, [
    { number: 1, ours: true, about: `@mallory@${server.host}` },
    { number: 2, ours: false, reporter: `@mallory@${server.host}`, comment: 'No, they are.' },
  ])
  t.match(await archipelago(env, ['reports']), { out: new RegExp(`^1 .*by us about @mallory@${server.host}.*\n2 .*from @mallory@`) })
  t.match(await archipelago(env, ['reports', 'close', '1']), { code: 0, out: /Report 1 is closed/ })
  t.match(await archipelago(env, ['reports', 'close', '1']), { code: 1, err: /closed already/ })
  t.match(await archipelago(env, ['reports', 'close', 'x']), { code: 2 })
  t.match(JSON.parse((await archipelago(env, ['reports', '--json'])).out), [{ number: 2 }])
  t.equal(JSON.parse((await archipelago(env, ['reports', 'list', '--all', '--json'])).out).length, 2)
  t.match(await archipelago(env, ['report', server.me, '--post', '99', 'x']), { code: 1, err: /no post numbered 99/ })
})

/** Many people of one server whom the node has heard of. One key for all, because making keys takes long. */
async function crowd(oak: TestNode, server: Foreign, size: number): Promise<[id: string, key: SigningKey][]> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const mallory = await lookUp(oak.federation, server.me)
  return Array.from({ length: size }, (_, at) => {
    const id = `${server.origin}/users/p${at}`
    const key = { id: `${id}#main-key`, actor: id, algorithm: 'rsa' as const, publicKey: exportKey(publicKey) }
    transact(oak.ctx.db, tx => saveActor(tx, { ...mallory, id, handle: `p${at}` }, [key]))
    return [id, { id: key.id, algorithm: 'rsa', privateKey }]
  })
}
