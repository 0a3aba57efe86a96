import { createHash } from 'node:crypto'
import t from 'tap'
import { followActor, unfollowActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { saveFollower } from '../src/db/follower.ts'
import { allFollowing } from '../src/db/following.ts'
import { transact } from '../src/db/open.ts'
import { createSyncHeaders, followersDigest } from '../src/federation/followers-sync.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { signCavage, signRfc9421 } from '../src/federation/signatures.ts'
import { type Foreign, startForeign } from './helpers/foreign.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'

const NAME = 'collection-synchronization'
const sha = (text: string) => createHash('sha256').update(text).digest('hex')
const NONE = '0'.repeat(64)

t.test('a post to the followers says in a signed header who they are, each server its own', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  let headers: Record<string, unknown> = {}
  foreign.answerInbox(given => {
    headers = given
    return { status: 202 }
  })
  await foreign.send(`${oak.url}/inbox`, foreign.activity('Follow', oak.actor))
  await settle(oak)
  t.notOk(headers[NAME], 'an answer to one actor says nothing of the others')
  publishPost(oak.ctx, 'hello')
  await settle(oak)
  t.equal(headers[NAME], `collectionId="${oak.actor}/followers", url="${oak.actor}/followers_synchronization", digest="${sha(foreign.me)}"`)
  t.match(headers.signature, /headers="[^"]*collection-synchronization"/)

  const url = new URL(`${oak.actor}/followers_synchronization`)
  t.equal((await oak.get(url.pathname)).status, 401, 'not signed')
  for (const signer of [signCavage, signRfc9421]) {
    const { host: _, ...signed } = await signer({ method: 'GET', url }, foreign.key, new Date())
    const response = await fetch(url, { headers: { ...signed, accept: 'application/activity+json' } })
    t.match(await response.json(), { id: url.href, type: 'OrderedCollection', orderedItems: [foreign.me], totalItems: 1 })
    t.match(response.headers.get('cache-control'), /no-store/)
  }

  t.test('only of the server that asks', async t => {
    const other = await startForeign(t, { name: '127.0.0.1' })
    const { host: _, ...signed } = await signCavage({ method: 'GET', url }, other.key, new Date())
    t.same((await (await fetch(url, { headers: signed })).json()).orderedItems, [])
  })
})

t.test('digests follow who comes and goes, and stop where there are too many', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const inbox = new URL(`${foreign.origin}/inbox`)
  const header = createSyncHeaders(oak.ctx.db)
  t.equal(header(oak.actor, inbox), undefined, 'nobody follows from there')
  const follow = foreign.activity('Follow', oak.actor)
  await foreign.send(`${oak.url}/inbox`, follow)
  t.match(header(oak.actor, inbox), `digest="${sha(foreign.me)}"`)
  t.equal(header(oak.actor, new URL('http://localhost:1/inbox')), undefined, 'another port is another server')
  await foreign.send(`${oak.url}/inbox`, foreign.activity('Undo', follow))
  t.equal(header(oak.actor, inbox), undefined)

  const since = new Date()
  transact(oak.ctx.db, tx => {
    for (let n = 0; n < 25_000; n++) saveFollower(tx, { actor: `https://big.example/${n}`, followId: '', state: 'accepted', since })
  })
  await foreign.send(`${oak.url}/inbox`, foreign.activity('Follow', oak.actor))
  t.equal(header(oak.actor, inbox), undefined, '25,001 followers')
})

t.test('the digest is the exclusive or of the SHA-256 of the ids (FEP-8fcf)', async t => {
  t.equal(followersDigest([]), NONE)
  t.equal(followersDigest(['a', 'b', 'a']), sha('b'))
  t.equal(followersDigest(['x', 'y']), followersDigest(['y', 'x']))
})

