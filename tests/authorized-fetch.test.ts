import { createHash } from 'node:crypto'
import t from 'tap'
import { blockActor, blockDomain, unblockActor } from '../src/actions/block.ts'
import { followActor } from '../src/actions/following.ts'
import { publishPost, withdrawPost } from '../src/actions/post.ts'
import { addErrand } from '../src/db/errand.ts'
import { allFollowers } from '../src/db/follower.ts'
import { saveMentions } from '../src/db/mention.ts'
import { transact } from '../src/db/open.ts'
import { addPost, postById, postsBy } from '../src/db/post.ts'
import { PLAIN, type Visibility } from '../src/domain/post.ts'
import { createFetcher } from '../src/federation/fetch.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { type SigningKey, signCavage, signRfc9421 } from '../src/federation/signatures.ts'
import { startCanary } from './helpers/canary.ts'
import { startForeign } from './helpers/foreign.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'

const ACCEPT = 'application/activity+json'
const OPEN_TO_ALL = (oak: TestNode) => [
  '/node',
  `/.well-known/webfinger?resource=acct:oak@${new URL(oak.url).host}`,
  '/.well-known/host-meta',
  '/.well-known/nodeinfo',
  '/nodeinfo/2.1',
]
const OPEN_TO_UNSIGNED = [
  '/c/oak',
  '/c/oak/charter/1',
  '/c/oak/tags',
  '/o/charter-1',
  '/o/essence-1',
  '/api/directory',
  '/schema/charter.json',
]
const COLLECTIONS = ['/c/oak/outbox', '/c/oak/outbox?page=true', '/c/oak/followers', '/c/oak/following', '/c/oak/featured']

/** What of an answer a reader can compare, and how caches may treat it. */
type Seen = { status: number; body: string; cache: string | null; vary: string | null }

async function ask(oak: TestNode, path: string, key?: SigningKey, sign = signCavage): Promise<Seen> {
  const url = new URL(path, oak.url)
  const { host: _, ...signed } = key ? await sign({ method: 'GET', url }, key, oak.ctx.now()) : { host: '' }
  const answer = await fetch(url, { headers: { accept: ACCEPT, ...signed } })
  return {
    status: answer.status,
    body: await answer.text(),
    cache: answer.headers.get('cache-control'),
    vary: answer.headers.get('vary'),
  }
}
const PRIVATE = { cache: 'private, no-store', vary: 'Accept, Signature' }
const pathOf = (iri: string) => new URL(iri).pathname

