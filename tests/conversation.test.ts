import t from 'tap'
import { blockDomain } from '../src/actions/block.ts'
import { followActor } from '../src/actions/following.ts'
import { editPost, publishPost, withdrawPost } from '../src/actions/post.ts'
import { saidTo } from '../src/db/mention.ts'
import { postByIri } from '../src/db/post.ts'
import { reactionCounts } from '../src/db/reaction.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { resolveMentions } from '../src/federation/mention.ts'
import { startCanary } from './helpers/canary.ts'
import { archipelago } from './helpers/command.ts'
import { type Foreign, startForeign } from './helpers/foreign.ts'
import { freePort, settle, startNode, type TestNode } from './helpers/node.ts'
import { visit } from './helpers/page.ts'
import { root } from './helpers/root.ts'

const AS = 'https://www.w3.org/ns/activitystreams'
const path = (iri: unknown) => new URL(String(iri)).pathname
const show = (foreign: Foreign, note: Record<string, unknown>) => foreign.serve(path(note.id), { body: { '@context': AS, ...note } })
const mentionOf = (node: TestNode) => ({ type: 'Mention', href: node.actor, name: node.address })
const said = (node: TestNode) => saidTo(node.ctx.db, node.actor, 50)
const tell = (foreign: Foreign, node: TestNode, type: string, object: unknown) =>
  foreign.send(`${node.url}/inbox`, foreign.activity(type, object))
type Sent = Record<string, unknown> & { cc?: string[]; object: Record<string, string> }
const sentTo = (foreign: Foreign, type: string) => foreign.inbox.filter(activity => activity.type === type) as Sent[]

async function friend(t: Parameters<typeof startNode>[0], node: TestNode): Promise<Foreign> {
  const foreign = await startForeign(t)
  followActor(node.ctx, (await lookUp(node.federation, foreign.me)).id)
  await settle(node)
  await tell(foreign, node, 'Accept', foreign.inbox[0]!.id)
  return foreign
}

t.test('a reply is seen on both sides', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  const post = publishPost(oak.ctx, 'Who brings a scythe?', { language: 'en' })
  await settle(oak, fern)

  const replyTo = postByIri(fern.ctx.db, post.iri)!
  t.match(replyTo, { language: 'en', visibility: 'public' })
  const reply = publishPost(fern.ctx, 'We bring two. <b>Promised</b> #Haymaking', { replyTo })
  await settle(fern, oak)
  t.match(said(oak), [{ iri: reply.iri, inReplyTo: post.iri, author: fern.actor }], 'though oak does not follow fern')

  t.match(await (await oak.get(post.iri)).json(), {
    contentMap: { en: /scythe/ },
    replies: { id: `${post.iri}/replies`, totalItems: 1, first: { items: [reply.iri] } },
  })
  t.match(await (await oak.get(`${path(post.iri)}/replies`)).json(), { type: 'Collection', first: { items: [reply.iri] } })
  const page = await visit(oak, path(post.iri))
  t.match(page.text, /1 reply fern .*@fern@localhost.*We bring two. <b>Promised<\/b>/)
  t.notMatch(page.html, '<b>')
  t.match(page.html, `href="${reply.url}"`, 'with a way to where it was said')
  t.match((await visit(fern, path(reply.iri))).text, /Who brings a scythe\? .* We bring two/)
  t.match(await (await fern.get(reply.iri)).json(), {
    inReplyTo: post.iri,
    tag: [
      { type: 'Mention', href: oak.actor, name: oak.address },
      { type: 'Hashtag', name: '#Haymaking' },
    ],
    cc: [`${fern.actor}/followers`, oak.actor],
  })

  await t.test('and so are its edit and its end', async t => {
    editPost(fern.ctx, reply.id, 'We bring three')
    await settle(fern, oak)
    t.match(said(oak), [{ content: '<p>We bring three</p>', updatedAt: Date }])
    const outbox = await (await fern.get('/c/fern/outbox?page=true')).text()
    t.match(outbox, 'We bring three')
    t.notMatch(outbox, 'We bring two', 'what it said before is nowhere to be read')
    t.throws(() => editPost(fern.ctx, reply.id, 'We bring three'), { name: 'Refusal', reason: 'conflict' })
    withdrawPost(fern.ctx, reply.id)
    await settle(fern, oak)
    t.same(said(oak), [])
    t.match(await (await oak.get(post.iri)).json(), { replies: { totalItems: 0 } })
    t.notMatch(await (await fern.get('/c/fern/outbox?page=true')).text(), 'We bring')
    t.throws(() => editPost(fern.ctx, reply.id, 'Again'), { name: 'Refusal', reason: 'missing' })
  })
})

