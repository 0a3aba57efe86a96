import t from 'tap'
import { blockActor, blockDomain } from '../src/actions/block.ts'
import { publishPost, withdrawPost } from '../src/actions/post.ts'
import { answerQuote, changeQuotePolicy, revokeAgreement } from '../src/actions/quote.ts'
import { transact } from '../src/db/open.ts'
import { addPost } from '../src/db/post.ts'
import { standingQuotes } from '../src/db/quote.ts'
import { PLAIN } from '../src/domain/post.ts'
import { archipelago } from './helpers/command.ts'
import { type Foreign, startForeign } from './helpers/foreign.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'

const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public'
// As Mastodon 4.5 sends it: context, and the quoting post shown.
const CONTEXT = [
  'https://www.w3.org/ns/activitystreams',
  {
    QuoteRequest: 'https://w3id.org/fep/044f#QuoteRequest',
    quote: { '@id': 'https://w3id.org/fep/044f#quote', '@type': '@id' },
  },
]

/** Asks for a quote, and returns what the node answers. */
async function ask(oak: TestNode, foreign: Foreign, post: string, quoting: string, more: Record<string, unknown> = {}) {
  const before = foreign.inbox.length
  const instrument = { id: quoting, type: 'Note', attributedTo: foreign.me, content: 'look', quote: post, to: [PUBLIC], ...more }
  const request = foreign.activity('QuoteRequest', post, { '@context': CONTEXT, instrument })
  const { status } = await foreign.send(`${oak.url}/inbox`, request)
  await settle(oak)
  return { status, request, answers: foreign.inbox.slice(before) }
}

t.test('who may quote is said on the post, and who asks gets an agreement that can be looked up', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const { iri } = publishPost(oak.ctx, 'hello')
  t.same((await (await oak.get(iri)).json()).interactionPolicy, { canQuote: { automaticApproval: [PUBLIC] } })

  const quoting = `${foreign.origin}/notes/q1`
  const { request, answers } = await ask(oak, foreign, iri, quoting)
  t.match(answers, [
    {
      type: 'Accept',
      actor: oak.actor,
      to: [foreign.me],
      object: { id: request.id, type: 'QuoteRequest', actor: foreign.me, object: iri, instrument: quoting },
      result: /^http.*\/q\/\w+$/,
    },
  ])
  const stamp = String(answers[0]!.result)
  const response = await oak.get(stamp)
  t.match(response.headers.get('content-type'), /^application\/activity\+json/)
  t.match(await response.json(), {
    id: stamp,
    type: 'QuoteAuthorization',
    attributedTo: oak.actor,
    interactingObject: quoting,
    interactionTarget: iri,
    proof: { type: 'DataIntegrityProof' },
  })

  t.test('asking again gets the same', async t => {
    t.match((await ask(oak, foreign, iri, quoting)).answers, [{ type: 'Accept', result: stamp }])
    t.equal(standingQuotes(oak.ctx.db).length, 1)
  })

  t.test('what is revoked is gone, is told, and is not agreed to again', async t => {
    const before = foreign.inbox.length
    revokeAgreement(oak.ctx, '1')
    await settle(oak)
    t.match(foreign.inbox.slice(before), [{ type: 'Delete', actor: oak.actor, object: stamp, to: [PUBLIC] }])
    t.equal((await oak.get(stamp)).status, 410)
    t.match((await ask(oak, foreign, iri, quoting)).answers, [{ type: 'Reject' }])
    t.throws(() => revokeAgreement(oak.ctx, stamp), { name: 'Refusal', reason: 'conflict' })
    t.throws(() => revokeAgreement(oak.ctx, '99'), { name: 'Refusal', reason: 'missing' })
    t.same(standingQuotes(oak.ctx.db), [])
  })

  t.test('with the post its agreements go', async t => {
    const { answers } = await ask(oak, foreign, iri, `${foreign.origin}/notes/q2`)
    withdrawPost(oak.ctx, 1)
    t.equal((await oak.get(String(answers[0]!.result))).status, 410)
    t.equal((await oak.get('/q/nothing')).status, 404)
  })
})

