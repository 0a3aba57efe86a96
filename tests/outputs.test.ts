import t, { type Test } from 'tap'
import { CELL_RADIUS_KM } from '../src/domain/place.ts'
import { escapeXml } from '../src/lib/xml.ts'
import { anEntry, saveAll } from './helpers/entries.ts'
import { startNode } from './helpers/node.ts'

const brook = anEntry({
  host: 'brook.test',
  handle: 'brook',
  publishedAt: new Date('2026-02-01T00:00:00Z'),
  charter: {
    name: '=HYPERLINK("x")',
    summary: 'A farm, "and" a school & <more>.\nOn two lines.',
    theme: 'anarchist',
    website: 'https://brook.test/',
    place: { precision: 'locality', country: 'ES', region: 'Aragon', latitude: 42.2915, longitude: -1.1742 },
  },
})
const hidden = anEntry({
  host: 'hidden.test',
  handle: 'hidden',
  publishedAt: new Date('2026-03-01T00:00:00Z'),
  charter: { name: 'Hidden place', place: { precision: 'hidden', country: 'ES', latitude: 1, longitude: 2 }, theme: 'anarchist' },
})
const other = anEntry({ host: 'other.test', handle: 'other', charter: { name: 'Other', theme: 'right' } })

async function serve(t: Test) {
  const node = await startNode(t, { founded: false })
  saveAll(node.ctx.db, [brook, hidden, other])
  return { node, get: (path: string, accept = '*/*') => fetch(new URL(path, node.url), { headers: { accept }, redirect: 'manual' }) }
}

t.test('a search as a map layer: coarse places say how coarse they are, hidden ones have none', async t => {
  const { get } = await serve(t)
  for (const answer of [
    await get('/api/directory?theme=anarchist&format=geojson&sort=newest'),
    await get('/api/directory?theme=anarchist&sort=newest', 'application/geo+json'),
  ]) {
    t.match(answer.headers.get('content-type'), 'application/geo+json')
    t.match(answer.headers.get('vary'), /accept/i)
    const { type, features, numberMatched } = await answer.json()
    t.match([type, numberMatched], ['FeatureCollection', 2])
    t.match(features[0], { type: 'Feature', id: hidden.actor, geometry: null })
    t.notMatch(JSON.stringify(features[0]), /latitude|longitude|radiusKm/)
    t.same(features[1].geometry, { type: 'Point', coordinates: [-1.15, 42.25] })
    t.match(features[1].properties, { radiusKm: CELL_RADIUS_KM.locality, precision: 'locality', theme: 'anarchist' })
  }
})

t.test('as a table in which nothing is a formula', async t => {
  const { node, get } = await serve(t)
  const answer = await get('/api/directory?theme=anarchist&sort=newest', 'text/csv')
  t.match(answer.headers.get('content-type'), /text\/csv; charset=utf-8/)
  const text = await answer.text()
  const [head, first, ...rest] = text.split('\r\n')
  t.match(head, /^address,name,summary,/)
  t.match(first, /^hidden@hidden\.test,/)
  t.match(rest.join('\r\n'), /^brook@brook\.test,"'=HYPERLINK\(""x""\)","A farm, ""and"" a school & <more>\./)
  t.match(text, /,42\.25,-1\.15,locality,/, 'a number below zero is a number')
  saveAll(
    node.ctx.db,
    ['=1', '+1', '-1', '@a', '＝1'].map((name, n) => anEntry({ host: `f${n}.test`, handle: 'f', charter: { name, theme: 'pacifist' } })),
  )
  const names = (await (await get('/api/directory?theme=pacifist&format=csv')).text()).trimEnd().split('\r\n').slice(1)
  t.equal(names.length, 5)
  for (const line of names) t.match(line, /^f@f\d\.test,'[=+\-@＝]/)
})

t.test('as a feed of what is new', async t => {
  const { node, get } = await serve(t)
  const answer = await get('/api/directory?theme=anarchist&q=&limit=1&format=atom&sort=name')
  t.match(answer.headers.get('content-type'), 'application/atom+xml')
  const text = await answer.text()
  t.match(text, /<title>Communities: Anarchist<\/title>/)
  t.match(text, /<updated>2026-03-01T00:00:00\.000Z<\/updated>/)
  t.match(text, `<id>${hidden.actor}</id>`, 'the newest comes first, under the name it keeps')
  t.equal(escapeXml(`a${String.fromCharCode(7, 0xfffe)}<b\u{1f333}>`), 'a&#60;b\u{1f333}&#62;', 'what XML has no way to write is left out')
  const self = /<link rel="self"[^>]* href="([^"]+)"/.exec(text)![1]!.replaceAll('&#38;', '&')
  const next = /<link rel="next"[^>]* href="([^"]+)"/.exec(text)![1]!.replaceAll('&#38;', '&')
  t.equal(await (await fetch(self)).text(), text, 'self is where it was read')
  const second = await (await fetch(next)).text()
  t.match(second, `<id>${brook.actor}</id>`)
  t.match(second, /A farm, &#34;and&#34; a school &#38; &#60;more&#62;\./)
  const feedId = (feed: string) => /<id>([^<]+)<\/id>/.exec(feed)![1]
  t.equal(feedId(second), feedId(text), 'every page is of one feed')
  t.match(second, /<link rel="alternate" type="text\/html" href="http[^"]+\/\?/)
  t.match(text, new RegExp(`href="${node.url}/\\?sort=newest&#38;theme=anarchist"`))
  const words = await (await get('/api/directory?theme=anarchist&country=ES&q=farm&format=atom')).text()
  t.match(words, /<title>Communities: “farm”, Anarchist, Spain<\/title>/)
  const page = await (await fetch(`${node.url}/?theme=anarchist&country=ES`, { headers: { 'accept-language': 'de' } })).text()
  const address = /<link rel="alternate" type="application\/atom\+xml" href="([^"]+)"/.exec(page)![1]!.replaceAll('&amp;', '&')
  const german = await (await get(address)).text()
  t.match(
    german,
    /xml:lang="de".*<title>Gemeinschaften: Anarchistisch, Spanien<\/title>.*label="Anarchistisch"/s,
    'as the page it was taken from',
  )
  t.notMatch(german, /Communities|Theme:|New members/)
  t.match(german, /<link rel="self"[^>]* href="[^"]+&#38;lang=de"/)
  t.equal((await get('/api/directory?lang=xx')).status, 400)
  const empty = await (await get('/api/directory?theme=pacifist&format=atom')).text()
  t.match(empty, /<updated>1970-01-01T00:00:00\.000Z<\/updated>/)
})

