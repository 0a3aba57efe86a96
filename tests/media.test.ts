import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import t, { type Test } from 'tap'
import { followActor } from '../src/actions/following.ts'
import { addPicture, drawPicture, tidyMedia, wearPicture } from '../src/actions/media.ts'
import { editPost, publishPost, withdrawPost } from '../src/actions/post.ts'
import { backUp, restore } from '../src/db/backup.ts'
import { attachmentsOf } from '../src/db/media.ts'
import { postByIri } from '../src/db/post.ts'
import { postEditsOf } from '../src/db/post-edit.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { archipelago } from './helpers/command.ts'
import { startForeign } from './helpers/foreign.ts'
import { freePort, settle, startNode, type TestNode } from './helpers/node.ts'
import { bomb, drawing, photograph, SECRETS } from './helpers/pictures.ts'

const TOOT = {
  '@context': [
    'https://www.w3.org/ns/activitystreams',
    { toot: 'http://joinmastodon.org/ns#', blurhash: 'toot:blurhash', focalPoint: { '@container': '@list', '@id': 'toot:focalPoint' } },
  ],
}

const start = (t: Test, handle = 'oak') => startNode(t, { handle, env: { DATA_DIR: t.testdir() } })
const filesOf = ({ ctx }: TestNode) => {
  const folder = join(ctx.config.dataDir, 'media')
  return existsSync(folder) ? readdirSync(folder) : []
}
const picture = async (node: TestNode, bytes: Buffer, alt = '') => addPicture(node.ctx, await drawPicture(bytes), { alt })

t.test('O-75 what a telephone wrote into a picture is in nothing that is kept or served', async t => {
  const oak = await start(t)
  const raw = await photograph()
  for (const secret of ['Secret Camera', 'Hidden Valley']) t.ok(raw.includes(secret), `${secret} is in what is sent`)
  const kept = await picture(oak, raw, 'A red and a blue field')
  t.equal(filesOf(oak).length, 2)
  for (const name of filesOf(oak)) {
    const bytes = readFileSync(join(oak.ctx.config.dataDir, 'media', name))
    for (const secret of [...SECRETS, 'Exif', 'xmpmeta']) t.notOk(bytes.includes(secret), `${secret} is not in ${name}`)
    const { exif, xmp, iptc, orientation } = await sharp(bytes).metadata()
    t.strictSame([exif, xmp, iptc, orientation], [undefined, undefined, undefined, undefined])
  }
  t.match(kept, { kind: 'image', type: 'image/jpeg', width: 1600, height: 1200, alt: 'A red and a blue field', blurhash: /^.{28}$/ })
  const served = await fetch(`${oak.url}/media/${kept.file}`)
  t.match(Object.fromEntries(served.headers), {
    'content-type': 'image/jpeg',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'cache-control': /immutable/,
    'content-security-policy': /sandbox/,
  })
  const { data, info } = await sharp(Buffer.from(await served.arrayBuffer()))
    .raw()
    .toBuffer({ resolveWithObject: true })
  const at = (x: number) => [...data.subarray((600 * info.width + x) * info.channels).subarray(0, 3)].map(value => Math.round(value / 255))
  t.strictSame(
    [at(100), at(1500)],
    [
      [1, 0, 0],
      [0, 0, 1],
    ],
    'upright',
  )
  const small = await sharp(Buffer.from(await (await fetch(`${oak.url}/media/${kept.preview}`)).arrayBuffer())).metadata()
  t.match(small, { width: 640, height: 480 })
})

