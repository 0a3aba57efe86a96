import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { followActor } from '../src/actions/following.ts'
import { editPost, publishPost } from '../src/actions/post.ts'
import { askQuestion, publishArticle, publishEvent } from '../src/actions/post-kind.ts'
import { castVote } from '../src/actions/question.ts'
import { postById, postByIri } from '../src/db/post.ts'
import { LONGEST } from '../src/domain/post.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { clientOf } from './helpers/client.ts'
import { archipelago } from './helpers/command.ts'
import { freePort, settle, startNode } from './helpers/node.ts'
import { root } from './helpers/root.ts'

/** Fern follows oak. */
async function neighbours(t: Test) {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  return { oak, fern }
}

const PARTY = {
  title: 'Harvest',
  starts: '2027-09-04T14:00+02:00',
  ends: '2027-09-05T12:00+02:00',
  place: 'The barn',
}

t.test('an article as long as one may be is published and changed, and those who follow read the new title', async t => {
  const { oak, fern } = await neighbours(t)
  const long = 'hay '.repeat(LONGEST.Article / 4 - 100)
  const article = publishArticle(oak.ctx, { title: 'On hay', text: long })
  editPost(oak.ctx, article.id, `${long} and straw`, { title: 'On  hay and straw', warning: 'Dust' })
  await settle(oak, fern)
  t.match(postByIri(fern.ctx.db, article.iri), { name: 'On hay and straw', summary: 'Dust', content: /and straw<\/p>$/, updatedAt: Date })
  for (const edit of [{ title: ' ' }, { title: 'x'.repeat(201) }, { place: 'The barn' }])
    t.throws(() => editPost(oak.ctx, article.id, long, edit), { message: /./, reason: 'invalid' })
  t.throws(() => editPost(oak.ctx, article.id, 'x'.repeat(LONGEST.Article + 1)), { message: /100,000/, reason: 'invalid' })
  for (const text of ['word\n\n'.repeat(16_000), '- a\n'.repeat(12_000)])
    t.throws(() => editPost(oak.ctx, article.id, text), { message: /would be cut off/, reason: 'invalid' })
  t.throws(() => publishArticle(oak.ctx, { title: 'T', text: 'x'.repeat(LONGEST.Article + 1) }), { message: /./, reason: 'invalid' })
})

t.test('an event is put off and held elsewhere, also without a word about it', async t => {
  const { oak, fern } = await neighbours(t)
  const event = publishEvent(oak.ctx, PARTY)
  editPost(oak.ctx, event.id, '', { starts: '2027-09-11T14:00+02:00', ends: '2027-09-12T12:00+02:00', place: 'The field' })
  await settle(oak, fern)
  t.match(await (await oak.get(event.iri)).json(), {
    type: 'Event',
    name: 'Harvest',
    startTime: '2027-09-11T14:00:00+02:00',
    location: { name: 'The field' },
    updated: String,
  })
  t.match(postByIri(fern.ctx.db, event.iri)?.details, { startsAt: '2027-09-11T12:00:00.000Z', place: 'The field' })
  for (const edit of [{ ends: PARTY.starts }, { starts: 'soon' }, { place: '' }, { options: ['a', 'b'] }])
    t.throws(() => editPost(oak.ctx, event.id, '', edit), { message: /./, reason: 'invalid' })
  t.throws(() => editPost(oak.ctx, event.id, ''), { message: /./, reason: 'conflict' })
})

t.test('a question in other words keeps its votes; with other answers it is asked anew, everywhere', async t => {
  const { oak, fern } = await neighbours(t)
  const question = askQuestion(oak.ctx, { question: 'Which day?', options: ['Monday', 'Friday'], closes: '1h' })
  await settle(oak, fern)
  const kept = () => postByIri(fern.ctx.db, question.iri)!
  castVote(fern.ctx, kept().id, ['Friday'])
  await settle(fern, oak)

  editPost(oak.ctx, question.id, 'Which day for mowing?', { warning: 'Mowing', closes: '2h' })
  await settle(oak, fern)
  t.match(kept(), { content: /for mowing/, summary: 'Mowing', details: { voters: 1, options: [{ votes: 0 }, { votes: 1 }] } })
  t.ok(kept().details!.closesAt! > question.details!.closesAt!)
  t.throws(() => castVote(fern.ctx, kept().id, ['Monday']), { message: /./, reason: 'conflict' }, 'who has voted has voted')

  editPost(oak.ctx, question.id, 'Which day for mowing?', { options: ['Monday', 'Sunday'] })
  await settle(oak, fern)
  t.match(postById(oak.ctx.db, question.id)?.details, { voters: 0, options: [{ votes: 0 }, { name: 'Sunday', votes: 0 }] })
  t.match(kept().details, {
    voters: 0,
    options: [
      { name: 'Monday', votes: 0 },
      { name: 'Sunday', votes: 0 },
    ],
  })
  castVote(fern.ctx, kept().id, ['Sunday'])
  await settle(fern, oak)
  t.match(postById(oak.ctx.db, question.id)?.details, { voters: 1, options: [{ votes: 0 }, { name: 'Sunday', votes: 1 }] })

  for (const options of [['One'], ['One', 'one'], ['', 'One']])
    t.throws(() => editPost(oak.ctx, question.id, 'Which?', { options }), { message: /./, reason: 'invalid' })
  oak.clock.offsetMs = 3 * 3_600_000
  t.throws(() => editPost(oak.ctx, question.id, 'Which?', { options: ['A', 'B'] }), { message: /closed/, reason: 'invalid' })
  t.throws(() => editPost(oak.ctx, question.id, 'Which?', { closes: '3d' }), { message: /closed/, reason: 'invalid' })
  editPost(oak.ctx, question.id, 'Which day did we mow?')
  t.match(postById(oak.ctx.db, question.id), { source: 'Which day did we mow?', details: { voters: 1 } })
})

