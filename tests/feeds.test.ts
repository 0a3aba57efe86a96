import t, { type Test } from 'tap'
import { publishCharter } from '../src/actions/charter.ts'
import { publishPost } from '../src/actions/post.ts'
import { addPost } from '../src/db/post.ts'
import type { Charter } from '../src/domain/charter.ts'
import { PLAIN } from '../src/domain/post.ts'
import { aCharter } from './helpers/charters.ts'
import { anEntry, saveAll } from './helpers/entries.ts'
import { startNode, type TestNode } from './helpers/node.ts'
import { visit } from './helpers/page.ts'
import { childrenOf, parseXml, textOf } from './helpers/xml.ts'

const NASTY = 'Fern & <b>"Hollow"</b>; a, b\\c'
const FERN: Partial<Charter> = {
  name: NASTY,
  summary: `Two lines, ${'of many words; '.repeat(12)}and 群島 ${'é'.repeat(90)}`,
  themes: ['ecological', 'arts'],
  languages: ['en', 'pt-BR'],
  contact: 'write@fern.test',
  website: 'https://fern.test/?a=1&b=2',
  place: { precision: 'locality', country: 'PT', locality: 'Évora', street: 'Rua Secreta 7', latitude: 38.571234, longitude: -7.909876 },
}

async function fern(t: Test): Promise<TestNode> {
  const node = await startNode(t, { handle: 'fern', charter: FERN })
  publishPost(node.ctx, 'Bread & **cheese** on `Saturday` <script>alert(1)</script>')
  publishPost(node.ctx, 'For two alone', { visibility: 'followers' })
  publishPost(node.ctx, 'The murderer is the gardener', { warning: 'A spoiler' })
  return node
}

t.test('the news of a community as Atom', async t => {
  const node = await fern(t)
  publishCharter(node.ctx, aCharter({ ...FERN, place: { precision: 'country', country: 'PT' } }))
  const answer = await node.get('/c/fern/feed.atom', '*/*')
  t.match(answer.headers.get('content-type'), 'application/atom+xml')
  const text = await answer.text()
  const feed = parseXml(text)
  t.match([feed.name, feed.attributes.xmlns], ['feed', 'http://www.w3.org/2005/Atom'])
  t.equal(textOf(feed, 'title'), NASTY)
  t.equal(textOf(feed, 'id'), node.actor, 'one id wherever it is read')
  const links = childrenOf(feed, 'link').map(({ attributes: { rel, href } }) => [rel, href])
  t.same(links, [
    ['self', `${node.url}/c/fern/feed.atom`],
    ['alternate', `${node.url}/c/fern`],
  ])
  const entries = childrenOf(feed, 'entry')
  t.equal(entries.length, 4, 'two posts and two editions')
  for (const entry of entries) {
    t.match(textOf(entry, 'updated'), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
    t.ok(textOf(entry, 'title'))
    t.match(textOf(entry, 'id'), node.url)
    t.equal(childrenOf(entry, 'link')[0]?.attributes.rel, 'alternate')
  }
  t.equal(new Set(entries.map(entry => textOf(entry, 'id'))).size, 4)
  const times = entries.map(entry => textOf(entry, 'published')!)
  t.same(times, times.toSorted().toReversed(), 'newest first')
  t.ok(times[0]! <= textOf(feed, 'updated')!)
  const post = entries.find(entry => textOf(entry, 'title')?.startsWith('Bread'))!
  t.match(textOf(post, 'content'), '<strong>cheese</strong>')
  t.notMatch(textOf(post, 'content'), '<script')
  t.notMatch(text, 'For two alone')
  t.notMatch(text, 'gardener', 'what stands behind a warning is read on its page')
  t.match(text, 'A spoiler')
  const edition = entries.find(entry => textOf(entry, 'title') === 'The charter, edition 2')!
  t.match(textOf(edition, 'content'), `${node.url}/c/fern/charter/2/diff`)
  t.notMatch(text, /Secreta|38\.57|vora/, 'an old edition tells no more of the place than the one in force')
})

t.test('the same as JSON Feed 1.1, and in the language of the reader', async t => {
  const node = await fern(t)
  const answer = await node.get('/c/fern/feed.json', '*/*')
  t.match(answer.headers.get('content-type'), 'application/feed+json')
  t.equal(answer.headers.get('access-control-allow-origin'), '*')
  const feed = await answer.json()
  t.match(feed, {
    version: 'https://jsonfeed.org/version/1.1',
    title: NASTY,
    home_page_url: `${node.url}/c/fern`,
    feed_url: `${node.url}/c/fern/feed.json`,
    language: 'en',
    authors: [{ url: `${node.url}/c/fern` }],
  })
  t.equal(feed.items.length, 3)
  for (const item of feed.items) {
    t.match(item, { id: String, url: /^http/, title: String, content_html: String, date_published: /Z$/ })
    t.notMatch(item.content_html, /<script/)
  }
  const spanish = await fetch(`${node.url}/c/fern/feed.json`, { headers: { 'accept-language': 'es' } })
  t.match(spanish.headers.get('vary'), 'Accept-Language')
  t.match((await spanish.json()).items.at(-1).title, 'La carta, edición 1')
  const page = await (await fetch(`${node.url}/c/fern`, { headers: { 'accept-language': 'de' } })).text()
  const address = /<link rel="alternate" type="application\/feed\+json" href="([^"]+)"/.exec(page)![1]!
  const german = await (await node.get(address, '*/*')).json()
  t.match(german, { language: 'de', feed_url: `${node.url}/c/fern/feed.json?lang=de` }, 'it was taken from a German page')
  const { title, content_html } = german.items.at(-1)
  t.equal(title, 'Die Charta, Ausgabe 1')
  t.match(content_html, '<li>Themen: Ökologisch')
  t.notMatch(content_html, /Theme:|Kind:|Ecological/)
  const again = await fetch(`${node.url}/c/fern/feed.json`, { headers: { 'if-none-match': answer.headers.get('etag')! } })
  t.equal(again.status, 304, 'a reader that comes every hour costs nothing')
})

