import t from 'tap'
import { BLOCKLIST_LIMITS } from '../src/domain/blocklist.ts'
import { startNode } from './helpers/node.ts'
import { signedIn } from './helpers/steward.ts'

const SPANISH = { 'accept-language': 'es' }

t.test('what can’t be done is said to stewards in the language of their page', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const elm = await startNode(t, { handle: 'elm' })
  const { send } = await signedIn(oak)
  const host = new URL(elm.url).host
  const servers = Array.from({ length: BLOCKLIST_LIMITS.rows + 1 }, (_, n) => `n${n}.example`).join('\n')

  for (const [path, fields, words] of [
    ['/admin/moderation/preview', { who: 'nonsense' }, '«nonsense» no es un dominio como example.org.'],
    ['/admin/moderation/block', { who: 'co.uk' }, 'En co.uk terminan los nombres de muchos desconocidos.'],
    ['/admin/moderation/lists/import', { text: servers }, 'Una lista puede nombrar 20.000 servidores; esta nombra 20.001.'],
    ['/admin/moderation/reports/file', { who: elm.address, text: ' ' }, 'Una denuncia necesita unas palabras'],
    ['/admin/people/following/search', { who: `@nobody@${host}` }, `${host} no conoce a nadie que se llame nobody.`],
    ['/admin/people/following/import/look', { text: '' }, 'En esta lista no hay nadie a quien seguir.'],
    ['/admin/settings/move-to', { who: elm.address, typed: oak.address }, `${elm.address} no dice que antes era esta comunidad.`],
    ['/admin/first-run/peer', { address: oak.url }, 'No ha funcionado: Es este mismo nodo, y no puede ser su propio vecino.'],
    ['/admin/node/peers', { peer: 'nonsense' }, '«nonsense» no es una dirección como https://example.org.'],
    [
      '/admin/node/peers',
      { peer: 'http://localhost:1' },
      'No se pudo llegar a http://localhost:1: su servidor no responde (ECONNREFUSED).',
    ],
  ] as const) {
    const { status, html } = await send(path, fields, SPANISH)
    t.equal(status, 422, path)
    t.match(html, words, path)
  }

  const arabic = await send('/admin/moderation/preview', { who: 'nonsense' }, { 'accept-language': 'ar' })
  t.match(arabic.html, '«nonsense» ليس نطاقًا مثل example.org.')
  t.match((await send('/admin/moderation/preview', { who: 'nonsense' })).html, '“nonsense” is not a domain such as example.org.')
})
