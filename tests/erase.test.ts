import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { blockActor } from '../src/actions/block.ts'
import { eraseAfterEnd } from '../src/actions/end.ts'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { fileReport } from '../src/actions/report.ts'
import { countPerson, findPerson, tablesOf } from '../src/db/person.ts'
import { farewell } from '../src/federation/farewell.ts'
import { forgetPerson } from '../src/federation/forget-person.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { archipelago } from './helpers/command.ts'
import { startForeign } from './helpers/foreign.ts'
import { fillIn } from './helpers/form.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'

/** Tables in which something holds these words. */
function holding({ ctx }: TestNode, words: string): string[] {
  const { $client } = ctx.db
  const said = (table: string) => JSON.stringify($client.prepare(`select * from "${table}"`).all())
  return tablesOf(ctx.db).filter(table => !/^entries_(text|place)_/.test(table) && said(table).includes(words))
}

async function metBy(t: Test, oak: TestNode) {
  const other = await startForeign(t)
  await other.send(`${oak.actor}/inbox`, other.activity('Follow', oak.actor))
  const actor = await lookUp(oak.federation, other.me)
  followActor(oak.ctx, actor.id)
  await settle(oak)
  await other.send(`${oak.url}/inbox`, other.activity('Accept', other.inbox.find(activity => activity.type === 'Follow')!.id))
  const post = publishPost(oak.ctx, 'hello')
  await other.send(`${oak.url}/inbox`, other.activity('Create', other.note(`words by ${other.host}`)))
  await other.send(`${oak.url}/inbox`, other.activity('Like', post.iri))
  await other.send(`${oak.url}/inbox`, other.activity('Flag', [oak.actor, post.iri], { content: 'I complain' }))
  const mentioned = [{ actor: actor.id, handle: actor.handle, host: actor.host, url: actor.url }]
  publishPost(oak.ctx, 'between the two of us', { visibility: 'direct', mentioned })
  fileReport(oak.ctx, actor.id, [], 'and I of them')
  await settle(oak)
  return other
}

t.test('O-108: all that is known of an actor can be erased, and their server is told', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const other = await metBy(t, oak)
  const person = findPerson(oak.ctx.db, `@mallory@${other.host}`)
  t.match(countPerson(oak.ctx.db, person), { follower: 1, following: 1, posts: 1, reactions: 1, reports: 2 })
  const before = other.inbox.length
  t.match(forgetPerson(oak.federation, other.me), { posts: 1, reactions: 1 })
  await settle(oak)
  t.same(
    other.inbox.slice(before).map(({ type }) => type),
    ['Reject', 'Undo'],
    'it is told that both ties have ended',
  )
  t.same(
    holding(oak, other.me).filter(table => table !== 'activities'),
    [],
  )
  t.throws(() => forgetPerson(oak.federation, `@mallory@${other.host}`), { message: /Nothing is known here/ })
})

t.test('what a stranger gave with an inquiry or a pledge is found by it, and erased', async t => {
  const oak = await startNode(t, { handle: 'oak', charter: { openToMembers: 'yes' } })
  await fillIn(oak, '/c/oak/inquire', { wish: 'visit', name: 'Ada', contact: 'Ada@Letters.example', message: 'May I come?' })
  t.match(findPerson(oak.ctx.db, 'ada@letters.EXAMPLE'), { inquiries: [1] })
  t.match(forgetPerson(oak.federation, ' ada@letters.example '), { inquiries: 1, posts: 0 })
  t.same(holding(oak, 'Letters.example'), [])
  t.throws(() => forgetPerson(oak.federation, 'ada@letters.example'), { message: /Nothing is known here/ })
  t.throws(() => forgetPerson(oak.federation, ''), { message: /Nothing is known here/ })
})