t.test('an app changes a poll, and reads how it stood before', async t => {
  const oak = await startNode(t)
  const me = await clientOf(oak)
  type Status = { id: string; poll: { votes_count: number; multiple: boolean; expires_at: string; options: { title: string }[] } }
  const poll = { options: ['Tea', 'Coffee'], expires_in: 3600 }
  const said = (await me.post<Status>('/api/v1/statuses', { status: 'What?', poll })).body
  const path = `/api/v1/statuses/${said.id}`
  const changed = { options: ['Tea', 'Water', 'Coffee'], multiple: true, expires_in: 7200 }
  const now = await me.put<Status>(path, { status: 'What?', poll: changed })
  t.match(now, { status: 200, body: { poll: { multiple: true, options: changed.options.map(title => ({ title })) } } })
  t.ok(now.body.poll.expires_at > said.poll.expires_at)
  const history = (await me.get<{ poll: { options: object[] } }[]>(`${path}/history`)).body
  t.match(history, [{ poll: { options: [{}, { title: 'Coffee' }] } }, { poll: { options: [{}, { title: 'Water' }, {}] } }])
  t.match(await me.put(path, { status: 'What?', poll: { options: ['Tea', 'tea'] } }), { status: 422, body: { error: /the same/ } })
  t.match(await me.put(path, { status: 'Which?' }), { status: 200, body: { poll: { options: [{}, {}, {}] } } }, 'what is not sent stays')
  oak.clock.offsetMs = 3 * 3_600_000
  t.match(await me.put(path, { status: 'Closed.', poll: { ...changed, expires_in: 300 } }), {
    status: 200,
    body: { poll: { expired: true } },
  })
  const note = publishPost(oak.ctx, 'No poll')
  const plain = (
    await me.get<Status[]>(`/api/v1/accounts/${(await me.get<{ id: string }>('/api/v1/accounts/verify_credentials')).body.id}/statuses`)
  ).body
  t.match(await me.put(`/api/v1/statuses/${plain[0]!.id}`, { status: 'A poll?', poll: changed }), { status: 422 })
  t.equal(postById(oak.ctx.db, note.id)?.source, 'No poll')
})

t.test('the command', async t => {
  const folder = t.testdir()
  const env = { DATA_DIR: folder, PORT: String(await freePort()), ALLOW_PRIVATE_ADDRESSES: 'true' }
  const charter = fileURLToPath(new URL('examples/brook-farm.json', root))
  t.equal((await archipelago(env, ['setup', '--charter', charter, '--handle', 'oak'])).code, 0)
  const json = async (...args: string[]) => JSON.parse((await archipelago(env, [...args, '--json'])).out)

  const { number: article } = await json('article', 'Just words', '--title', 'A title')
  const file = join(folder, 'hay.md')
  writeFileSync(file, `# Hay\n\n${'It is dry. '.repeat(3000)}`)
  t.match(await json('post', 'edit', String(article), file, '--title', 'On hay'), { type: 'Article', title: 'On hay', text: /It is dry/ })
  t.match(await json('post', 'edit', String(article), '--warning', 'Dust'), { title: 'On hay', warning: 'Dust', text: /It is dry/ })
  const { title, starts, ends, place } = PARTY
  const { number: event } = await json('event', '--title', title, '--starts', starts, '--ends', ends, '--place', place)
  t.match(await json('post', 'edit', String(event), '--place', 'The field'), { place: 'The field', startsAt: '2027-09-04T14:00:00+02:00' })
  const { number: question } = await json('ask', 'Well?', '--option', 'yes', '--option', 'no', '--closes', '3d')
  t.match(await json('post', 'edit', String(question), '--option', 'aye', '--option', 'nay', '--multiple'), {
    multiple: true,
    options: [{ name: 'aye', votes: 0 }, { name: 'nay' }],
  })
  t.match(await archipelago(env, ['post', 'edit', String(question), '--title', 'T']), { code: 1, err: /has no “title”/ })
  t.match(await archipelago(env, ['post', 'edit', String(question)]), { code: 1, err: /says already/ })
  t.match(await archipelago(env, ['post', 'edit', String(question), 'x', '--visibility', 'direct']), { code: 1, err: /Who may read/ })
})