/** fern follows mallory, whose server has a followers collection and says who of fern's server is in it. */
async function following(t: Parameters<typeof startNode>[0], listed: (fern: TestNode) => string[]) {
  const fern = await startNode(t, { handle: 'fern' })
  const foreign = await startForeign(t)
  const collection = `${foreign.me}/followers`
  foreign.serve('/users/mallory', { body: { ...foreign.actor('mallory'), followers: collection } })
  foreign.serve('/users/mallory/sync', () => ({
    body: {
      '@context': 'https://www.w3.org/ns/activitystreams',
      id: `${foreign.me}/sync`,
      type: 'OrderedCollection',
      orderedItems: listed(fern),
    },
  }))
  followActor(fern.ctx, (await lookUp(fern.federation, foreign.me)).id)
  await settle(fern)
  await foreign.send(`${fern.url}/inbox`, foreign.activity('Accept', foreign.inbox[0]))
  const state = () => allFollowing(fern.ctx.db)[0]?.state
  t.equal(state(), 'accepted')
  return { fern, foreign, collection, state }
}

type Said = { collectionId?: string; url?: string; digest: string; signed?: boolean; kind?: 'cavage' | 'rfc9421' }

/** Sends a post with the header, and lets the node look into it. @returns whether it asked */
async function say(fern: TestNode, foreign: Foreign, said: Said): Promise<boolean> {
  const { collectionId = `${foreign.me}/followers`, url = `${foreign.me}/sync`, digest, signed = true, kind = 'cavage' } = said
  const value = `collectionId="${collectionId}", url="${url}", digest="${digest}"`
  const target = new URL(`${fern.url}/inbox`)
  const body = Buffer.from(JSON.stringify(foreign.activity('Create', foreign.note('hello'))))
  const sign = kind === 'cavage' ? signCavage : signRfc9421
  const request = { method: 'POST' as const, url: target, body, headers: signed ? { [NAME]: value } : {} }
  const { host: _, ...headers } = await sign(request, foreign.key, fern.ctx.now())
  const asked = foreign.asked.length
  const response = await fetch(target, {
    method: 'POST',
    headers: { 'content-type': 'application/activity+json', [NAME]: value, ...headers },
    body,
  })
  if (response.status !== 202) throw new Error(await response.text())
  fern.clock.offsetMs += 61_000
  await settle(fern)
  return foreign.asked.slice(asked).includes('GET /users/mallory/sync')
}

t.test('who thinks to follow and does not learns it', async t => {
  for (const kind of ['cavage', 'rfc9421'] as const) {
    const { fern, foreign, state } = await following(t, () => [])
    t.notOk(await say(fern, foreign, { digest: sha(fern.actor), kind }), 'nothing to look into while both agree')
    t.ok(await say(fern, foreign, { digest: NONE, kind }))
    t.equal(state(), 'rejected')
  }
})

t.test('who does not follow any more and is still listed says so again', async t => {
  const { fern, foreign } = await following(t, fern => [fern.actor])
  const follow = foreign.inbox[0]!
  unfollowActor(fern.ctx, foreign.me)
  await settle(fern)
  t.ok(await say(fern, foreign, { digest: sha(fern.actor) }))
  t.match(foreign.inbox.slice(1), [
    { type: 'Undo', object: { id: follow.id } },
    { type: 'Undo', object: { id: follow.id, type: 'Follow', actor: fern.actor, object: foreign.me } },
  ])
})

t.test('a difference that is none when one asks changes nothing, and is looked into once a day', async t => {
  const { fern, foreign, state } = await following(t, fern => [fern.actor])
  t.ok(await say(fern, foreign, { digest: NONE }))
  t.equal(state(), 'accepted')
  t.notOk(await say(fern, foreign, { digest: NONE }))
  fern.clock.offsetMs += 24 * 3_600_000
  t.ok(await say(fern, foreign, { digest: NONE }))
})

t.test('what is not signed, or not about its own followers, is not looked into', async t => {
  const { fern, foreign, state } = await following(t, () => [])
  for (const said of [
    { digest: NONE, signed: false },
    { digest: NONE, collectionId: `${foreign.origin}/users/other/followers` },
    { digest: NONE, url: 'https://elsewhere.example/sync' },
    { digest: 'nonsense' },
  ])
    t.notOk(await say(fern, foreign, said), JSON.stringify(said))
  t.equal(state(), 'accepted')
  const stranger = await startNode(t, { handle: 'moss' })
  t.notOk(await say(stranger, foreign, { digest: sha(stranger.actor) }), 'nor anything of somebody who was never followed')
})
