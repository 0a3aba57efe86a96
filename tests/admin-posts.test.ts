import sharp from 'sharp'
import t from 'tap'
import { followActor } from '../src/actions/following.ts'
import { hearVote } from '../src/actions/question.ts'
import { attachmentsOf } from '../src/db/media.ts'
import { ownPosts } from '../src/db/own-post.ts'
import { postById } from '../src/db/post.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'
import { visit } from './helpers/page.ts'
import { signedIn } from './helpers/steward.ts'

/** Sends a form with a file, as a browser does. */
async function sendFile(node: TestNode, cookie: string, path: string, fields: Record<string, string>, file?: Buffer) {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  body.append('files', new Blob(file ? [new Uint8Array(file)] : []), file ? 'goat.png' : '')
  const headers = { cookie, origin: node.url, accept: 'text/html' }
  const response = await fetch(node.url + path, { method: 'POST', headers, body, redirect: 'manual' })
  return { status: response.status, location: response.headers.get('location') ?? '', html: await response.text() }
}

const aPicture = () =>
  sharp({ create: { width: 60, height: 40, channels: 3, background: '#579' } })
    .png()
    .toBuffer()

t.test('a post is written, looked at, published, changed, pinned and deleted', async t => {
  const node = await startNode(t, { charter: { name: 'Oak Hill', languages: ['es'] } })
  const ada = await signedIn(node)
  const form = await ada.visit('/admin/posts/new')
  t.match(form.html, /name="language"[^>]* value="es"/, 'the language of the community is there already')
  const said = { kind: 'note', text: 'Bread on **Saturday**.', visibility: 'unlisted', language: 'en', warning: '', reply: '' }
  const preview = await sendFile(node, ada.cookie, '/admin/posts/new', { ...said, do: 'preview' })
  t.equal(preview.status, 200)
  t.match(preview.html, 'Bread on <strong>Saturday</strong>.')
  t.same(ownPosts(node.ctx.db, { limit: 5 }), [], 'a preview publishes nothing')
  const published = await sendFile(node, ada.cookie, '/admin/posts/new', { ...said, do: 'publish' })
  t.equal(published.status, 303)
  const [post] = ownPosts(node.ctx.db, { limit: 5 })
  t.match(post, { visibility: 'unlisted', language: 'en', source: 'Bread on **Saturday**.', sensitive: false })
  t.equal(published.location, `/admin/posts/${post?.id}`)
  const path = `/admin/posts/${post?.id}`
  t.match((await visit(node, '/c/oak')).text, 'Bread on Saturday .')

  const edit = await sendFile(node, ada.cookie, `${path}/edit`, {
    text: 'Bread on Sunday.',
    warning: 'Gluten',
    language: 'en',
    do: 'publish',
  })
  t.equal(edit.status, 303)
  t.match(postById(node.ctx.db, post!.id), { source: 'Bread on Sunday.', summary: 'Gluten' })
  t.equal((await ada.send(`${path}/pin`)).status, 303)
  const pinned = await ada.visit(path)
  t.match(pinned.text, 'The post is pinned')
  t.match(pinned.html, `action="${path}/unpin"`)
  t.equal((await ada.send(`${path}/delete`, { number: 'yes' })).status, 422)
  t.equal((await ada.send(`${path}/delete`, { number: String(post!.id) })).status, 303)
  t.same(ownPosts(node.ctx.db, { limit: 5 }), [])
  t.equal((await ada.visit(path)).status, 404)
})

t.test('what can’t be published is shown again with what was typed, and why', async t => {
  const node = await startNode(t)
  const ada = await signedIn(node)
  const empty = await sendFile(node, ada.cookie, '/admin/posts/new', { kind: 'note', text: ' ', language: 'klingonish', do: 'publish' })
  t.equal(empty.status, 422)
  t.match(empty.html, /<a href="#text">Write some text/)
  t.match(empty.html, /<a href="#language">/)
  t.match(empty.html, 'value="klingonish"')
  const nobody = await sendFile(node, ada.cookie, '/admin/posts/new', { kind: 'note', text: 'psst', visibility: 'direct', do: 'publish' })
  t.match(nobody.html, /<a href="#visibility">It would reach nobody/)
  const lost = await sendFile(node, ada.cookie, '/admin/posts/new', { kind: 'note', text: 'x', reply: 'nowhere', do: 'publish' })
  t.match(lost.html, /<a href="#reply">/)
  t.same(ownPosts(node.ctx.db, { limit: 5 }), [])
})

