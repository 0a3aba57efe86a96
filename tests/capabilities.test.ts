import { readFileSync } from 'node:fs'
import t from 'tap'
import { CAPABILITIES } from '../src/federation/capabilities.ts'
import { parseDocument } from '../src/federation/guard.ts'
import { startNode } from './helpers/node.ts'
import { root } from './helpers/root.ts'

const page = readFileSync(new URL('FEDERATION.md', root), 'utf8')

t.test('both actors say what is implemented, and where to ask (FEP-844e)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const [community, node] = await Promise.all(['/c/oak', '/node'].map(async path => (await oak.get(path)).json()))
  t.same(community.generator, { type: 'Application', id: `${oak.url}/node`, implements: CAPABILITIES })
  t.same(node.implements, CAPABILITIES)
  t.equal(node.id, community.generator.id)
  const normalised = await oak.federation.engine.normalise(parseDocument(Buffer.from(JSON.stringify(node))))
  t.equal((normalised.implements as unknown[]).length, CAPABILITIES.length, 'a reader of JSON-LD finds the same')
})

t.test('the list is that of FEDERATION.md', async t => {
  const listed = [...page.matchAll(/^- \[FEP-[0-9a-f]{4}\]\((https:\/\/w3id\.org\/fep\/[0-9a-f]{4})\): /gm)].map(match => match[1]!)
  const said = CAPABILITIES.map(({ href }) => href).filter(href => href.startsWith('https://w3id.org/fep/'))
  t.same(listed.sort(), said.sort())
  t.equal(new Set(said).size, said.length)
  t.match(page, CAPABILITIES[0]!.href.replace('https://datatracker.ietf.org/doc/html/', 'https://www.rfc-editor.org/rfc/'))
})

t.test('who looks for the server itself finds its actor, by WebFinger and by NodeInfo (FEP-d556, FEP-2677)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const json = async (path: string) => (await oak.get(path)).json()
  for (const resource of [oak.url, `${oak.url}/`]) {
    const { subject, links } = await json(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}`)
    t.equal(subject, resource)
    t.match(links, [{ rel: 'https://www.w3.org/ns/activitystreams#Service', type: 'application/activity+json', href: `${oak.url}/node` }])
  }
  const { links } = await json('/.well-known/nodeinfo')
  t.match(
    links.find((link: { rel: string }) => link.rel === 'https://www.w3.org/ns/activitystreams#Application'),
    { href: `${oak.url}/node` },
  )
})

t.test('both actors say the name WebFinger knows them by (FEP-2c59)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  for (const path of ['/c/oak', '/node']) {
    const { id, webfinger } = await (await oak.get(path)).json()
    const found = await (await oak.get(`/.well-known/webfinger?resource=acct:${webfinger}`)).json()
    t.match(found, { subject: `acct:${webfinger}` })
    t.ok(found.links.some((link: { rel: string; href: string }) => link.rel === 'self' && link.href === id))
  }
})

t.test('NodeInfo says nothing but what is so (FEP-0151)', async t => {
  const oak = await startNode(t, { handle: 'oak' })
  const info = await (await oak.get('/nodeinfo/2.1')).json()
  t.match(info, {
    usage: { users: { total: 1 } },
    metadata: { nodeName: 'oak', federation: { enabled: true }, staffAccounts: [oak.actor] },
  })
  t.notOk('activeMonth' in info.usage.users, 'how active its steward was is not counted')
  t.notOk('localComments' in info.usage)
})
