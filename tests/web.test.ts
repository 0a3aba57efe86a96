import t from 'tap'
import { publishCharter } from '../src/actions/charter.ts'
import { changeSettings } from '../src/actions/community.ts'
import { wearPicture } from '../src/actions/media.ts'
import { publishPost, withdrawPost } from '../src/actions/post.ts'
import { addPost } from '../src/db/post.ts'
import type { Charter } from '../src/domain/charter.ts'
import { PLAIN } from '../src/domain/post.ts'
import { readPicture } from '../src/lib/picture.ts'
import { aCharter } from './helpers/charters.ts'
import { anEntry, saveAll } from './helpers/entries.ts'
import { startNode } from './helpers/node.ts'
import { linkTo, visit } from './helpers/page.ts'
import { drawing } from './helpers/pictures.ts'

const MILL: Partial<Charter> = {
  name: 'Old Mill',
  summary: 'Bread and a print shop above the river.',
  theme: 'anarchist',
  kind: ['commune'],
  openToMembers: 'waitlist',
  openToVisitors: 'by_arrangement',
  membershipProcess: 'Write a letter, **then** come.',
  adults: 24,
  children: 7,
  place: {
    precision: 'region',
    country: 'ES',
    region: 'Catalonia',
    locality: 'Olot',
    street: 'Carrer del Riu 7',
    latitude: 42.1811,
    longitude: 2.4889,
  },
  decisionMaking: ['consensus'],
  incomeSharing: 'full',
  joinFee: { amount: 0, currency: 'EUR' },
  regularFee: { amount: 12.5, currency: 'EUR', period: 'month' },
  landOwner: ['cooperative'],
  landArea: { amount: 14.5, unit: 'hectare' },
  sharedMeals: 'daily',
  languages: ['ca', 'es'],
  website: 'https://mill.test/',
  agreements: [
    { title: 'What we hold', text: 'We hold the mill **in common**.\n\n- one purse\n- one table', adopted: '2009-09-29' },
    { title: 'Leaving', url: 'https://mill.test/leaving' },
  ],
  affiliations: [{ name: 'Egalitarian League', rel: 'member', url: 'https://league.test/' }],
}

t.test("the community's own page says who it is, in one screen and in full", async t => {
  const node = await startNode(t, { handle: 'oldmill', charter: MILL })
  const page = await visit(node, '/c/oldmill')
  t.equal(page.status, 200)
  for (const said of [
    'Where Catalonia, Spain',
    'People 24 adults, 7 children',
    'New members Waiting list',
    'Visitors By arrangement',
    'Decisions Consensus',
    'Money All income is shared',
    'Fees none to join €12.50 a month',
    'Land Owned by: Co-operative 14.5 ha',
    'Daily life Meals together: every day',
    'Languages Catalan, Spanish',
    'Edition 1, published on',
    'What we hold Adopted 2009-09-29 We hold the mill in common . one purse one table',
    'How to join Write a letter, then come.',
    'Member of Egalitarian League',
    `Fediverse address Copy ${node.address}`,
    'This node is its home',
  ])
    t.match(page.text, said)
  t.match(page.html, '<strong>in common</strong>', 'markdown is set')
  t.equal(linkTo(page, 'What we hold'), '#agreement-1', 'a table of contents')
  t.match(page.html, 'id="agreement-1"')
  t.equal(linkTo(page, 'mill.test/leaving'), 'https://mill.test/leaving')
  t.equal(linkTo(page, 'All editions'), '/c/oldmill/charter')
  t.match(page.html, `<link rel="alternate" type="application/activity+json" href="${node.actor}"/>`)
  t.match(page.headers.get('vary'), /Accept/i)

  t.equal(
    (await node.get('/c/oldmill')).headers.get('content-type')?.includes('activity+json'),
    true,
    'the fediverse gets its document at the same address',
  )
})

