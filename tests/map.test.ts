import t from 'tap'
import { countries } from '../src/web/map/countries.ts'
import { measuredCountries } from '../src/web/map/world.ts'
import { anEntry, saveAll } from './helpers/entries.ts'
import { startNode, type TestNode } from './helpers/node.ts'
import { visit } from './helpers/page.ts'

type Where = Record<string, unknown>
const at = (name: string, place: Where | undefined, rest = {}) =>
  anEntry({ host: `${name.toLowerCase().replace(/\W/g, '')}.test`, charter: { name, ...(place ? { place } : {}) }, ...rest })
const exact = (latitude: number, longitude: number, country = 'DE') => ({ precision: 'exact', country, latitude, longitude })

type Points = {
  note: string
  box: string
  points: [number, number, number, string, string][]
  areas: [string, string, string, number, number][]
}
const points = async (node: TestNode, query = '') => (await (await node.get(`/map/points${query}`, 'application/json')).json()) as Points

/** The links of the picture, by what they are called. */
function links(html: string): Map<string, string> {
  const picture = /<svg viewBox.*?<\/svg>/s.exec(html)?.[0] ?? ''
  return new Map(
    [...picture.matchAll(/<a href="([^"]*)" aria-label="([^"]*)"/g)].map(([, href = '', label = '']) => [
      label,
      href.replaceAll('&amp;', '&'),
    ]),
  )
}

t.test('what was found is drawn: points, circles, countries, each a link', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, [
    at('Point', exact(52.5, 13.4)),
    at('Circle', { precision: 'region', country: 'FR', region: 'Normandie', latitude: 49.1, longitude: -0.3 }),
    at('Lisbon', exact(38.7, -9.1, 'PT')),
    at('Somewhere', { precision: 'country', country: 'IT' }),
  ])
  const { html } = await visit(node, '/')
  const drawn = links(html)
  t.equal(drawn.get('Point'), '/communities/point.test/point')
  t.equal(drawn.get('Circle, within about 40 km'), '/communities/circle.test/circle')
  t.equal(drawn.get('Italy: 1 community that names no place in it'), '/communities/somewhere.test/somewhere', 'the one of its country')
  t.match(html, /<use class="area" href="\/map\/files\/world\.svg\?v=[\w-]+#IT"/, 'drawn as the country itself')
  t.match(html, 'class="circle"')
  t.match(html, 'Drawn on the map: 4 communities. 1 of them shows no place.')
  const { points: all, areas } = await points(node)
  t.same(
    all.map(([, , km, name]) => [name, km]).sort(),
    [
      ['Circle', 40],
      ['Lisbon', 0],
      ['Point', 0],
    ],
    'a country is no point',
  )
  t.match(areas, [['IT', 'Italy: 1', '/communities/somewhere.test/somewhere']])
})

t.test('a hidden place is drawn nowhere, and a coarse one no finer than it says', async t => {
  const node = await startNode(t)
  const told = at('Told', exact(10, 10))
  const leaky = at('Leaky', { precision: 'locality', country: 'CO', latitude: 4.711, longitude: -74.0721 })
  const hidden = at('Hidden', undefined)
  saveAll(node.ctx.db, [
    told,
    // Another node may say more than its own charter allows.
    { ...leaky, charter: { ...leaky.charter, place: { precision: 'locality', country: 'CO', latitude: 4.711, longitude: -74.0721 } } },
    { ...hidden, charter: { ...hidden.charter, place: { precision: 'hidden', country: 'NO', latitude: 60.1234, longitude: 10.5678 } } },
  ])
  const { html } = await visit(node, '/')
  const map = html.slice(html.indexOf('id="map"'), html.indexOf('class="results"'))
  t.notMatch(map, /Hidden|Norway:|60\.12/)
  t.match(map, '2 of them show no place', 'this one and our own')
  const { points: all } = await points(node)
  t.same(all.map(([latitude, longitude, km, name]) => [name, latitude, longitude, km]).sort(), [
    ['Leaky', 4.75, -74.05, 8],
    ['Told', 10, 10, 0],
  ])
})

t.test('those who stand close are one mark with their number, which leads closer', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, [
    ...Array.from({ length: 12 }, (_, n) => at(`Berlin ${n}`, exact(52.5 + n / 100, 13.4 + n / 100))),
    at('Sydney', exact(-33.9, 151.2, 'AU')),
  ])
  const { html } = await visit(node, '/?kind=commune&near=0,0&within=20000&sort=distance')
  const href = links(html).get('12 communities here: look closer') ?? ''
  t.match(href, /^\/\?kind=commune&bbox=[\d.,-]+#map$/, 'the same search, within a box instead of around a point')
  const closer = await visit(node, href.replace('#map', ''))
  t.match(closer.text, '12 communities')
  t.match(closer.text, 'Inside a part of the map', 'which can be taken away')
  t.ok(
    [...links(closer.html).keys()].some(label => label.startsWith('Berlin')),
    'there they stand apart',
  )
  t.match(closer.html, /<a href="\/\?kind=commune#map"[^>]*>The whole map/)
})

