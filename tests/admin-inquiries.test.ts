import t, { type Test } from 'tap'
import { needPledges } from '../src/actions/pledge.ts'
import { allInquiries, inquiryOf } from '../src/db/inquiry.ts'
import { allPledges, countedPledges } from '../src/db/pledge.ts'
import { fillIn } from './helpers/form.ts'
import { startNode } from './helpers/node.ts'
import { visit } from './helpers/page.ts'
import { signedIn } from './helpers/steward.ts'

async function aNode(t: Test) {
  const node = await startNode(t, { charter: { name: 'Oak Hill', status: 'forming', openToVisitors: 'yes' } })
  return { node, ada: await signedIn(node) }
}
const ASKED = { name: 'Wren', contact: 'wren@example.org', wish: 'visit', message: 'May I come in May?' }

t.test('stewards see a new inquiry in the navigation, read it, answer it and note what only they see', async t => {
  const { node, ada } = await aNode(t)
  t.notMatch((await ada.visit('/admin/inquiries')).html, 'class="waits"')
  const sent = await fillIn(node, '/c/oak/inquire', ASKED)
  const list = await ada.visit('/admin/inquiries')
  t.match(list.html, /<span class="waits"><span aria-hidden="true">1<\/span><span class="unseen">1 waits/)
  t.match(list.text, 'Wren')
  const { id } = allInquiries(node.ctx.db)[0]!
  const one = await ada.visit(`/admin/inquiries/${id}`)
  t.match(one.text, 'May I come in May?')
  t.match(one.text, 'wren@example.org')
  t.equal((await ada.send(`/admin/inquiries/${id}/note`, { note: 'Sounds nice.' })).status, 303)
  t.equal((await ada.send(`/admin/inquiries/${id}/answer`, { answer: 'Come on the **4th**.' })).location, `/admin/inquiries/${id}#latest`)
  const answered = await ada.visit(`/admin/inquiries/${id}`)
  t.match(answered.text, 'The answer is on its way.')
  t.match(answered.html, '<strong>4th</strong>')
  t.match(answered.text, 'Sounds nice.')
  t.notMatch(answered.html, 'class="waits"', 'nobody waits any more')
  const seeker = await visit(node, sent.location)
  t.match(seeker.text, 'Come on the 4th .')
  t.notMatch(seeker.html, 'Sounds nice')
  const empty = await ada.send(`/admin/inquiries/${id}/answer`, { answer: ' ' })
  t.equal(empty.status, 422)
  t.match(empty.html, /<a href="#answer">Write a message/)
})

t.test('its state is changed and changed back; erasing asks for the name', async t => {
  const { node, ada } = await aNode(t)
  await fillIn(node, '/c/oak/inquire', ASKED)
  const { id } = allInquiries(node.ctx.db)[0]!
  await ada.send(`/admin/inquiries/${id}/state`, { state: 'accepted' })
  t.equal(inquiryOf(node.ctx.db, id)?.state, 'accepted')
  const page = await ada.visit('/admin/inquiries?settled')
  t.match(page.text, 'It is now: Accepted.')
  t.match(page.html, /action="\/admin\/inquiries\/1\/state"><input type="hidden" name="state" value="new"/)
  t.match(page.text, 'Wren')
  await ada.send(`/admin/inquiries/${id}/state`, { state: 'new' })
  t.equal(inquiryOf(node.ctx.db, id)?.state, 'new')
  const wrong = await ada.send(`/admin/inquiries/${id}/erase`, { erase: 'Robin' })
  t.equal(wrong.status, 422)
  t.match(wrong.html, 'value="Robin"')
  t.ok(inquiryOf(node.ctx.db, id))
  t.equal((await ada.send(`/admin/inquiries/${id}/erase`, { erase: 'wren' })).status, 303)
  t.equal(inquiryOf(node.ctx.db, id), undefined)
  t.equal((await ada.visit(`/admin/inquiries/${id}`)).status, 404)
})

t.test('stewards decide whether strangers may write', async t => {
  const { node, ada } = await aNode(t)
  await ada.send('/admin/inquiries/allow', { allow: 'no' })
  t.equal((await visit(node, '/c/oak/inquire')).status, 404)
  t.match((await ada.visit('/admin/inquiries')).text, 'Strangers can’t write any more.')
  await ada.send('/admin/inquiries/allow', { allow: 'yes' })
  t.equal((await visit(node, '/c/oak/inquire')).status, 200)
})

t.test('pledges are asked for, counted when they were held, and erased', async t => {
  const { node, ada } = await aNode(t)
  t.equal((await ada.send('/admin/pledges/need', { need: 'many' })).status, 422)
  t.equal((await ada.send('/admin/pledges/need', { need: '12' })).status, 303)
  t.match((await ada.visit('/admin/pledges')).text, '0 of 12 would come.')
  await fillIn(node, '/c/oak/pledge', { name: 'Wren', contact: '' }, { proof: false })
  t.equal(countedPledges(node.ctx.db), 0)
  const page = await ada.visit('/admin/pledges')
  t.match(page.html, 'class="waits"')
  const { id } = allPledges(node.ctx.db)[0]!
  await ada.send(`/admin/pledges/${id}/accept`)
  t.equal(countedPledges(node.ctx.db), 1)
  t.match((await ada.visit('/admin/pledges')).text, '1 of 12 would come.')
  t.equal((await ada.send(`/admin/pledges/${id}/erase`, { [`erase-${id}`]: 'x' })).status, 422)
  await ada.send(`/admin/pledges/${id}/erase`, { [`erase-${id}`]: 'Wren' })
  t.same(allPledges(node.ctx.db), [])
  needPledges(node.ctx, 0)
  t.match((await ada.visit('/admin/pledges')).text, 'Nobody is asked to pledge.')
})