t.test('the steward says who may', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const { iri } = publishPost(oak.ctx, 'hello')
  const policy = async () => (await (await oak.get(iri)).json()).interactionPolicy.canQuote.automaticApproval
  changeQuotePolicy(oak.ctx, 'followers')
  t.same(await policy(), [`${oak.actor}/followers`])
  const answer = async (name: string) => (await ask(oak, foreign, iri, `${foreign.origin}/notes/${name}`)).answers.at(-1)
  t.match(await answer('a'), { type: 'Reject', object: { instrument: `${foreign.origin}/notes/a` } })
  t.notOk((await answer('a'))?.result)
  await foreign.send(`${oak.url}/inbox`, foreign.activity('Follow', oak.actor))
  await settle(oak)
  t.match(await answer('a'), { type: 'Accept' })
  changeQuotePolicy(oak.ctx, 'nobody')
  t.same(await policy(), [oak.actor])
  t.match(await answer('b'), { type: 'Reject' })
})

t.test('requests that are nobody’s to make, or about nothing, are not answered', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const { iri } = publishPost(oak.ctx, 'hello')
  for (const [post, quoting, more] of [
    [iri, 'https://elsewhere.example/notes/1', {}],
    [iri, `${foreign.origin}/notes/1`, { attributedTo: `${foreign.origin}/users/other` }],
    [`${oak.url}/o/nothing`, `${foreign.origin}/notes/1`, {}],
    [oak.actor, `${foreign.origin}/notes/1`, {}],
  ] as const) {
    const { status, answers } = await ask(oak, foreign, post, quoting, more)
    t.equal(status, 202)
    t.same(answers, [])
  }
  t.same(standingQuotes(oak.ctx.db), [])
})

t.test('what is not for everybody, and whoever is not welcome, gets no agreement', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t, { name: '127.0.0.1' })
  const { iri, ...post } = publishPost(oak.ctx, 'hello')
  for (const visibility of ['followers', 'direct', 'unlisted'] as const) {
    const hidden = `${oak.url}/o/${visibility}`
    transact(oak.ctx.db, tx => addPost(tx, { ...PLAIN, ...post, pinnedAt: null, iri: hidden, visibility }))
    const { answers } = await ask(oak, foreign, hidden, `${foreign.origin}/notes/${visibility}`)
    t.match(answers, [{ type: visibility === 'unlisted' ? 'Accept' : 'Reject' }], visibility)
  }
  blockDomain(oak.ctx, foreign.origin, 'limit')
  t.match((await ask(oak, foreign, iri, `${foreign.origin}/notes/1`)).answers, [{ type: 'Reject' }], 'a limited server')
  blockActor(oak.ctx, foreign.me)
  const said = { request: foreign.newId(), post: iri, quoting: `${foreign.origin}/notes/2` }
  t.equal((await ask(oak, foreign, iri, said.quoting)).status, 403, 'a blocked actor')
  answerQuote(oak.ctx, foreign.me, said)
  t.equal(standingQuotes(oak.ctx.db).length, 0)
})

t.test('on the command line', async t => {
  const dir = t.testdir()
  const env = { DATA_DIR: dir, PORT: '3999', LOG_LEVEL: 'silent' }
  const setup = await archipelago(env, ['setup', '--charter', 'examples/brook-farm.json'])
  t.equal(setup.code, 0, setup.err)
  t.match(JSON.parse((await archipelago(env, ['settings', '--json'])).out), { quotes: 'everyone' })
  t.match(JSON.parse((await archipelago(env, ['settings', '--quotes', 'nobody', '--json'])).out), { quotes: 'nobody' })
  t.match(await archipelago(env, ['settings', '--quotes', 'all']), { code: 2 })
  t.match(await archipelago(env, ['quotes']), { code: 0, out: '', err: /Nobody quotes/ })
  t.match(await archipelago(env, ['quotes', 'revoke', '1']), { code: 1, err: /There is no quote 1/ })
})
