import { existsSync } from 'node:fs'
import { zipSync } from 'fflate'
import t from 'tap'
import { blockActor, blockDomain } from '../src/actions/block.ts'
import { applyBlocklist, importBlocklist, previewBlocklist, undoBlocklist } from '../src/actions/blocklist.ts'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { undoActorBlock, undoDomainBlock } from '../src/actions/undo-block.ts'
import { allBlocks, blockOf, isSuspended } from '../src/db/block.ts'
import { previewActor, previewDomain } from '../src/db/block-preview.ts'
import { allBlocklists } from '../src/db/blocklist.ts'
import { queueLength } from '../src/db/delivery.ts'
import { saveEntry } from '../src/db/directory.ts'
import { allFollowers } from '../src/db/follower.ts'
import { allFollowing } from '../src/db/following.ts'
import { transact } from '../src/db/open.ts'
import { BLOCKLIST_LIMITS, readBlocklist, writeBlocklist } from '../src/domain/blocklist.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { tellOthers } from '../src/federation/outbox.ts'
import { archipelago } from './helpers/command.ts'
import { anEntry } from './helpers/entries.ts'
import { type Foreign, startForeign } from './helpers/foreign.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'
import { visit } from './helpers/page.ts'
import { signedIn } from './helpers/steward.ts'

/** A server whose actor follows oak and is followed, has written and liked, and has something waiting for it. */
async function befriended(oak: TestNode, other: Foreign): Promise<void> {
  await other.send(`${oak.actor}/inbox`, other.activity('Follow', oak.actor))
  followActor(oak.ctx, (await lookUp(oak.federation, other.me)).id)
  await settle(oak)
  await other.send(`${oak.url}/inbox`, other.activity('Accept', other.inbox.find(activity => activity.type === 'Follow')!.id))
  await other.send(`${oak.url}/inbox`, other.activity('Create', other.note(`hello from ${other.host}`)))
}

t.test('before a block everybody sees what it would cut, and afterwards it can be undone', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const bad = await startForeign(t, { name: '127.0.0.1' })
  await befriended(oak, bad)
  const post = publishPost(oak.ctx, 'on its way')
  await bad.send(`${oak.url}/inbox`, bad.activity('Like', post.iri))
  tellOthers(oak.federation)

  const name = `@${bad.me.split('/').at(-1)}@${bad.host}`
  const cut = { followers: { count: 1, first: [name] }, following: { count: 1, first: [name] }, posts: 1, reactions: 1, deliveries: 1 }
  t.match(previewDomain(oak.ctx.db, '127.0.0.1', 'suspend'), cut)
  t.match(previewActor(oak.ctx.db, bad.me), { ...cut, deliveries: 0 })
  t.match(previewDomain(oak.ctx.db, '127.0.0.1', 'limit'), { followers: { count: 0 }, posts: 0, deliveries: 0 })
  t.match(previewDomain(oak.ctx.db, '7.0.0.1', 'suspend'), { followers: { count: 0 }, posts: 0 }, 'the end of a name is another name')
  t.equal(allFollowers(oak.ctx.db).length, 1, 'to look changes nothing')

  blockDomain(oak.ctx, '127.0.0.1', 'suspend', { comment: 'spam', note: 'see report 3' })
  t.match(blockOf(oak.ctx.db, '127.0.0.1'), { comment: 'spam', note: 'see report 3' })
  t.same([allFollowers(oak.ctx.db), allFollowing(oak.ctx.db)], [[], []])

  t.same(undoDomainBlock(oak.ctx, '127.0.0.1'), { domain: '127.0.0.1', following: [name], followers: [name], lost: [] })
  t.match(allFollowers(oak.ctx.db), [{ actor: bad.me, state: 'accepted' }], 'nobody had told it, so it still follows')
  t.match(allFollowing(oak.ctx.db), [{ actor: bad.me, state: 'pending' }])
  const before = bad.inbox.length
  await settle(oak)
  t.match(bad.inbox.slice(before), [{ type: 'Follow' }], 'it is asked again')
  t.throws(() => undoDomainBlock(oak.ctx, '127.0.0.1'), { message: /not blocked/ })
})