t.test('somebody who does not follow gets what mentions them, its edit and its end', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const text = `Hello @mallory@${foreign.host}, and @nobody@${foreign.host}! \`@mallory@${foreign.host}\` is code. See #Hay_2026.`
  const { mentioned, missing } = await resolveMentions(oak.federation, text)
  t.match(mentioned, [{ actor: foreign.me }])
  t.same(missing, [`@nobody@${foreign.host}`])
  const post = publishPost(oak.ctx, text, { mentioned, warning: 'Work' })
  await settle(oak)
  const [create] = sentTo(foreign, 'Create')
  t.match(create, {
    to: [`${AS}#Public`],
    cc: [`${oak.actor}/followers`, foreign.me],
    object: {
      summary: 'Work',
      sensitive: true,
      tag: [
        { type: 'Mention', href: foreign.me, name: `@mallory@${foreign.host}` },
        { type: 'Hashtag', name: '#Hay_2026' },
      ],
    },
  })
  const { content } = create!.object
  t.match(content, `<a href="${foreign.me}" rel="nofollow noopener noreferrer" class="u-url mention">@<span>mallory</span></a>`)
  t.equal(content!.match(/u-url mention/g)!.length, 1, 'not in code, and not for nobody')
  t.match(content, `<code>@mallory@${foreign.host}</code>`)

  editPost(oak.ctx, post.id, 'Hello nobody')
  await settle(oak)
  t.match(sentTo(foreign, 'Update'), [{ object: { id: post.iri, content: '<p>Hello nobody</p>', updated: String }, proof: Object }])
  withdrawPost(oak.ctx, post.id)
  await settle(oak)
  t.match(sentTo(foreign, 'Delete'), [{ object: { id: post.iri, type: 'Tombstone' } }])
})

