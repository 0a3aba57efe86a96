import { createHash } from 'node:crypto'
import t from 'tap'
import { blockDomain, unblockDomain } from '../src/actions/block.ts'
import { applyBlocklist, importBlocklist } from '../src/actions/blocklist.ts'
import { followActor, followAnswered } from '../src/actions/following.ts'
import { actorOf } from '../src/db/actor.ts'
import { allBlocks } from '../src/db/block.ts'
import { attachmentsOf } from '../src/db/media.ts'
import { postByIri } from '../src/db/post.ts'
import { writeBlocklist } from '../src/domain/blocklist.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { clientOf } from './helpers/client.ts'
import { startForeign } from './helpers/foreign.ts'
import { startNode } from './helpers/node.ts'

t.test('of a server whose pictures are not wanted none is kept, and its words are', async t => {
  const { ctx, federation, url, clock } = await startNode(t)
  const bad = await startForeign(t, { name: '127.0.0.1' })
  const face = { type: 'Image', url: `${bad.origin}/face.png` }
  bad.serve('/users/mallory', { body: bad.actor('mallory', undefined, { icon: face }) })
  const { id } = await lookUp(federation, bad.me)
  followAnswered(ctx, id, followActor(ctx, id).followId, 'accepted')
  const say = async (text: string) => {
    const attachment = [{ type: 'Image', mediaType: 'image/png', url: `${bad.origin}/${text}.png`, name: text }]
    const note = bad.note(text, { attachment })
    t.equal((await bad.send(`${url}/inbox`, bad.activity('Create', note))).status, 202)
    return note
  }
  const carried = (note: { id?: unknown }) => attachmentsOf(ctx.db, postByIri(ctx.db, String(note.id))!.id).length
  const update = () => bad.send(`${url}/inbox`, bad.activity('Update', bad.actor('mallory', undefined, { icon: face })))
  const before = await say('before')
  t.equal(carried(before), 1)
  t.match(actorOf(ctx.db, id), { icon: /face/ })

  const csv = 'domain,severity,reject_media\n127.0.0.1,silence,true\n'
  applyBlocklist(ctx, importBlocklist(ctx, csv, 'a list').id)
  t.equal(carried(before), 0, 'what was kept is gone')
  t.match(actorOf(ctx.db, id), { icon: null })
  const after = await say('after')
  t.match(postByIri(ctx.db, String(after.id)), { content: /after/ })
  t.equal(carried(after), 0, 'and nothing new is kept')
  const revised = { ...after, content: 'revised', updated: new Date(ctx.now().getTime() + 1000).toISOString() }
  await bad.send(`${url}/inbox`, bad.activity('Update', revised))
  t.match(postByIri(ctx.db, String(after.id)), { content: /revised/ })
  t.equal(carried(after), 0)
  await update()
  t.match(actorOf(ctx.db, id), { icon: null })

  unblockDomain(ctx, '127.0.0.1')
  clock.offsetMs += 5_000
  await update()
  t.match(actorOf(ctx.db, id), { icon: /face/ }, 'after the block its face comes back with its next word')
  const later = await say('later')
  t.equal(carried(later), 1)
  blockDomain(ctx, '127.0.0.1', 'limit', { rejectMedia: true })
  t.equal(carried(later), 0, 'one block does the same as a list')
})

t.test('a name that is to be hidden is told to apps with its ends alone, as Mastodon does', async t => {
  const node = await startNode(t)
  const me = await clientOf(node)
  const csv = 'domain,severity,obfuscate\nbadserver.example,suspend,true\nopen.example,silence,false\n'
  applyBlocklist(node.ctx, importBlocklist(node.ctx, csv, 'a list').id)
  const digest = (domain: string) => createHash('sha256').update(domain).digest('hex')
  t.match((await me.get('/api/v1/instance/domain_blocks')).body, [
    { domain: 'badse****.***mple', digest: digest('badserver.example'), severity: 'suspend' },
    { domain: 'open.example', digest: digest('open.example'), severity: 'silence' },
  ])
  t.match(writeBlocklist(allBlocks(node.ctx.db)), /^badserver\.example,suspend,false,false,,true\r$/m, 'a list for stewards has it whole')
})