t.test('O-73, O-74: only pictures are pictures, whatever they are called, and none may be too large', async t => {
  const oak = await start(t)
  const wrong: Record<string, Buffer> = {
    'a page': Buffer.from('<!doctype html><script>alert(1)</script>'),
    'a drawing with a program in it': Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    'a document': Buffer.from('%PDF-1.4\n1 0 obj'),
    'a program': Buffer.from('\x7fELF\x02\x01\x01'),
    'an actor': Buffer.from('{"@context":"https://www.w3.org/ns/activitystreams","type":"Person"}'),
    'the beginning of a PNG': Buffer.from('89504e470d0a1a0a00', 'hex'),
    'a PNG that says it has 2.5 thousand million pixels': bomb(50_000, 50_000, 100),
    'a PNG that has them': bomb(50_000, 50_000, 5_000),
    'a PNG that says it is larger than it is': bomb(4_000, 4_000, 10),
    'half a photograph': (await photograph()).subarray(0, 2_000),
    nothing: Buffer.alloc(0),
  }
  const before = process.memoryUsage().rss
  for (const [name, bytes] of Object.entries(wrong)) await t.rejects(drawPicture(bytes), { name: 'Refusal', reason: 'invalid' }, name)
  const again = wrong['a PNG that has them']!
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => drawPicture(again)))
  t.ok(outcomes.every(({ status }) => status === 'rejected'))
  const large = bomb(7_000, 7_000)
  const drawn = Promise.all([1, 2, 3, 4].map(() => drawPicture(large)))
  t.equal((await oak.get('/nodeinfo/2.1')).status, 200, 'others are served meanwhile')
  t.match((await drawn)[3], { full: { width: 2560, height: 2560 } }, 'just small enough')
  t.ok(process.memoryUsage().rss - before < 300e6, 'not much memory is taken')
  t.strictSame(filesOf(oak), [], 'nothing is on the disk')
  for (const name of ['../../package.json', '..%2f..%2fpackage.json', 'x%00.png', 'CON', '/etc/passwd', 'a'.repeat(250)])
    t.equal((await fetch(`${oak.url}/media/${name}`)).status, 404, name)
})

t.test('pictures belong to a post: shown, told, edited with a history, and deleted with it', async t => {
  const [oak, fern] = [await start(t), await start(t, 'fern')]
  followActor(fern.ctx, (await lookUp(fern.federation, oak.actor)).id)
  await settle(fern, oak)
  const garden = await picture(oak, await drawing(800, 600), 'The garden in <spring>')
  const pond = await picture(oak, await drawing(60, 90, '#148'))
  const post = publishPost(oak.ctx, 'Look', { attachments: [garden.id, pond.id] })
  t.throws(
    () => publishPost(oak.ctx, 'Once more', { attachments: [garden.id] }),
    { name: 'Refusal', reason: 'missing' },
    'a picture is one post’s',
  )
  await settle(oak, fern)
  t.match(await (await oak.get(post.iri)).json(), {
    attachment: [
      {
        type: 'Document',
        mediaType: 'image/webp',
        url: `${oak.url}/media/${garden.file}`,
        name: 'The garden in <spring>',
        width: 800,
        height: 600,
        blurhash: garden.blurhash,
      },
      { type: 'Document', url: `${oak.url}/media/${pond.file}` },
    ],
  })
  const heard = () => attachmentsOf(fern.ctx.db, postByIri(fern.ctx.db, post.iri)!.id)
  t.match(heard(), [
    {
      kind: 'image',
      type: 'image/webp',
      url: `${oak.url}/media/${garden.file}`,
      file: null,
      alt: 'The garden in <spring>',
      width: 800,
      blurhash: garden.blurhash,
    },
    { kind: 'image', alt: '' },
  ])
  const page = async (node: TestNode, path: string) => (await node.get(path, 'text/html')).text()
  t.match(await page(oak, post.iri), `alt="The garden in &lt;spring>"`)
  t.match(await page(oak, oak.actor), `/media/${garden.preview}`)
  t.match(await (await oak.get(`${oak.actor}/feed.atom`, 'application/atom+xml')).text(), garden.file!)

  editPost(oak.ctx, post.id, 'Look', {
    attachments: [garden.id],
    captions: new Map([[garden.id, { alt: 'In spring', focus: { x: 0.5, y: -0.25 } }]]),
  })
  t.throws(
    () => editPost(oak.ctx, post.id, 'Look', { attachments: [garden.id] }),
    { name: 'Refusal', reason: 'conflict' },
    'nothing changes',
  )
  await settle(oak, fern)
  t.match(heard(), [{ alt: 'In spring', focus: { x: 0.5, y: -0.25 } }])
  t.equal(heard().length, 1)
  t.equal((await fetch(`${oak.url}/media/${pond.file}`)).status, 404, 'what it lost is gone')
  t.match(postEditsOf(oak.ctx.db, post.id), [
    { content: /Look/, attachments: [{ id: garden.id, alt: 'The garden in <spring>' }, { id: pond.id }] },
  ])
  t.equal(postEditsOf(fern.ctx.db, postByIri(fern.ctx.db, post.iri)!.id).length, 1, 'also kept by those who heard of it')

  withdrawPost(oak.ctx, post.id)
  await settle(oak, fern)
  t.strictSame([heard(), attachmentsOf(oak.ctx.db, post.id), postEditsOf(oak.ctx.db, post.id)], [[], [], []])
  t.equal((await fetch(`${oak.url}/media/${garden.file}`)).status, 404)
})

