import fc from 'fast-check'
import t from 'tap'
import { publishCharter } from '../src/actions/charter.ts'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { entryOf } from '../src/db/directory.ts'
import { allFollowers } from '../src/db/follower.ts'
import { postsBy } from '../src/db/post.ts'
import { publicCharter } from '../src/domain/charter.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { charters } from './helpers/charters.ts'
import { settle, startNode } from './helpers/node.ts'

t.test('four communities who follow each other find each other', async t => {
  const themes = ['left', 'right', 'anarchist', 'spiritual'] as const
  const village = []
  for (const theme of themes)
    village.push(await startNode(t, { handle: `${theme}_one`, charter: { name: `The ${theme} one`, theme, themes: [theme] } }))
  for (const node of village)
    for (const other of village) if (other !== node) followActor(node.ctx, (await lookUp(node.federation, other.actor)).id)
  await settle(...village)
  for (const node of village) {
    t.equal(allFollowers(node.ctx.db).length, 3)
    for (const theme of themes) {
      const found = await (await node.get(`/api/directory?theme=${theme}`, 'application/json')).json()
      t.match(found, { total: 1, items: [{ name: `The ${theme} one`, charter: { theme } }] })
      const page = await (await node.get(`/?theme=${theme}`, 'text/html')).text()
      t.match(page, `The ${theme} one`)
    }
  }
  for (const node of village) publishPost(node.ctx, `Good morning from ${node.address}`)
  await settle(...village)
  for (const node of village) for (const other of village) t.equal(postsBy(node.ctx.db, other.actor, { limit: 5 }).length, 1)
})

t.test('whatever a charter says arrives as it was said', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  await fc.assert(
    fc.asyncProperty(charters(), async charter => {
      const { edition } = publishCharter(oak.ctx, charter)
      await settle(oak, fern)
      const entry = entryOf(fern.ctx.db, oak.actor)
      t.equal(entry?.edition, edition)
      return t.same(entry?.charter, publicCharter(charter))
    }),
    { numRuns: 30 },
  )
})
