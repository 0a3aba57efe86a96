import t, { type Test } from 'tap'
import { publishCharter } from '../src/actions/charter.ts'
import { entryConfirmed, hearEntry } from '../src/actions/entry.ts'
import { expireEntries } from '../src/actions/entry-upkeep.ts'
import { drawPicture, wearPicture } from '../src/actions/media.ts'
import type { Charter } from '../src/domain/charter.ts'
import { checkEntry } from '../src/federation/entry-check.ts'
import { aCharter } from './helpers/charters.ts'
import { anEntry, saveAll } from './helpers/entries.ts'
import { startNode, type TestNode } from './helpers/node.ts'
import { linkTo, visit } from './helpers/page.ts'
import { drawing } from './helpers/pictures.ts'
import { aKey, anAuthor, DAY } from './helpers/signed-entry.ts'

const OAK: Partial<Charter> = {
  name: 'Oak Hill',
  summary: 'Bread and books.',
  theme: 'anarchist',
  themes: ['anarchist', 'arts'],
  kind: ['commune'],
  openToMembers: 'yes',
  decisionMaking: ['consensus'],
  place: {
    precision: 'exact',
    country: 'ES',
    region: 'Catalonia',
    locality: 'Olot',
    street: 'Calle Secreta 7',
    latitude: 42.1811,
    longitude: 2.4889,
  },
  agreements: [
    { title: 'Purpose', text: 'We share **all** income and live on the hill.' },
    { title: 'Leaving', text: 'Whoever leaves takes nothing along.' },
    { title: 'Dogs', text: 'Dogs sleep outside.' },
  ],
}

t.test('what a community is, in one screen; what nobody said is told as not said', async t => {
  const node = await startNode(t, { handle: 'oak', charter: { ...OAK, sharedMeals: 'daily' } })
  const { text, html } = await visit(node, '/c/oak')
  t.match(text, /At a glance New members Yes Visitors Not said Where Olot, Catalonia, Spain When Established/)
  t.match(text, /Decisions Consensus Money Not said Daily life Meals together: every day/)
  const arabic = await (await fetch(`${node.url}/c/oak`, { headers: { 'accept-language': 'ar' } })).text()
  t.match(arabic, 'نظرة سريعة')
  t.match(arabic, '<html lang="ar" dir="rtl">')
  t.notMatch(html, 'class="notice"', 'nothing to be warned of')
})

const json = (html: string) => JSON.parse(/<script type="application\/ld\+json">([^<]*)<\/script>/.exec(html)![1]!)