t.test('what is not for everybody is nowhere to be read', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await friend(t, oak)
  const mentioned = [{ actor: foreign.me, handle: 'mallory', host: foreign.host, url: foreign.me }]
  const open = publishPost(oak.ctx, 'for everybody')
  const direct = publishPost(oak.ctx, `quince jam, @mallory@${foreign.host}`, { visibility: 'direct', mentioned, replyTo: open })
  const inner = publishPost(oak.ctx, 'quince jelly', { visibility: 'followers' })
  publishPost(oak.ctx, 'quiet words', { visibility: 'unlisted' })
  t.throws(() => publishPost(oak.ctx, 'to whom?', { visibility: 'direct' }), { name: 'Refusal', reason: 'invalid' })
  await settle(oak)
  const sent = sentTo(foreign, 'Create').filter(({ object }) => /quince/.test(object.content ?? ''))
  t.match(sent, [{ to: [foreign.me], object: { to: [foreign.me] } }], 'the followers’ one is not for mallory, who does not follow')
  t.notOk(sent[0]!.cc?.length)
  t.equal(sent[0]!.proof, undefined, 'what it said in private can’t be proven')

  const note = foreign.note('quince cheese', { to: [oak.actor], inReplyTo: open.iri, tag: [mentionOf(oak)] })
  const followersOnly = foreign.note('quince paste', { to: [`${foreign.me}/followers`] })
  for (const one of [note, followersOnly]) await tell(foreign, oak, 'Create', one)
  t.match(said(oak), [{ content: 'quince cheese', visibility: 'direct' }])
  t.match(postByIri(oak.ctx.db, String(followersOnly.id)), { visibility: 'followers' }, 'kept, since mallory is followed')
  const between = foreign.note('quince for another', { to: [`${foreign.origin}/users/carol`] })
  await tell(foreign, oak, 'Create', between)
  t.equal(postByIri(oak.ctx.db, String(between.id)), undefined, 'what is for somebody else is not even kept')

  const ids = [direct.iri, inner.iri, String(sent[0]!.id)].map(path)
  for (const hidden of ids)
    for (const accept of ['application/activity+json', 'text/html']) t.equal((await oak.get(hidden, accept)).status, 404, hidden)
  t.equal((await oak.get(`${path(direct.iri)}/replies`)).status, 404)
  const pages = [
    '/',
    '/?q=quince',
    '/c/oak',
    '/c/oak/outbox',
    '/c/oak/outbox?page=true',
    '/c/oak/featured',
    '/c/oak/tags',
    '/api/directory',
  ]
  const more = [
    path(open.iri),
    `${path(open.iri)}/replies`,
    '/api/directory?q=quince',
    '/nodeinfo/2.1',
    `/communities/${foreign.host}/mallory`,
  ]
  for (const page of [...pages, ...more, ...ids])
    for (const accept of ['application/activity+json', 'text/html', 'application/json'])
      t.notMatch(
        (await (await oak.get(page, accept)).text()).replace('“quince”', ''),
        /quince (jam|jelly|cheese|paste)/,
        `${page} as ${accept}`,
      )
  t.match(await (await oak.get('/nodeinfo/2.1')).json(), { usage: { localPosts: 2 } })
  t.match(await (await oak.get('/c/oak/outbox?page=true')).json(), { orderedItems: [{ object: { content: /quiet/ } }, {}] })

  withdrawPost(oak.ctx, direct.id)
  await settle(oak)
  t.match(sentTo(foreign, 'Delete'), [{ to: [foreign.me], object: { id: direct.iri } }])
  t.equal((await oak.get(direct.iri)).status, 404, 'nor does its end tell that it was')

  const narrowed = foreign.note('open at first', { inReplyTo: open.iri })
  await tell(foreign, oak, 'Create', narrowed)
  t.match((await visit(oak, path(open.iri))).text, 'open at first')
  await tell(foreign, oak, 'Update', { ...narrowed, to: [oak.actor] })
  t.notMatch((await visit(oak, path(open.iri))).text, 'open at first', 'what its author makes private is private here')
})

t.test('what strangers say to each other is not kept, whatever it pretends', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const mine = publishPost(oak.ctx, 'ours')
  const strange = [
    foreign.note('no word of oak'),
    foreign.note('answers nothing', { inReplyTo: `${oak.url}/o/none` }),
    foreign.note('mentions the node', { tag: [{ type: 'Mention', href: `${oak.url}/node` }] }),
    foreign.note('somebody else’s', { attributedTo: `${foreign.origin}/users/carol`, tag: [mentionOf(oak)] }),
    { ...foreign.note('elsewhere', { tag: [mentionOf(oak)] }), id: 'http://localhost:1/notes/1' },
    foreign.note('a reply for few', { inReplyTo: mine.iri, to: [`${foreign.origin}/users/carol`] }),
  ]
  for (const note of strange) t.equal((await tell(foreign, oak, 'Create', note)).status, 202)
  t.equal(oak.ctx.db.$client.prepare('select count(*) from posts where not local').pluck().get(), 0)

  const note = foreign.note('to oak', { cc: [oak.actor] })
  await tell(foreign, oak, 'Create', note)
  t.match(said(oak), [{ content: 'to oak' }])
  const other = await startForeign(t)
  await tell(other, oak, 'Update', { ...note, attributedTo: other.me, content: 'forged' })
  await tell(other, oak, 'Delete', note.id)
  t.match(said(oak), [{ content: 'to oak' }], 'only its author can change it or take it back')
  await tell(foreign, oak, 'Delete', { id: note.id, type: 'Tombstone' })
  await tell(foreign, oak, 'Create', note)
  t.same(said(oak), [], 'what is deleted stays deleted')
})

t.test('a Delete that overtakes its Create (O-103)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await friend(t, oak)
  const note = foreign.note('too late', { tag: [mentionOf(oak)] })
  await tell(foreign, oak, 'Delete', note.id)
  await tell(foreign, oak, 'Create', note)
  await tell(foreign, oak, 'Update', { ...note, content: 'still' })
  t.same(said(oak), [])
})