t.test('a picture says enough: a post may be without words, but not without either', async t => {
  const oak = await start(t)
  const { id } = await picture(oak, await drawing())
  t.throws(() => publishPost(oak.ctx, ''), { name: 'Refusal', reason: 'invalid' })
  t.equal(publishPost(oak.ctx, '', { attachments: [id] }).content, '')
  const five = await Promise.all([1, 2, 3, 4, 5].map(async () => (await picture(oak, await drawing())).id))
  t.throws(() => publishPost(oak.ctx, 'Five', { attachments: five }), { name: 'Refusal', reason: 'invalid' })
  t.throws(() => addPicture(oak.ctx, {} as never, { alt: 'x'.repeat(1501) }), { name: 'Refusal', reason: 'invalid' })
})

t.test('what no post takes is gone after a day, and so are files that nothing names', async t => {
  const oak = await start(t)
  const used = await picture(oak, await drawing())
  publishPost(oak.ctx, 'Kept', { attachments: [used.id] })
  const unused = await picture(oak, await drawing())
  const folder = join(oak.ctx.config.dataDir, 'media')
  const stray = `${'0'.repeat(32)}.jpg`
  writeFileSync(join(folder, stray), 'x')
  const old = new Date(Date.now() - 3_600_000)
  for (const name of filesOf(oak)) utimesSync(join(folder, name), old, old)
  tidyMedia(oak.ctx)
  t.strictSame(filesOf(oak).sort(), [used.file, used.preview, unused.file, unused.preview].sort())
  oak.clock.offsetMs = 25 * 3_600_000
  tidyMedia(oak.ctx)
  t.strictSame(filesOf(oak).sort(), [used.file, used.preview].sort())
})

t.test('what posts of others carry is noted and never fetched, and is a link on our pages', async t => {
  const oak = await start(t)
  const far = await startForeign(t)
  const say = (attachment: unknown) => {
    const note = {
      id: far.newId(),
      type: 'Note',
      attributedTo: far.me,
      content: '<p>Hello oak</p>',
      to: ['https://www.w3.org/ns/activitystreams#Public'],
      tag: [{ type: 'Mention', href: oak.actor, name: '@oak' }],
      attachment,
    }
    return far
      .send(`${oak.url}/inbox`, { ...far.activity('Create', note, { to: note.to }), ...TOOT })
      .then(() => attachmentsOf(oak.ctx.db, postByIri(oak.ctx.db, note.id)?.id ?? 0))
  }
  const url = 'https://pictures.example/a.png'
  t.match(
    await say({
      type: 'Document',
      mediaType: 'image/png',
      url,
      name: '<b>Hay</b> & <script>x</script>sun',
      width: 640,
      height: 480,
      blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj',
      focalPoint: [0.25, -1],
    }),
    [{ kind: 'image', url, alt: /Hay.*sun/, width: 640, height: 480, blurhash: 'LEHV6nWB2yk8pyo0adR*.7kCMdnj', focus: { x: 0.25, y: -1 } }],
  )
  t.match(
    await say([
      { type: 'Video', mediaType: 'video/mp4', url },
      { type: 'Audio', url: [{ type: 'Link', mediaType: 'audio/ogg', href: url }] },
    ]),
    [{ kind: 'video' }, { kind: 'audio', type: 'audio/ogg' }],
  )
  t.same(
    await say(
      ['http://pictures.example/a.png', 'javascript:alert(1)', 'data:image/png;base64,xx', 'https://me@pictures.example/'].map(url => ({
        type: 'Document',
        mediaType: 'image/png',
        url,
      })),
    ),
    [],
    'addresses that are none of theirs',
  )
  t.equal((await say(Array.from({ length: 100 }, () => ({ type: 'Document', mediaType: 'image/png', url })))).length, 16)
  t.match(await say({ type: 'Image', url, width: -1, height: 1e9, blurhash: '<x>', focalPoint: [9, 'x'], name: 'y'.repeat(1_900) }), [
    { width: null, height: null, blurhash: null, focus: null, alt: /^y+…$/ },
  ])
})

