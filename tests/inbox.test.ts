import { generateKeyPairSync } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import t from 'tap'
import { foundCommunity } from '../src/actions/community.ts'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { publicActivities } from '../src/db/activity.ts'
import { actorOf } from '../src/db/actor.ts'
import { entryOf } from '../src/db/directory.ts'
import { allFollowers } from '../src/db/follower.ts'
import { postsBy } from '../src/db/post.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { tellOthers } from '../src/federation/outbox.ts'
import { aCharter } from './helpers/charters.ts'
import { type Foreign, startForeign } from './helpers/foreign.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'
import { stateHash } from './helpers/state.ts'

type Attempt = {
  name: string
  status: number | number[]
  send: (foreign: Foreign, oak: TestNode) => Promise<{ status: number; text: string }>
}

const follow = (foreign: Foreign, oak: TestNode) => foreign.activity('Follow', oak.actor)
const inbox = (oak: TestNode) => `${oak.actor}/inbox`
const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })

const refused: Attempt[] = [
  { name: 'unsigned', status: 401, send: (f, oak) => f.send(inbox(oak), follow(f, oak), { sign: null }) },
  { name: 'unsigned and no JSON at all', status: 401, send: (f, oak) => f.send(inbox(oak), 'nonsense', { sign: null }) },
  { name: 'unsigned, at the shared inbox', status: 401, send: (f, oak) => f.send(`${oak.url}/inbox`, follow(f, oak), { sign: null }) },
  {
    name: 'O-01 another actor than the one who signed',
    status: 401,
    send: (f, oak) => f.send(inbox(oak), { ...follow(f, oak), actor: `${f.origin}/users/alice` }),
  },
  {
    name: 'O-01 an actor of another server',
    status: 401,
    send: (f, oak) => f.send(inbox(oak), { ...follow(f, oak), actor: 'http://victim.test/users/alice' }),
  },
  {
    name: 'O-02 a body changed after signing',
    status: 401,
    send: (f, oak) => f.send(inbox(oak), follow(f, oak), { body: JSON.stringify(follow(f, oak)) }),
  },
  {
    name: 'O-02 a digest made anew, the signature not',
    status: 401,
    send: (f, oak) => f.send(inbox(oak), follow(f, oak), { headers: { digest: 'SHA-256=X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=' } }),
  },
  { name: 'no digest', status: 401, send: (f, oak) => f.send(inbox(oak), follow(f, oak), { headers: { digest: undefined } }) },
  {
    name: 'signed with another key than it names',
    status: 401,
    send: (f, oak) => f.send(inbox(oak), follow(f, oak), { sign: { ...f.key, privateKey: stranger.privateKey } }),
  },
  {
    name: 'O-10 a key its actor does not list',
    status: 401,
    send: (f, oak) => f.send(inbox(oak), follow(f, oak), { sign: { ...f.key, id: `${f.me}#other-key` } }),
  },
  { name: 'O-13 a key document that claims to be somebody else', status: 401, send: evilKey },
  {
    name: 'O-25 an activity id of another server',
    status: 401,
    send: (f, oak) => f.send(inbox(oak), { ...follow(f, oak), id: 'http://victim.test/1' }),
  },
  { name: 'O-25 no id', status: 400, send: (f, oak) => f.send(inbox(oak), { ...follow(f, oak), id: undefined }) },
  {
    name: 'O-26 a name that only begins like ours',
    status: 202,
    send: (f, oak) => f.send(inbox(oak), f.activity('Follow', `${oak.url}.evil.test/c/oak`)),
  },
  {
    name: 'O-31 a body over a mebibyte',
    status: 413,
    send: (f, oak) => f.send(inbox(oak), { ...follow(f, oak), content: 'x'.repeat(1_048_577) }),
  },
  {
    name: 'O-31 a body said to be compressed',
    status: 415,
    send: (f, oak) => f.send(inbox(oak), follow(f, oak), { headers: { 'content-encoding': 'gzip' } }),
  },
  {
    name: 'O-32 65 levels deep',
    status: 400,
    send: (f, oak) => f.send(inbox(oak), JSON.stringify(follow(f, oak)).replace(/}$/, `,"x":${'['.repeat(70)}${']'.repeat(70)}}`)),
  },
  {
    name: 'O-32 5,000 levels deep',
    status: 400,
    send: (f, oak) => f.send(inbox(oak), JSON.stringify(follow(f, oak)).replace(/}$/, `,"x":${'['.repeat(5000)}${']'.repeat(5000)}}`)),
  },
  {
    name: 'O-34 __proto__',
    status: 400,
    send: (f, oak) => f.send(inbox(oak), JSON.stringify(follow(f, oak)).replace(/}$/, ',"__proto__":{"polluted":true}}')),
  },
  ...['null', '[]', '"x"', '', '{', '{"a":1e999}', '\ufeff{}'].map(body => ({
    name: `O-36 ${JSON.stringify(body)}`,
    status: 400,
    send: (f: Foreign, oak: TestNode) => f.send(inbox(oak), body),
  })),
  {
    name: 'O-49 a context that renames the actor',
    status: 400,
    send: (f, oak) =>
      f.send(inbox(oak), {
        ...follow(f, oak),
        '@context': [
          'https://www.w3.org/ns/activitystreams',
          { actor: { '@id': 'as:summary' }, evil: { '@id': 'as:actor', '@type': '@id' } },
        ],
        evil: 'http://victim.test/b',
      }),
  },
  { name: 'O-47 a graph', status: 400, send: (f, oak) => f.send(inbox(oak), { ...follow(f, oak), '@graph': [] }) },
  {
    name: 'another kind of content',
    status: 415,
    send: (f, oak) => f.send(inbox(oak), follow(f, oak), { headers: { 'content-type': 'text/plain' } }),
  },
  {
    name: 'plain JSON',
    status: 415,
    send: (f, oak) => f.send(inbox(oak), follow(f, oak), { headers: { 'content-type': 'application/json' } }),
  },
  { name: 'an inbox nobody has', status: 404, send: (f, oak) => f.send(`${oak.url}/c/nobody/inbox`, follow(f, oak)) },
  { name: 'a type nobody knows', status: 202, send: (f, oak) => f.send(inbox(oak), f.activity('Wave', oak.actor)) },
  {
    name: 'O-20 an Update of our own actor',
    status: 202,
    send: (f, oak) =>
      f.send(
        inbox(oak),
        f.activity('Update', {
          id: oak.actor,
          type: 'Organization',
          attributedTo: f.me,
          preferredUsername: 'oak',
          inbox: `${f.origin}/inbox`,
        }),
      ),
  },
  {
    name: 'O-19 an Update of somebody else',
    status: 202,
    send: (f, oak) => f.send(inbox(oak), f.activity('Update', { ...f.actor('alice'), id: `${f.origin}/users/alice` })),
  },
  {
    name: 'O-17 a Create that plants an actor',
    status: 202,
    send: (f, oak) => f.send(inbox(oak), f.activity('Create', { ...f.actor('alice'), attributedTo: f.me })),
  },
  { name: 'O-21 a Delete of our own actor', status: 202, send: (f, oak) => f.send(inbox(oak), f.activity('Delete', oak.actor)) },
  {
    name: 'O-27 an Add to our pinned notes',
    status: 202,
    send: (f, oak) => f.send(inbox(oak), f.activity('Add', f.note('mine'), { target: `${oak.actor}/featured` })),
  },
]