t.test('a flood of mentions is bounded', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const tags = (count: number) => Array.from({ length: count }, (_, at) => ({ type: 'Mention', href: `${foreign.origin}/users/u${at}` }))
  t.equal((await tell(foreign, oak, 'Create', foreign.note('flood', { tag: [...tags(10_000), mentionOf(oak)] }))).status, 400)
  t.equal((await tell(foreign, oak, 'Create', foreign.note('much', { tag: [...tags(255), mentionOf(oak)] }))).status, 202)
  t.match(said(oak), [{ content: 'much' }], 'the mention of oak counts, though it is the last')
  t.equal(oak.ctx.db.$client.prepare('select count(*) from mentions').pluck().get(), 50)
})

/** A thread of notes n, n-1 … 0 by an author each, where each answers the one before. Returns the newest. */
function thread(foreign: Foreign, length: number): Record<string, unknown>[] {
  const notes: Record<string, unknown>[] = []
  for (let at = 0; at < length; at++) {
    const name = `author${at}`
    foreign.serve(`/users/${name}`, { body: foreign.actor(name) })
    const more = { attributedTo: `${foreign.origin}/users/${name}`, ...(at > 0 ? { inReplyTo: notes.at(-1)!.id } : {}) }
    notes.push(foreign.note(`said ${at}`, more))
    show(foreign, notes.at(-1)!)
  }
  return notes
}

t.test('what was said before a mention is fetched, up to ten posts', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const ancestors = thread(foreign, 15)
  await tell(foreign, oak, 'Create', foreign.note('what do you think, oak?', { inReplyTo: ancestors.at(-1)!.id, tag: [mentionOf(oak)] }))
  foreign.asked.length = 0
  await settle(oak)
  const kept = ancestors.map(note => postByIri(oak.ctx.db, String(note.id))?.content)
  t.same(
    kept,
    ancestors.map((_, at) => (at < 5 ? undefined : `said ${at}`)),
  )
  t.equal(foreign.asked.filter(line => line.startsWith('GET')).length, 20, 'each post and its author, once')
  t.equal(said(oak).length, 1, 'what was said before was not said to oak')
})

t.test('of a thread is kept only what everybody may read, at the place its author lives', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const other = await startForeign(t)
  const blocked = await startForeign(t, { name: '127.0.0.1' })
  blockDomain(oak.ctx, '127.0.0.1', 'suspend')
  const silenced = blocked.note('of a blocked server')
  show(blocked, silenced)
  const carol = `${foreign.origin}/users/carol`
  foreign.serve('/users/carol', { body: foreign.actor('carol') })
  const notes = {
    private: foreign.note('for carol', { attributedTo: carol, to: [`${carol}/followers`] }),
    elsewhere: foreign.note('of another server', { attributedTo: other.me }),
    borrowed: { ...foreign.note('borrowed'), id: `${foreign.origin}/notes/borrowed`, attributedTo: carol },
    nobody: foreign.note('by nobody', { attributedTo: `${foreign.origin}/users/none` }),
  }
  for (const note of Object.values(notes)) show(foreign, note)
  // What stands at one address and claims to be another, of another server.
  foreign.serve('/notes/borrowed', { body: { '@context': AS, ...notes.borrowed, id: `${other.origin}/notes/1` } })
  const parents = [...Object.values(notes).map(note => String(note.id)), String(silenced.id)]
  for (const inReplyTo of parents) await tell(foreign, oak, 'Create', foreign.note('and you?', { inReplyTo, tag: [mentionOf(oak)] }))
  await settle(oak)
  t.equal(said(oak).length, parents.length)
  t.same(oak.ctx.db.$client.prepare('select distinct content from posts where not local').pluck().all(), ['and you?'])
  t.same(other.asked, [], 'nobody else was asked for anything')
  t.same(blocked.asked, [], 'least of all who is blocked')
})