t.test('whoever wrote with pictures, edited, and asked in private can be blocked too', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const bad = await startForeign(t, { name: '127.0.0.1' })
  await befriended(oak, bad)
  const image = [{ type: 'Image', mediaType: 'image/png', url: `${bad.origin}/a.png`, name: 'a picture' }]
  const note = bad.note('with a picture', { attachment: image })
  await bad.send(`${oak.url}/inbox`, bad.activity('Create', note))
  await bad.send(`${oak.url}/inbox`, bad.activity('Update', { ...note, content: 'with another word', updated: new Date().toISOString() }))
  const tag = [{ type: 'Mention', href: oak.actor, name: '@oak' }]
  await bad.send(`${oak.url}/inbox`, bad.activity('Create', bad.note('May I come?', { to: [oak.actor], tag })))
  await settle(oak)
  const count = (table: string) => oak.ctx.db.$client.prepare(`select count(*) from ${table}`).pluck().get()
  t.same([count('attachments'), count('post_edits'), count('inquiry_messages')], [1, 1, 1])
  blockDomain(oak.ctx, '127.0.0.1', 'suspend')
  t.same([count('attachments'), count('post_edits'), count('notices'), count('posts')], [0, 0, 0, 0])
})

t.test('who was told of a block must follow again', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const bad = await startForeign(t, { name: '127.0.0.1' })
  await befriended(oak, bad)
  blockActor(oak.ctx, bad.me, 'rude')
  await settle(oak)
  const name = `@${bad.me.split('/').at(-1)}@${bad.host}`
  t.same(undoActorBlock(oak.ctx, bad.me), { following: [name], followers: [], lost: [name] })
  await settle(oak)
  t.same(
    bad.inbox.slice(-5).map(({ type }) => type),
    ['Reject', 'Undo', 'Block', 'Undo', 'Follow'],
  )
})

t.test('a list of servers is read as it comes, and what is no server is told', async t => {
  const csv = [
    '#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate',
    'Bad.Example,suspend,true,true,"spam, and worse",false',
    'meh.example,silence,false,false,,true',
    'shy.example,noop,true,false,,false',
    'ex***le.com,suspend,false,false,hidden,false',
    'bad.example,suspend,false,false,twice,false',
    'co.uk,suspend,false,false,,false',
    '*,suspend,,,,',
    'com,suspend,,,,',
    'odd.example,explode,,,,',
    'oak.example,suspend,,,ours,',
    '"=cmd|\' /C calc\'!A0",suspend,,,,',
    'calc.example,suspend,false,false,=1+1,false',
  ].join('\r\n')
  const read = readBlocklist(csv, ['oak.example'])
  t.match(read.rows, [
    { domain: 'bad.example', severity: 'suspend', rejectMedia: true, rejectReports: true, comment: 'spam, and worse', obfuscate: false },
    { domain: 'meh.example', severity: 'limit', comment: '', obfuscate: true },
    { domain: 'calc.example', comment: '=1+1' },
  ])
  t.same(
    read.problems.map(({ line, reason }) => [line, reason]),
    [
      [4, 'nothing'],
      [5, 'hidden'],
      [6, 'twice'],
      [7, 'suffix'],
      [8, 'hidden'],
      [9, 'domain'],
      [10, 'severity'],
      [11, 'own'],
      [12, 'domain'],
    ],
  )
  t.equal(read.left, 9)
  t.match(readBlocklist('# a remark\nbad.example\n\nhttps://worse.example/x\n').rows, [
    { domain: 'bad.example' },
    { domain: 'worse.example' },
  ])
  t.match(readBlocklist(Buffer.from('\ufeffbad.example\n', 'utf16le')).rows, [{ domain: 'bad.example' }])
  for (const file of [Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0xff]), '', 'a"b\n"c', Buffer.alloc(BLOCKLIST_LIMITS.bytes + 1, 'a')])
    t.throws(() => readBlocklist(file), { name: 'Refusal' }, 'what is no list is refused')
  const written = writeBlocklist(read.rows.map(row => ({ ...row, since: new Date(0), note: 'for stewards alone' })))
  t.same(readBlocklist(written).rows, read.rows, 'what is exported reads back the same')
  t.notMatch(written, /stewards alone/)
  t.match(written, /,'=1\+1,/, 'a spreadsheet calculates nothing')
})

