import t from 'tap'
import { anEntry, saveAll } from './helpers/entries.ts'
import { startNode } from './helpers/node.ts'
import { linkTo, namesFound, visit } from './helpers/page.ts'

const BROOK_FARM = {
  charter: {
    startedLivingTogether: 1841,
    adults: 70,
    children: 30,
    place: { country: 'US', region: 'Massachusetts', locality: 'West Roxbury', latitude: 42.29, longitude: -71.17 },
  },
}
const LIVING = [
  {
    name: 'Old Mill',
    summary: 'Bread and a print shop above the river.',
    theme: 'anarchist',
    kind: ['squat_social_centre'],
    openToMembers: 'waitlist',
    openToVisitors: 'yes',
    place: { country: 'ES' },
  },
  {
    name: 'Saint Olga',
    summary: 'Nuns who keep bees and the hours.',
    theme: 'spiritual',
    kind: ['monastic'],
    openToVisitors: 'by_arrangement',
    place: { country: 'FR' },
  },
  {
    name: 'Elm Street',
    summary: 'Twelve flats and one garden.',
    theme: 'left',
    themes: ['left', 'ecological'],
    kind: ['cohousing'],
    place: { country: 'FR' },
  },
  { name: 'Freehold', summary: 'Each on their own land.', theme: 'right', kind: ['farm_land_project'], place: { country: 'US' } },
].map(charter => anEntry({ charter: { status: 'established', ...charter } }))

t.test('the search page shows each community with what somebody choosing wants to know', async t => {
  const node = await startNode(t, { handle: 'oak', charter: { name: 'Oak Hill' } })
  saveAll(node.ctx.db, [anEntry(BROOK_FARM), ...LIVING])
  const page = await visit(node, '/')
  t.equal(page.status, 200)
  t.same(namesFound(page), ['Brook Farm', 'Elm Street', 'Freehold', 'Oak Hill', 'Old Mill', 'Saint Olga'])
  t.match(page.text, '6 communities that this node has heard of itself; it is not the whole network')
  t.match(
    page.text,
    /Left Commune History: no longer exists Brook Farm West Roxbury, Massachusetts, United States 1841 to 1847 100 people A farm and a school\. @brookfarm@brookfarm\.test/,
  )
  t.match(
    page.text,
    /Anarchist Squat or social centre Old Mill Spain Bread and a print shop above the river\. Waiting list for members visitors welcome/,
  )
  t.match(page.text, /Saint Olga France Nuns who keep bees and the hours\. visitors by arrangement/)
  t.equal(linkTo(page, 'Brook Farm'), '/communities/brookfarm.test/brookfarm')
  t.equal(linkTo(page, 'Oak Hill'), '/c/oak', 'our own has its own address')
})

t.test('a filter narrows the list, shows as a chip, and is in the address', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, LIVING)
  const all = await visit(node, '/')
  t.equal(linkTo(all, 'Spiritual 1'), '/?theme=spiritual')
  t.equal(linkTo(all, 'France 2'), '/?country=FR')

  const french = await visit(node, '/?country=FR')
  t.same(namesFound(french), ['Elm Street', 'Saint Olga'])
  t.equal(linkTo(french, 'Left 1'), '/?theme=left&country=FR', 'a further filter keeps the first')
  t.match(french.html, '<input type="hidden" name="country" value="FR"/>', 'and so does a search for words')

  const both = await visit(node, '/?theme=left,spiritual&country=FR')
  t.same(namesFound(both), ['Elm Street', 'Saint Olga'])
  t.equal(linkTo(both, 'Take away: Left ×'), '/?theme=spiritual&country=FR')
  t.equal(linkTo(both, 'Clear all'), '/')
  t.match(
    both.html,
    /<a class="choice theme-left" href="\/\?theme=spiritual&amp;country=FR" aria-current="true"/,
    'the filter itself is marked and takes itself away',
  )
  t.match(
    (await visit(node, '/?theme=ecological')).text,
    /Left Ecological Cohousing Elm Street/,
    'a theme that is not the main one counts too',
  )
})