t.test('the address of the next page stands in a header whatever the form', async t => {
  const { get } = await serve(t)
  for (const format of ['json', 'geojson', 'csv', 'atom']) {
    const link = (await get(`/api/directory?limit=1&format=${format}`)).headers.get('link')!
    const next = /^<([^>]+)>; rel="next"$/.exec(link)![1]!
    const answer = await fetch(next)
    t.equal(answer.status, 200, format)
    t.match(answer.headers.get('content-type'), format === 'json' ? 'application/json' : /geo|csv|atom/)
  }
})

t.test('what is no form is refused, as JSON', async t => {
  const { get } = await serve(t)
  const answer = await get('/api/directory?format=pdf', 'text/csv')
  t.equal(answer.status, 400)
  t.match(await answer.json(), { problems: [{ path: 'format', message: /json, geojson, csv, atom/ }] })
  t.equal((await get('/api/directory?signed=maybe')).status, 400)
  t.equal((await get('/api/directory?scope=world')).status, 400)
})

t.test('a browser finds the description of the search, and the search in its forms', async t => {
  const { node, get } = await serve(t)
  const page = await (await get('/?theme=anarchist', 'text/html')).text()
  t.match(page, /<link rel="search" type="application\/opensearchdescription\+xml" href="\/opensearch\.xml"/)
  const feed = /<link rel="alternate" type="application\/atom\+xml" href="([^"]+)"/.exec(page)![1]!.replaceAll('&amp;', '&')
  t.equal(feed, '/api/directory?theme=anarchist&format=atom')
  for (const [, path] of page.matchAll(/<a href="(\/api\/directory[^"]+)"/g))
    t.equal((await get(path!.replaceAll('&amp;', '&'))).status, 200, path!)
  const description = await get('/opensearch.xml')
  t.match(description.headers.get('content-type'), 'application/opensearchdescription+xml')
  const text = await description.text()
  const templates = [...text.matchAll(/<Url type="([^"]+)" template="([^"]+)"/g)]
  t.ok(templates.length >= 4)
  for (const [, type, template] of templates) {
    const found = await fetch(template!.replaceAll('&#38;', '&').replace('{searchTerms}', 'farm'), { headers: { accept: type! } })
    t.equal(found.status, 200, template!)
    t.match(found.headers.get('content-type'), type)
  }
  t.match(text, node.url)
})

t.test('the search of our actors answers the fediverse (FEP-f011)', async t => {
  const { node, get } = await serve(t)
  const actor = await (await get('/node', 'application/activity+json')).json()
  t.equal(actor.endpoints.search, `${node.url}/search`)
  const ask = async (q: string) => {
    const answer = await get(`/search?q=${encodeURIComponent(q)}`, 'application/activity+json')
    return { status: answer.status, type: answer.headers.get('content-type'), body: await answer.json() }
  }
  const { status, type, body } = await ask('theme:anarchist lines')
  t.match([status, type], [200, 'application/activity+json'])
  t.match(body, { type: 'OrderedCollection', totalItems: 1, orderedItems: [{ id: brook.actor, type: 'Organization' }] })
  t.equal(body.id, `${node.url}/search?q=theme%3Aanarchist%20lines`)
  const counts: [q: string, total: number][] = [
    ['', 3],
    ['theme:(anarchist OR right)', 3],
    ['theme:anarchist OR theme:right', 3],
    ['(theme:"anarchist") AND country:ES', 1],
    ['type:Organization name:Other', 1],
    ['"a school"', 3],
  ]
  for (const [q, total] of counts) t.equal((await ask(q)).body.totalItems, total, q)
  for (const q of ['(farm', 'theme:', 'farm)', '"farm', '/fa.*/', 'NOT farm', 'farm OR school', 'rank:[2 TO 4]', 'size:3', 'farm AND'])
    t.match(await ask(q), { status: 400, body: { error: /not understood/ } }, q)
  const paged = await (await get('/search?q=', 'application/activity+json')).json()
  t.equal(paged.first, undefined, 'what fits is not parted')
  const page = await get('/search?q=farm', 'text/html')
  t.match([page.status, page.headers.get('location')], [302, '/?q=farm'])
})
