import t from 'tap'
import { changeSettings } from '../src/actions/community.ts'
import { followActor } from '../src/actions/following.ts'
import { theCommunity } from '../src/db/community.ts'
import { followerOf } from '../src/db/follower.ts'
import { followingOf } from '../src/db/following.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { settle, startNode } from './helpers/node.ts'
import { signedIn } from './helpers/steward.ts'

t.test('a steward finds another community by its handle, follows it, sees its answer and follows it no longer', async t => {
  const oak = await startNode(t, { charter: { name: 'Oak Hill' } })
  const elm = await startNode(t, { handle: 'elm', charter: { name: 'Elm Dale', summary: 'By the river.' } })
  changeSettings(elm.ctx, { approvesFollowers: true })
  const [ada, bo] = [await signedIn(oak), await signedIn(elm, { name: 'bo' })]

  const found = await ada.send('/admin/people/following/search', { who: elm.address })
  t.equal(found.status, 200)
  t.match(found.html, 'Elm Dale')
  const actor = /name="actor" value="([^"]*)"/.exec(found.html)?.[1] ?? ''
  t.equal(actor, elm.actor)
  t.equal((await ada.send('/admin/people/following/follow', { actor })).status, 303)
  const pending = await ada.visit('/admin/people/following')
  t.match(pending.text, `${elm.address} is asked.`)
  t.match(pending.text, 'Asked, no answer yet')
  await settle(oak, elm)

  const requests = await bo.visit('/admin/people')
  t.match(requests.text, oak.address)
  t.match(requests.html, 'class="waits"', 'the navigation says that somebody waits')
  await bo.send('/admin/people/accept', { actor: oak.actor })
  await settle(oak, elm)
  t.equal(followingOf(oak.ctx.db, elm.actor)?.state, 'accepted')
  t.match((await ada.visit('/admin/people/following')).text, 'Followed')

  const wrong = await bo.send('/admin/people/remove', { actor: oak.actor, 'name-0': '@ash@example.org' })
  t.equal(wrong.status, 422)
  t.match(wrong.html, /<a href="#name-0">/)
  t.ok(followerOf(elm.ctx.db, oak.actor))
  await bo.send('/admin/people/remove', { actor: oak.actor, 'name-0': oak.address })
  t.equal(followerOf(elm.ctx.db, oak.actor), undefined)
  await settle(oak, elm)
  t.match((await ada.visit('/admin/people/following')).text, 'They have declined')
  await ada.send('/admin/people/following/unfollow', { actor: elm.actor })
  const gone = await ada.visit('/admin/people/following')
  t.match(gone.text, 'is not followed any more.')
  t.match(gone.html, /action="\/admin\/people\/following\/follow"><input type="hidden" name="actor"/, 'and it can be undone')
})

t.test('words are looked for in the directory; what can’t be found is said beside the field', async t => {
  const oak = await startNode(t)
  const elm = await startNode(t, { handle: 'elm', charter: { name: 'Elm Dale', summary: 'By the river.' } })
  const ada = await signedIn(oak)
  await lookUp(oak.federation, elm.actor)
  const found = await ada.send('/admin/people/following/search', { who: 'river' })
  t.match(found.html, 'Elm Dale')
  const none = await ada.send('/admin/people/following/search', { who: `@nobody@${new URL(elm.url).host}` })
  t.equal(none.status, 422)
  t.match(none.html, /<a href="#who">There is nobody of that name\./)
  t.match(none.html, /value="@nobody@/)
  t.equal((await ada.send('/admin/people/following/search', { who: ' ' })).status, 422)
  t.equal((await ada.send('/admin/people/following/follow', { actor: oak.actor })).status, 422, 'nobody follows themselves')
})

t.test('a steward decides whether followers are approved, and turns requests away', async t => {
  const oak = await startNode(t)
  const elm = await startNode(t, { handle: 'elm' })
  const ada = await signedIn(oak, { role: 'moderator' })
  await ada.send('/admin/people/approves', { approves: 'yes' })
  t.equal(theCommunity(oak.ctx.db).approvesFollowers, true)
  t.match((await ada.visit('/admin/people')).text, 'From now on a steward approves first.')
  followActor(elm.ctx, (await lookUp(elm.federation, oak.actor)).id)
  await settle(oak, elm)
  t.equal(followerOf(oak.ctx.db, elm.actor)?.state, 'pending')
  await ada.send('/admin/people/reject', { actor: elm.actor })
  await settle(oak, elm)
  t.equal(followingOf(elm.ctx.db, oak.actor)?.state, 'rejected')
  t.equal((await ada.send('/admin/people/accept', { actor: 'https://nobody.test/x' })).status, 404)
})
