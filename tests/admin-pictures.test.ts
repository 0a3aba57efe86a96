import t from 'tap'
import { startNode } from './helpers/node.ts'
import { drawing, photograph } from './helpers/pictures.ts'
import { signedIn } from './helpers/steward.ts'

const PICTURES = '/admin/settings/pictures'

t.test('a steward gives the community a picture and takes it away again', async t => {
  const oak = await startNode(t, { env: { DATA_DIR: t.testdir() } })
  const ada = await signedIn(oak)
  const send = (face: string, bytes: Buffer | undefined, alt = '') => {
    const form = new FormData()
    form.set('alt', alt)
    form.set('file', new Blob(bytes ? [new Uint8Array(bytes)] : []), bytes ? 'x.png' : '')
    const headers = { cookie: ada.cookie, origin: oak.url, 'sec-fetch-site': 'same-origin' }
    return fetch(`${oak.url}${PICTURES}/${face}`, { method: 'POST', headers, body: form, redirect: 'manual' })
  }
  const page = async () => (await ada.get(PICTURES)).text()
  const actor = async () => (await (await oak.get(oak.actor)).json()) as { icon: { url: string; name?: string }; image?: { url: string } }
  t.notMatch(await page(), 'own-face')
  const saved = await send('avatar', await photograph(), 'A tree & its <shade>')
  t.match([saved.status, saved.headers.get('location')], [303, PICTURES])
  t.match(await page(), /The picture is in use.*own-face avatar.*alt="A tree &amp; its &lt;shade>"/s)
  t.match(await actor(), { icon: { url: /\/media\/.*\.jpg/, name: 'A tree & its <shade>' }, image: undefined })
  t.equal((await send('header', await drawing(900, 300))).status, 303)
  t.match(await actor(), { image: { url: /\.webp$/ } })
  const wrong = await send('avatar', Buffer.from('<svg></svg>'), 'Kept words')
  const said = await wrong.text()
  t.match([wrong.status, said], [422, /no picture that can be read.*value="Kept words"/s])
  t.match((await send('avatar', undefined)).status, 422, 'no file at all')
  t.equal((await send('avatar', await drawing(), 'x'.repeat(1501))).status, 422)
  t.match((await actor()).icon.url, /\.jpg$/, 'what was there stays')
  const gone = await ada.send(`${PICTURES}/avatar/remove`)
  t.equal(gone.status, 303)
  t.match((await actor()).icon.url, /assets/)
  const ben = await signedIn(oak, { name: 'ben', role: 'moderator' })
  t.equal((await ben.get(PICTURES)).status, 403)
})
