import t, { type Test } from 'tap'
import { confirmCharter, publishCharter } from '../src/actions/charter.ts'
import { currentEdition } from '../src/db/charter.ts'
import { draftOf } from '../src/db/draft.ts'
import { charterForm } from '../src/domain/charter-form.ts'
import { aCharter } from './helpers/charters.ts'
import { hidden, send } from './helpers/form.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'
import { visit } from './helpers/page.ts'
import { signedIn } from './helpers/steward.ts'

type Browser = Awaited<ReturnType<typeof signedIn>>
const DAY = 24 * 3_600_000

/** Fills in a section as a browser does: everything that stands there goes along. */
async function save(node: TestNode, browser: Browser, section: string, changes: Record<string, string | string[]>, pressed = 'save') {
  const { html } = await browser.visit(`/admin/charter/edit/${section}`)
  const body = new URLSearchParams({ version: hidden(html, 'version'), do: pressed })
  for (const [, name = '', value = ''] of html.matchAll(/<input type="hidden" name="([\w.]+\.count)" value="(\d+)"/g)) body.set(name, value)
  for (const [name, value] of Object.entries(changes)) {
    body.delete(name)
    for (const one of [value].flat()) body.append(name, one)
  }
  return send(node, `/admin/charter/edit/${section}`, body.toString(), { cookie: browser.cookie })
}

async function aNode(t: Test) {
  const node = await startNode(t, {
    charter: {
      name: 'Oak Hill',
      adults: 12,
      place: { precision: 'locality', country: 'ES', locality: 'Olot', street: 'Carrer Secret 4', latitude: 42.18, longitude: 2.49 },
    },
  })
  return { node, ada: await signedIn(node) }
}

t.test('every section of the form is there, with a label and help for every field', async t => {
  const { ada } = await aNode(t)
  for (const { id, fields } of charterForm()) {
    const page = await ada.visit(`/admin/charter/edit/${id}`)
    t.equal(page.status, 200, id)
    for (const { key, kind, help } of fields) {
      if (key === 'place') continue
      t.match(page.html, kind === 'choices' || kind === 'list' || kind === 'group' ? `<fieldset class="form-field` : `for="${key}"`, key)
      t.ok(page.html.includes(`id="${key}.help"`) && page.text.includes(help), `${key} has help`)
    }
  }
  t.equal((await ada.visit('/admin/charter/edit/nothing')).status, 404)
})

t.test('a draft is kept section by section, is public nowhere, and is published as the next edition', async t => {
  const { node, ada } = await aNode(t)
  const kept = await save(node, ada, 'identity', { summary: 'Now with goats.', kind: ['', 'commune', 'farm_land_project'] }, 'next')
  t.equal(kept.status, 303)
  t.equal(kept.location, '/admin/charter/edit/membership', 'and on to the next section')
  t.equal((await save(node, ada, 'membership', { adults: '14' })).status, 303)
  t.notMatch((await visit(node, '/c/oak')).text, 'goats')
  t.equal(currentEdition(node.ctx.db)?.edition, 1)
  const preview = await ada.visit('/admin/charter/preview')
  t.match(preview.text, 'A preview that only you see')
  t.match(preview.text, 'Now with goats.')
  t.notMatch(preview.html, 'Carrer Secret', 'as visitors will see it')
  const changes = await ada.visit('/admin/charter/changes')
  t.match(changes.html, /<ins><span class="unseen">added: <\/span>Now with goats/)
  t.match(changes.text, '3 things differ.')
  const published = await ada.send('/admin/charter/publish', { version: hidden(changes.html, 'version') })
  t.equal(published.status, 303)
  t.match((await ada.visit('/admin/charter')).text, 'Edition 2 is published.')
  t.match(currentEdition(node.ctx.db), {
    edition: 2,
    charter: { summary: 'Now with goats.', adults: 14, place: { street: 'Carrer Secret 4' } },
  })
  t.match((await visit(node, '/c/oak')).text, 'Now with goats.')
  t.equal(draftOf(node.ctx.db, ada.steward.id), undefined, 'the next draft begins from it')
  const again = await ada.visit('/admin/charter/changes')
  await ada.send('/admin/charter/publish', { version: hidden(again.html, 'version') })
  t.match((await ada.visit('/admin/charter/changes')).text, 'nothing to publish')
})

