import t from 'tap'
import { publishCharter } from '../src/actions/charter.ts'
import { changeSettings } from '../src/actions/community.ts'
import { followActor } from '../src/actions/following.ts'
import { publishPost, withdrawPost } from '../src/actions/post.ts'
import { entryOf } from '../src/db/directory.ts'
import { allFollowing } from '../src/db/following.ts'
import { postsBy } from '../src/db/post.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { aCharter } from './helpers/charters.ts'
import { startForeign } from './helpers/foreign.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'

async function neighbours(t: Parameters<typeof startNode>[0]): Promise<[TestNode, TestNode]> {
  const oak = await startNode(t, {
    handle: 'oak',
    charter: { name: 'Oak Hollow', summary: 'Woodland people.', theme: 'left', themes: ['left'] },
  })
  const fern = await startNode(t, { handle: 'fern' })
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  return [oak, fern]
}
const search = async (node: TestNode, query: string) => (await node.get(`/api/directory?${query}`, 'application/json')).json()

t.test('what a community publishes reaches who follows it', async t => {
  const [oak, fern] = await neighbours(t)

  await t.test('its charter is in the directory of the follower, and the follower in its own', async t => {
    t.match(await search(fern, 'theme=left'), {
      total: 1,
      items: [{ name: 'Oak Hollow', charter: { name: 'Oak Hollow', summary: 'Woodland people.' } }],
    })
    t.match((await search(oak, '')).items.map((item: { name: string }) => item.name).sort(), ['Oak Hollow', 'fern'])
  })

  await t.test('a post', async t => {
    publishPost(oak.ctx, 'Haymaking on **Saturday** <script>alert(1)</script>')
    await settle(oak, fern)
    const [post] = postsBy(fern.ctx.db, oak.actor, { limit: 5 })
    t.match(post, { type: 'Note', author: oak.actor, content: /Haymaking on <strong>Saturday<\/strong>/ })
    t.notMatch(post!.content, '<script')
    t.match(await (await oak.get(post!.iri)).json(), { type: 'Note', id: post!.iri, attributedTo: oak.actor })
    const page = await (await fern.get(`/communities/${oak.ctx.config.host}/oak`, 'text/html')).text()
    t.match(page, 'Haymaking on')
  })

  await t.test('a new edition of its charter', async t => {
    publishCharter(
      oak.ctx,
      aCharter({ name: 'Oak Hollow', summary: 'Woodland people, and a pond.', theme: 'spiritual', themes: ['spiritual'] }),
    )
    await settle(oak, fern)
    t.match(entryOf(fern.ctx.db, oak.actor), { edition: 2, charter: { summary: 'Woodland people, and a pond.' } })
    t.match(await search(fern, 'theme=spiritual&q=pond'), { total: 1, items: [{ edition: 2 }] })
    t.match(await search(fern, 'q=left'), { total: 0 })
    const [article] = postsBy(fern.ctx.db, oak.actor, { limit: 1 })
    t.match(article, { type: 'Article', name: /edition 2/, url: `${oak.actor}/charter/2` })
  })

  await t.test('a post taken back', async t => {
    const { id, iri } = publishPost(oak.ctx, 'Never mind')
    await settle(oak, fern)
    t.ok(postsBy(fern.ctx.db, oak.actor, { limit: 9 }).some(post => post.iri === iri))
    withdrawPost(oak.ctx, id)
    await settle(oak, fern)
    t.notOk(postsBy(fern.ctx.db, oak.actor, { limit: 9 }).some(post => post.iri === iri))
    t.equal((await oak.get(iri)).status, 410)
  })

  await t.test('its wish not to be found', async t => {
    changeSettings(oak.ctx, { listed: false })
    await settle(oak, fern)
    t.equal(entryOf(fern.ctx.db, oak.actor), undefined)
    t.match(await search(oak, 'q=oak'), { total: 0 })
    changeSettings(oak.ctx, { listed: true })
    await settle(oak, fern)
    t.match(entryOf(fern.ctx.db, oak.actor), { edition: 2 })
  })
})

