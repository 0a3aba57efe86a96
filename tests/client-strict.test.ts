import { spawn } from 'node:child_process'
import { join } from 'node:path'
import t from 'tap'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { publishArticle } from '../src/actions/post-kind.ts'
import { react } from '../src/actions/reaction.ts'
import { postsBy } from '../src/db/post.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { clientOf } from './helpers/client.ts'
import { anEntry, saveAll } from './helpers/entries.ts'
import { settle, startNode } from './helpers/node.ts'
import { checkout } from './helpers/sources.ts'

t.setTimeout(240_000)

// Apps that cannot run here decode strictly, and throw a whole page away for one wrong field: Tusky, Ice Cubes, Mastodon for Android and iOS.
t.test('nothing an app decodes strictly is missing, null or of another kind', async t => {
  const oak = await startNode(t, {
    charter: { website: 'https://oak.example/', agreements: [{ title: 'Meals', text: 'Everybody cooks.' }] },
  })
  const elm = await startNode(t, { handle: 'elm', charter: { place: { precision: 'locality', country: 'ES', locality: 'Lakabe' } } })
  saveAll(
    oak.ctx.db,
    Array.from({ length: 12 }, (_, at) => anEntry({ charter: { name: `Farm ${at} a`, website: 'https://farm.example/' } })),
  )
  const me = await clientOf(oak)
  const { id } = await lookUp(oak.federation, elm.address)
  followActor(oak.ctx, id)
  await settle(oak, elm)
  publishPost(elm.ctx, 'Haymaking #Farm')
  publishArticle(elm.ctx, { title: 'A year', text: 'Long ago.' })
  publishPost(elm.ctx, 'Only for some', { warning: 'Private', visibility: 'followers', language: 'en' })
  await settle(oak, elm)
  const heard = postsBy(oak.ctx.db, elm.actor, { limit: 1 })[0]!
  react(oak.ctx, heard.id, 'boost')
  react(oak.ctx, heard.id, 'like')
  const { replyTo, mentioned } = {
    replyTo: heard,
    mentioned: [{ actor: elm.actor, handle: 'elm', host: elm.ctx.config.host, url: elm.actor }],
  }
  publishPost(oak.ctx, `@elm@${elm.ctx.config.host} we come`, { replyTo, mentioned })
  await settle(oak, elm)
  publishPost(elm.ctx, 'Good', { replyTo: postsBy(elm.ctx.db, oak.actor, { limit: 1 })[0]! })
  await settle(oak, elm)
  const { code, output } = await run(join(checkout, 'tests/strict-client-check.mjs'), oak.url, me.token)
  t.match(output, /^OK, \d+ objects checked$/m)
  t.equal(code, 0, output)
})

function run(...words: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise(resolve => {
    const child = spawn(process.execPath, words)
    let output = ''
    child.stdout.on('data', data => (output += data))
    child.stderr.on('data', data => (output += data))
    child.on('close', code => resolve({ code, output }))
  })
}
