import { tracingChannel } from 'node:diagnostics_channel'
import t, { type Test } from 'tap'
import { publishPost } from '../src/actions/post.ts'
import { traced } from '../src/lib/trace.ts'
import { startForeign } from './helpers/foreign.ts'
import { settle, startNode } from './helpers/node.ts'

type Seen = { name: string; end: string; span: Record<string, unknown> }

/** Watches a channel as a tracing library would. */
function watch(t: Test, name: string): Seen[] {
  const seen: Seen[] = []
  const note = (end: string) => (span: object) => void seen.push({ name, end, span: { ...span } })
  const channel = tracingChannel(`archipelago:${name}`)
  const watcher = { start: note('start'), end() {}, asyncStart() {}, asyncEnd: note('end'), error: note('error') }
  channel.subscribe(watcher)
  t.teardown(() => channel.unsubscribe(watcher))
  return seen
}

t.test('inbox, fetch and delivery can be watched as spans', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const [inbox, fetches, deliveries] = [watch(t, 'inbox'), watch(t, 'fetch'), watch(t, 'delivery')]
  await foreign.send(`${oak.url}/inbox`, foreign.activity('Follow', oak.actor))
  await settle(oak)
  t.match(inbox, [
    { end: 'start', span: { path: '/inbox' } },
    { end: 'end', span: { path: '/inbox' } },
  ])
  t.match(fetches[0], { end: 'start', span: { host: foreign.host, path: '/users/mallory' } })
  t.match(deliveries, [
    { end: 'start', span: { inbox: `${foreign.me}/inbox`, attempts: 0 } },
    { end: 'end', span: { result: { kind: 'arrived' } } },
  ])

  t.test('what is refused ends in an error', async t => {
    await foreign.send(`${oak.url}/inbox`, foreign.activity('Follow', oak.actor), { sign: null })
    t.match(
      inbox.slice(2).map(({ end }) => end),
      ['start', 'error', 'end'],
    )
    t.match(inbox[3], { span: { error: { message: 'The request is not signed.' } } })
  })

  t.test('a delivery that fails says so', async t => {
    foreign.answerInbox({ status: 503 })
    publishPost(oak.ctx, 'hello')
    while ((await import('../src/federation/outbox.ts')).tellOthers(oak.federation) > 0);
    oak.delivery.deliverDue()
    await oak.delivery.idle()
    t.match(deliveries.at(-1), { end: 'end', span: { result: { kind: 'later', reason: 'answered 503' } } })
  })
})

t.test('where nobody watches, a call is just the call', async t => {
  let described = 0
  const describe = () => ({ described: ++described })
  const promise = Promise.resolve(7)
  const work = (given: Promise<number>) => given
  t.equal(traced('fetch', describe, work, promise), promise, 'not even the promise is another one')
  t.equal(described, 0)
  const seen = watch(t, 'fetch')
  t.equal(await traced('fetch', describe, work, promise), 7)
  t.equal(described, 1)
  t.equal(seen.length, 2)
  await t.rejects(
    traced('fetch', describe, () => Promise.reject(new Error('no'))),
    { message: 'no' },
  )
})