async function evilKey(foreign: Foreign, oak: TestNode) {
  const victim = `${oak.actor}`
  foreign.serve('/k', {
    body: {
      ...foreign.actor('mallory'),
      id: victim,
      publicKey: { id: `${foreign.origin}/k`, owner: victim, publicKeyPem: stranger.publicKey.export({ type: 'spki', format: 'pem' }) },
    },
  })
  return foreign.send(
    inbox(oak),
    { ...follow(foreign, oak), actor: victim },
    { sign: { ...foreign.key, id: `${foreign.origin}/k`, privateKey: stranger.privateKey } },
  )
}

t.test('what changes nothing', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  // Known beforehand, so that a state which stays the same means something.
  await foreign.send(inbox(oak), foreign.activity('Wave', oak.actor))
  await settle(oak)
  for (const { name, status, send } of refused) {
    const before = stateHash(oak.ctx.db)
    const answer = await send(foreign, oak)
    t.ok([status].flat().includes(answer.status), `${name}: ${status}`, { answer })
    await settle(oak)
    t.equal(stateHash(oak.ctx.db), before, `${name}: nothing has changed`)
  }
  t.equal(({} as { polluted?: boolean }).polluted, undefined)
  t.equal((await foreign.send(inbox(oak), follow(foreign, oak))).status, 202, 'and the node still listens')
  t.equal(allFollowers(oak.ctx.db).length, 1)
})

t.test('dates: 65 minutes back and 60 ahead (O-06)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  for (const [minutes, status] of [
    [-66, 401],
    [-64, 202],
    [59, 202],
    [61, 401],
  ] as const) {
    oak.clock.offsetMs = -minutes * 60_000
    t.equal((await foreign.send(inbox(oak), foreign.activity('Wave', oak.actor))).status, status, `${minutes} min`)
  }
})

t.test('a key that was changed is fetched anew, but not again and again (O-09)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  t.equal((await foreign.send(inbox(oak), follow(foreign, oak))).status, 202)
  foreign.serve('/users/mallory', { body: foreign.actor('mallory', stranger.publicKey) })
  const renewed = { ...foreign.key, privateKey: stranger.privateKey }
  t.equal((await foreign.send(inbox(oak), foreign.activity('Wave', 1), { sign: renewed })).status, 202, 'asked once more on a failure')
  foreign.serve('/users/mallory', { body: foreign.actor('mallory') })
  const asked = foreign.asked.length
  for (let i = 0; i < 5; i++) t.equal((await foreign.send(inbox(oak), foreign.activity('Wave', 1))).status, 401)
  t.equal(foreign.asked.length, asked, 'but not again within five minutes')
  oak.clock.offsetMs = 6 * 60_000
  t.equal((await foreign.send(inbox(oak), foreign.activity('Wave', 1))).status, 202)
  t.equal(
    (await foreign.send(inbox(oak), foreign.activity('Wave', 1), { sign: renewed })).status,
    401,
    'the other key is worth nothing now',
  )
})

