import t, { type Test } from 'tap'
import { changeThemePolicy } from '../src/actions/theme-policy.ts'
import { directorySize, saveEntry, searchIndexIsCurrent } from '../src/db/directory.ts'
import { openDatabase, transact } from '../src/db/open.ts'
import { searchDirectory } from '../src/db/search.ts'
import { readDirectoryQuery } from '../src/domain/directory-query.ts'
import { readPolicy } from '../src/domain/theme-policy.ts'
import { anEntry } from './helpers/entries.ts'
import { startNode } from './helpers/node.ts'
import { visit } from './helpers/page.ts'

const themes = [['left'], ['spiritual', 'left'], ['ecological'], ['spiritual']] as const

async function listed(t: Tap) {
  const oak = await startNode(t, { handle: 'oak', charter: { theme: 'anarchist' } })
  transact(oak.ctx.db, tx => {
    for (const [at, some] of themes.entries())
      saveEntry(
        tx,
        anEntry({
          actor: `https://n${at}.example/c/fern`,
          host: `n${at}.example`,
          charter: {
            name: `Fern ${at}`,
            theme: some[0],
            themes: [...some],
            place: { precision: 'exact', country: 'ES', latitude: 40 + at, longitude: 0 },
          },
        }),
      )
  })
  return oak
}
type Tap = Test

t.test('what the policy hides is in no search, no count and no map, and is counted', async t => {
  const oak = await listed(t)
  const { ctx } = oak
  const found = (parameters: Record<string, string> = {}) => searchDirectory(ctx.db, readDirectoryQuery(parameters))
  const names = (parameters?: Record<string, string>) =>
    found(parameters)
      .items.map(({ charter }) => charter.name)
      .sort()
  t.equal(found().hidden, undefined)
  t.equal(found().total, 5)

  changeThemePolicy(ctx, readPolicy('except', ['spiritual']))
  t.same(names(), ['Fern 0', 'Fern 2', 'oak'])
  t.match(found(), { total: 3, hidden: 2 })
  t.match(found({ q: 'fern' }), { total: 2, hidden: 2 })
  t.match(found({ q: 'fern', theme: 'left' }), { total: 1, hidden: 1 })
  t.match(found({ near: '40,0', within: '120' }), { total: 1, hidden: 1 })
  t.equal(found({ q: 'oak' }).hidden, undefined, 'nothing is said where nothing is hidden')
  for (const sort of ['name', 'newest', 'verified']) t.equal(found({ sort }).items.length, 3, sort)
  t.same(
    found()
      .facets.theme.map(({ value }) => value)
      .sort(),
    ['anarchist', 'ecological', 'left'],
  )
  t.equal(directorySize(ctx.db), 3)
  t.ok(searchIndexIsCurrent(ctx.db), 'it is no damage')

  const page = await visit(oak, '/?q=fern')
  t.match(page.text, /2 communities are hidden by this node’s policy/)
  t.match(page.html, /href="\/policy"/)
  t.notMatch(page.html, /Fern 1|Fern 3/)
  const policy = await visit(oak, '/policy')
  t.match(policy.text, /Spiritual/)
  t.match(await (await oak.get('/api/directory?q=fern', 'application/json')).json(), { total: 2, hidden: 2 })
  t.match(await (await oak.get('/api/directory?q=fern&format=geojson')).json(), { numberMatched: 2, hidden: 2 })
  for (const path of ['/map/points', '/api/directory?format=atom', '/api/directory?format=csv', '/match?theme=spiritual', '/search?q=fern'])
    t.notMatch(await (await oak.get(path, '*/*')).text(), /Fern [13]/, path)

  changeThemePolicy(ctx, readPolicy('only', ['spiritual', 'anarchist']))
  t.same(names(), ['Fern 1', 'Fern 3', 'oak'])
  changeThemePolicy(ctx, readPolicy('only', ['spiritual']))
  t.same(names(), ['Fern 1', 'Fern 3', 'oak'], 'the community of the node itself is always there')
  changeThemePolicy(ctx, readPolicy('all', []))
  t.match(found(), { total: 5 })
  t.equal(found().hidden, undefined)
  t.ok(searchIndexIsCurrent(ctx.db))
})

t.test('what comes later is hidden too, and what changes its themes is not', async t => {
  const db = openDatabase(':memory:')
  const ctx = { db, now: () => new Date() } as never
  changeThemePolicy(ctx, readPolicy('except', ['left']))
  const entry = anEntry({ charter: { theme: 'left', themes: ['left'] } })
  transact(db, tx => saveEntry(tx, entry))
  const found = () => searchDirectory(db, readDirectoryQuery({ q: entry.charter.name }))
  t.match(found(), { total: 0, hidden: 1 })
  const changed = {
    ...entry,
    edition: 2,
    publishedAt: new Date(entry.publishedAt.getTime() + 1),
    charter: { ...entry.charter, theme: 'ecological' as const, themes: ['ecological' as const] },
  }
  transact(db, tx => saveEntry(tx, changed))
  t.match(found(), { total: 1 })
  t.equal(found().hidden, undefined)
})

t.test('a policy names themes there are', async t => {
  t.throws(() => readPolicy('except', ['purple']), { message: /is no theme/ })
  t.throws(() => readPolicy('except', []), { message: /at least one/ })
  t.throws(() => readPolicy('some', ['left']), { name: 'Refusal' })
})