t.test('a picture goes with a post, and what it shows is asked for', async t => {
  const node = await startNode(t)
  const ada = await signedIn(node)
  const loaded = await sendFile(node, ada.cookie, '/admin/posts/new', { kind: 'note', text: 'Our goat', do: 'picture' }, await aPicture())
  t.equal(loaded.status, 200)
  const id = /name="picture" value="(\d+)"/.exec(loaded.html)?.[1] ?? ''
  t.match(loaded.html, />Our goat<\/textarea>/, 'what was typed stays')
  const source = /<img src="(\/media\/[^"]+)"/.exec(loaded.html)?.[1] ?? ''
  t.equal((await fetch(node.url + source)).status, 200, 'it can be seen while it is described')
  const fields = { kind: 'note', text: 'Our goat', visibility: 'public', picture: id }
  const bare = await sendFile(node, ada.cookie, '/admin/posts/new', { ...fields, [`alt-${id}`]: '', do: 'publish' })
  t.equal(bare.status, 422)
  t.match(bare.html, `<a href="#alt-${id}">Say what this picture shows`)
  t.match(bare.html, `name="bare-${id}"`)
  const done = await sendFile(node, ada.cookie, '/admin/posts/new', { ...fields, [`alt-${id}`]: 'A white goat', do: 'publish' })
  t.equal(done.status, 303)
  const [post] = ownPosts(node.ctx.db, { limit: 1 })
  t.match(attachmentsOf(node.ctx.db, post!.id), [{ alt: 'A white goat' }])
  t.match((await visit(node, '/c/oak')).html, 'alt="A white goat"')
  const edited = await sendFile(node, ada.cookie, `${done.location}/edit`, {
    text: 'Our goat Berta',
    picture: id,
    [`alt-${id}`]: 'Berta',
    do: 'publish',
  })
  t.equal(edited.status, 303)
  t.match(attachmentsOf(node.ctx.db, post!.id), [{ alt: 'Berta' }])
  const wrong = await sendFile(node, ada.cookie, '/admin/posts/new', { kind: 'note', text: 'x', do: 'picture' }, Buffer.from('no picture'))
  t.equal(wrong.status, 422)
  t.match(wrong.html, /<a href="#files">/)
})

t.test('events, questions and articles are published, with every problem at its field', async t => {
  const node = await startNode(t)
  const ada = await signedIn(node)
  const event = {
    kind: 'event',
    title: 'Harvest',
    starts: '2027-09-01T10:00',
    ends: '2027-08-01T10:00',
    zone: '+02:00',
    place: 'The field',
    text: '',
  }
  const wrong = await ada.send('/admin/posts/new', { ...event, place: '', do: 'publish' })
  t.equal(wrong.status, 422)
  t.match(wrong.html, '<a href="#place">')
  t.match((await ada.send('/admin/posts/new', { ...event, do: 'publish' })).html, '<a href="#ends">')
  t.equal((await ada.send('/admin/posts/new', { ...event, ends: '2027-09-01T18:00', do: 'publish' })).status, 303)
  t.match(ownPosts(node.ctx.db, { limit: 1 }), [{ type: 'Event', details: { startsAt: '2027-09-01T10:00:00+02:00' } }])
  const question = { kind: 'question', text: 'Goats?', options: 'Yes\nNo\n', closes: '3d' }
  t.match((await ada.send('/admin/posts/new', { ...question, options: 'Yes', do: 'publish' })).html, '<a href="#options">')
  t.equal((await ada.send('/admin/posts/new', { ...question, do: 'publish' })).status, 303)
  t.match(ownPosts(node.ctx.db, { limit: 1 }), [{ type: 'Question', details: { options: [{ name: 'Yes' }, { name: 'No' }] } }])
  t.equal((await ada.send('/admin/posts/new', { kind: 'article', title: 'On goats', text: 'They climb.', do: 'publish' })).status, 303)
  t.match((await ada.visit('/admin/posts')).text, 'On goats')
})

t.test('an event has a picture, a warning and readers of its choice, and is put off', async t => {
  const node = await startNode(t, { env: { DATA_DIR: t.testdir() } })
  const ada = await signedIn(node)
  const event = {
    kind: 'event',
    title: 'Harvest',
    starts: '2027-09-01T10:00',
    ends: '2027-09-01T18:00',
    zone: '+01:30',
    place: 'The field',
  }
  const said = { ...event, text: 'Bring a scythe', warning: 'Dust', visibility: 'followers', language: 'en' }
  const loaded = await sendFile(node, ada.cookie, '/admin/posts/new', { ...said, do: 'picture' }, await aPicture())
  t.match(loaded.html, 'value="Harvest"', 'what was typed stays')
  const id = /name="picture" value="(\d+)"/.exec(loaded.html)?.[1] ?? ''
  const described = { picture: id, [`alt-${id}`]: 'A field' }
  const preview = await sendFile(node, ada.cookie, '/admin/posts/new', { ...said, ...described, do: 'preview' })
  t.match(preview.html, /<summary>.*Dust.*alt="A field"/s)
  const nobody = await sendFile(node, ada.cookie, '/admin/posts/new', { ...said, visibility: 'direct', do: 'publish' })
  t.match(nobody.html, /<a href="#visibility">It would reach nobody/)
  const published = await sendFile(node, ada.cookie, '/admin/posts/new', { ...said, ...described, do: 'publish' })
  const [post] = ownPosts(node.ctx.db, { limit: 1 })
  t.match(post, { type: 'Event', visibility: 'followers', summary: 'Dust', sensitive: true, language: 'en' })
  t.match(attachmentsOf(node.ctx.db, post!.id), [{ alt: 'A field' }])

  const edit = `${published.location}/edit`
  const { html } = await ada.visit(edit)
  for (const value of ['Harvest', '2027-09-01T10:00', '2027-09-01T18:00', 'The field', 'Dust', 'en']) t.match(html, ` value="${value}"`)
  t.match(html, 'value="+01:30" selected', 'a time zone nobody has is not lost')
  t.match(html, '>A field</textarea>')
  const late = { ...said, starts: '2027-09-02T10:00', title: 'Late harvest' }
  const wrong = await sendFile(node, ada.cookie, edit, { ...late, ...described, do: 'publish' })
  t.equal(wrong.status, 422)
  t.match(wrong.html, '<a href="#ends">')
  await sendFile(node, ada.cookie, edit, { ...late, ends: '2027-09-02T18:00', do: 'publish' })
  t.match(postById(node.ctx.db, post!.id), { name: 'Late harvest', details: { startsAt: '2027-09-02T10:00:00+01:30' } })
  t.same(attachmentsOf(node.ctx.db, post!.id), [], 'a picture that was left out is gone')
})

