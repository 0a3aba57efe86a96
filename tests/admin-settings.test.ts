import { unzipSync } from 'fflate'
import t from 'tap'
import { theCommunity } from '../src/db/community.ts'
import { allInquiries, takesInquiries } from '../src/db/inquiry.ts'
import { keysOf } from '../src/db/key.ts'
import { fillIn } from './helpers/form.ts'
import { settle, startNode } from './helpers/node.ts'
import { visit } from './helpers/page.ts'
import { signedIn } from './helpers/steward.ts'

t.test('settings are ticked, saved and taken back', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const browser = await signedIn(oak)
  const page = await browser.visit('/admin/settings')
  t.match(page.text, /AUTHORIZED_FETCH no/)
  t.match(page.html, /name="listed" value="yes" checked/)
  await browser.send('/admin/settings', { approvesFollowers: 'yes', quotes: 'nobody' })
  t.match(theCommunity(oak.ctx.db), { approvesFollowers: true, listed: false, themeInName: false })
  t.equal(takesInquiries(oak.ctx.db), false)
  const saved = await browser.visit('/admin/settings')
  t.match(saved.text, /Saved\. Undo/)
  const undo = Object.fromEntries(
    [...saved.html.split('</form>')[1]!.matchAll(/name="(\w+)" value="(\w+)"/g)].map(([, name, value]) => [name, value]),
  )
  await browser.send('/admin/settings', { listed: 'yes', themeInName: 'yes', inquiries: 'yes', ...undo, quotes: 'everyone' })
  t.match(theCommunity(oak.ctx.db), { listed: true, themeInName: true })
  const editor = await signedIn(oak, { name: 'ed', role: 'editor' })
  t.equal((await editor.get('/admin/settings')).status, 403)
})

t.test('new keys, and everything taken along', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const browser = await signedIn(oak)
  const before = keysOf(oak.ctx.db, oak.actor)[0]!.id
  t.equal((await browser.send('/admin/settings/keys')).status, 303)
  t.match((await browser.visit('/admin/settings')).text, /4 new keys are in use/)
  t.not(keysOf(oak.ctx.db, oak.actor)[0]!.id, before)
  const taken = await browser.get('/admin/settings/export.zip')
  t.equal(taken.headers.get('content-type'), 'application/zip')
  const files = unzipSync(Buffer.from(await taken.arrayBuffer()))
  t.ok(files['README.txt'] && files['activitypub/actor.json'] && files['charters/edition-1.json'])
  t.notOk(files['private/inquiries.json'])
  t.ok(unzipSync(Buffer.from(await (await browser.get('/admin/settings/export.zip?private=yes')).arrayBuffer()))['private/inquiries.json'])
  oak.clock.offsetMs += 30 * 60_000
  for (const [path, method] of [
    ['/admin/settings/export.zip', 'get'],
    ['/admin/settings/erase-node', 'get'],
    ['/admin/settings/keys', 'send'],
    ['/admin/settings/erase-node', 'send'],
  ] as const) {
    const answer = await browser[method](path)
    const to = method === 'get' ? (answer as Response).headers.get('location') : (answer as { location: string }).location
    t.match(to, /^\/admin\/confirm/, `${path} asks for the password again`)
  }
})

t.test('the community moves to another node', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const elm = await startNode(t, { handle: 'elm' })
  const here = await signedIn(oak)
  const there = await signedIn(elm)
  const typed = oak.address
  t.equal((await here.send('/admin/settings/move-to', { who: elm.address, typed })).status, 422, 'elm says nothing of it yet')
  t.equal((await there.send('/admin/settings/move-from', { who: oak.address })).status, 303)
  t.match((await there.visit('/admin/settings')).text, new RegExp(`used to be: ${oak.actor}`))
  t.equal((await here.send('/admin/settings/move-to', { who: elm.address, typed: 'yes' })).status, 422)
  t.equal((await here.send('/admin/settings/move-to', { who: elm.address, typed })).status, 303)
  await settle(oak, elm)
  t.match(await (await oak.get('/c/oak')).json(), { movedTo: elm.actor })
})

t.test('somebody is erased after a look, and the whole community when its address is typed', async t => {
  const oak = await startNode(t, { handle: 'oak', charter: { openToMembers: 'yes' } })
  const browser = await signedIn(oak)
  await fillIn(oak, '/c/oak/inquire', { wish: 'visit', name: 'Ada', contact: 'ada@letters.example', message: 'May I come?' })
  const path = '/admin/settings/erase-person'
  t.match((await browser.send(path, { who: 'bob@letters.example' })).html, /Nothing is known here/)
  const looked = await browser.send(path, { who: 'ada@letters.example' })
  t.match(looked.html, /<dt>Inquiries<\/dt><dd>1<\/dd>/)
  t.equal((await browser.send(path, { who: 'ada@letters.example', typed: 'ada' })).status, 422)
  t.equal(allInquiries(oak.ctx.db).length, 1)
  t.equal((await browser.send(path, { who: 'ada@letters.example', typed: 'ada@letters.example' })).status, 303)
  t.equal(allInquiries(oak.ctx.db).length, 0)
  t.match((await browser.visit('/admin/settings')).text, /1 thing is erased/)

  t.match((await browser.visit('/admin/settings/erase-node')).text, /can’t be undone/)
  t.equal((await browser.send('/admin/settings/erase-node', { typed: 'oaks' })).status, 422)
  t.equal((await browser.send('/admin/settings/erase-node', { typed: oak.address })).status, 303)
  const gone = await visit(oak, '/c/oak')
  t.equal(gone.status, 410)
  t.match(gone.text, /This community is no more/)
})