t.test('an event tells when and where, a reply alone tells nothing', async t => {
  const node = await startNode(t, { handle: 'fern' })
  publishPost(node.ctx, 'Come all.', {
    type: 'Event',
    name: 'Harvest',
    details: { startsAt: '2027-05-01T18:00:00+02:00', place: 'The barn' },
  })
  const parent = publishPost(node.ctx, 'A question')
  publishPost(node.ctx, 'Yes.', { replyTo: parent })
  const { items } = await (await node.get('/c/fern/feed.json')).json()
  t.same(
    items.map((item: { title: string }) => item.title),
    ['A question', 'Harvest', 'The charter, edition 1'],
  )
  t.match(items[1].content_html, /May 1, 2027, 18:00 .*The barn/)
})

t.test('other communities have feeds and cards too, of what this node knows', async t => {
  const node = await startNode(t, { handle: 'fern' })
  const brook = anEntry({ charter: { place: { precision: 'hidden', country: 'US', latitude: 42.29, longitude: -71.17 } } })
  saveAll(node.ctx.db, [brook])
  const post = { author: brook.actor, ...PLAIN, local: false, type: 'Note' as const, source: null, publishedAt: new Date('2026-01-05') }
  const url = 'javascript:alert(1)'
  node.ctx.db.transaction(tx =>
    addPost(tx, { ...post, iri: 'https://brookfarm.test/o/1', url, content: '<p>Hay<img src=x onerror=alert(1)></p>' }),
  )
  const at = '/communities/brookfarm.test/brookfarm'
  const feed = parseXml(await (await node.get(`${at}/feed.atom`)).text())
  const [entry] = childrenOf(feed, 'entry')
  t.equal(textOf(entry!, 'content'), '<p>Hay</p>')
  t.equal(childrenOf(entry!, 'link')[0]?.attributes.href, 'https://brookfarm.test/o/1', 'an address that is none of the web leads nowhere')
  t.notMatch(await (await node.get(`${at}/card.vcf`)).text(), /GEO|ADR|42\.|United/, 'a hidden place is no place')
  const page = await visit(node, at)
  for (const name of ['feed.atom', 'feed.json', 'card.vcf']) t.match(page.html, `href="${at}/${name}"`)
  t.equal((await node.get('/communities/brookfarm.test/nobody/feed.atom')).status, 404)
  t.equal((await node.get('/c/nobody/card.vcf')).status, 404)
  const own = await node.get(`/communities/${new URL(node.url).host}/fern/feed.json`)
  t.equal(own.headers.get('location'), '/c/fern/feed.json')
})