t.test('a server in secure mode whose keys stand at addresses of their own', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const id = `${foreign.origin}/users/gts`
  const publicKey = { ...(foreign.actor('gts').publicKey as object), id: `${id}/main-key`, owner: id }
  const full: Record<string, unknown> = { ...foreign.actor('gts'), publicKey }
  const signed = (body: unknown) => (headers: IncomingHttpHeaders) => (headers.signature ? { body } : { status: 401 })
  foreign.serve('/users/gts', signed(full))
  foreign.serve('/users/gts/main-key', signed({ '@context': full['@context'], id, type: 'Person', preferredUsername: 'gts', publicKey }))
  const follow = { ...foreign.activity('Follow', oak.actor), actor: id }
  t.equal((await foreign.send(inbox(oak), follow, { sign: { ...foreign.key, id: `${id}/main-key` } })).status, 202)
  t.match(allFollowers(oak.ctx.db), [{ actor: id }])
})

t.test('goodbyes of people we never knew', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const ghost = `${foreign.origin}/users/ghost`
  const goodbye = { ...foreign.activity('Delete', ghost), actor: ghost }
  t.equal((await foreign.send(inbox(oak), goodbye, { sign: { ...foreign.key, id: `${ghost}#main-key` } })).status, 202)
  t.same(foreign.asked, [], 'cost no request')
  t.equal(actorOf(oak.ctx.db, ghost), undefined)
})

t.test('a node without a community', async t => {
  const empty = await startNode(t, { founded: false })
  const foreign = await startForeign(t)
  t.equal((await foreign.send(`${empty.url}/inbox`, foreign.activity('Follow', `${empty.url}/c/oak`))).status, 202)
  t.same(allFollowers(empty.ctx.db), [])
  foundCommunity(empty.ctx, aCharter({ name: 'Oak' }), 'oak')
  t.equal((await empty.get('/c/oak')).status, 200)
})

t.test('a stranger’s charter enters only by being wanted', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern', charter: { name: 'Fern' } })
  t.equal(entryOf(oak.ctx.db, fern.actor), undefined)
  t.same(postsBy(oak.ctx.db, fern.actor, { limit: 1 }), [])
})

t.test('an activity that was passed on is believed by its own proof (FEP-8b32)', async t => {
  const oak = await startNode(t, { handle: 'oak', charter: { name: 'Oak' } })
  const fern = await startNode(t, { handle: 'fern' })
  const relay = await startForeign(t)
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  publishPost(oak.ctx, 'Passed on by others')
  tellOthers(oak.federation)
  const { body } = publicActivities(oak.ctx.db, oak.actor, 1)[0]!
  const said = JSON.parse(body)
  t.match(said.proof, { type: 'DataIntegrityProof', cryptosuite: 'eddsa-jcs-2022', verificationMethod: `${oak.actor}#ed25519-key` })

  const post = (document: object) => relay.send(`${fern.url}/inbox`, document as Record<string, unknown>)
  const words = () => postsBy(fern.ctx.db, oak.actor, { limit: 9 }).map(({ content }) => content)
  const { proof, ...bare } = said
  t.equal((await post(bare)).status, 401, 'without a proof it is nobody’s')
  t.equal((await post({ ...said, object: { ...said.object, content: 'Changed on the way' } })).status, 401)
  t.equal(
    (await post({ ...said, proof: { ...proof, verificationMethod: `${relay.me}#main-key` } })).status,
    401,
    'nor by the key of somebody else (O-51)',
  )
  t.equal((await post({ ...said, actor: relay.me })).status, 401)
  t.same(words(), [])
  t.equal(
    (await post({ ...said, '@context': [...said['@context'], { extra: 'https://evil.test/#x' }], signature: { type: 'RsaSignature2017' } }))
      .status,
    202,
  )
  t.same(words(), ['<p>Passed on by others</p>'])
  await settle(oak, fern)
  t.equal(words().length, 1, 'and then it does not count a second time')
})

t.test('nobody can shut out a whole server by naming a key that may not be fetched', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  for (const keyId of [`http://u:p@${foreign.host}/users/x`, `${foreign.origin}/redirect`]) {
    foreign.serve('/redirect', { status: 302, headers: { location: 'ftp://elsewhere.test/' } })
    const actor = `${foreign.origin}/users/x`
    const sign = { ...foreign.key, id: keyId }
    t.equal((await foreign.send(inbox(oak), { ...follow(foreign, oak), actor }, { sign })).status, 401)
  }
  t.equal((await foreign.send(inbox(oak), follow(foreign, oak))).status, 202, 'an honest newcomer of that server is heard at once')
})