t.test('words are searched for, and the order can be chosen', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, LIVING)
  const page = await visit(node, '/?q=garden')
  t.same(namesFound(page), ['Elm Street'])
  t.match(page.text, '1 community found')
  t.match(page.html, /<input id="q"[^>]* value="garden"/)
  const newest = await visit(node, '/?q=the&sort=newest&status=established')
  t.equal(linkTo(newest, 'name'), '/?q=the&status=established&sort=name')
  t.equal(linkTo(newest, 'best match'), '/?q=the&status=established')
  t.notOk(linkTo(newest, 'distance'), 'distance needs a place to measure from')
  const near = await visit(node, '/?near=42.3,-71.1&within=50')
  t.match(near.text, /0 communities/)
  saveAll(node.ctx.db, [anEntry(BROOK_FARM)])
  t.match((await visit(node, '/?near=42.3,-71.1&within=50')).text, /Brook Farm .* about \d+ km away/)
})

t.test('every community comes once, page after page', async t => {
  const node = await startNode(t)
  const names = Array.from({ length: 45 }, (_, n) => `Island ${String(n).padStart(2, '0')}`)
  saveAll(
    node.ctx.db,
    names.map(name => anEntry({ charter: { name } })),
  )
  const seen: string[] = []
  let path: string | undefined = '/?q=island&status=disbanded'
  for (let pages = 0; path && pages < 5; pages++) {
    const page = await visit(node, path)
    seen.push(...namesFound(page))
    if (pages > 0) t.equal(linkTo(page, 'Left 45'), '/?q=island&theme=left&status=disbanded', 'a filter starts at the first page again')
    path = linkTo(page, 'Next page')
    t.equal(linkTo(page, 'First page'), pages === 0 ? undefined : '/?q=island&status=disbanded#results')
  }
  t.same(seen.toSorted(), names)

  const stale = await visit(node, '/?q=other+words&cursor=abc')
  t.equal(stale.status, 200)
  t.match(stale.text, /not understood.*cursor/, 'a page number of another search begins again, and says so')
})

t.test('a search that finds nothing says what to do', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, LIVING)
  const page = await visit(node, '/?q=zebra&theme=left')
  t.equal(page.status, 200)
  t.match(page.text, /No community here matches all of this/)
  t.equal(linkTo(page, 'Search for “zebra” without filters'), '/?q=zebra')
  t.equal(linkTo(page, 'see all 5 communities'), '/')
  t.match(page.text, 'ask the steward to follow or look up more communities')
})

t.test('what is wrong in an address is named, and the rest is searched for', async t => {
  const node = await startNode(t)
  saveAll(node.ctx.db, LIVING)
  const page = await visit(node, '/?theme=left&country=Utopia&utm_source=x')
  t.equal(page.status, 200)
  t.match(page.text, /One part of this address was not understood.* country .*“Utopia”/)
  t.same(namesFound(page), ['Elm Street'])
  t.equal(linkTo(page, 'Take away: Left ×'), '/', 'nothing of it lives on in other addresses')
  for (const path of [
    '/?theme=purple',
    '/?near=91,0&within=5',
    '/?within=5',
    '/?near=1,1',
    '/?sort=distance',
    '/?bbox=1',
    '/?limit=9999',
    '/?q[]=a&q[]=b',
    '/?theme=left&theme=right',
    '/?q=%00%ff',
  ])
    t.equal((await visit(node, path)).status, 200, path)
  t.match(
    (await visit(node, '/?theme=left&within=5')).text,
    'Elm Street',
    'what needs something missing goes without taking the rest along',
  )
})

t.test('a node without a community says so in one line, and what to do', async t => {
  const node = await startNode(t, { founded: false })
  const page = await visit(node, '/')
  t.equal(page.status, 200)
  t.match(
    page.text,
    'This node has no community yet. Its steward founds one through the link in the log of the node, or with npx archipelago setup',
  )
  t.match(page.text, /The directory is still empty/)
  t.match((await visit(node, '/about')).text, 'No community has been set up here yet')
})
