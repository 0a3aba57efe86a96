import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unzipSync } from 'fflate'
import t, { type Test } from 'tap'
import { blockDomain } from '../src/actions/block.ts'
import { publishCharter } from '../src/actions/charter.ts'
import { followActor } from '../src/actions/following.ts'
import { publishPost } from '../src/actions/post.ts'
import { readBlocklist } from '../src/domain/blocklist.ts'
import { readCharterFile } from '../src/domain/charter.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { aCharter } from './helpers/charters.ts'
import { archipelago } from './helpers/command.ts'
import { startForeign } from './helpers/foreign.ts'
import { fillIn } from './helpers/form.ts'
import { settle, startNode } from './helpers/node.ts'

const PLACE = { precision: 'region', country: 'ES', region: 'Galicia', latitude: 42.98765, longitude: -8.12345 } as const
const SEEKER = { name: 'Ada Secretseeker', contact: 'ada@letters.example', message: 'Please keep this to yourselves.' }

async function lived(t: Test) {
  const file = join(t.testdir(), 'archipelago.sqlite')
  const env = { DATA_DIR: join(file, '..') }
  const oak = await startNode(t, { handle: 'oak', charter: { place: PLACE, openToMembers: 'yes' }, file, env })
  const other = await startForeign(t)
  await other.send(`${oak.actor}/inbox`, other.activity('Follow', oak.actor))
  followActor(oak.ctx, (await lookUp(oak.federation, other.me)).id)
  await settle(oak)
  await other.send(`${oak.url}/inbox`, other.activity('Accept', other.inbox.find(activity => activity.type === 'Follow')!.id))
  publishPost(oak.ctx, 'Hello *everybody*')
  publishPost(oak.ctx, 'for friends alone', { visibility: 'followers' })
  publishCharter(oak.ctx, aCharter({ name: 'oak', place: PLACE, openToMembers: 'yes', summary: 'A second edition.' }))
  blockDomain(oak.ctx, 'bad.example', 'suspend', { comment: 'spam', note: 'a note of stewards' })
  const sent = await fillIn(oak, '/c/oak/inquire', { wish: 'visit', ...SEEKER })
  t.equal(sent.status, 303)
  await settle(oak)
  return { oak, other, dir: join(file, '..'), env: { ...env, PORT: String(oak.ctx.config.listen.port), ALLOW_PRIVATE_ADDRESSES: 'true' } }
}

t.test('everything of a community can be taken along, and read elsewhere', async t => {
  const { oak, other, env, dir } = await lived(t)
  const file = join(dir, 'oak.zip')
  const ran = await archipelago(env, ['export', file, '--json'])
  t.equal(ran.code, 0, ran.err)
  t.match(JSON.parse(ran.out), { file, private: false })
  const files = unzipSync(readFileSync(file))
  const text = (name: string) => Buffer.from(files[name] ?? []).toString()
  const json = (name: string) => JSON.parse(text(name)) as Record<string, unknown>

  t.match(text('README.txt'), /@oak@/)
  t.match(json('activitypub/actor.json'), { id: oak.actor, type: 'Organization', preferredUsername: 'oak' })
  const { orderedItems } = json('activitypub/outbox.json') as { orderedItems: { type: string }[] }
  t.ok(orderedItems.some(({ type }) => type === 'Create'))
  t.match(json('activitypub/followers.json'), { totalItems: 1, orderedItems: [other.me] })
  t.equal(text('mastodon/following_accounts.csv').split('\r\n')[1], `mallory@${other.host},true,false,`)
  t.equal(text('mastodon/followers.csv').split('\r\n')[1], `mallory@${other.host}`)
  t.match(readBlocklist(text('mastodon/domain_blocks.csv')).rows, [{ domain: 'bad.example', severity: 'suspend', comment: 'spam' }])
  t.match(readCharterFile(text('charters/edition-1.json'), 'edition-1.json'), { name: 'oak' })
  t.match(json('charters/edition-2.json'), { summary: 'A second edition.' })
  t.match(json('posts/1.json'), { source: 'Hello *everybody*', visibility: 'public' })
  const all = Object.values(files)
    .map(bytes => Buffer.from(bytes).toString('latin1'))
    .join('\n')
  for (const secret of ['PRIVATE KEY', 'Secretseeker', 'letters.example', 'for friends alone', '42.98765', 'a note of stewards'])
    t.notMatch(all, secret, `${secret} is not in it`)

  t.equal((await archipelago(env, ['export', file])).code, 1, 'nothing is overwritten')
})

t.test('with what is private it says so, and still holds no key', async t => {
  const { env, dir } = await lived(t)
  const file = join(dir, 'oak.zip')
  t.equal((await archipelago(env, ['export', file, '--private'])).code, 0)
  const files = unzipSync(readFileSync(file))
  const text = (name: string) => Buffer.from(files[name] ?? []).toString()
  t.match(text('README.txt'), /inquiries and pledges with names/)
  t.match(JSON.parse(text('private/inquiries.json')), [
    { name: SEEKER.name, contact: SEEKER.contact, messages: [{ text: SEEKER.message }] },
  ])
  t.match(JSON.parse(text('private/charters/edition-1.json')), { place: { latitude: PLACE.latitude } })
  t.match(JSON.parse(text('private/posts/2.json')), { source: 'for friends alone' })
  t.match(text('private/blocks.json'), /a note of stewards/)
  const all = Object.values(files)
    .map(bytes => Buffer.from(bytes).toString('latin1'))
    .join('\n')
  t.notMatch(all, /PRIVATE KEY|tokenHash|token_hash|passwordHash/)
})
