import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { followActor } from '../src/actions/following.ts'
import { addPicture, drawPicture } from '../src/actions/media.ts'
import { type Draft, withdrawPost } from '../src/actions/post.ts'
import { askQuestion, publishArticle, publishEvent } from '../src/actions/post-kind.ts'
import { attachmentsOf } from '../src/db/media.ts'
import { postByIri } from '../src/db/post.ts'
import type { Visibility } from '../src/domain/post.ts'
import { PUBLIC } from '../src/federation/context.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { archipelago } from './helpers/command.ts'
import { freePort, settle, startNode } from './helpers/node.ts'
import { drawing } from './helpers/pictures.ts'
import { root } from './helpers/root.ts'

const PARTY = {
  title: 'Harvest',
  starts: '2027-09-04T14:00+02:00',
  ends: '2027-09-05T12:00+02:00',
  place: 'The barn',
  text: 'Bring a **scythe**.',
}

t.test('articles and events reach who follows, with all that belongs to them', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  const article = publishArticle(oak.ctx, { title: 'On  hay ', text: '# Hay\n\nIt is *dry*.' })
  const event = publishEvent(oak.ctx, PARTY)
  await settle(oak, fern)

  t.match(await (await oak.get(article.iri)).json(), { type: 'Article', name: 'On hay', content: /<em>dry<\/em>/, proof: Object })
  t.match(await (await oak.get(event.iri)).json(), {
    type: 'Event',
    name: 'Harvest',
    content: /scythe/,
    startTime: '2027-09-04T14:00:00+02:00',
    endTime: '2027-09-05T12:00:00+02:00',
    location: { type: 'Place', name: 'The barn' },
    proof: Object,
  })
  t.match(postByIri(fern.ctx.db, article.iri), { type: 'Article', name: 'On hay', details: null })
  t.match(postByIri(fern.ctx.db, event.iri), {
    type: 'Event',
    name: 'Harvest',
    details: { startsAt: '2027-09-04T12:00:00.000Z', endsAt: '2027-09-05T10:00:00.000Z', place: 'The barn' },
  })
  const outbox = await (await oak.get(`${oak.actor}/outbox?page=true`)).json()
  t.same(outbox.orderedItems.map((item: { object: { type: string } }) => item.object.type).slice(0, 2), ['Event', 'Article'])
  const page = await (await oak.get(event.iri, 'text/html')).text()
  t.match(page, /Begins.*September 4, 2027, 14:00 \(UTC\+2\).*Where.*The barn/s)
  t.match(await (await fern.get(`/communities/${oak.ctx.config.host}/oak`, 'text/html')).text(), 'September 4, 2027, 12:00 (UTC)')

  withdrawPost(oak.ctx, event.id)
  await settle(oak, fern)
  t.equal((await oak.get(event.iri)).status, 410)
  t.match(postByIri(fern.ctx.db, event.iri), { deletedAt: Date })
})

t.test('articles, events and questions carry pictures and a warning, and are for few, as notes are', async t => {
  const oak = await startNode(t, { handle: 'oak', env: { DATA_DIR: t.testdir() } })
  const fern = await startNode(t, { handle: 'fern' })
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  const picture = async () => addPicture(oak.ctx, await drawPicture(await drawing()), { alt: 'A barn' }).id
  const draft = async (visibility: Visibility): Promise<Draft> => ({ visibility, warning: 'Dust', attachments: [await picture()] })
  const open = [
    publishArticle(oak.ctx, { title: 'On hay', text: 'Dry #hay.' }, await draft('unlisted')),
    publishEvent(oak.ctx, PARTY, await draft('unlisted')),
    askQuestion(oak.ctx, { question: 'Well?', options: ['yes', 'no'], closes: '3d' }, await draft('unlisted')),
  ]
  const closed = publishEvent(oak.ctx, PARTY, await draft('followers'))
  await settle(oak, fern)
  for (const { iri, type } of open) {
    const said = await (await oak.get(iri)).json()
    t.match(said, { type, summary: 'Dust', sensitive: true, to: [`${oak.actor}/followers`], cc: [PUBLIC] })
    t.match(said.attachment, [{ type: 'Document', name: 'A barn', mediaType: /^image/ }])
    const kept = postByIri(fern.ctx.db, iri)
    t.match(kept, { type, summary: 'Dust', sensitive: true, visibility: 'unlisted' })
    t.match(attachmentsOf(fern.ctx.db, kept!.id), [{ alt: 'A barn', url: said.attachment[0].url }])
    const page = await (await oak.get(iri, 'text/html')).text()
    t.match(page, /<details class="warned"><summary>.*Dust.*alt="A barn"/s)
    if (type === 'Question') t.match(page, /<details class="warned">(?:(?!<\/details>).)*<meter/s, 'the answers are behind the warning too')
  }
  t.equal((await oak.get(closed.iri)).status, 404, 'it is not for strangers')
  t.equal((await oak.get(closed.iri, 'text/html')).status, 404)
  t.notMatch(await (await oak.get('/c/oak', 'text/html')).text(), closed.iri)
  t.match(postByIri(fern.ctx.db, closed.iri), { type: 'Event', visibility: 'followers', details: { place: 'The barn' } })
  t.notMatch(await (await oak.get('/c/oak/feed.atom', 'application/atom+xml')).text(), 'Dry', 'a feed shows the warning')
})