t.test('a list acts when it is applied, and is undone as a whole', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const bad = await startForeign(t, { name: '127.0.0.1' })
  await befriended(oak, bad)
  const { ctx } = oak
  blockDomain(ctx, 'old.example', 'limit', { comment: 'from before' })
  blockDomain(ctx, 'strong.example', 'suspend', { comment: 'ours' })
  const { id, rows } = importBlocklist(
    ctx,
    'domain,severity,public_comment\n127.0.0.1,suspend,theirs\nold.example,suspend,theirs\nstrong.example,silence,theirs\nnew.example,silence,theirs\n',
    'a list',
  )
  t.equal(rows.length, 4)
  t.equal(isSuspended(ctx.db, bad.host), false, 'drafts block nobody')
  t.equal(allFollowers(ctx.db).length, 1)
  const [first, ...others] = previewBlocklist(ctx.db, id)
  t.match(first, { domain: '127.0.0.1', followers: [/@/], following: [/@/], same: false }, 'what cuts most stands first')
  t.match(
    others.find(row => row.domain === 'strong.example'),
    { same: true },
  )

  t.same(applyBlocklist(ctx, id), { applied: 3, followers: 1, following: 1 })
  t.same(allFollowers(ctx.db), [])
  t.match(blockOf(ctx.db, 'strong.example'), { severity: 'suspend', comment: 'ours' }, 'no list makes a block weaker')
  t.equal((await bad.send(`${oak.actor}/inbox`, bad.activity('Follow', oak.actor))).status, 403)
  t.throws(() => applyBlocklist(ctx, id), { message: /Nothing of this list is left/ })

  t.match(undoBlocklist(ctx, id), { undone: 3, followers: [/@/], following: [/@/], lost: [] })
  t.same(
    allBlocks(ctx.db).map(({ domain, severity, comment }) => [domain, severity, comment]),
    [
      ['old.example', 'limit', 'from before'],
      ['strong.example', 'suspend', 'ours'],
    ],
  )
  t.throws(() => undoBlocklist(ctx, id), { message: /nothing to undo/ })
  const one = previewBlocklist(ctx.db, id).find(row => row.domain === 'new.example')!
  t.match(applyBlocklist(ctx, id, [one.id]), { applied: 1 }, 'one row alone, and again after all was undone')
  t.match(blockOf(ctx.db, 'new.example'), { severity: 'limit' })
})

t.test('a list of 25,000 rows (O-90)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const rows = (n: number) => Array.from({ length: n }, (_, at) => `server${at}.example,suspend,false,false,,false`).join('\n')
  const head = '#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n'
  t.throws(() => importBlocklist(oak.ctx, head + rows(25_000), 'too long'), { name: 'Refusal', message: /20,000/ })
  const { id } = importBlocklist(oak.ctx, head + rows(20_000), 'long')
  const since = performance.now()
  t.match(applyBlocklist(oak.ctx, id), { applied: 20_000 })
  t.comment(`applied in ${Math.round(performance.now() - since)} ms`)
  t.ok(isSuspended(oak.ctx.db, 'a.server19999.example'))
  t.match(undoBlocklist(oak.ctx, id), { undone: 20_000 })
})