t.test('what is wrong is saved all the same, and told beside the field and at the top', async t => {
  const { node, ada } = await aNode(t)
  const answer = await save(node, ada, 'membership', { adults: 'a dozen', trialPeriodMonths: '-3' }, 'next')
  t.equal(answer.location, '/admin/charter/edit/membership?look=1#faults')
  const page = await ada.visit('/admin/charter/edit/membership?look=1')
  t.match(page.html, /<title>Please look again/)
  t.match(page.html, /<li><a href="#adults">Adults: Write a whole number/)
  t.match(page.html, /id="adults\.fault">Write a whole number/)
  t.match(page.html, /value="a dozen"/, 'what was typed stays')
  t.match((await ada.visit('/admin/charter')).text, '2 to mend')
  t.match((await ada.visit('/admin/charter')).html, 'href="/admin/charter/edit/membership?look=1#adults"')
  const changes = await ada.visit('/admin/charter/changes')
  t.notMatch(changes.html, 'action="/admin/charter/publish"')
  await ada.send('/admin/charter/publish', { version: '1' })
  t.equal(currentEdition(node.ctx.db)?.edition, 1, 'and it can’t be published')
  t.match((await ada.visit('/admin/charter/preview')).text, 'it is left out here')
})

t.test('items of lists are added, moved and taken out without a script, and that can be undone', async t => {
  const { node, ada } = await aNode(t)
  await save(node, ada, 'agreements', {}, 'add:agreements')
  const added = await save(node, ada, 'agreements', { 'agreements.1.title': 'Guests', 'agreements.1.text': 'Are welcome.' })
  t.equal(added.location, '/admin/charter/edit/agreements')
  const up = await save(node, ada, 'agreements', {}, 'up:agreements:1')
  t.equal(up.location, '/admin/charter/edit/agreements#agreements.0')
  const titles = () => (draftOf(node.ctx.db, ada.steward.id)!.raw.agreements as { title: string }[]).map(({ title }) => title)
  t.same(titles(), ['Guests', 'Purpose'])
  await save(node, ada, 'agreements', {}, 'remove:agreements:0')
  t.same(titles(), ['Purpose'])
  const page = await ada.visit('/admin/charter/edit/agreements')
  t.match(page.text, 'Agreements 1 is taken out.')
  t.match(page.html, 'action="/admin/charter/undo"')
  await ada.send('/admin/charter/undo', { next: '/admin/charter/edit/agreements' })
  t.same(titles(), ['Guests', 'Purpose'])
  await ada.send('/admin/charter/discard')
  t.same(titles(), ['Purpose'])
  await ada.send('/admin/charter/undo')
  t.same(titles(), ['Guests', 'Purpose'], 'what was thrown away can be brought back')
})

t.test('two windows don’t undo each other: the second is shown what differs, and nothing is lost', async t => {
  const { node, ada } = await aNode(t)
  const opened = await ada.visit('/admin/charter/edit/membership')
  await save(node, ada, 'membership', { children: '3' })
  const late = new URLSearchParams({ version: hidden(opened.html, 'version'), adults: '20', children: '5', do: 'save' }).toString()
  const refused = await send(node, '/admin/charter/edit/membership', late, { cookie: ada.cookie })
  t.equal(refused.status, 409)
  t.match(refused.html, 'This draft was changed in another window.')
  t.match(refused.html, /name="children" [^>]*value="5"/, 'what was typed stays')
  t.match(refused.html, /<a href="#children">Children/)
  t.match(draftOf(node.ctx.db, ada.steward.id)?.raw, { children: '3' })
  const again = new URLSearchParams({ version: hidden(refused.html, 'version'), adults: '20', children: '5', do: 'save' }).toString()
  t.equal((await send(node, '/admin/charter/edit/membership', again, { cookie: ada.cookie })).status, 303)
  t.match(draftOf(node.ctx.db, ada.steward.id)?.raw, { adults: '20', children: '5' })
  const kept = await send(node, '/admin/charter/edit/membership/keep', late, { cookie: ada.cookie })
  t.equal(kept.status, 200, 'what says the same is no quarrel')
  const other = await send(node, '/admin/charter/edit/membership/keep', late.replace('20', '21'), { cookie: ada.cookie })
  t.equal(other.status, 409)
})

