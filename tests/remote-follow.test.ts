import t from 'tap'
import { blockDomain } from '../src/actions/block.ts'
import { send } from './helpers/form.ts'
import { startNode } from './helpers/node.ts'
import { visit } from './helpers/page.ts'
import { answer, startRawServer } from './helpers/raw-server.ts'

const FOLLOW = 'https://w3id.org/fep/3b86/Follow'
const SUBSCRIBE = 'http://ostatus.org/schema/1.0/subscribe'

t.test('who types their handle is shown where their own server takes them, and nothing else happens', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  const { html } = await visit(oak, '/c/oak')
  t.match(html, `name="community" value="${oak.address}"`)
  const ask = (handle: string, headers: Record<string, string | undefined> = {}) =>
    send(oak, '/follow', { community: oak.address, handle }, headers)
  for (const handle of [`@fern@${fern.ctx.config.host}`, `fern@${fern.ctx.config.host}`, `${fern.url}/@fern`]) {
    const answer = await ask(handle)
    t.equal(answer.status, 200, handle)
    t.match(answer.html, `href="${fern.url}/intent/follow?object=${encodeURIComponent(oak.actor)}"`)
    t.match(answer.headers.get('cache-control'), /no-store/)
    t.notMatch(answer.html, 'This is another server')
  }
  const unknown = await ask(`@nobody@${fern.ctx.config.host}`)
  t.equal(unknown.status, 422)
  t.match(unknown.html, 'That server knows nobody of this name')
  t.match(unknown.html, `value="@nobody@${fern.ctx.config.host}"`, 'what was typed stays')
  for (const strange of ['', 'wren', '@@', 'javascript:alert(1)', '@a@b@c', 'a'.repeat(5000)]) t.equal((await ask(strange)).status, 422)
  t.equal((await ask('@fern@localhost:1')).status, 502, 'a server that is not there')
  t.equal((await ask('@fern@example.org', { origin: 'https://evil.test' })).status, 403, 'only pages of this node ask')
})

t.test('O-69, O-91: a server says where; what is no address of the web is no place to go', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  let links: object[] = []
  const server = await startRawServer(t, socket => socket.end(answer(JSON.stringify({ subject: 'acct:a@b', links }))))
  const ask = () => send(oak, '/follow', { community: oak.address, handle: `@wren@127.0.0.1:${server.port}` })
  const object = encodeURIComponent(oak.actor)
  links = [
    { rel: SUBSCRIBE, template: 'https://birds.example/authorize_interaction?uri={uri}' },
    { rel: FOLLOW, template: 'https://birds.example/follow?o={object}' },
  ]
  const both = await ask()
  t.match(both.html, `href="https://birds.example/follow?o=${object}"`, 'the newer one first')
  t.match(both.html, 'This is another server than the one you typed')
  links = links.slice(0, 1)
  t.match((await ask()).html, `href="https://birds.example/authorize_interaction?uri=${object}"`)
  for (const template of [
    'javascript:alert("{uri}")',
    'https://birds.example/',
    'https://u:p@birds.example/?{uri}',
    '{uri}',
    'https://{uri}/{host}',
  ]) {
    links = [{ rel: SUBSCRIBE, template }]
    const answer = await ask()
    t.match(answer.html, 'Your server does not say where its people follow others', template)
    t.notMatch(answer.html, /href="(javascript|https:\/\/(u:p|birds))/)
  }
  blockDomain(oak.ctx, `127.0.0.1:${server.port}`, 'suspend')
  const asked = server.requests.length
  t.match((await ask()).html, 'This node has nothing to do with that server')
  t.equal(server.requests.length, asked, 'and asks nothing of it')
  const many = await Promise.all(Array.from({ length: 25 }, ask))
  t.ok(many.some(({ status }) => status === 429), 'nobody makes this node ask others without end') // biome-ignore format: one step
})
