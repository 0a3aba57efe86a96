import { createRestAPIClient } from 'masto'
import t, { type Test } from 'tap'
import { attachmentsOf } from '../src/db/media.ts'
import { callerOf, clientOf } from './helpers/client.ts'
import { startNode } from './helpers/node.ts'
import { drawing, photograph } from './helpers/pictures.ts'

type Media = {
  id: string
  type: string
  url: string
  preview_url: string
  description: string | null
  blurhash: string
  meta: Record<string, unknown>
}
type Status = { id: string; content: string; spoiler_text: string; edited_at: string | null; media_attachments: Media[] }

const start = (t: Test) => startNode(t, { env: { DATA_DIR: t.testdir() } })
const formOf = (bytes: Buffer, name: string, more: Record<string, string> = {}) => {
  const form = new FormData()
  for (const [key, value] of Object.entries(more)) form.set(key, value)
  form.set('file', new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' }), name)
  return form
}

t.test('masto.js sends a picture, posts it and describes it anew', async t => {
  const oak = await start(t)
  const { token } = await clientOf(oak)
  const masto = createRestAPIClient({ url: oak.url, accessToken: token })
  const media = await masto.v2.media.create({
    file: new Blob([new Uint8Array(await photograph())]),
    description: 'Two fields',
    focus: '0.5,-0.5',
  })
  t.match(media, {
    type: 'image',
    url: /^http.*\/media\/.*\.jpg$/,
    previewUrl: /-small\.jpg$/,
    description: 'Two fields',
    blurhash: /^.{28}$/,
    meta: { original: { width: 1600, height: 1200 }, focus: { x: 0.5, y: -0.5 } },
  })
  t.match(await masto.v1.media.$select(media.id).fetch(), { id: media.id })
  t.match(await masto.v1.media.$select(media.id).update({ description: 'Red and blue' }), {
    description: 'Red and blue',
    meta: { focus: { x: 0.5 } },
  })
  const status = await masto.v1.statuses.create({ status: '', mediaIds: [media.id] })
  t.match(status.mediaAttachments, [{ id: media.id, description: 'Red and blue' }])
  await t.rejects(masto.v1.media.$select(media.id).update({ description: 'Too late' }), { name: 'MastoHttpError', statusCode: 404 })
  const edited = await masto.v1.statuses
    .$select(status.id)
    .update({ status: 'Look', mediaIds: [media.id], mediaAttributes: [{ id: media.id, description: 'Still', focus: '0,0' }] } as never)
  t.match(edited, { content: /Look/, editedAt: /T/, mediaAttachments: [{ description: 'Still' }] })
  const history = await masto.v1.statuses.$select(status.id).history.list()
  t.match(history, [
    { content: '', mediaAttachments: [{ description: 'Red and blue' }] },
    { content: /Look/, mediaAttachments: [{ description: 'Still' }] },
  ])
  t.match(await masto.v1.statuses.$select(status.id).source.fetch(), { text: 'Look' })
})

t.test('O-76, O-77: older apps, wrong files and names that lead elsewhere', async t => {
  const oak = await start(t)
  const me = await clientOf(oak)
  const png = await drawing(300, 200)
  const first = await me.post<Media>('/api/v1/media', formOf(png, '../../../../etc/passwd\0.png', { description: 'A square' }))
  t.match([first.status, first.body], [200, { type: 'image', description: 'A square', url: /\/media\/[0-9a-f]{32}\.webp$/ }])
  for (const name of ['CON', 'x'.repeat(4096), '/etc/passwd'])
    t.match((await me.post<Media>('/api/v2/media', formOf(png, name))).body.url, /\/media\/[0-9a-f]{32}\.webp$/)
  for (const wrong of ['<svg onload=alert(1)>', '{"type":"Person"}', '%PDF-1.4', '']) {
    const refused = await me.post<{ error: string }>('/api/v2/media', formOf(Buffer.from(wrong), 'x.png'))
    t.match([refused.status, refused.body], [422, { error: /picture/ }], wrong)
  }
  const asActor = await fetch(first.body.url, { headers: { accept: 'application/activity+json' } })
  t.match(
    [asActor.headers.get('content-type'), asActor.headers.get('x-content-type-options')],
    ['image/webp', 'nosniff'],
    'a picture whoever asks',
  )
  t.equal((await me.post('/api/v2/media', {})).status, 422, 'nothing at all')
  t.equal((await me.post('/api/v2/media', formOf(png, 'x', { description: 'x'.repeat(1501) }))).status, 422)
  t.equal((await me.post('/api/v2/media', formOf(png, 'x', { focus: '2,2' }))).status, 422)
  t.equal((await me.post('/api/v2/media', formOf(Buffer.alloc(17 * 1024 * 1024, 'x'), 'x'))).status, 422, 'too large')
  t.equal((await callerOf(oak).post('/api/v2/media', formOf(png, 'x'))).status, 401)
  t.equal((await (await clientOf(oak, { name: 'ben', scopes: 'read' })).post('/api/v2/media', formOf(png, 'x'))).status, 403)
  t.equal((await me.del(`/api/v1/media/${first.body.id}`)).status, 200)
  t.equal((await me.get(`/api/v1/media/${first.body.id}`)).status, 404)
})

t.test('an edit keeps what it does not name, and the first words are not lost', async t => {
  const oak = await start(t)
  const me = await clientOf(oak)
  const media = (await me.post<Media>('/api/v2/media', formOf(await drawing(), 'x'))).body
  const { body: said } = await me.post<Status>('/api/v1/statuses', { status: 'One #bread', spoiler_text: 'Food', media_ids: [media.id] })
  const edited = await me.put<Status>(`/api/v1/statuses/${said.id}`, { status: 'Two' })
  t.match(edited.body, { id: said.id, content: /Two/, spoiler_text: 'Food', media_attachments: [{ id: media.id }] })
  t.equal((await me.put<Status>(`/api/v1/statuses/${said.id}`, { status: 'Two' })).status, 200, 'the same again is fine')
  const bare = await me.put<Status>(`/api/v1/statuses/${said.id}`, { status: 'Three', spoiler_text: '', media_ids: [] })
  t.match(bare.body, { spoiler_text: '', media_attachments: [] })
  const history = (await callerOf(oak).get<Status[]>(`/api/v1/statuses/${said.id}/history`)).body
  t.match(
    history.map(({ content, spoiler_text }) => [content, spoiler_text]),
    [
      [/One/, 'Food'],
      [/Two/, 'Food'],
      [/Three/, ''],
    ],
  )
  t.match((await me.get(`/api/v1/statuses/${said.id}/source`)).body, { id: said.id, text: 'Three', spoiler_text: '' })
  t.equal((await callerOf(oak).put(`/api/v1/statuses/${said.id}`, { status: 'x' })).status, 401)
  t.equal((await me.del(`/api/v1/statuses/${said.id}`)).status, 200)
  t.equal((await me.get(`/api/v1/statuses/${said.id}/history`)).status, 404)
  t.strictSame(attachmentsOf(oak.ctx.db, 1), [])
})
