import t from 'tap'
import { followActor } from '../src/actions/following.ts'
import { askQuestion } from '../src/actions/post-kind.ts'
import { castVote, tallyQuestions } from '../src/actions/question.ts'
import { allFollowing } from '../src/db/following.ts'
import { postById, postByIri } from '../src/db/post.ts'
import { PUBLIC } from '../src/federation/context.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { type Foreign, startForeign } from './helpers/foreign.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'
import { stateHash } from './helpers/state.ts'

const MINUTE = 60_000
const VOTES = { '@context': ['https://www.w3.org/ns/activitystreams', { votersCount: 'http://joinmastodon.org/ns#votersCount' }] }

const ask = (node: TestNode, more: Partial<Parameters<typeof askQuestion>[1]> = {}) =>
  askQuestion(node.ctx, { question: 'Which day shall we **mow**?', options: ['Monday', 'Salt & <3'], closes: '1h', ...more })
const counts = (node: TestNode, id: number) => postById(node.ctx.db, id)!.details!.options!.map(option => option.votes)

function vote(foreign: Foreign, node: TestNode, question: string, name: string, more: Record<string, unknown> = {}) {
  const note = { id: foreign.newId(), type: 'Note', attributedTo: foreign.me, name, inReplyTo: question, to: [node.actor], ...more }
  return foreign.send(`${node.url}/inbox`, foreign.activity('Create', note, { to: [node.actor] }))
}

t.test('two communities: a question is asked, voted on, counted and closed', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  const question = ask(oak)
  t.match(await (await oak.get(question.iri)).json(), {
    type: 'Question',
    content: /<strong>mow/,
    oneOf: [
      { type: 'Note', name: 'Monday', replies: { type: 'Collection', totalItems: 0 } },
      { type: 'Note', name: 'Salt & <3' },
    ],
    endTime: question.details!.closesAt,
    votersCount: 0,
    proof: { type: 'DataIntegrityProof' },
  })
  await settle(oak, fern)
  const kept = () => postByIri(fern.ctx.db, question.iri)!
  t.match(kept(), {
    type: 'Question',
    details: { multiple: false, closesAt: question.details!.closesAt, options: [{ name: 'Monday' }, { name: 'Salt & <3' }] },
  })

  castVote(fern.ctx, kept().id, ['2'])
  t.throws(() => castVote(fern.ctx, kept().id, ['Monday']), { message: /./, reason: 'conflict' })
  await settle(fern, oak)
  t.same(counts(oak, question.id), [0, 1])
  t.match(
    kept(),
    { updatedAt: null, details: { voters: 1, options: [{ votes: 0 }, { votes: 1 }] } },
    'those who follow hear of it, and not as an edit',
  )
  const outbox = await (await oak.get(`${oak.actor}/outbox?page=true`)).text()
  t.notMatch(outbox, 'votersCount":1', 'counts do not fill the outbox')
  t.notMatch(await (await fern.get(`${fern.actor}/outbox?page=true`)).text(), 'Salt', 'a vote is secret')

  const page = await (await oak.get(question.iri, 'text/html')).text()
  t.match(page, /Salt &amp; &lt;3.*1 vote, 100 %.*<meter.*1 person has voted/s)

  oak.clock.offsetMs = fern.clock.offsetMs = 61 * MINUTE
  await settle(oak, fern)
  t.match(await (await oak.get(question.iri)).json(), { closed: question.details!.closesAt })
  t.match(kept().details, { closedAt: question.details!.closesAt })
  t.match(await (await oak.get(question.iri, 'text/html')).text(), 'The question is closed.')
  t.throws(() => castVote(fern.ctx, kept().id, ['1']), { message: /./, reason: 'conflict' })
  t.equal(tallyQuestions(oak.ctx), 0, 'it is closed once')
})

t.test('votes of strangers', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const one = ask(oak)
  const many = ask(oak, { options: ['a', 'b', 'c'], multiple: true })

  await t.test('one choice, one vote', async t => {
    await vote(foreign, oak, one.iri, 'Monday')
    t.same(counts(oak, one.id), [1, 0])
    for (const name of ['Monday', 'Salt & <3']) await vote(foreign, oak, one.iri, name)
    t.same(counts(oak, one.id), [1, 0])
  })
  await t.test('several choices, one vote each, also in one activity', async t => {
    await vote(foreign, oak, many.iri, 'a')
    await vote(foreign, oak, many.iri, 'a')
    const notes = ['b', 'c', 'd'].map(name => ({
      id: foreign.newId(),
      type: 'Note',
      attributedTo: foreign.me,
      name,
      inReplyTo: many.iri,
    }))
    await foreign.send(`${oak.url}/inbox`, foreign.activity('Create', notes))
    t.same(counts(oak, many.id), [1, 1, 1])
    t.equal(postById(oak.ctx.db, many.id)!.details!.voters, 1)
  })
  await t.test('what is no vote changes nothing', async t => {
    const before = stateHash(oak.ctx.db)
    const fresh = ask(oak)
    const asked = stateHash(oak.ctx.db)
    t.not(asked, before)
    for (const [name, more] of [
      ['Friday', {}],
      ['monday', {}],
      ['1', {}],
      ['Monday', { attributedTo: `${foreign.origin}/users/somebody` }],
      ['Monday', { inReplyTo: `${fresh.iri}x` }],
      ['__proto__', {}],
      ['x'.repeat(4000), {}],
    ] as const)
      t.equal((await vote(foreign, oak, fresh.iri, name, more)).status, 202)
    t.equal(stateHash(oak.ctx.db), asked)
    t.same(counts(oak, fresh.id), [0, 0])
  })
  await t.test('a vote after the end does not count, even before the node has said that it is closed', async t => {
    const late = ask(oak, { closes: '5m' })
    oak.clock.offsetMs = 5 * MINUTE
    await vote(foreign, oak, late.iri, 'Monday')
    t.same(counts(oak, late.id), [0, 0])
  })
  await t.test('of an actor that deletes itself nothing is counted', async t => {
    await foreign.send(`${oak.url}/inbox`, foreign.activity('Delete', foreign.me))
    t.same(counts(oak, one.id), [0, 0])
    t.match(postById(oak.ctx.db, many.id)!.details, { voters: 0, options: [{ votes: 0 }, { votes: 0 }, { votes: 0 }] })
  })
})