t.test('O-108: a community ends: followers hear of it, its tombstone stays, and the rest is gone', async t => {
  const file = join(t.testdir(), 'archipelago.sqlite')
  const oak = await startNode(t, { handle: 'oak', charter: { openToMembers: 'yes', name: 'Oak Farm' }, file })
  const elm = await startNode(t, { handle: 'elm' })
  const other = await metBy(t, oak)
  followActor(elm.ctx, (await lookUp(elm.federation, oak.address)).id)
  await settle(elm, oak)
  await fillIn(oak, '/c/oak/inquire', { wish: 'visit', name: 'Ada', contact: 'ada@letters.example', message: 'May I come?' })
  blockActor(oak.ctx, other.me)
  await settle(oak)
  const entry = await (await oak.get('/c/oak/entry')).json()
  t.match(entry, { type: 'DirectoryEntry' })

  t.throws(() => farewell(oak.federation, 'elm'), { message: /Type the address/ })
  farewell(oak.federation, oak.address)
  await settle(oak, elm)
  t.equal((elm.ctx.db.$client.prepare('select gone_at from actors where id = ?').pluck().get(oak.actor) as number) > 0, true, 'elm knows')
  eraseAfterEnd(oak.ctx)

  const gone = await oak.get('/c/oak/entry')
  t.equal(gone.status, 410)
  t.match(await gone.json(), { type: 'Tombstone', formerType: 'DirectoryEntry' })
  const actor = await oak.get('/c/oak')
  t.equal(actor.status, 410)
  t.match(await actor.json(), { id: oak.actor, type: 'Tombstone' })
  for (const path of ['/', '/c/oak', '/api/directory', '/sign-in']) {
    const page = await oak.get(path, 'text/html')
    t.equal(page.status, 410, path)
    t.notMatch(await page.text(), /Oak Farm/)
  }
  t.equal((await other.send(`${oak.url}/inbox`, other.activity('Like', oak.actor))).status, 410)
  t.equal((await oak.get('/healthz')).status, 200)
  t.equal((await oak.get('/directory/summary', 'application/json')).status < 500, true)
  for (const words of ['letters.example', 'May I come', 'Oak Farm', 'PRIVATE KEY', other.host, 'between the two'])
    t.same(
      holding(oak, words).filter(table => table !== (words === 'PRIVATE KEY' ? 'keys' : '')),
      [],
      words,
    )
  await oak.stop()
  t.notMatch(readFileSync(file, 'latin1'), /letters\.example|May I come/, 'not in the file either')
  t.notOk(existsSync(join(file, '../media')))
})

t.test('from the terminal, both only on purpose', async t => {
  const file = join(t.testdir(), 'archipelago.sqlite')
  const oak = await startNode(t, { handle: 'oak', charter: { openToMembers: 'yes' }, file })
  await fillIn(oak, '/c/oak/inquire', { wish: 'visit', name: 'Ada', contact: 'ada@letters.example', message: 'May I come?' })
  const env = { DATA_DIR: join(file, '..'), PORT: String(oak.ctx.config.listen.port) }
  t.match(JSON.parse((await archipelago(env, ['erase', 'person', 'ada@letters.example', '--json'])).out), { erased: false, inquiries: 1 })
  t.match(JSON.parse((await archipelago(env, ['erase', 'person', 'ada@letters.example', '--yes', '--json'])).out), { erased: true })
  t.not((await archipelago(env, ['erase', 'node'])).code, 0)
  t.equal((await archipelago(env, ['erase', 'node', '--name', 'oaks'])).code, 1)
  t.match(JSON.parse((await archipelago(env, ['node', 'status', '--json'])).out), { publicUrl: oak.url, stuck: 0 })
  t.match(JSON.parse((await archipelago(env, ['policy', '--mode', 'except', '--theme', 'left', '--json'])).out), {
    mode: 'except',
    themes: ['left'],
  })
  t.equal((await archipelago(env, ['erase', 'node', '--name', oak.address])).code, 0)
  t.equal((await oak.get('/c/oak')).status, 410)
})