t.test('the same for machines: schema.org, an area and no point where the place is coarse', async t => {
  const evil = '</script><script>alert(1)</script><!--'
  const charter = {
    ...OAK,
    summary: `Bread ${evil}`,
    startedLivingTogether: 1971,
    website: 'https://oak.test',
    place: { ...OAK.place!, precision: 'locality' as const },
  }
  const node = await startNode(t, { handle: 'oak', charter })
  const { html } = await visit(node, '/c/oak')
  t.equal(html.match(/<script/g)?.length, html.match(/<\/script>/g)?.length)
  t.notMatch(html, '<script>alert')
  t.match(json(html), {
    '@context': 'https://schema.org',
    '@type': 'ProfilePage',
    mainEntity: {
      '@type': 'Organization',
      '@id': node.actor,
      name: 'Oak Hill',
      description: `Bread ${evil}`,
      url: 'https://oak.test/',
      foundingDate: '1971',
      location: {
        '@type': 'Place',
        address: { addressCountry: 'ES', addressLocality: 'Olot' },
        geo: { '@type': 'GeoCircle', geoRadius: '8000 m', geoMidpoint: { latitude: 42.15, longitude: 2.45 } },
      },
    },
  })
  t.notMatch(html, /Secreta|42\.18/)
  t.match(html, `<link rel="canonical" href="${node.url}/c/oak"/>`)
  saveAll(
    node.ctx.db,
    [anEntry({ charter: { place: { precision: 'hidden', latitude: 1.5, longitude: 2.5 } } })].map(entry => ({
      ...entry,
      url: 'javascript:alert(1)',
    })),
  )
  const other = await visit(node, '/communities/brookfarm.test/brookfarm')
  t.notMatch(other.html, /"javascript:/)
  t.equal(json(other.html).mainEntity.location, undefined, 'a hidden place is none')
})

t.test('the picture a community has given itself is its logo', async t => {
  const node = await startNode(t, { handle: 'oak', charter: OAK, env: { DATA_DIR: t.testdir() } })
  t.notOk('logo' in json((await visit(node, '/c/oak')).html).mainEntity, 'who has none claims none')
  const avatar = wearPicture(node.ctx, 'avatar', await drawPicture(await drawing()))
  const { html } = await visit(node, '/c/oak')
  const { logo } = json(html).mainEntity
  t.equal(logo, `${node.url}/media/${avatar!.file}`)
  t.match((await fetch(logo)).headers.get('content-type'), /^image\//)
})

t.test('related communities, each with why', async t => {
  const node = await startNode(t, { handle: 'oak', charter: OAK })
  const place = (latitude: number, longitude: number) => ({ precision: 'exact', country: 'ES', latitude, longitude })
  const one = (name: string, more: object) =>
    anEntry({ charter: { name, status: 'established', theme: 'right', kind: ['monastic'], ...more } })
  saveAll(node.ctx.db, [
    one('Near Twin', { theme: 'anarchist', kind: ['commune'], decisionMaking: ['consensus'], place: place(42.3, 2.5) }),
    one('Far Cousin', { theme: 'anarchist', place: place(-30, 20) }),
    one('Neighbour', { place: place(41.9, 2.5) }),
    one('Stranger', { theme: 'nationalist', place: place(-33, 150) }),
    ...Array.from({ length: 8 }, (_, n) => one(`Anarchists ${n}`, { theme: 'anarchist' })),
  ])
  const { text } = await visit(node, '/c/oak')
  const related = text.slice(text.lastIndexOf('Related communities'), text.indexOf('Where this comes from Why'))
  t.match(
    related,
    /^Related communities Commune Near Twin Spain About 13 km away Same main theme: Anarchist Same kind: Commune Decides alike: Consensus/,
  )
  t.match(related, 'Neighbour Spain About 31 km away')
  t.notMatch(related, /Stranger|Oak Hill/)
  t.equal(related.match(/Near Twin|Far Cousin|Neighbour|Anarchists \d/g)?.length, 6)
})

async function revised(t: Test): Promise<TestNode> {
  const node = await startNode(t, { handle: 'oak', charter: OAK })
  publishCharter(
    node.ctx,
    aCharter({
      ...OAK,
      summary: 'Bread and a print shop.',
      openToMembers: 'waitlist',
      themes: ['anarchist', 'feminist'],
      adults: 12,
      decisionMaking: ['consensus', 'consent_sociocracy'],
      place: { ...OAK.place!, precision: 'country' },
      agreements: [
        { title: 'Purpose', text: 'We share **half** of our income and live on the hill.', adopted: '2020' },
        { title: 'Going away', text: 'Whoever leaves takes nothing along.' },
        { title: 'Guests', text: 'Guests cook once.' },
      ],
    }),
  )
  return node
}

t.test('what changed between two editions, field by field', async t => {
  const node = await revised(t)
  t.equal(linkTo(await visit(node, '/c/oak/charter'), 'What changed since edition 1'), '/c/oak/charter/2/diff')
  const page = await visit(node, '/c/oak/charter/2/diff')
  t.equal(page.status, 200)
  t.match(page.text, 'What changed from edition 1 to edition 2')
  const said = page.text.replace(/(added|taken out): /g, '')
  t.match(said, /Open to new members Changed Yes Waiting list/)
  t.match(said, /Adults Added 12/)
  t.match(said, /Themes Changed Arts and crafts Feminist \d other stayed/)
  t.match(said, 'Formerly called: Leaving')
  t.match(said, 'Dogs Taken out Dogs sleep outside.')
  t.match(said, 'Guests Added Guests cook once.')
  const marks = (tag: string) =>
    [...page.html.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, 'gs'))].map(([, inner]) =>
      inner!.replace(/<span class="unseen">[^<]*<\/span>|<[^>]*>/g, ''),
    )
  t.same(
    ['half', 'of our ', 'a print shop'].filter(words => marks('ins').every(mark => mark !== words)),
    [],
    'texts by their words',
  )
  t.same(
    ['all', 'books'].filter(words => marks('del').every(mark => mark !== words)),
    [],
  )
  t.match(page.html, /<del><span class="unseen">taken out: <\/span>/, 'heard, not only seen')
  t.notMatch(page.text, /Languages|Kind /, 'what stayed is left out')
})

t.test('a difference tells nothing that may not be shown any more', async t => {
  const node = await revised(t)
  for (const path of ['/c/oak/charter/2/diff', '/c/oak/charter/1/diff?with=2']) {
    const { html, status } = await visit(node, path)
    t.equal(status, 200)
    t.notMatch(html, /Olot|Catalonia|Secreta|(?<!:)42\.\d|(?<!:)2\.48/, path)
    t.notMatch(html, 'Point on the map')
  }
  publishCharter(node.ctx, aCharter({ ...OAK, place: { precision: 'hidden', country: 'ES', latitude: 42.1811, longitude: 2.4889 } }))
  publishCharter(node.ctx, aCharter({ ...OAK, place: { precision: 'hidden', country: 'PT', latitude: 38.5, longitude: -7.9 } }))
  const { text, html } = await visit(node, '/c/oak/charter/4/diff')
  t.match(text, 'Nothing that may be shown is different.')
  t.notMatch(html, /Spain|Portugal|(?<!:)38\.5|(?<!:)42\.1/)
})

