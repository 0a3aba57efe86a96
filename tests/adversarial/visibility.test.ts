import t from 'tap'
import { publishPost } from '../../src/actions/post.ts'
import { settle, startNode, type TestNode } from '../helpers/node.ts'
import { hostile } from './harness.ts'

const ACCEPTS = ['text/html', 'application/activity+json', 'application/json']
const paths = (post: string) => [
  ...['/', '/about', '/c/oak', '/c/oak/charter/1', '/c/oak/outbox', '/c/oak/outbox?page=true', '/c/oak/followers', '/c/oak/following'],
  ...['/c/oak/followers?page=true', '/c/oak/featured', '/c/oak/tags', '/o/charter-1', '/o/essence-1', '/node', '/node/outbox', post],
  ...['/api', '/api/directory', '/api/openapi.json', '/schema/charter.json', '/.well-known/nodeinfo', '/nodeinfo/2.1', '/nodeinfo/2.0'],
  ...['/.well-known/webfinger?resource=acct:oak@HOST', '/.well-known/host-meta', '/healthz', '/readyz', '/metrics'],
  ...[
    '/?q=farm',
    '/?near=42.51234,-0.71234&within=5',
    '/?sort=distance&near=42.51234,-0.71234',
    '/api/directory?near=42.51234,-0.71234&within=5',
  ],
  ...['/api/directory?bbox=-0.72,42.51,-0.71,42.52', '/?bbox=-0.72,42.51,-0.71,42.52', '/api/directory?country=ES'],
]

/** Everything this node says in public, each answer with where it was found. */
async function everything(node: TestNode, post: string): Promise<{ path: string; said: string }[]> {
  const all: { path: string; said: string }[] = []
  for (const path of paths(post))
    for (const accept of ACCEPTS) {
      const response = await node.get(path.replace('HOST', node.ctx.config.host), accept)
      const headers = [...response.headers].filter(([name]) => !['date', 'x-ratelimit-reset'].includes(name))
      all.push({ path: `${path} as ${accept}`, said: `${JSON.stringify(headers)}\n${await response.text()}` })
    }
  return all
}

t.test('what is said in public', async t => {
  const { node, evil, deliver, log, attack } = await hostile(t)

  await attack(
    "O-86 every output searched for what is nobody's business",
    async t => {
      const hidden = {
        bto: ['https://evil.test/users/secret-one'],
        bcc: ['https://evil.test/users/secret-two'],
        _meta: { x: 'secret-three' },
      }
      await deliver(evil, { ...evil.activity('Follow', node.actor), ...hidden })
      await deliver(evil, evil.activity('Create', evil.note('hello', hidden), hidden))
      const post = publishPost(node.ctx, 'Good morning')
      await settle(node)
      const pems = node.ctx.db.$client.prepare('select private_key from keys').pluck().all() as string[]
      const forbidden = [
        ...['PRIVATE KEY', ...pems.flatMap(pem => pem.split('\n').slice(1, 3)), 'a-token-of-the-monitor'],
        ...['"bto"', '"bcc"', '"_meta"', '"_local"', 'secret-one', 'secret-two', 'secret-three', 'private_key', 'privateKey'],
      ].filter(text => text.length > 3)
      const said = [
        ...(await everything(node, new URL(post.iri).pathname)),
        ...evil.inbox.map((activity, n) => ({ path: `delivery ${n}`, said: JSON.stringify(activity) })),
        { path: 'queue', said: JSON.stringify(node.ctx.db.$client.prepare('select body from activities').all()) },
        { path: 'log', said: log.join('') },
      ]
      t.ok(evil.inbox.length >= 2, 'something was delivered')
      for (const { path, said: text } of said)
        t.same(
          forbidden.filter(secret => text.includes(secret)),
          [],
          path,
        )
    },
    { changes: true },
  )
})

for (const precision of ['region', 'country', 'hidden'] as const)
  t.test(`O-107 no place finer than the community wants: ${precision}`, async t => {
    const place = {
      precision,
      country: 'ES' as const,
      region: 'Aragón',
      locality: 'Artieda',
      street: 'Calle Luis Buñuel',
      latitude: 42.51234,
      longitude: -0.71234,
    }
    const node = await startNode(t, { charter: { place, summary: 'A farm in the hills.' } })
    const post = publishPost(node.ctx, 'Good morning')
    await settle(node)
    const path = new URL(post.iri).pathname
    const first = await everything(node, path)
    const second = await everything(node, path)
    const finer = ['42.51', '-0.712', '0.71234', 'Artieda', 'Buñuel', ...(precision === 'region' ? [] : ['Aragón', 'Arag%C3%B3n'])]
    for (const [n, { path: where, said }] of first.entries()) {
      // What was asked for comes back in the links of its own page, whoever asked.
      const answer = /near=|bbox=/.test(where) ? said.replace(/-?42\.51\w*|-?0\.71\w*|%2C|,/g, '') : said
      t.same(
        finer.filter(text => answer.includes(text)),
        [],
        where,
      )
      const points = (text: string) => text.match(/"(latitude|longitude|distance)":\s*-?[\d.]+/g)
      t.same(points(said), points(second[n]!.said), `${where}: the same point each time`)
    }
    const count = async (query: string) =>
      ((await (await node.get(`/api/directory?${query}`, 'application/json')).json()) as { total?: number }).total
    if (precision !== 'region') t.equal(await count('near=42.51234,-0.71234&within=5'), 0, 'it is not found by where it is')
    t.notMatch(JSON.stringify(node.ctx.db.$client.prepare('select body from activities').all()), /Artieda|Buñuel|42\.51/)
  })
