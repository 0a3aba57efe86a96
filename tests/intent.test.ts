import { execFileSync } from 'node:child_process'
import t from 'tap'
import { allFollowing } from '../src/db/following.ts'
import { lookUp } from '../src/federation/lookup.ts'
import { shellWord } from '../src/lib/text.ts'
import { startForeign } from './helpers/foreign.ts'
import { startNode } from './helpers/node.ts'
import { visit } from './helpers/page.ts'
import { signedIn } from './helpers/steward.ts'

const INTENT = 'https://w3id.org/fep/3b86/'

t.test('WebFinger says where to send a steward who wants to follow, see or say something (FEP-3b86)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startNode(t, { handle: 'fern' })
  await lookUp(oak.federation, fern.actor)
  const { links } = await (await oak.get(`/.well-known/webfinger?resource=acct:oak@${oak.ctx.config.host}`)).json()
  const open = (rel: string, name: string, value: string) => {
    const { template } = (links as { rel: string; template: string }[]).find(link => link.rel === rel)!
    t.match(template, `{${name}}`)
    return visit(oak, template.replace(`{${name}}`, encodeURIComponent(value)))
  }
  for (const [rel, name] of [
    [`${INTENT}Follow`, 'object'],
    [`${INTENT}Object`, 'object'],
    ['http://ostatus.org/schema/1.0/subscribe', 'uri'],
  ] as const) {
    const page = await open(rel, name, fern.actor)
    t.equal(page.status, 200)
    t.match(page.text, `npx archipelago follow ${fern.actor}`)
    t.match(page.html, `href="/admin/people/following?who=${encodeURIComponent(fern.actor)}"`)
    t.match(page.text, fern.address)
    t.match(page.html, `href="/communities/${fern.ctx.config.host}/fern"`)
    t.match(page.html, /name="robots" content="noindex/)
  }
  t.match((await open(`${INTENT}Follow`, 'object', `acct:fern@${fern.ctx.config.host}`)).text, `npx archipelago follow ${fern.address}`)
  t.match((await open(`${INTENT}Create`, 'content', "it's $(here)")).text, "npx archipelago post 'it'\\''s $(here)'")
  for (const ours of [oak.actor, oak.address]) {
    const page = await open(`${INTENT}Follow`, 'object', ours)
    t.match(page.text, /this community itself/)
    t.notMatch(page.text, 'npx archipelago', 'there is nothing to do')
  }
  t.match((await open(`${INTENT}Create`, 'content', '--help')).text, 'npx archipelago post -- --help', 'no words are an option')
})

t.test('nothing is fetched, followed or reflected for whoever opens such a page', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const foreign = await startForeign(t)
  const page = await visit(oak, `/intent/follow?object=${encodeURIComponent(foreign.me)}&on-success=https://evil.example/`)
  t.match(page.text, /has not met it yet/)
  t.same(foreign.asked, [])
  t.notMatch(page.html, 'evil.example')
  for (const wrong of [
    '',
    '?object=',
    '?object=javascript:alert(1)',
    '?object=data:text/html,x',
    '?object=//example.org/',
    '?object=https://user:secret@example.org/',
    '?object=a%40b%40c',
    '?object=x&object=y',
    `?object=https://example.org/${'x'.repeat(2048)}`,
  ]) {
    const { status, html } = await visit(oak, `/intent/follow${wrong}`)
    t.equal(status, 400, wrong.slice(0, 60))
    t.notMatch(html, /javascript:|secret/)
  }
  t.equal((await visit(oak, '/intent/create')).status, 400)
  const script = encodeURIComponent('https://example.org/?"><script>alert(1)</script>')
  t.notMatch((await visit(oak, `/intent/object?object=${script}`)).html, '<script>alert')
  const said = encodeURIComponent('<script>alert(1)</script>\u001b[31m\nrm')
  const { html } = await visit(oak, `/intent/create?content=${said}`)
  t.notMatch(html, '<script>alert')
  t.notMatch(html, '\u001b')
})

t.test('what is shown for the shell is one word to it', async t => {
  for (const text of ['plain', "it's", '$(id)', '`id`', 'a b; c', '"', "'\\''", 'https://example.org/?a=b&c=d', '\\', '-n'])
    t.equal(execFileSync('sh', ['-c', `printf %s ${shellWord(text)}`]).toString(), text, text)
})

t.test('whoever looks after the node signs in and finds filled in what was meant, and nothing done', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const fern = await startForeign(t)
  const meant = `/admin/people/following?who=${encodeURIComponent(fern.me)}`
  const stranger = await oak.get(meant, 'text/html')
  t.equal(stranger.headers.get('location'), `/sign-in?next=${encodeURIComponent(meant)}`)
  const ada = await signedIn(oak)
  t.match((await ada.visit(meant)).html, `value="${fern.me}"`)
  t.match((await ada.visit('/admin/posts/new?text=See%20you%20%3Cthere%3E')).html, '>See you &lt;there></textarea>')
  t.same(fern.asked, [])
  t.same(allFollowing(oak.ctx.db), [])
})