t.test('any two editions can be compared, without a script', async t => {
  const node = await revised(t)
  publishCharter(node.ctx, aCharter(OAK))
  const page = await visit(node, '/c/oak/charter/3/diff')
  t.match(page.html, /<form class="choice-of-edition" action="\/c\/oak\/charter\/3\/diff">/)
  t.match(page.html, /<select id="with" name="with"><option value="2" selected>/)
  const [one, other] = [await visit(node, '/c/oak/charter/3/diff?with=1'), await visit(node, '/c/oak/charter/1/diff?with=3')]
  t.match(one.text, 'What changed from edition 1 to edition 3')
  t.match(one.text, 'Nothing that may be shown is different.')
  t.match(other.text, 'What changed from edition 1 to edition 3', 'the earlier comes first')
  for (const path of [
    '/c/oak/charter/9/diff',
    '/c/oak/charter/1/diff?with=9',
    '/c/oak/charter/x/diff',
    '/c/oak/charter/2/diff?with=1&with=2',
    '/c/elm/charter/1/diff',
  ])
    t.equal((await visit(node, path)).status, 404, path)
  const fresh = await startNode(t, { handle: 'new' })
  t.match((await visit(fresh, '/c/new/charter/1/diff')).text, 'There is only one edition so far')
})

t.test('order counts too, and a whole text that is another one stays readable', async t => {
  const node = await startNode(t, { handle: 'oak', charter: OAK })
  publishCharter(node.ctx, aCharter({ ...OAK, agreements: OAK.agreements!.toReversed() }))
  t.match((await visit(node, '/c/oak/charter/2/diff')).text, /1 thing differs\. .*The agreements stand in another order\./)
  const words = (from: number) => Array.from({ length: 2500 }, (_, n) => `w${from + n}`).join(' ')
  publishCharter(node.ctx, aCharter({ ...OAK, agreements: [{ title: 'Long', text: words(1) }] }))
  publishCharter(node.ctx, aCharter({ ...OAK, agreements: [{ title: 'Long', text: words(5001) }] }))
  const { html } = await visit(node, '/c/oak/charter/4/diff')
  t.equal(html.match(/<del>/g)?.length, 2, 'one in the legend, one for the whole text')
  publishCharter(node.ctx, aCharter({ ...OAK, agreements: [{ title: 'Long', text: words(5001).replace('w6000', 'changed') }] }))
  const small = await visit(node, '/c/oak/charter/5/diff')
  t.match(small.text, /\[… [\d,]+ characters unchanged …\]/)
  t.ok(small.html.length < 20_000)
})

t.test('where an entry comes from and what it is worth is said plainly', async t => {
  const node = await startNode(t, { handle: 'oak' })
  const now = () => node.ctx.now().getTime()
  const hear = (document: Record<string, unknown>, from: 'origin' | { peer: number }) =>
    hearEntry(node.ctx, checkEntry(document, node.ctx.now()), from)
  const elm = anAuthor()
  const path = '/communities/elm.test/elm'
  hear(elm.entry(5, now()), { peer: 1 })
  const heard = await visit(node, path)
  t.match(heard.text, 'Only heard of so far.')
  t.match(heard.text, 'Last read there Not yet, by this node')
  entryConfirmed(node.ctx, elm.actor, true)
  const confirmed = await visit(node, path)
  t.notMatch(confirmed.html, 'class="notice"')
  t.match(confirmed.text, /How sure this node is Its entry is signed, and its own server was asked/)
  t.match(confirmed.text, /First heard .* Signed .*; good until /)

  hear(elm.entry(6, now(), {}, { by: aKey() }), 'origin')
  t.match((await visit(node, path)).text, 'Its keys have changed, and nobody has signed for the new ones.')

  node.clock.offsetMs = 91 * DAY
  t.match((await visit(node, path)).text, 'Not renewed for a long time.')
  node.clock.offsetMs = 181 * DAY
  expireEntries(node.ctx)
  const expired = await visit(node, path)
  t.equal(expired.status, 404)
  t.match(expired.text, 'its node has not renewed it for half a year')

  const fir = anAuthor('https://fir.test/c/fir')
  hear(fir.entry(5, now(), {}, { charter: { name: 'A' } }), 'origin')
  hear(fir.entry(5, now(), {}, { charter: { name: 'B' } }), 'origin')
  t.match((await visit(node, '/communities/fir.test/fir')).text, 'has signed two different entries under one number')

  saveAll(node.ctx.db, [anEntry()])
  t.match((await visit(node, '/communities/brookfarm.test/brookfarm')).text, 'It has signed no entry, so this node tells no other of it.')
})