t.test('two stewards have a draft each; who publishes second takes in what the first has published', async t => {
  const { node, ada } = await aNode(t)
  const bo = await signedIn(node, { name: 'bo', role: 'editor' })
  await save(node, ada, 'identity', { summary: 'Ada’s words.' })
  await save(node, bo, 'identity', { summary: 'Bo’s words.', contact: 'bo@example.org' })
  await save(node, bo, 'membership', { children: '2' })
  t.match((await bo.visit('/admin/charter')).text, 'ada has a draft of')
  const version = hidden((await ada.visit('/admin/charter/changes')).html, 'version')
  await ada.send('/admin/charter/publish', { version })
  const told = await bo.visit('/admin/charter')
  t.match(told.text, 'Edition 2 was published since you began your draft.')
  const changes = await bo.visit('/admin/charter/changes')
  t.notMatch(changes.html, 'action="/admin/charter/publish"')
  await bo.send('/admin/charter/publish', { version: String(draftOf(node.ctx.db, bo.steward.id)!.version) })
  t.equal(currentEdition(node.ctx.db)?.charter.summary, 'Ada’s words.', 'nothing was overwritten')
  await bo.send('/admin/charter/merge')
  t.match((await bo.visit('/admin/charter')).text, 'Both of you changed: Summary.')
  const merged = await bo.visit('/admin/charter/changes')
  await bo.send('/admin/charter/publish', { version: hidden(merged.html, 'version') })
  t.match(currentEdition(node.ctx.db), { edition: 3, charter: { summary: 'Bo’s words.', children: 2, contact: 'bo@example.org' } })
})

t.test('the picture of the place shows what visitors will see, not the point', async t => {
  const { node, ada } = await aNode(t)
  const page = await ada.visit('/admin/charter/edit/place')
  t.match(page.text, 'A circle of about 8 km on the map.')
  t.match(page.html, 'data-spot="42.15,2.45,8"')
  await save(node, ada, 'place', { 'place.precision': 'country' })
  const coarse = await ada.visit('/admin/charter/edit/place')
  t.match(coarse.html, 'data-country="ES"')
  t.notMatch(coarse.html, 'data-spot')
  t.match(coarse.html, /name="place\.latitude" [^>]*value="42\.18"/, 'the stewards keep what is exact')
})

t.test('a charter goes out as a file and comes in as one', async t => {
  const { node, ada } = await aNode(t)
  const file = await (await fetch(`${node.url}/admin/charter/export?of=edition&as=yaml`, { headers: { cookie: ada.cookie } })).text()
  t.match(file, 'name: Oak Hill')
  const sent = await ada.send('/admin/charter/import', {
    text: file.replace('Oak Hill', 'Elm Hill').concat('colour: green\nadults: many\n'.slice(0, 14)),
  })
  t.equal(sent.status, 303)
  const page = await ada.visit('/admin/charter')
  t.match(page.text, 'Left out, because a charter has no such fields: colour.')
  t.match(draftOf(node.ctx.db, ada.steward.id)?.raw, { name: 'Elm Hill', adults: '12' })
  const json = await fetch(`${node.url}/admin/charter/export?of=draft&as=json`, { headers: { cookie: ada.cookie } })
  t.match(json.headers.get('content-disposition'), 'oak-draft.json')
  t.match(await json.json(), { name: 'Elm Hill' })
  const broken = await ada.send('/admin/charter/import', { text: '{"name": "Oak' })
  t.equal(broken.status, 422)
  t.match(broken.html, /line 1, column/)
  await ada.send('/admin/charter/undo')
  t.match(draftOf(node.ctx.db, ada.steward.id)?.raw, { name: 'Oak Hill' })
})

t.test('after a year the stewards are asked whether it is still true; one press says so, to everybody', async t => {
  const { node, ada } = await aNode(t)
  const page = await ada.visit('/admin/charter')
  t.notMatch(page.text, 'Nobody has said since')
  node.clock.offsetMs = 366 * DAY
  const later = await signedIn(node, { name: 'later' })
  t.match((await later.visit('/admin/charter')).text, 'Nobody has said since')
  t.equal((await later.send('/admin/charter/confirm')).status, 303)
  const now = await later.visit('/admin/charter')
  t.match(now.text, 'is confirmed as still true on')
  t.notMatch(now.text, 'Nobody has said since')
  t.match((await visit(node, '/c/oak')).text, 'Confirmed by the community')
  await settle(node)
  const actor = (await (await node.get('/c/oak')).json()) as { charter: { lastVerified?: string } }
  t.match(actor.charter.lastVerified ?? JSON.stringify(actor.charter), /^\d{4}-/)
  publishCharter(node.ctx, aCharter({ name: 'Oak Hill', adults: 30 }))
  t.notMatch((await visit(node, '/c/oak')).text, 'Confirmed by the community', 'a new edition was not confirmed')
  t.match(confirmCharter(node.ctx), { edition: 2 })
})