t.test('a thread does not lead into the network this machine stands in', async t => {
  const { createFetcher } = await import('../src/federation/fetch.ts')
  const canary = await startCanary(t)
  const foreign = await startForeign(t)
  const fetch = createFetcher({ userAgent: 'Archipelago test', allowPrivate: host => host === 'localhost' })
  const oak = await startNode(t, { handle: 'oak', fetch })
  for (const inReplyTo of [`http://127.0.0.1:${canary.port}/1`, `http://[::1]:${canary.port}/1`, `https://127.0.0.1:${canary.port}/1`])
    await tell(foreign, oak, 'Create', foreign.note('look', { inReplyTo, tag: [mentionOf(oak)] }))
  await settle(oak)
  t.equal(said(oak).length, 3)
  t.equal(canary.hits(), 0)
})

t.test('what somebody we follow boosts is fetched and kept', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await friend(t, oak)
  const other = await startForeign(t)
  const note = other.note('worth reading')
  show(other, note)
  const boost = foreign.activity('Announce', note.id)
  await foreign.send(`${oak.url}/inbox`, boost)
  await settle(oak)
  const kept = postByIri(oak.ctx.db, String(note.id))!
  t.match(kept, { content: 'worth reading', author: other.me, local: false })
  t.same(reactionCounts(oak.ctx.db, kept.id), { likes: 0, boosts: 1 })
  await foreign.send(`${oak.url}/inbox`, foreign.activity('Undo', boost))
  t.same(reactionCounts(oak.ctx.db, kept.id), { likes: 0, boosts: 0 })

  const second = other.note('on second thought')
  show(other, second)
  const hasty = foreign.activity('Announce', second.id)
  await foreign.send(`${oak.url}/inbox`, hasty)
  await foreign.send(`${oak.url}/inbox`, foreign.activity('Undo', hasty.id))
  await other.send(`${oak.url}/inbox`, other.activity('Announce', second.id))
  await settle(oak)
  t.equal(postByIri(oak.ctx.db, String(second.id)), undefined, 'not what was taken back, nor what strangers boost')
})

t.test('a steward talks with nothing but the command line', async t => {
  const port = await freePort()
  const foreign = await startForeign(t)
  const env = { PORT: String(port), DATA_DIR: t.testdir(), ALLOW_PRIVATE_ADDRESSES: 'true' }
  const run = async (...args: string[]) => {
    const { code, out, err } = await archipelago(env, [...args, '--json'])
    return code === 0 ? JSON.parse(out) : { code, err }
  }
  const charter = new URL('examples/brook-farm.json', root).pathname
  await archipelago(env, ['setup', '--charter', charter, '--handle', 'brookfarm'])
  t.match(await archipelago(env, ['mentions']), { code: 0, out: '', err: /Nobody has said anything/ })
  const first = await run('post', 'First', '--language', 'pt-br', '--visibility', 'unlisted', '--warning', 'Longing')
  t.match(first, { number: 1, visibility: 'unlisted', warning: 'Longing', text: 'First' })
  const reply = await run('post', `No, @mallory@${foreign.host}, second`, '--reply-to', String(first.number))
  t.match(reply, { number: 2, visibility: 'unlisted', inReplyTo: first.url, content: /u-url mention/ })
  const theirs = foreign.note('I said this')
  show(foreign, theirs)
  t.match(await run('post', 'Did you?', '--reply-to', String(theirs.id)), { number: 4, inReplyTo: theirs.id, visibility: 'public' })
  t.match(await run('thread', '4'), [
    { number: 3, depth: 0, author: foreign.me },
    { number: 4, depth: 1 },
  ])
  t.match(await run('thread', '1'), [{ number: 1 }, { number: 2, depth: 1 }])
  t.match(await run('post', 'edit', '2', 'Third'), { number: 2, text: 'Third' })
  t.match(await run('post', 'edit', '3', 'Not mine'), { code: 1, err: /no post of this community/ })
  t.match(await run('post', 'x', '--language', 'klingon!'), { code: 1, err: /not a language/ })
  t.match(await run('post', 'x', '--visibility', 'direct'), { code: 1, err: /reaches only those it names/ })
  t.match(await run('post', 'delete', '2'), { number: 2 })
  t.match(await run('thread', '2'), { code: 1, err: /no post numbered 2/ })
  t.match(await archipelago(env, ['thread', '1']), { code: 0, out: /^1 +\S+ +unlisted +@brookfarm@localhost:\d+ +First\n$/ })
})
