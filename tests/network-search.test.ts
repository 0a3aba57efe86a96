import t, { type Test } from 'tap'
import { hearEntry } from '../src/actions/entry.ts'
import { namePeer } from '../src/actions/peer.ts'
import { peerOf } from '../src/db/peer.ts'
import { recordOf } from '../src/db/record.ts'
import { LIMITS } from '../src/domain/entry-limit.ts'
import { startForeign } from './helpers/foreign.ts'
import { startNode, type TestNode } from './helpers/node.ts'
import { anAuthor, DAY, signed } from './helpers/signed-entry.ts'

const at = () => Date.now() - DAY

/** Another node, which answers a search with what it is told to. */
async function startPeer(t: Test, node: TestNode, answer: (url: string) => { status?: number; body?: unknown }) {
  const foreign = await startForeign(t)
  const asked: string[] = []
  const peer = namePeer(node.ctx, { node: `${foreign.origin}/node`, inbox: `${foreign.origin}/inbox`, signer: '' })
  const serve = (path: string) =>
    foreign.serve(path, () => {
      asked.push(path)
      return { type: 'application/json', ...answer(path) }
    })
  serve('/api/directory?q=elm&signed=true')
  serve('/api/directory?include=all&q=elm&signed=true')
  return { ...foreign, asked, peer, serve }
}

const items = (...entries: unknown[]) => ({ body: { total: entries.length, items: entries.map(entry => ({ entry })) } })

async function search(node: TestNode, parameters = 'q=elm') {
  const answer = await node.get(`/api/directory?${parameters}&scope=network`, 'application/json')
  return { status: answer.status, ...(await answer.json()) }
}

t.test('other nodes are asked, and what they answer is heard and merged', async t => {
  const node = await startNode(t)
  const elm = anAuthor()
  const known = elm.entry(1, at())
  hearEntry(node.ctx, signed(known, at()), 'origin')
  const far = anAuthor('https://far.test/c/elm')
  const news = far.entry(1, at(), {}, { charter: { name: 'Elm by the sea' } })
  const peer = await startPeer(t, node, () => items(known, news))
  const found = await search(node)
  t.match(
    found.items.map(({ actor }: { actor: string }) => actor),
    [elm.actor],
  )
  t.match(found.network, { peers: [{ node: peer.origin, outcome: 'answered', given: 2, taken: 2, added: 1 }], unchecked: 1 })
  t.equal(recordOf(node.ctx.db, far.actor)?.state, 'heard', 'it waits for a look at its origin')

  const all = await search(node, 'q=elm&include=all')
  t.same(all.items.map(({ actor, state }: { actor: string; state: string }) => [actor, state]).sort(), [
    [elm.actor, 'confirmed'],
    [far.actor, 'heard'],
  ])
})

t.test('of two real nodes the one asks the other, which gives its entries as they were signed', async t => {
  const [node, other] = [await startNode(t), await startNode(t, { handle: 'ash' })]
  const elm = anAuthor()
  const entry = elm.entry(1, at())
  hearEntry(other.ctx, signed(entry, at()), 'origin')
  namePeer(node.ctx, { node: `${other.url}/node`, inbox: `${other.url}/inbox`, signer: '' })
  const found = await search(node)
  t.match(found.network.peers, [{ node: other.url, outcome: 'answered', taken: 1, added: 1 }])
  t.equal(recordOf(node.ctx.db, elm.actor)?.hash?.toString('hex'), signed(entry, at()).hash)
  const { orderedItems } = await (await other.get('/search?q=elm')).json()
  t.match(orderedItems, [{ id: elm.actor, entry: { attributedTo: elm.actor, proof: { cryptosuite: 'eddsa-jcs-2022' } } }])
})

t.test('what does not prove itself, or says something else than was asked for, does not count', async t => {
  const node = await startNode(t)
  const elm = anAuthor()
  hearEntry(node.ctx, signed(elm.entry(5, at()), at()), 'origin')
  const forged = { ...anAuthor('https://x.test/c/x').entry(1, at()), seq: 7 }
  const stolen = anAuthor(elm.actor).entry(9, at(), {}, { charter: { name: 'Not elm' } })
  const spam = anAuthor('https://spam.test/c/spam').entry(1, at(), {}, { charter: { theme: 'right', themes: ['right'] } })
  const peer = await startPeer(t, node, () => items(forged, elm.entry(4, at()), stolen, spam, null, 7, { type: 'Tombstone' }))
  peer.serve('/api/directory?include=all&q=elm&theme=left&signed=true')
  const found = await search(node, 'q=elm&theme=left&include=all')
  t.match(found.items, [{ actor: elm.actor, name: 'Elm', state: 'confirmed' }])
  t.equal(found.items.length, 1)
  t.match(found.network.peers, [{ given: 7, added: 0 }])
  t.equal(recordOf(node.ctx.db, elm.actor)?.seq, 5)
  t.notOk(recordOf(node.ctx.db, 'https://x.test/c/x'))
  t.ok(peerOf(node.ctx.db, peer.peer.node)!.score < 0, 'a wrong signature costs the peer points')
})

t.test('one question is asked once a minute, and only so many are', async t => {
  const node = await startNode(t)
  const peer = await startPeer(t, node, () => items())
  await Promise.all([search(node), search(node), search(node)])
  t.equal(peer.asked.length, 1)
  node.clock.offsetMs += LIMITS.networkSearch.kept
  await search(node)
  t.equal(peer.asked.length, 2)
  for (let n = 0; n < LIMITS.networkSearch.aMinute - 1; n++) await search(node, `q=elm${n}`)
  const refused = await search(node, 'q=elms')
  t.match([refused.status, refused.network], [200, { peers: [], unasked: 'too often' }])
})

t.test('who refuses, breaks or is away is named', async t => {
  const node = await startNode(t)
  t.match((await search(node)).network, { peers: [], unasked: 'no peers' })
  node.clock.offsetMs += 1
  const peer = await startPeer(t, node, () => ({ status: 403 }))
  t.match((await search(node)).network.peers, [{ node: peer.origin, outcome: 'refused', given: 0 }])
  const answer = await node.get('/api/directory?scope=network&cursor=x', 'application/json')
  t.equal(answer.status, 400)
})

t.test('other software is asked at the search of its actor (FEP-f011)', async t => {
  const node = await startNode(t)
  const elm = anAuthor()
  const { origin, serve } = await startForeign(t)
  namePeer(node.ctx, { node: `${origin}/node`, inbox: `${origin}/inbox`, signer: '' })
  serve('/node', { body: { id: `${origin}/node`, type: 'Application', endpoints: { search: `${origin}/find` } } })
  const q = encodeURIComponent('elm theme:(anarchist OR left)').replaceAll('%20', '+').replace('(', '%28').replace(')', '%29')
  serve(`/find?q=${q}`, {
    body: { type: 'OrderedCollection', totalItems: 1, orderedItems: [{ id: elm.actor, entry: elm.entry(1, at()) }] },
  })
  const found = await search(node, 'q=elm&theme=left,anarchist')
  t.match(found.network, { peers: [{ node: origin, outcome: 'answered', taken: 1 }], unchecked: 1 })
})