t.test('an address card: vCard 4.0 of what the charter says, and no more', async t => {
  const node = await fern(t)
  const answer = await node.get('/c/fern/card.vcf')
  t.match(answer.headers.get('content-type'), 'text/vcard; charset=utf-8')
  t.match(answer.headers.get('content-disposition'), 'filename="fern.vcf"')
  const text = await answer.text()
  t.ok(text.endsWith('END:VCARD\r\n'))
  const lines = text.trimEnd().split('\r\n')
  for (const line of lines) t.ok(Buffer.byteLength(line) <= 75 && !/[\r\n\ufffd]/.test(line), line)
  t.ok(lines.filter(line => line.startsWith(' ')).length >= 4, 'long ones go on behind a space')
  const whole = text.replaceAll('\r\n ', '').trimEnd().split('\r\n')
  t.same(whole.slice(0, 3), ['BEGIN:VCARD', 'VERSION:4.0', 'KIND:org'])
  const value = (name: string) => whole.find(line => line.startsWith(`${name}:`))?.slice(name.length + 1)
  t.equal(value('FN'), 'Fern & <b>"Hollow"</b>\\; a\\, b\\\\c')
  t.equal(value('NOTE'), FERN.summary?.replaceAll(';', '\\;').replaceAll(',', '\\,'))
  t.equal(value('ADR'), ';;;Évora;;;Portugal')
  t.equal(value('GEO'), 'geo:38.55,-7.95', 'the middle of its square, never the door')
  t.equal(value('EMAIL'), 'write@fern.test', 'its charter gives one')
  t.equal(value('URL'), 'https://fern.test/?a=1&b=2')
  t.equal(value('CATEGORIES'), 'Ecological,Arts and crafts,Commune')
  t.ok(whole.includes(`SOCIALPROFILE;SERVICE-TYPE=ActivityPub;VALUE=text:${node.address}`))
  t.notMatch(text, /Secreta|38\.57/)

  const shy = await startNode(t, { handle: 'shy', charter: { contact: 'Write to the kitchen, please.' }, env: {} })
  const quiet = await (await shy.get('/c/shy/card.vcf')).text()
  t.notMatch(quiet, /EMAIL|GEO|ADR/)
  t.match(quiet, 'Write to the kitchen\\, please.')
})

t.test('a card is drawn: a picture other networks show, the same each time', async t => {
  const node = await fern(t)
  const page = await visit(node, '/c/fern')
  const href = /<meta property="og:image" content="([^"]+)"/.exec(page.html)![1]!
  t.equal(href, `${node.url}/c/fern/card.png`)
  t.match(page.html, '<meta name="twitter:card" content="summary_large_image"')
  const answer = await fetch(href)
  t.equal(answer.headers.get('content-type'), 'image/png')
  t.equal(answer.headers.get('cross-origin-resource-policy'), 'cross-origin')
  const picture = Buffer.from(await answer.arrayBuffer())
  t.equal(picture.subarray(1, 4).toString(), 'PNG')
  t.same([picture.readUInt32BE(16), picture.readUInt32BE(20)], [1200, 630])
  t.ok(picture.length < 100_000, `${picture.length} bytes`)
  t.same(Buffer.from(await (await fetch(href)).arrayBuffer()), picture)
})