t.test('on the pages: look, block, undo, and it acts everywhere at once', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const bad = await startForeign(t, { name: '127.0.0.1' })
  await befriended(oak, bad)
  const browser = await signedIn(oak, { role: 'moderator' })
  const listed = anEntry({
    actor: 'http://127.0.0.1:9/c/fern',
    host: '127.0.0.1:9',
    handle: 'fern',
    charter: { name: 'Fern of the blocked' },
  })
  transact(oak.ctx.db, tx => saveEntry(tx, listed))
  t.match((await visit(oak, '/?q=fern')).text, /Fern of the blocked/)
  publishPost(oak.ctx, 'still waiting')
  tellOthers(oak.federation)

  const looked = await browser.send('/admin/moderation/preview', { who: ' 127.0.0.1 ', severity: 'suspend' })
  t.equal(looked.status, 200)
  t.match(looked.html, /@mallory@127\.0\.0\.1/)
  t.equal(allFollowers(oak.ctx.db).length, 1)
  const since = performance.now()
  const blocked = await browser.send('/admin/moderation/block', {
    who: '127.0.0.1',
    severity: 'suspend',
    comment: 'spam',
    note: 'our <b>note</b>',
  })
  t.equal(blocked.status, 303)
  t.equal((await bad.send(`${oak.actor}/inbox`, bad.activity('Follow', oak.actor))).status, 403, 'the inbox is shut')
  t.notMatch((await visit(oak, '/?q=fern')).text, /Fern of the blocked/)
  t.equal((await visit(oak, '/communities/127.0.0.1:9/fern')).status, 404)
  t.match(await (await oak.get('/api/directory?q=fern', 'application/json')).json(), { total: 0 })
  t.notMatch(await (await oak.get('/directory/feed', 'application/json')).text(), /127\.0\.0\.1:9/)
  t.equal(queueLength(oak.ctx.db), 0, 'nothing is sent there any more')
  t.ok(performance.now() - since < 1000, 'within a second')

  const page = await browser.visit('/admin/moderation')
  t.match(page.text, /127\.0\.0\.1 is blocked\. Undo/)
  t.match(page.text, /spam.*our <b>note<\/b>/)
  t.match(
    await (await browser.get('/admin/moderation/blocks.csv')).text(),
    /^#domain,.*\r\n127\.0\.0\.1,suspend,false,false,spam,false\r\n$/,
  )
  const undone = await browser.send('/admin/moderation/unblock', { target: '127.0.0.1', restore: 'yes' })
  t.equal(undone.status, 303)
  t.match(
    (await browser.visit('/admin/moderation')).text,
    /not blocked any more\. 1 who was followed is asked again\. 1 follower is back\./,
  )
  t.match(
    oak.ctx.db.$client.prepare("select steward from events where kind = 'domain.blocked'").pluck().all(),
    [browser.steward.id],
    'the log says who did it',
  )

  for (const who of ['', 'localhost', 'com', 'no domain', '@nobody@127.0.0.1:1'])
    t.equal((await browser.send('/admin/moderation/preview', { who })).status, 422, `“${who}” is refused with the form`)
  t.equal((await browser.send('/admin/moderation/unblock', { target: '127.0.0.1' })).status, 303, 'twice is no fault')
})

t.test('a list is sent as a file or pasted, looked through, applied and undone on the pages', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const bad = await startForeign(t, { name: '127.0.0.1' })
  await befriended(oak, bad)
  const browser = await signedIn(oak)
  const form = new FormData()
  form.append('file', new Blob(['#domain,#severity\n127.0.0.1,suspend\nbad.example,silence\nex***le.com,suspend\n']), 'theirs.csv')
  const sent = await fetch(`${oak.url}/admin/moderation/lists/import`, {
    method: 'POST',
    headers: { cookie: browser.cookie, origin: oak.url, accept: 'text/html' },
    body: form,
    redirect: 'manual',
  })
  t.equal(sent.status, 303)
  const list = sent.headers.get('location')!
  const page = await browser.visit(list)
  t.match(page.text, /2 servers are read in as drafts; lines left out: 1.*half hidden/)
  t.match(page.text, /127\.0\.0\.1 Block Cuts 1 followers and 1 followed: @mallory@/)
  const [row] = /name="row" value="(\d+)"/.exec(page.html)!.slice(1)
  await browser.send(`${list}/apply`, {})
  t.match((await browser.visit(list)).text, /Nothing was ticked/)
  await browser.send(`${list}/apply`, { row: row! })
  t.match((await browser.visit(list)).text, /1 server is blocked\. Cut: 1 followers, 1 followed\. Undo/)
  t.equal(allFollowers(oak.ctx.db).length, 0)
  await browser.send(`${list}/apply`, { all: 'yes' })
  await browser.send(`${list}/undo`)
  t.match((await browser.visit(list)).text, /1 follower is back/)
  t.same(allBlocks(oak.ctx.db), [])
  t.equal((await browser.send('/admin/moderation/lists/import', { text: 'one.example\ntwo.example' })).status, 303)
  t.match(allBlocklists(oak.ctx.db)[0]?.name, /^pasted on .*\d{4}$/, 'what was pasted is known by its day')
  t.equal((await browser.send('/admin/moderation/lists/import', { text: '' })).status, 422)
  t.equal((await browser.send(`${list}/drop`)).status, 303)
  t.equal((await browser.get(list)).status, 404)
})

