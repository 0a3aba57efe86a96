import { generateKeyPairSync } from 'node:crypto'
import { Agent } from 'node:http'
import t, { type Test } from 'tap'
import { followActor, followAnswered } from '../../src/actions/following.ts'
import { hearActor } from '../../src/actions/neighbour.ts'
import { createPace, PACE, TooOften } from '../../src/federation/pace.ts'
import { exportKey } from '../../src/federation/signatures.ts'
import { startNode, type TestNode } from '../helpers/node.ts'
import { type Answered, post } from './signing.ts'

// Quick to sign with: there is much to sign.
const pair = generateKeyPairSync('ed25519')
const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public'
const SECONDS = 60
/** As long as that the others send: for eight seconds after the loud one had its share. */
const CALM_SECONDS = 20

t.test('O-91: an actor that sends 50 activities a second is told to wait, and 200 others notice nothing', { timeout: 180_000 }, async t => {
  const node = await startNode(t)
  const send = senderTo(t, node)
  const loud = meet(node, 'loud.example')
  const others = Array.from({ length: 200 }, (_, n) => meet(node, `calm-${n}.example`))
  const [fromLoud, fromOthers]: [Answered[], Answered[]] = [[], []]
  const since = Date.now()
  for (let second = 0; second < SECONDS; second++) {
    // However long this machine takes for what is a second of theirs.
    node.clock.offsetMs = since + second * 900 - Date.now()
    const calm = second < CALM_SECONDS ? Promise.all(others.map(send)) : []
    fromLoud.push(...(await Promise.all(Array.from({ length: 50 }, () => send(loud)))))
    fromOthers.push(...(await calm))
  }
  t.same(new Set(fromOthers.map(({ status }) => status)), new Set([202]), 'nobody else is slowed down')
  const taken = fromLoud.filter(({ status }) => status === 202)
  const late = fromLoud.filter(({ status }) => status === 429)
  t.equal(taken.length, PACE.stranger)
  t.equal(late.length, 50 * SECONDS - PACE.stranger, 'all the rest is put off, and nothing else happens to it')
  t.equal(late[0]!.headers['retry-after'], '60')
  t.match(late[0]!.text, `${loud.id} sends too much. Send the rest later.`)
  t.equal(postsOf(node, loud), taken.length, 'what was acknowledged is here, once')
  const counted = node.federation.counters.all().find(({ as }) => as === 'too-often')
  t.match(counted, { of: 'refused', value: late.length })

  node.clock.offsetMs += PACE.withinMs
  t.equal((await send(loud)).status, 202, 'a minute later it is heard again')
  t.equal(postsOf(node, loud), taken.length + 1)
})

t.test(
  'O-91: one of a server the community has chosen to hear from may send ten times as much, and no server more than its share',
  async t => {
    const node = await startNode(t)
    const [chosen, asked] = [meet(node, 'chosen.example'), meet(node, 'asked.example')]
    followAnswered(node.ctx, chosen.id, followActor(node.ctx, chosen.id).followId, 'accepted')
    followActor(node.ctx, asked.id)
    const keepPace = createPace(node.federation)
    const mostOf = (actor: string) => {
      for (let sent = 0; sent < 2 * PACE.chosen; sent++)
        try {
          keepPace(actor)
        } catch (error) {
          t.type(error, TooOften)
          return sent
        }
      return undefined
    }
    t.equal(mostOf(chosen.id), PACE.chosen)
    t.equal(mostOf('https://chosen.example/users/another'), PACE.chosen, 'each by itself')
    t.equal(mostOf(asked.id), PACE.stranger, 'who has not agreed yet is a stranger')
    t.equal(mostOf('https://chosen.example.org/users/ann'), PACE.stranger, 'and so is a name that only begins alike')
    const crowd = Array.from({ length: PACE.server / PACE.stranger }, (_, n) => `https://crowd.example/users/${n}`)
    t.same(new Set(crowd.map(mostOf)), new Set([PACE.stranger]))
    t.equal(mostOf('https://crowd.example/users/one-more'), 0, 'a server has its own measure')
    node.clock.offsetMs += PACE.withinMs
    t.equal(mostOf(chosen.id), PACE.chosen)
  },
)

/** An actor of that server, known here already, so that nothing has to be fetched. */
function meet({ ctx }: TestNode, host: string) {
  const id = `https://${host}/users/ann`
  const key = { id: `${id}#main-key`, algorithm: 'ed25519', privateKey: pair.privateKey } as const
  hearActor(ctx, {
    actor: {
      ...{ id, type: 'Person', handle: 'ann', host, name: 'Ann', summary: '', url: id, inbox: `${id}/inbox`, fetchedAt: ctx.now() },
      ...{ sharedInbox: null, outbox: null, followers: null, featured: null, icon: null, charter: null, goneAt: null },
    },
    keys: [{ id: key.id, actor: id, algorithm: 'ed25519', publicKey: exportKey(pair.publicKey) }],
  })
  return { id, key }
}

/** Sends another note that speaks to the community. */
function senderTo(t: Test, node: TestNode) {
  const agent = new Agent({ keepAlive: true, maxSockets: 20 })
  t.teardown(() => agent.destroy())
  let count = 0
  return ({ id, key }: ReturnType<typeof meet>) => {
    const number = ++count
    const note = { id: `${id}/notes/${number}`, type: 'Note', attributedTo: id, content: 'Hello', to: [PUBLIC], cc: [node.actor] }
    const object = { ...note, tag: [{ type: 'Mention', href: node.actor }] }
    const create = { '@context': 'https://www.w3.org/ns/activitystreams', id: `${id}/${number}`, type: 'Create', actor: id, object }
    return post(`${node.url}/inbox`, create, { key, kind: 'rfc9421', at: node.ctx.now(), agent })
  }
}

const postsOf = ({ ctx }: TestNode, { id }: { id: string }) =>
  ctx.db.$client.prepare('select count(*) from posts where author = ?').pluck().get(id) as number
