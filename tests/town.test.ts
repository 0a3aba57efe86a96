import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { anEntry, saveAll } from './helpers/entries.ts'
import { startNode } from './helpers/node.ts'
import { linkTo, namesFound, visit } from './helpers/page.ts'
import { checkout } from './helpers/sources.ts'

const LYONNAIS = anEntry({ charter: { name: 'Silk House', status: 'established', place: { precision: 'exact', country: 'FR', latitude: 45.77, longitude: 4.83 } } }) // biome-ignore format: a row
const FAR = anEntry({ charter: { name: 'Far Off', status: 'established', place: { precision: 'exact', country: 'AU', latitude: -33.9, longitude: 151.2 } } }) // biome-ignore format: a row

t.test('who types a town finds those around it, in any language, and sees its name again', async t => {
  const node = await startNode(t, { founded: false })
  saveAll(node.ctx.db, [LYONNAIS, FAR])
  const typed = (path: string) => node.get(path, 'text/html')
  for (const text of ['Lyon', 'lyon', 'Lyons', 'Lyon, France', 'Lyon, FR', 'ليون']) {
    const answer = await typed(`/?q=&near=${encodeURIComponent(text)}&within=50&theme=left`)
    t.equal(answer.status, 303, text)
    t.equal(answer.headers.get('location'), '/?theme=left&near=45.75,4.85&within=50', text)
  }
  const page = await visit(node, '/?near=45.75,4.85&within=50')
  t.same(namesFound(page), ['Silk House'])
  t.match(page.html, /id="near"[^>]* value="Lyon"/, 'the field says what was typed')
  t.equal(linkTo(page, 'Take away: Within 50 km of Lyon ×'), '/')
  t.equal((await typed('/?q=silk&near=&within=100')).headers.get('location'), '/?q=silk', 'an empty field is no condition')
  const match = await typed('/match?near=Lyon&within=100&weight.near=must')
  t.equal(match.headers.get('location'), '/match?near=45.75,4.85&must=near')
  const fits = await visit(node, '/match?near=45.75,4.85&must=near')
  t.same(namesFound(fits), ['Silk House'])
  t.match(fits.text, 'at most 100 km from Lyon')
  t.match((await visit(node, '/match?near=45.75,4.85&edit=yes')).html, /name="near"[^>]* value="Lyon"/)
})

t.test('a name that several towns have offers a choice, and one that none has says so', async t => {
  const node = await startNode(t, { founded: false })
  saveAll(node.ctx.db, [LYONNAIS, FAR])
  const search = await visit(node, '/?near=Springfield&within=25&theme=left')
  t.match(search.text, 'Several towns are called “Springfield”. Which one? Springfield, MO, United States')
  t.equal(linkTo(search, 'Springfield, IL, United States'), '/?theme=left&near=39.8,-89.64&within=25')
  t.match(search.html, /id="near"[^>]* value="Springfield"[^>]* aria-invalid="true"/)
  const match = await visit(node, '/match?near=Springfield&setting=rural&weight.setting=must')
  t.equal(match.status, 400)
  t.match(linkTo(match, 'Springfield, IL, United States'), /^\/match\?near=39\.8%2C-89\.64&setting=rural&weight\.setting=must$/)
  t.match(match.html, /name="setting" value="rural" checked/, 'nothing else is lost')
  const nowhere = await visit(node, '/?near=Xyzzyville')
  t.match(nowhere.text, 'No town of this name is known here.')
  t.same(namesFound(nowhere), ['Far Off', 'Silk House'], 'and the rest is searched for')
  for (const strange of ['%00', '%3Cb%3E', "O'%25", 'a'.repeat(3000), ',,,', '%F0%9F%8F%9D'])
    t.ok((await visit(node, `/?near=${strange}&within=5`)).status < 400, strange.slice(0, 20))
})

t.test('the map is told the names of towns square by square, a few kilobytes at most', async t => {
  const node = await startNode(t, { founded: false })
  const square = async (path: string) => (await node.get(`/map/towns/${path}`)).json() as Promise<[string, number, number, number][]>
  const europe = await square('de/5/8/5')
  t.ok(europe.some(([name]) => name === 'Wien'), 'in the language of the page') // biome-ignore format: one step
  t.ok((await square('en/5/8/5')).some(([name]) => name === 'Vienna'))
  t.ok(europe.every(([, latitude, longitude]) => latitude > 40 && latitude < 56 && longitude >= 0 && longitude <= 22.5))
  for (let z = 3; z <= 9; z += 1) {
    const across = 2 ** (z - 1)
    const all = await square(`en/${z}/${Math.floor(across * 0.51)}/${Math.floor(across * 0.34)}`)
    t.ok(JSON.stringify(all).length < 6_000, `zoom ${z}: ${JSON.stringify(all).length} bytes`)
  }
  for (const path of ['xx/5/8/5', 'en/2/0/0', 'en/10/0/0', 'en/5/16/0', 'en/5/-1/0', 'en/5/a/0'])
    t.equal((await node.get(`/map/towns/${path}`)).status, 404, path)
  saveAll(node.ctx.db, [LYONNAIS])
  t.match((await visit(node, '/')).html, /GeoNames/, 'whose names they are is said')
})

t.test('every component is on /design, and the page is there only in development', async t => {
  const node = await startNode(t)
  const { html, status } = await visit(node, '/design')
  t.equal(status, 200)
  const folder = join(checkout, 'src/web/parts')
  const shown = new Set([...html.matchAll(/<p class="shown-name"><code>([^<]+)/g)].flatMap(([, names = '']) => names.split(', ')))
  // What has no look of its own, or is shown by what it stands in.
  const within = new Set(['JsonLd', 'Name', 'Day', 'WebLink', 'Plain', 'StatusLabel', 'Themes', 'Prose', 'PostText', 'Pictures', 'PolicyNote', 'Attribution']) // biome-ignore format: a row
  const components = readdirSync(folder).flatMap(file =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/^export function ([A-Z]\w+)/gm)].map(([, name]) => name!),
  )
  t.same(components.filter(name => !within.has(name) && !shown.has(name)), []) // biome-ignore format: one step
  const served = await startNode(t, { env: { NODE_ENV: 'production' } })
  t.equal((await visit(served, '/design')).status, 404)
})