t.test('its own pictures are on its page, and nobody else’s are loaded', async t => {
  const node = await startNode(t, { handle: 'oak', env: { DATA_DIR: t.testdir() } })
  t.notMatch((await visit(node, '/c/oak')).html, '<img')
  wearPicture(node.ctx, 'avatar', await readPicture(await drawing()), 'An oak & its "shade"')
  wearPicture(node.ctx, 'header', await readPicture(await drawing(1200, 400)))
  const { html } = await visit(node, '/c/oak')
  const pictures = [...html.matchAll(/<img class="(\w+)" src="([^"]+)" alt(?:="([^"]*)")?/g)].map(([, use, src, alt = '']) => [
    use,
    src,
    alt,
  ])
  t.match(pictures, [
    ['banner', /^\/media\//, ''],
    ['face', /^\/media\//, 'An oak &amp; its &quot;shade&quot;'],
  ])
  for (const [, src] of pictures) t.equal((await fetch(new URL(src!, node.url))).status, 200)
  saveAll(node.ctx.db, [anEntry()])
  t.notMatch((await visit(node, '/communities/brookfarm.test/brookfarm')).html, '<img')
})

t.test('no page shows a place finer than the community wants it shown now, old editions included', async t => {
  const exact = { ...MILL, place: { ...MILL.place, precision: 'exact' as const } }
  const node = await startNode(t, { handle: 'oldmill', charter: exact })
  t.match((await visit(node, '/c/oldmill')).text, 'Olot, Catalonia, Spain')
  publishCharter(node.ctx, aCharter(MILL))
  for (const path of [
    '/',
    '/?q=mill',
    '/c/oldmill',
    '/c/oldmill/charter',
    '/c/oldmill/charter/1',
    '/c/oldmill/charter/2',
    '/?near=41.98,2.82&within=100',
  ]) {
    const { html, status } = await visit(node, path)
    t.equal(status, 200, path)
    t.notMatch(html, /Olot|Carrer|42\.18[0-9]|2\.488/, path)
  }
})

t.test('every edition stays readable, and says whether it is in force', async t => {
  const node = await startNode(t, { handle: 'oldmill', charter: MILL })
  publishCharter(node.ctx, aCharter({ ...MILL, summary: 'Bread only.' }))
  const list = await visit(node, '/c/oldmill/charter')
  t.match(list.text, /Edition 2 of .* In force .* Edition 1 of/)
  t.equal(linkTo(list, 'Edition 1'), '/c/oldmill/charter/1')
  const first = await visit(node, '/c/oldmill/charter/1')
  t.match(first.text, /Edition 1 of .* has been superseded/)
  t.match(first.text, 'Bread and a print shop')
  t.equal(linkTo(first, 'Edition 2 is in force'), '/c/oldmill/charter/2')
  t.match((await visit(node, '/c/oldmill/charter/2')).text, /Edition 2, in force since .* Bread only/)
  for (const number of ['3', '0', '-1', '1e0', 'x', '99999999999999999999'])
    t.equal((await visit(node, `/c/oldmill/charter/${number}`)).status, 404, number)
})

t.test('posts stand on the page, newest first, and each has its own', async t => {
  const node = await startNode(t, { handle: 'oldmill', charter: MILL })
  t.match((await visit(node, '/c/oldmill')).text, 'Nothing has been posted yet.')
  const posts = Array.from({ length: 12 }, (_, n) => publishPost(node.ctx, `Bread number **${n + 1}**`))
  const page = await visit(node, '/c/oldmill')
  t.match(page.text, /Bread number 12 .* Bread number 3 /)
  t.notMatch(page.text, /Bread number 2 /)
  const older = linkTo(page, 'Older posts')
  t.match((await visit(node, older ?? '')).text, /Bread number 2 .* Bread number 1 /)

  const { id, url } = posts[0]!
  const post = await visit(node, new URL(url).pathname)
  t.match(post.html, '<p>Bread number <strong>1</strong></p>')
  t.equal(linkTo(post, 'Old Mill'), '/c/oldmill')
  withdrawPost(node.ctx, id)
  const gone = await visit(node, new URL(url).pathname)
  t.equal(gone.status, 410)
  t.match(gone.text, 'This post has been deleted')
  t.equal((await visit(node, '/o/nothing')).status, 404)

  const article = await visit(node, '/o/charter-1')
  t.equal(article.status, 303)
  t.equal(article.headers.get('location'), '/c/oldmill/charter/1', 'the article of an edition is read on the page of the edition')
})

t.test('another community of the directory: what it says, and how this node knows it', async t => {
  const node = await startNode(t, { handle: 'oldmill' })
  const followed = anEntry({ source: 'follow', charter: { startedLivingTogether: 1841 } })
  saveAll(node.ctx.db, [followed, anEntry({ source: 'lookup', charter: { name: 'Elm Street' } })])
  const post = {
    author: followed.actor,
    ...PLAIN,
    local: false,
    type: 'Note' as const,
    source: null,
    publishedAt: new Date('2026-01-05'),
  }
  node.ctx.db.transaction(tx =>
    addPost(tx, { ...post, iri: 'https://brookfarm.test/o/1', url: 'https://brookfarm.test/o/1', content: '<p>Haymaking on Saturday</p>' }),
  )
  const page = await visit(node, '/communities/brookfarm.test/brookfarm')
  t.match(page.text, 'This community is history. It ended in 1847')
  t.match(page.text, 'Haymaking on Saturday')
  t.equal(linkTo(page, 'January 5, 2026'), 'https://brookfarm.test/o/1')
  t.match(page.text, /The community of this node follows it\. .*Address @brookfarm@brookfarm\.test Last read there January 2, 2026/)
  t.match(page.html, '<link rel="canonical" href="https://brookfarm.test/c/brookfarm"/>', 'its own page is the one to be known')
  t.match((await visit(node, '/communities/elmstreet.test/elmstreet')).text, 'This node does not follow it, so its posts are not here.')
  t.equal((await visit(node, '/communities/BROOKFARM.test/BrookFarm')).status, 200)
  t.equal((await visit(node, '/communities/brookfarm.test/nobody')).status, 404)

  const own = await visit(node, `/communities/${new URL(node.url).host}/oldmill`)
  t.equal(own.headers.get('location'), '/c/oldmill')
  const short = await visit(node, '/@OldMill')
  t.equal(short.status, 301)
  t.equal(short.headers.get('location'), '/c/oldmill')
  t.equal((await visit(node, '/@nobody')).status, 404)
  t.match((await visit(node, '/c/nobody')).text, 'No community of this name is at home on this node')
})

t.test('what should not be relied on is said before anything else', async t => {
  const node = await startNode(t, { handle: 'oldmill' })
  const charter = (name: string, more: object) => anEntry({ charter: { name, status: 'established', ...more } })
  saveAll(node.ctx.db, [
    charter('Lapsed', { expires: '2020-01-01T00:00:00Z' }),
    charter('Asleep', { status: 'dormant' }),
    charter('Plain', { expires: '2120-01-01T00:00:00Z' }),
  ])
  t.match(
    (await visit(node, '/communities/lapsed.test/lapsed')).text,
    'This charter has expired. The community asked that it should not be relied on after January 1, 2020',
  )
  t.match((await visit(node, '/communities/asleep.test/asleep')).text, 'This community is dormant')
  t.notMatch((await visit(node, '/communities/plain.test/plain')).html, 'class="notice"')
})

t.test('a community that does not want to be found is not in the search, but has its page', async t => {
  const node = await startNode(t, { handle: 'oldmill', charter: MILL })
  changeSettings(node.ctx, { listed: false })
  t.notMatch((await visit(node, '/?q=print')).text, 'Old Mill Catalonia')
  t.equal((await visit(node, '/c/oldmill')).status, 200)
})

t.test('every page has what screen readers, keyboards and search engines go by', async t => {
  const node = await startNode(t, { handle: 'oldmill', charter: MILL })
  saveAll(node.ctx.db, [anEntry()])
  const { url } = publishPost(node.ctx, 'Bread on Saturday')
  const paths = [
    '/',
    '/?q=zebra',
    '/c/oldmill',
    '/c/oldmill/charter',
    '/c/oldmill/charter/1',
    '/communities/brookfarm.test/brookfarm',
    new URL(url).pathname,
    '/about',
    '/api',
    '/nowhere',
  ]
  for (const path of paths) {
    const { html } = await visit(node, path)
    t.match(html, /^<!doctype html><html lang="en" dir="ltr">/, path)
    t.equal(html.match(/<h1/g)?.length, 1, `${path}: one h1`)
    for (const part of [/<main id="main"/, /<header class="masthead"/, /<footer/, /<nav aria-label="Site"/, /<a class="skip" href="#main"/])
      t.match(html, part, `${path}: ${part}`)
    t.match(html, /<title>[^<]{3,120} · Archipelago<\/title>/, `${path}: title`)
    t.match(html, /<meta name="description" content="[^"]{10,}"/, `${path}: description`)
    t.match(html, /<link rel="canonical" href="https?:\/\/[^"]+"/, `${path}: canonical`)
    t.match(html, /<meta property="og:title"/, `${path}: OpenGraph`)
    t.notMatch(html, / (style|onclick|onload)="/, `${path}: nothing inline`)
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)
    t.equal(new Set(ids).size, ids.length, `${path}: ids are unique`)
    for (const [, id] of html.matchAll(/ (?:aria-labelledby|for)="([^"]+)"/g)) t.ok(ids.includes(id), `${path}: ${id} is there`)
  }
})

t.test('an address that can’t be read, or is too long, is answered as everything else that is not here', async t => {
  const node = await startNode(t, { handle: 'oldmill' })
  const ask = (path: string, headers: Record<string, string>) => fetch(node.url + path, { headers })
  const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

  const nowhere = await ask('/nowhere', browser)
  const spanish = await ask('/%ff', { ...browser, 'accept-language': 'es' })
  t.equal(spanish.status, 400)
  t.equal(spanish.headers.get('content-language'), 'es')
  t.equal(spanish.headers.get('content-security-policy'), nowhere.headers.get('content-security-policy'))
  const html = await spanish.text()
  t.match(html, '<html lang="es" dir="ltr">')
  t.match(html, 'La dirección no se puede leer')
  t.equal((await ask('/c/oldmill%f', { ...browser, cookie: 'lang=de' })).headers.get('content-language'), 'de')

  const long = await ask(`/c/${'x'.repeat(400)}`, browser)
  t.equal(long.status, 414)
  t.match(await long.text(), /<h1>This address is too long<\/h1>/)

  for (const [path, accept, status] of [
    ['/%ff', 'application/activity+json', 400],
    ['/api/%ff', browser.accept, 400],
    [`/c/${'x'.repeat(400)}`, 'application/json', 414],
  ] as const) {
    const answer = await ask(path, { accept })
    t.equal(answer.status, status, accept)
    t.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8', accept)
    t.same(Object.keys((await answer.json()) as object), ['error'], accept)
  }
  const sent = await fetch(`${node.url}/%ff`, {
    method: 'POST',
    headers: { ...browser, origin: node.url },
    body: new URLSearchParams({ a: 'b' }),
  })
  t.equal(sent.status, 400)
  t.equal((await ask('/c/oldmill', browser)).status, 200)
})