t.test('an open node serves everybody without asking who they are, but those it knows to be blocked', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const stranger = await startForeign(t)
  const bad = await startForeign(t, { name: '127.0.0.1' })
  const post = pathOf(publishPost(oak.ctx, 'for all').iri)
  await settle(oak)
  const activity = pathOf(JSON.parse((await ask(oak, '/c/oak/outbox?page=true')).body).orderedItems[0].id)
  const documents = [post, activity, ...COLLECTIONS, ...OPEN_TO_UNSIGNED.filter(path => /^\/[co]\//.test(path))]
  for (const path of documents) {
    for (const key of [undefined, stranger.key, bad.key])
      t.match(await ask(oak, path, key), { status: 200, cache: 'public, max-age=180', vary: 'Accept' }, path)
  }
  t.same(stranger.asked, [], 'nobody’s key was fetched')

  blockDomain(oak.ctx, '127.0.0.1', 'suspend')
  for (const path of documents) {
    for (const sign of [signCavage, signRfc9421])
      t.match(await ask(oak, path, bad.key, sign), { status: 403, body: /is blocked here/, ...PRIVATE }, path)
    t.match(await ask(oak, path), { status: 200, cache: 'public, max-age=180' }, `${path}, unsigned`)
  }
  for (const path of OPEN_TO_ALL(oak)) t.equal((await ask(oak, path, bad.key)).status, 200, path)
  t.same(bad.asked, [], 'and no key of a blocked server')

  await lookUp(oak.federation, stranger.me)
  blockActor(oak.ctx, stranger.me)
  const asked = stranger.asked.length
  for (const path of documents) t.match(await ask(oak, path, stranger.key), { status: 403, ...PRIVATE }, path)
  for (const path of OPEN_TO_ALL(oak)) t.equal((await ask(oak, path, stranger.key)).status, 200, path)
  t.equal((await ask(oak, post, { ...stranger.key, id: `${stranger.origin}/users/other#main-key` })).status, 200, 'its neighbours are not')
  t.equal(stranger.asked.length, asked)
  unblockActor(oak.ctx, stranger.me)
  t.equal((await ask(oak, post, stranger.key)).status, 200)
})

t.test('with AUTHORIZED_FETCH posts and lists are for those who sign', async t => {
  const oak = await startNode(t, { handle: 'oak', env: { AUTHORIZED_FETCH: 'true' } })
  const reader = await startForeign(t)
  const post = pathOf(publishPost(oak.ctx, 'for those who say who they are').iri)
  await settle(oak)
  const activity = pathOf(JSON.parse((await ask(oak, '/c/oak/outbox?page=true', reader.key)).body).orderedItems[0].id)
  const guarded = [post, activity, '/o/missing', '/a/missing', ...COLLECTIONS]
  for (const path of guarded) {
    const { status, body, ...headers } = await ask(oak, path)
    t.equal(status, 401, path)
    t.match(JSON.parse(body), { error: /only to servers that sign their requests/ }, path)
    t.same(headers, PRIVATE, path)
  }
  for (const path of [...OPEN_TO_ALL(oak), ...OPEN_TO_UNSIGNED]) t.equal((await ask(oak, path)).status, 200, path)
  for (const path of ['/', '/c/oak', post]) t.equal((await oak.get(path, 'text/html')).status, 200, `${path} for people`)
  t.equal((await ask(oak, '/inbox')).status, 405)

  for (const sign of [signCavage, signRfc9421])
    for (const path of guarded) {
      const { status, cache, vary } = await ask(oak, path, reader.key, sign)
      t.same({ status, cache, vary }, { status: path.endsWith('missing') ? 404 : 200, ...PRIVATE }, path)
    }
  t.equal(reader.asked.filter(what => what === 'GET /users/mallory').length, 1, 'its key was fetched once')

  const forged = { ...reader.key, id: `${reader.origin}/users/nobody#main-key` }
  t.match(await ask(oak, post, forged), { status: 401, ...PRIVATE }, 'a key that is not there')
  const headers = { accept: ACCEPT, signature: 'keyId="x",signature="AAAA"' }
  t.equal((await fetch(new URL(post, oak.url), { headers })).status, 401, 'what is no signature')
  const borrowed = await signCavage({ method: 'GET', url: new URL('/c/oak/followers', oak.url) }, reader.key, oak.ctx.now())
  delete borrowed.host
  t.equal(
    (await fetch(new URL(post, oak.url), { headers: { accept: ACCEPT, ...borrowed } })).status,
    401,
    'a signature for another address',
  )

  blockActor(oak.ctx, reader.me)
  t.match(await ask(oak, post, reader.key), { status: 403, ...PRIVATE })
})

t.test('two nodes that both want signatures still understand each other', async t => {
  const env = { AUTHORIZED_FETCH: 'true' }
  const oak = await startNode(t, { handle: 'oak', env })
  const fern = await startNode(t, { handle: 'fern', env })
  followActor(fern.ctx, (await lookUp(fern.federation, oak.address)).id)
  await settle(fern, oak)
  t.match(allFollowers(oak.ctx.db), [{ actor: fern.actor, state: 'accepted' }])
  const { iri } = publishPost(oak.ctx, 'hello, fern')
  await settle(oak, fern)
  t.match(postsBy(fern.ctx.db, oak.actor, { limit: 1 }), [{ iri }])

  // What is only named must be fetched, which needs a signature that the other one can verify.
  fern.ctx.db.$client.prepare('delete from mentions').run()
  fern.ctx.db.$client.prepare('delete from posts').run()
  transact(fern.ctx.db, tx => addErrand(tx, oak.actor, iri, fern.ctx.now()))
  await settle(fern, oak)
  t.match(postsBy(fern.ctx.db, oak.actor, { limit: 1 }), [{ iri }])
})

t.test('what is not for everybody is served to whom it is for, and is not there for anybody else (O-59, O-84, O-87)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const follower = await startForeign(t, { who: 'follower' })
  const named = await startForeign(t, { who: 'named' })
  const stranger = await startForeign(t, { name: '127.0.0.1' })
  await follower.send(`${oak.actor}/inbox`, follower.activity('Follow', oak.actor))
  const theirs = say(oak, 'direct', { author: named.me, iri: `${named.origin}/notes/1`, local: false })
  const forFollowers = pathOf(say(oak, 'followers').iri)
  const direct = pathOf(say(oak, 'direct', {}, [named.me]).iri)
  const answer = pathOf(say(oak, 'direct', { inReplyTo: theirs.iri }).iri)
  const namedToo = pathOf(say(oak, 'followers', {}, [named.me]).iri)
  const deleted = say(oak, 'followers')
  withdrawPost(oak.ctx, deleted.id)
  const gone = pathOf(deleted.iri)
  const foreign = pathOf(theirs.iri).replace('/notes/', '/o/')
  const posts = [forFollowers, direct, answer, namedToo, gone]

  const may: [string, SigningKey, string[]][] = [
    ['a follower', follower.key, [forFollowers, namedToo, gone]],
    ['one who is named or answered', named.key, [direct, answer, namedToo]],
    ['a stranger', stranger.key, []],
  ]
  const nothing = await ask(oak, '/o/missing')
  t.match(nothing, { status: 404, ...PRIVATE })
  for (const [who, key, readable] of may) {
    for (const sign of [signCavage, signRfc9421]) {
      for (const path of posts) {
        const seen = await ask(oak, path, key, sign)
        if (readable.includes(path)) t.match(seen, { status: path === gone ? 410 : 200, ...PRIVATE }, `${who}: ${path}`)
        else t.same(seen, nothing, `${who}: ${path}`)
      }
      t.same(await ask(oak, '/o/missing', key, sign), nothing, who)
      t.same(await ask(oak, foreign, key, sign), nothing, who)
    }
  }
  for (const path of [...posts, foreign]) t.same(await ask(oak, path), nothing, `nobody: ${path}`)
  const forged = { ...follower.key, privateKey: (await startForeign(t)).key.privateKey, id: `${stranger.origin}/users/follower#main-key` }
  for (const path of posts) t.same(await ask(oak, path, forged), nothing, `forged: ${path}`)
  for (const path of posts) t.equal((await ask(oak, `${path}/replies`, follower.key)).status, 404, `${path}/replies`)
  for (const path of ['/o/missing', forFollowers, direct]) {
    const newcomer = await startForeign(t)
    await ask(oak, path, newcomer.key)
    t.match(newcomer.asked, ['GET /users/mallory'], `who asks for ${path} sees its key fetched, whether or not it is there`)
  }

  const readable = await ask(oak, forFollowers, follower.key)
  t.notMatch(readable.body, /"proof"/, 'and nobody can pass it on as proven')
  t.same(await throughCache(oak, forFollowers, [follower.key, stranger.key, undefined]), [200, 404, 404], 'through a cache')

  blockActor(oak.ctx, follower.me)
  t.equal((await ask(oak, forFollowers, follower.key)).status, 403)
  await settle(oak)
  unblockActor(oak.ctx, follower.me)
  t.same(await ask(oak, forFollowers, follower.key), nothing, 'the tie was cut')
})