t.test('followers hear of new votes at most once a minute, and of the last ones', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  await foreign.send(`${oak.url}/inbox`, foreign.activity('Follow', oak.actor))
  const question = ask(oak, { options: ['a', 'b', 'c', 'd'], multiple: true })
  await settle(oak)
  const told = () =>
    foreign.inbox
      .filter(({ type }) => type === 'Update')
      .map(({ object }) => (object as { anyOf: { replies: { totalItems: number } }[] }).anyOf.map(one => one.replies.totalItems).join(''))
  await vote(foreign, oak, question.iri, 'a')
  await settle(oak)
  await vote(foreign, oak, question.iri, 'b')
  await settle(oak)
  await vote(foreign, oak, question.iri, 'c')
  await settle(oak)
  t.same(told(), ['1000'])
  oak.clock.offsetMs = MINUTE + 1000
  await settle(oak)
  t.same(told(), ['1000', '1110'])
  oak.clock.offsetMs = 2 * MINUTE + 2000
  await settle(oak)
  t.same(told(), ['1000', '1110'], 'silent while nothing changes')
  oak.clock.offsetMs = 60 * MINUTE
  await settle(oak)
  t.same(told(), ['1000', '1110', '1110'])
  t.match(foreign.inbox.at(-1), { type: 'Update', object: { type: 'Question', closed: question.details!.closesAt, votersCount: 1 } })
})

t.test('questions of others', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  followActor(oak.ctx, (await lookUp(oak.federation, foreign.me)).id)
  await settle(oak)
  await foreign.send(`${oak.url}/inbox`, foreign.activity('Accept', allFollowing(oak.ctx.db)[0] && foreign.inbox[0]!.id))
  const option = (name: unknown, totalItems: unknown) => ({ type: 'Note', name, replies: { type: 'Collection', totalItems } })
  const iri = `${foreign.origin}/questions/1`
  const question = (more: Record<string, unknown> = {}) => ({
    id: iri,
    type: 'Question',
    attributedTo: foreign.me,
    content: '<p>Tea?</p>',
    to: [PUBLIC],
    endTime: new Date(Date.now() + 60 * MINUTE).toISOString(),
    anyOf: [option('Green', 3), option('Black', 4)],
    votersCount: 5,
    ...more,
  })
  const tell = (type: string, object: unknown) => foreign.send(`${oak.url}/inbox`, foreign.activity(type, object, VOTES))
  const kept = () => postByIri(oak.ctx.db, iri)!

  await tell('Create', question())
  t.match(kept(), {
    type: 'Question',
    details: {
      multiple: true,
      voters: 5,
      options: [
        { name: 'Green', votes: 3 },
        { name: 'Black', votes: 4 },
      ],
    },
  })
  await tell('Update', question({ anyOf: [option('Green', 30), option('Black', 40)] }))
  t.match(kept(), { updatedAt: null, details: { options: [{ votes: 30 }, { votes: 40 }] } })

  await t.test('absurd counts are none', async t => {
    for (const n of [-1, 1e18, '12', 1.5, true, null, { totalItems: 3 }, [[]]]) {
      await tell('Update', question({ anyOf: [option('Green', n), option('Black', 1)], votersCount: n }))
      t.same(
        kept().details!.options,
        [
          { name: 'Green', votes: 0 },
          { name: 'Black', votes: 1 },
        ],
        JSON.stringify(n),
      )
    }
  })
  await t.test('options that are none are left out', async t => {
    await tell(
      'Update',
      question({ anyOf: [option('A', 1), option('A', 9), option(7, 1), option('', 1), 'x', option('y'.repeat(600), 1), option('B', 2)] }),
    )
    t.same(kept().details!.options, [
      { name: 'A', votes: 1 },
      { name: 'B', votes: 2 },
    ])
  })
  await t.test('somebody else can’t change them', async t => {
    const other = await startForeign(t, { who: 'eve' })
    const before = JSON.stringify(kept())
    for (const attributedTo of [foreign.me, other.me])
      t.equal(
        (await other.send(`${oak.url}/inbox`, other.activity('Update', question({ attributedTo, anyOf: [option('A', 99)] })))).status,
        202,
      )
    t.equal(JSON.stringify(kept()), before)
  })
  await t.test('the community votes, for the author alone', async t => {
    await tell('Update', question())
    t.throws(() => castVote(oak.ctx, kept().id, ['Coffee']), { reason: 'invalid', message: /1 Green, 2 Black/ })
    t.same(castVote(oak.ctx, kept().id, ['Black', '1']).options, ['Green', 'Black'])
    await settle(oak)
    const votes = foreign.inbox.filter(({ type }) => type === 'Create')
    t.match(votes, [
      { object: { type: 'Note', name: 'Green', inReplyTo: iri, attributedTo: oak.actor, to: [foreign.me] } },
      { object: { name: 'Black' } },
    ])
    t.notOk('content' in (votes[0]!.object as object))
    t.notMatch(JSON.stringify(votes), PUBLIC)
  })
})