t.test('what can’t be published is refused with every problem', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const events: [Partial<typeof PARTY>, RegExp][] = [
    [{ ends: PARTY.starts }, /ends after it starts/],
    [{ starts: '2027-09-04T14:00' }, /time zone/],
    [{ starts: '2027-13-04T14:00Z' }, /time zone/],
    [{ ends: '2029-09-04T14:00Z' }, /a year at most/],
    [{ title: ' ' }, /title is missing/],
    [{ place: 'x'.repeat(201) }, /200 characters/],
  ]
  for (const [wrong, words] of events)
    t.throws(() => publishEvent(oak.ctx, { ...PARTY, ...wrong }), { message: /./, reason: 'invalid', problems: [{ message: words }] })
  const good = { question: 'Well?', options: ['yes', 'no'], closes: '3d' }
  for (const options of [['yes'], ['yes', 'Yes '], ['yes', ''], ['yes', 'x'.repeat(101)], Array.from({ length: 13 }, (_, at) => `${at}`)])
    t.throws(() => askQuestion(oak.ctx, { ...good, options }), { message: /./, reason: 'invalid' })
  for (const closes of ['4m', '32d', 'soon', '2027-09-04', '2020-01-01T00:00Z', '-3d', ''])
    t.throws(() => askQuestion(oak.ctx, { ...good, closes }), { message: /./, reason: 'invalid' }, closes)
  t.throws(() => askQuestion(oak.ctx, { ...good, question: '' }), { message: /./, reason: 'invalid' })
  t.throws(() => publishArticle(oak.ctx, { title: 'T', text: '' }), { message: /./, reason: 'invalid' })
  t.ok(askQuestion(oak.ctx, good))
})

t.test('the commands', async t => {
  const env = { DATA_DIR: t.testdir(), PORT: String(await freePort()), ALLOW_PRIVATE_ADDRESSES: 'true' }
  const charter = fileURLToPath(new URL('examples/brook-farm.json', root))
  t.equal((await archipelago(env, ['setup', '--charter', charter, '--handle', 'oak'])).code, 0)
  const json = async (...args: string[]) => JSON.parse((await archipelago(env, [...args, '--json'])).out)

  t.match(await json('article', 'Just words', '--title', 'A title'), { type: 'Article', name: 'A title' })
  const picture = join(env.DATA_DIR, 'barn.png')
  writeFileSync(picture, await drawing())
  const more = ['--image', picture, '--alt', 'A barn', '--warning', 'Dust', '--visibility', 'followers', '--language', 'en']
  const { number: shown } = await json('article', 'Just words', '--title', 'A title', ...more)
  t.match(await json('thread', String(shown)), [{ visibility: 'followers', warning: 'Dust', title: 'A title' }])
  t.match(await archipelago(env, ['article', 'x', '--title', 'T', '--alt', 'A barn']), { code: 1, err: /more descriptions than pictures/ })
  t.match(await archipelago(env, ['article', 'missing.md', '--title', 'T']), { code: 1, err: /missing\.md can’t be read/ })
  t.match(await json('event', '--title', 'Harvest', '--starts', PARTY.starts, '--ends', PARTY.ends, '--place', 'Barn'), { type: 'Event' })
  t.match(await archipelago(env, ['event', '--title', 'H', '--starts', PARTY.ends, '--ends', PARTY.starts, '--place', 'B']), {
    code: 1,
    err: /ends: an event ends after it starts/,
  })
  const { number } = await json('ask', 'Well?', '--option', 'yes', '--option', 'no', '--closes', '3d')
  t.match(await json('question', String(number)), {
    closed: false,
    asker: 'this community',
    options: [{ name: 'yes', votes: 0 }, { name: 'no' }],
  })
  t.match((await archipelago(env, ['question'])).out, /open +this community +Well\?/)
  t.match((await archipelago(env, ['question', String(number)])).out, /1 +0 votes +yes\n2 +0 votes +no\nopen until/)
  t.match(await archipelago(env, ['vote', String(number), 'yes']), { code: 1, err: /own question/ })
  t.match((await archipelago(env, ['pin', String(number)])).out, 'Pinned: Well?')
  t.match((await archipelago(env, ['unpin', String(number)])).out, 'Not pinned any more')
  t.match(await archipelago(env, ['like', String(number)]), { code: 1, err: /can’t like it/ })
  t.match((await archipelago(env, ['boost', String(number)])).out, 'Boosted: Well?')
  t.match(await archipelago(env, ['unlike', String(number)]), { code: 1 })
})