t.test('the map reaches over the date line', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, [
    at('Fiji', exact(-17.8, 178.4, 'FJ')),
    at('Samoa', exact(-13.8, -171.8, 'WS')),
    at('Chatham', exact(-44, -176.5, 'NZ')),
  ])
  const { html } = await visit(node, '/?bbox=170,-50,-165,-5')
  t.same([...links(html).keys()].sort(), ['Chatham', 'Fiji', 'Samoa'])
  const [, x, , width] = /<svg viewBox="([\d.-]+) ([\d.-]+) ([\d.-]+) /.exec(html)!.map(Number)
  t.ok(x! + width! > 3600 && width! < 1200, 'a small part of the world, with its other end behind it')
  const [west = 0, , east = 0] = (await points(node, '?status=disbanded')).box.split(',').map(Number)
  t.ok(west > 100 && east < -100, 'without a box too, all three lie beside each other')
})

t.test('a map that can not hold all says so', async t => {
  const node = await startNode(t)
  saveAll(
    node.ctx.db,
    Array.from({ length: 450 }, (_, n) => at(`Many ${n}`, exact((n % 120) - 60, (n % 300) - 150))),
  )
  const { html } = await visit(node, '/?q=many')
  t.match(html, 'Drawn on the map: the first 400 of 450.')
  t.equal((await points(node, '?q=many')).points.length, 450, 'the one that moves holds more')
  t.match((await visit(node, '/?q=nothingatall')).html, 'Drawn on the map: 0 communities')
})

t.test('the files of the map come compressed, and stay', async t => {
  const node = await startNode(t)
  const { html } = await visit(node, '/')
  const addresses = [...new Set([...html.matchAll(/\/map\/files\/[\w.]+\?v=[\w-]+/g)].map(([address]) => address))]
  t.equal(addresses.length, 5)
  for (const address of addresses) {
    const answer = await fetch(new URL(address, node.url), { headers: { 'accept-encoding': 'br' } })
    t.equal(answer.status, 200, address)
    t.equal(answer.headers.get('content-encoding'), 'br')
    t.match(answer.headers.get('cache-control'), 'immutable')
    t.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    await answer.arrayBuffer()
  }
  const world = await (await fetch(new URL('/map/files/world.svg', node.url))).text()
  t.match(world, /<path id="ES"/)
  t.notMatch(world, /d="[^"]*NaN/)
  t.equal((await fetch(new URL('/map/files/constructor', node.url))).status, 404)
})

t.test('tiles only where the steward has chosen them, and from there alone', async t => {
  const plain = await startNode(t)
  t.match((await visit(plain, '/')).headers.get('content-security-policy'), "img-src 'self' data:;")
  const node = await startNode(t, {
    env: { MAP_TILES: 'https://tiles.example/{z}/{x}/{y}.png', MAP_ATTRIBUTION: '© Somebody <b>, https://tiles.example/terms' },
  })
  const { html, headers } = await visit(node, '/')
  t.match(headers.get('content-security-policy'), "img-src 'self' data: https://tiles.example;")
  t.match(html, 'data-tiles="https://tiles.example/{z}/{x}/{y}.png"')
  t.match(html, '© Somebody &lt;b>, <a href="https://tiles.example/terms"')
  for (const MAP_TILES of [
    'https://{s}.tiles.example/{z}/{x}/{y}.png',
    'https://tiles.example/{z}/{x}.png',
    'javascript:{z}{x}{y}',
    'tiles',
  ])
    await t.rejects(startNode(t, { env: { MAP_TILES } }), { message: /^MAP_TILES must be/ }, MAP_TILES)
})

t.test('the map speaks the language of its page', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, [at('Somewhere', { precision: 'country', country: 'DE' }), at('Elsewhere', { precision: 'country', country: 'DE' })])
  const headers = { accept: 'text/html', 'accept-language': 'ar' }
  const html = await (await fetch(node.url, { headers })).text()
  t.equal(links(html).get('ألمانيا: مجتمعان لا يذكران مكانهما'), '/?country=DE')
})

t.test('the table of countries holds what the outlines say', async t => {
  const measured = measuredCountries()
  t.equal(countries().size, measured.length)
  for (const { code, outlined, ...size } of measured) {
    const known = countries().get(code)!
    t.equal(known.outlined, outlined, code)
    for (const [name, value] of Object.entries(size) as ['latitude', number][])
      t.ok(Math.abs(known[name] - value) <= 0.006, `${name} of ${code}`)
  }
})

t.test('who looks closely gets a finer outline, land by land', async t => {
  const node = await startNode(t)
  const lands = (await (await node.get('/map/files/lands.json', 'application/json')).json()) as [string, ...number[]][]
  t.ok(lands.length > 230, 'all there are')
  for (const name of ['PT', 'RU', 'FJ']) {
    const [, west, south, east, north] = lands.find(([land]) => land === name)! as [string, number, number, number, number]
    const answer = await node.get(`/map/files/land-${name}.json`, 'application/json')
    const polygons = (await answer.json()) as number[][][]
    for (const steps of polygons.flat()) {
      let [x, y] = [0, 0]
      for (let n = 0; n < steps.length; n += 2) {
        x += steps[n]! / 100
        y += steps[n + 1]! / 100
        if (x < west - 0.01 || x > east + 0.01 || y < south - 0.01 || y > north + 0.01) t.fail(`${name}: ${x}, ${y} lies outside of it`)
      }
      t.ok(Math.abs(x - steps[0]! / 100) + Math.abs(y - steps[1]! / 100) < 0.001, `${name}: a ring ends where it began`)
    }
  }
  t.equal((await node.get('/map/files/land-XY.json')).status, 404)
})