t.test('reports in and out', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const bad = await startForeign(t, { name: '127.0.0.1' })
  await befriended(oak, bad)
  const post = publishPost(oak.ctx, 'what was <i>complained</i> of')
  await bad.send(`${oak.url}/inbox`, bad.activity('Flag', [oak.actor, post.iri], { content: 'I <script>complain</script>' }))
  const browser = await signedIn(oak, { role: 'moderator' })
  t.match((await browser.visit('/admin/moderation')).text, /Reports: 1 open/)
  const page = await browser.visit('/admin/moderation/reports')
  t.match(page.text, /From @mallory@127.*about us.*complained<\/i> of/)
  t.notMatch(page.html, /<script>complain/)
  t.match((await browser.send('/admin/moderation/preview', { who: bad.me })).html, /would cut/, 'and can be acted upon')
  await browser.send('/admin/moderation/reports/1/close')
  t.match((await browser.visit('/admin/moderation/reports')).text, /Report 1 is closed\..*There are none\./)

  const before = bad.inbox.length
  const filed = await browser.send('/admin/moderation/reports/file', { who: bad.me, text: 'they shout', posts: '' })
  t.equal(filed.status, 303)
  await settle(oak)
  t.match(bad.inbox.slice(before).at(-1), { type: 'Flag', actor: `${oak.url}/node`, content: 'they shout' })
  const empty = await browser.send('/admin/moderation/reports/file', { who: bad.me, text: '' })
  t.equal(empty.status, 422)
  blockDomain(oak.ctx, '127.0.0.1', 'limit', { rejectReports: true })
  await bad.send(`${oak.url}/inbox`, bad.activity('Flag', [oak.actor], { content: 'again' }))
  t.notMatch((await browser.visit('/admin/moderation/reports')).text, /again/, 'reports of a server can be refused')
})

t.test('the themes a node lists are chosen on a page, and chosen back', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const browser = await signedIn(oak)
  transact(oak.ctx.db, tx => saveEntry(tx, anEntry({ charter: { theme: 'left', themes: ['left'] } })))
  t.equal((await browser.send('/admin/moderation/policy', { mode: 'except' })).status, 422)
  await browser.send('/admin/moderation/policy', { mode: 'except', theme: 'left' })
  const page = await browser.visit('/admin/moderation/policy')
  t.match(page.text, /Saved\. 1 community is hidden\. Undo/)
  t.match(page.html, /value="left" checked/)
  await browser.send('/admin/moderation/policy', { mode: 'all', theme: '' })
  t.match((await visit(oak, '/policy')).text, /lists every community/)
})

t.test('archives and files that never end are no lists and no backups (O-79)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const browser = await signedIn(oak)
  const zip = zipSync({ '../../../escaped.csv': Buffer.alloc(1 << 20), 'list.csv': Buffer.from('bad.example') })
  for (const bytes of [zip, Buffer.alloc(BLOCKLIST_LIMITS.bytes + 2, 'a.example\n'), Buffer.alloc(12 << 20, 'x')]) {
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(bytes)]), '../../list.csv')
    const sent = await fetch(`${oak.url}/admin/moderation/lists/import`, {
      method: 'POST',
      headers: { cookie: browser.cookie, origin: oak.url, accept: 'text/html' },
      body: form,
    }).catch(() => undefined)
    t.ok(!sent || sent.status === 422 || sent.status === 413, `${bytes.length} bytes: ${sent?.status ?? 'cut off'}`)
  }
  t.same(allBlocklists(oak.ctx.db), [])
  const dir = t.testdir({ 'bomb.sqlite': Buffer.from(zip) })
  const restored = await archipelago({ DATA_DIR: `${dir}/data`, PORT: '3999' }, ['restore', `${dir}/bomb.sqlite`])
  t.equal(restored.code, 1)
  t.match(restored.err, /is no database of an Archipelago node/)
  t.notOk(existsSync(`${dir}/data/archipelago.sqlite`))
})