t.test('the steward can keep theme and kind out of the name', async t => {
  const [oak, fern] = await neighbours(t)
  t.match(await (await oak.get('/c/oak')).json(), { name: /^Oak Hollow · Left · / })
  changeSettings(oak.ctx, { themeInName: false })
  await settle(oak, fern)
  t.match(await (await oak.get('/c/oak')).json(), { name: 'Oak Hollow' })
  t.match(allFollowing(fern.ctx.db), [{ name: 'Oak Hollow' }])
})

t.test('the news of strangers', async t => {
  const fern = await startNode(t, { handle: 'fern' })
  const foreign = await startForeign(t)
  const post = (content: string) => foreign.activity('Create', foreign.note(content))
  t.equal((await foreign.send(`${fern.url}/inbox`, post('hello'))).status, 202)
  t.same(postsBy(fern.ctx.db, foreign.me, { limit: 9 }), [], 'is not kept while nobody here follows them')

  followActor(fern.ctx, (await lookUp(fern.federation, foreign.me)).id)
  await settle(fern)
  t.equal((await foreign.send(`${fern.url}/inbox`, post('too early'))).status, 202)
  t.same(postsBy(fern.ctx.db, foreign.me, { limit: 9 }), [], 'nor before they have accepted')
  await foreign.send(`${fern.url}/inbox`, foreign.activity('Accept', foreign.inbox[0]!.id))
  t.match(allFollowing(fern.ctx.db), [{ state: 'accepted' }])

  await t.test('a post that is only named is fetched', async t => {
    const note = foreign.note('fetched from its origin')
    foreign.serve(new URL(String(note.id)).pathname, { body: { '@context': 'https://www.w3.org/ns/activitystreams', ...note } })
    await foreign.send(`${fern.url}/inbox`, foreign.activity('Create', note.id))
    await settle(fern)
    t.match(postsBy(fern.ctx.db, foreign.me, { limit: 1 }), [{ content: 'fetched from its origin' }])
  })

  await t.test('an edit and a deletion', async t => {
    const note = foreign.note('first words')
    await foreign.send(`${fern.url}/inbox`, foreign.activity('Create', note))
    await foreign.send(
      `${fern.url}/inbox`,
      foreign.activity('Update', { ...note, content: 'second words', updated: new Date().toISOString() }),
    )
    t.match(postsBy(fern.ctx.db, foreign.me, { limit: 1 }), [{ content: 'second words' }])
    await foreign.send(`${fern.url}/inbox`, foreign.activity('Delete', { id: note.id, type: 'Tombstone' }))
    t.notOk(postsBy(fern.ctx.db, foreign.me, { limit: 9 }).some(post => post.iri === note.id))
    await foreign.send(`${fern.url}/inbox`, foreign.activity('Create', note))
    t.notOk(
      postsBy(fern.ctx.db, foreign.me, { limit: 9 }).some(post => post.iri === note.id),
      'what is deleted stays deleted (O-103)',
    )
  })

  await t.test('a deletion that comes first', async t => {
    const note = foreign.note('too late')
    await foreign.send(`${fern.url}/inbox`, foreign.activity('Delete', note.id))
    await foreign.send(`${fern.url}/inbox`, foreign.activity('Create', note))
    t.notOk(postsBy(fern.ctx.db, foreign.me, { limit: 9 }).some(post => post.iri === note.id))
  })

  await t.test('a post that is not public', async t => {
    const note = foreign.note('between us', { to: [fern.actor] })
    await foreign.send(`${fern.url}/inbox`, foreign.activity('Create', note))
    t.notOk(postsBy(fern.ctx.db, foreign.me, { limit: 9 }).some(post => post.iri === note.id))
  })

  await t.test('a goodbye', async t => {
    await foreign.send(`${fern.url}/inbox`, foreign.activity('Delete', foreign.me))
    t.same(allFollowing(fern.ctx.db), [])
    t.same(postsBy(fern.ctx.db, foreign.me, { limit: 9 }), [])
  })
})