t.test('a stranger’s signature does not make the node ask others again and again, nor anybody inside', async t => {
  const canary = await startCanary(t)
  const inside = createFetcher({ userAgent: 'test', allowPrivate: host => host === 'localhost' })
  const oak = await startNode(t, { handle: 'oak', fetch: inside })
  const victim = await startForeign(t)
  const aimed = (id: string) => ({ ...victim.key, id })
  for (const path of ['/o/missing', '/c/oak', '/c/oak/outbox', '/node'])
    for (const id of [
      `http://127.0.0.1:${canary.port}/key`,
      `https://[::1]:${canary.port}/key`,
      `http://127.0.0.1:${canary.port}/x#main-key`,
    ])
      t.ok((await ask(oak, path, aimed(id))).status < 500, `${path} ${id}`)
  t.equal(canary.hits(), 0)

  victim.serve('/users/mallory', { status: 500 })
  const asking = Array.from({ length: 40 }, () => ask(oak, '/o/missing', victim.key))
  for (const { status } of await Promise.all(asking)) t.equal(status, 404)
  t.ok(victim.asked.length <= 40, `${victim.asked.length} requests for 40`)
  t.same(await ask(oak, '/c/oak', victim.key).then(seen => seen.status), 200)
})

/** A post as it stands in the database, whoever may read it. */
function say(oak: TestNode, visibility: Visibility, more: Record<string, unknown> = {}, mentioned: string[] = []) {
  const digest = createHash('sha256')
    .update(`${visibility}${JSON.stringify(more)}${mentioned}`)
    .digest('hex')
    .slice(0, 20)
  const iri = `${oak.url}/o/${digest}${Math.random().toString(36).slice(2, 8)}`
  const post = { ...PLAIN, iri, author: oak.actor, local: true, type: 'Note' as const, source: 'x', content: '<p>x</p>', url: iri }
  return transact(oak.ctx.db, tx => {
    const id = addPost(tx, { ...post, visibility, publishedAt: oak.ctx.now(), ...more })!
    saveMentions(tx, id, mentioned)
    return postById(tx, id)!
  })
}

/** A shared cache as RFC 9111 has it: keeps what may be kept, under its address and the headers it varies by. */
async function throughCache(oak: TestNode, path: string, keys: (SigningKey | undefined)[]): Promise<number[]> {
  const kept = new Map<string, number>()
  const statuses: number[] = []
  for (const key of keys) {
    const seen = kept.get(path)
    const fresh = seen === undefined ? await ask(oak, path, key) : undefined
    if (fresh && !/private|no-store/.test(fresh.cache ?? '')) kept.set(path, fresh.status)
    statuses.push(seen ?? fresh!.status)
  }
  return statuses
}