t.test('articles and questions are changed, and votes go with the answers they were for', async t => {
  const node = await startNode(t)
  const ada = await signedIn(node)
  const newest = () => ownPosts(node.ctx.db, { limit: 1 })[0]!
  await ada.send('/admin/posts/new', { kind: 'article', title: 'On goats', text: 'They climb.', do: 'publish' })
  const article = `/admin/posts/${newest().id}/edit`
  t.equal((await ada.send(article, { title: 'On goats', text: 'They climb. '.repeat(5000), do: 'publish' })).status, 303)
  t.match(newest(), { type: 'Article', source: /climb\.$/ })
  t.match((await ada.send(article, { title: '', text: '', do: 'publish' })).html, /href="#title".*href="#text"/s)

  await ada.send('/admin/posts/new', { kind: 'question', text: 'Goats?', options: 'Yes\nNo', closes: '1h', do: 'publish' })
  const { id, iri } = newest()
  const question = `/admin/posts/${id}/edit`
  t.match((await ada.visit(question)).text, 'Nobody has voted yet')
  hearVote(node.ctx, 'https://elm.example/c/elm', iri, 'Yes')
  const form = await ada.visit(question)
  t.match(form.text, 'One person has voted')
  t.match(form.html, />Yes\nNo<\/textarea>/)
  const asked = { text: 'Goats, then?', options: 'Yes\nNo', closes: '', do: 'publish' }
  t.equal((await ada.send(question, asked)).status, 303)
  t.match(newest(), { source: 'Goats, then?', details: { voters: 1 } })
  t.match((await ada.send(question, { ...asked, options: 'Yes' })).html, '<a href="#options">')
  t.equal((await ada.send(question, { ...asked, options: 'Yes\nPerhaps' })).status, 303)
  t.match((await ada.visit(`/admin/posts/${id}`)).text, 'The question is asked anew')
  t.match(newest().details, { voters: 0, options: [{ name: 'Yes', votes: 0 }, { name: 'Perhaps' }] })
  node.clock.offsetMs = 2 * 3_600_000
  t.match((await ada.send(question, asked)).html, '<a href="#closed">')
  t.match((await ada.visit(question)).text, 'The question is closed.')
  t.equal((await ada.send(question, { text: 'Were there goats?', do: 'publish' })).status, 303)
})

t.test('what others say arrives, and is answered', async t => {
  const oak = await startNode(t, { charter: { name: 'Oak Hill' } })
  const elm = await startNode(t, { handle: 'elm', charter: { name: 'Elm Dale' } })
  const [ada, bo] = [await signedIn(oak), await signedIn(elm, { name: 'bo' })]
  followActor(oak.ctx, (await lookUp(oak.federation, elm.actor)).id)
  await settle(oak, elm)
  await sendFile(elm, bo.cookie, '/admin/posts/new', {
    kind: 'note',
    text: `How are you, ${oak.address}?`,
    visibility: 'public',
    do: 'publish',
  })
  await settle(oak, elm)
  const said = await ada.visit('/admin/posts/replies')
  t.match(said.text, 'How are you')
  t.match((await ada.visit('/admin/posts/home')).text, 'How are you')
  const reply = /href="\/admin\/posts\/new\?reply=(\d+)"/.exec(said.html)?.[1] ?? ''
  const form = await ada.visit(`/admin/posts/new?reply=${reply}`)
  t.match(form.text, 'How are you')
  await sendFile(oak, ada.cookie, '/admin/posts/new', {
    kind: 'note',
    text: 'Well, thank you.',
    visibility: 'public',
    reply,
    do: 'publish',
  })
  await settle(oak, elm)
  t.match((await ada.visit('/admin/posts/replies')).text, 'answered')
  t.match((await bo.visit('/admin/posts/replies')).text, 'Well, thank you.')
})