t.test('the community gives itself a picture, and its followers hear of it', async t => {
  const oak = await start(t)
  const actor = async () => (await oak.get(oak.actor)).json() as Promise<{ icon: { url: string }; image?: { url: string } }>
  t.match(await actor(), { icon: { url: /assets/ }, image: undefined })
  wearPicture(oak.ctx, 'avatar', await drawPicture(await drawing(500, 500)), 'A tree')
  wearPicture(oak.ctx, 'header', await drawPicture(await drawing(900, 300)))
  const worn = await actor()
  t.match(worn, { icon: { type: 'Image', mediaType: 'image/webp', url: /\/media\//, name: 'A tree' }, image: { url: /\/media\// } })
  t.equal((await fetch(worn.icon.url)).status, 200)
  wearPicture(oak.ctx, 'avatar', undefined)
  t.match(await actor(), { icon: { url: /assets/ } })
})

t.test('a backup has the pictures in it, and a restore lays them where they were', async t => {
  const from = t.testdir({ data: {} })
  const data = join(from, 'data')
  const file = join(data, 'archipelago.sqlite')
  const oak = await startNode(t, { env: { DATA_DIR: data }, file })
  const kept = await picture(oak, await drawing(300, 200), 'Kept')
  publishPost(oak.ctx, 'Look', { attachments: [kept.id] })
  backUp(file, join(from, 'copy.sqlite'))
  await oak.stop()
  const elsewhere = join(from, 'elsewhere')
  restore(join(from, 'copy.sqlite'), { dataDir: elsewhere, database: join(elsewhere, 'archipelago.sqlite') })
  t.strictSame(readdirSync(join(elsewhere, 'media')).sort(), [kept.file, kept.preview].sort())
  t.strictSame(readFileSync(join(elsewhere, 'media', kept.file!)), readFileSync(join(data, 'media', kept.file!)))
  const again = await startNode(t, {
    env: { DATA_DIR: elsewhere },
    file: join(elsewhere, 'archipelago.sqlite'),
    founded: false,
    port: Number(new URL(oak.url).port),
  })
  t.match(attachmentsOf(again.ctx.db, 1), [{ alt: 'Kept', file: kept.file }])
  t.equal(again.ctx.db.$client.prepare("select count(*) from sqlite_master where name = 'backup_media'").pluck().get(), 0)
})

t.test('O-78 nothing is fetched for anybody: there is no address that names another', async t => {
  const oak = await start(t)
  const far = await startForeign(t)
  const { file } = await picture(oak, await drawing())
  const canary = encodeURIComponent(`${far.origin}/canary`)
  for (const path of [
    `/media?url=${canary}`,
    `/media/proxy?url=${canary}`,
    `/media/${canary}`,
    `/proxy/${canary}`,
    `/media/${file}%26proxy=${canary}`,
  ])
    t.ok((await fetch(`${oak.url}${path}`)).status >= 400, path)
  const plain = await fetch(`${oak.url}/media/${file}?url=${canary}&format=svg`)
  t.match([plain.status, plain.headers.get('content-type')], [200, 'image/webp'], 'what stands behind a name changes nothing')
  t.strictSame(far.asked, [])
})

t.test('from the command line: a post with pictures, and the community’s own', async t => {
  const folder = t.testdir({ 'tree.jpg': await photograph(), 'page.png': '<svg onload=alert(1)>' })
  const env = { DATA_DIR: join(folder, 'data'), PORT: String(await freePort()) }
  const run = (...words: string[]) => archipelago(env, words)
  t.equal((await run('setup', '--charter', 'examples/brook-farm.json', '--handle', 'brook')).code, 0)
  const said = await run('post', 'Our tree', '--image', join(folder, 'tree.jpg'), '--alt', 'A tree', '--json')
  t.equal(said.code, 0, said.err)
  t.equal(readdirSync(join(env.DATA_DIR, 'media')).length, 2)
  const bare = await run('post', '', '--image', join(folder, 'tree.jpg'))
  t.equal(bare.code, 0, bare.err)
  for (const words of [
    ['post', 'x', '--image', join(folder, 'page.png')],
    ['post', 'x', '--image', join(folder, 'none.jpg')],
    ['post', 'x', '--alt', 'of nothing'],
    ['picture', 'avatar'],
  ]) {
    const { code, err } = await run(...words)
    t.match([code, err], [1, /^\S.*\.\n$/], words.join(' '))
  }
  const worn = await run('picture', 'avatar', join(folder, 'tree.jpg'), '--alt', 'A tree', '--json')
  t.match(JSON.parse(worn.out), { which: 'avatar', url: /\/media\/.*\.jpg$/ })
  t.match((await run('picture', 'avatar', '--remove')).out, /no avatar any more/)
})
