import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import t from 'tap'
import { publishCharter } from '../src/actions/charter.ts'
import { publishPost } from '../src/actions/post.ts'
import { aCharter } from './helpers/charters.ts'
import { startNode } from './helpers/node.ts'
import { root } from './helpers/root.ts'

const charter = {
  name: 'Oak Hollow',
  summary: 'Woodland people & a pond.',
  kind: ['ecovillage' as const],
  theme: 'anarchist' as const,
  themes: ['anarchist' as const, 'ecological' as const],
  place: { precision: 'locality' as const, country: 'ES', region: 'Aragón', locality: 'Artosilla', latitude: 42.4531, longitude: -0.2912 },
  languages: ['es', 'an'],
  website: 'https://oak.example/',
}

t.test('the actor has what every server demands (federation reference, section 4.1)', async t => {
  const oak = await startNode(t, { handle: 'oak', charter })
  const response = await oak.get('/c/oak')
  const actor = await response.json()
  const { host } = oak.ctx.config
  const get = async (url: string) => (await oak.get(url)).json()

  t.equal(actor.type, 'Organization', 'type: the community is an Organization')
  t.equal((await get('/node')).type, 'Application', 'choice: the node is an Application')
  t.equal(actor.id, `${oak.url}/c/oak`, 'id: where it was asked for')
  t.equal(new URL(actor.id).host, host, 'id: its host is the host of the handle')
  t.ok(actor['@context'].includes('https://www.w3.org/ns/activitystreams'), '@context: names ActivityStreams')
  t.match(actor.preferredUsername, /^[a-z0-9_]{1,30}$/, 'preferredUsername: ASCII, at most 30')
  t.equal(actor.inbox, `${actor.id}/inbox`, 'inbox: same host')
  t.match(await get(actor.outbox), { type: 'OrderedCollection' }, 'outbox: there, and a collection')
  t.match(await get(actor.followers), { totalItems: 0, first: String }, 'followers: counts, and has a first page')
  t.match(await get(actor.following), { totalItems: 0, first: String }, 'following: counts, and has a first page')
  t.match(
    actor.publicKey,
    { id: `${actor.id}#main-key`, owner: actor.id, publicKeyPem: /^-----BEGIN PUBLIC KEY-----/ },
    'publicKey: RSA, owned by the actor',
  )
  t.match(
    actor.assertionMethod,
    [{ id: `${actor.id}#ed25519-key`, type: 'Multikey', controller: actor.id, publicKeyMultibase: /^z6Mk/ }],
    'assertionMethod: Ed25519 (FEP-521a)',
  )
  t.equal(actor.endpoints.sharedInbox, `${oak.url}/inbox`, 'endpoints.sharedInbox: same host')
  t.equal(actor.name, 'Oak Hollow · Anarchist · Ecovillage', 'name: plain text with theme and kind')
  t.equal(actor.summary, '<p>Woodland people &amp; a pond.</p>', 'summary: HTML')
  t.equal(new URL(actor.url).host, host, 'url: same host as the id')
  t.match(actor, { discoverable: true, indexable: true }, 'discoverable, indexable: true')
  t.equal(actor.manuallyApprovesFollowers, false, 'manuallyApprovesFollowers: false, so a follow is immediate')
  t.ok(Date.parse(actor.published), 'published: a time')
  t.match(
    actor.icon,
    { type: 'Image', mediaType: 'image/png', url: `${oak.url}/assets/icon.png`, name: String },
    'icon: an image with alternative text',
  )
  t.match(await oak.get(actor.icon.url, 'image/*'), { status: 200 }, 'icon: is there')
  t.ok(Array.isArray(actor.attachment), 'attachment: an array')
  t.match(actor.attachment[0], { type: 'PropertyValue', name: 'Theme', value: 'Anarchist, Ecological' }, 'attachment: PropertyValue')
  t.match(
    actor.attachment.at(-1),
    { name: 'Website', value: /<a href="https:\/\/oak\.example\/" rel="me / },
    'attachment: links back with rel=me',
  )
  const featured = await get(actor.featured)
  t.match(
    featured,
    {
      type: 'OrderedCollection',
      totalItems: 1,
      orderedItems: [{ type: 'Note', attributedTo: actor.id, content: /Woodland people/, url: `${actor.id}/charter/1` }],
    },
    'featured: a pinned note with the essence',
  )
  t.equal((await get(featured.orderedItems[0].id)).content, featured.orderedItems[0].content, 'featured: its note is at its id')
  t.match(
    await get(actor.featuredTags),
    { type: 'Collection', items: [{ type: 'Hashtag', name: '#intentionalcommunity', href: String }] },
    'featuredTags: hashtags',
  )
  t.ok((await get(actor.featuredTags)).items.length <= 10, 'featuredTags: at most ten')
  t.match(
    actor.tag.map((tag: { name: string }) => tag.name),
    ['#intentionalcommunity', '#anarchist', '#ecological', '#ecovillage'],
    'tag: the hashtags again, for Misskey',
  )
  t.equal(actor.webfinger, `oak@${host}`, 'webfinger (FEP-2c59)')
  t.match(
    actor.location,
    {
      type: 'Place',
      name: 'Artosilla, Aragón, Spain',
      latitude: 42.45,
      longitude: -0.25,
      address: { type: 'PostalAddress', addressCountry: 'ES' },
    },
    'location: Place with an address, coarsened',
  )
  t.equal(actor['vcard:Address'], 'Artosilla, Aragón, Spain', 'vcard:Address, for Misskey')
  t.match(
    actor.charter,
    { edition: 1, published: String, name: 'Oak Hollow', theme: 'anarchist', place: { precision: 'locality', latitude: 42.45 } },
    'charter: the whole of it, under our own term',
  )

  t.equal(response.headers.get('content-type'), 'application/activity+json; charset=utf-8', 'content type')
  t.match(response.headers.get('vary'), /Accept/i, 'Vary: Accept')
  t.match(response.headers.get('cache-control'), /max-age=180/, 'Cache-Control')
  t.notMatch(JSON.stringify(actor), /42\.4531|0\.2912|PRIVATE/, 'nothing finer than the precision, no private key')
  const again = await fetch(actor.id, { headers: { accept: 'application/activity+json', 'if-none-match': response.headers.get('etag')! } })
  t.equal(again.status, 304, 'ETag')
})

t.test('one address, two representations', async t => {
  const oak = await startNode(t, { handle: 'oak', charter })
  const cases: [string, RegExp][] = [
    ['application/activity+json', /^application\/activity\+json/],
    ['application/ld+json; profile="https://www.w3.org/ns/activitystreams"', /^application\/activity\+json/],
    ['application/json', /^application\/activity\+json/],
    ['text/html,application/xhtml+xml,*/*;q=0.8', /^text\/html/],
    ['*/*', /^text\/html/],
    ['text/html;q=0.5, application/activity+json', /^application\/activity\+json/],
  ]
  for (const [accept, type] of cases) {
    const response = await oak.get('/c/oak', accept)
    t.match(response.headers.get('content-type'), type, accept)
    t.match(response.headers.get('vary'), /Accept/i)
  }
})

t.test('objects, activities and pages of the outbox', async t => {
  const oak = await startNode(t, { handle: 'oak', charter })
  for (let i = 1; i <= 24; i++) publishPost(oak.ctx, `Post ${i}`)
  publishCharter(oak.ctx, aCharter({ ...charter, summary: 'Another edition.' }))
  const { tellOthers } = await import('../src/federation/outbox.ts')
  tellOthers(oak.federation)

  const outbox = await (await oak.get('/c/oak/outbox')).json()
  t.equal(outbox.totalItems, 26, 'two editions and 24 posts; updates of the actor are not posts')
  const seen: { id: string; type: string; object: { id: string; type: string } }[] = []
  for (let next = outbox.first; next; ) {
    const page = await (await oak.get(next)).json()
    t.match(page, { type: 'OrderedCollectionPage', partOf: outbox.id, id: next })
    seen.push(...page.orderedItems)
    next = page.next
  }
  t.equal(new Set(seen.map(item => item.id)).size, 26, 'every item once')
  t.match(
    seen[0],
    { type: 'Create', object: { type: 'Article', name: 'The charter of Oak Hollow, edition 2', content: /Another edition/ } },
    'newest first',
  )
  t.match(seen.at(-1), { type: 'Create', object: { type: 'Article', id: `${oak.url}/o/charter-1` } })
  for (const item of [seen[0]!, seen[1]!, seen.at(-1)!]) {
    t.match(await (await oak.get(item.id)).json(), { id: item.id, type: 'Create' }, 'an activity is at its id')
    t.match(await (await oak.get(item.object.id)).json(), { id: item.object.id, type: item.object.type }, 'an object is at its id')
  }
  t.equal((await oak.get('/c/oak/outbox?page=nonsense')).status, 404)
  for (const path of ['/o/nothing', '/o/charter-9', '/a/nothing', '/c/nobody', '/c/nobody/outbox'])
    t.equal((await oak.get(path)).status, 404, path)
  t.match(await (await oak.get('/c/oak/charter/1')).json(), { id: `${oak.url}/o/charter-1` })
})

t.test('WebFinger', async t => {
  const oak = await startNode(t, { handle: 'oak', charter })
  const { host } = oak.ctx.config
  const ask = async (resource: string, rest = '') =>
    (await oak.get(`/.well-known/webfinger?resource=${encodeURIComponent(resource)}${rest}`, 'application/jrd+json')).json()
  for (const resource of [`acct:oak@${host}`, `acct:OAK@${host.toUpperCase()}`, oak.actor, `${oak.url}/@oak`]) {
    t.match(
      await ask(resource),
      {
        subject: `acct:oak@${host}`,
        links: [{ rel: 'http://webfinger.net/rel/profile-page' }, { rel: 'self', type: 'application/activity+json', href: oak.actor }],
      },
      resource,
    )
  }
  t.match(
    await ask(`${oak.url}/`),
    {
      subject: `${oak.url}/`,
      links: [
        { rel: 'https://www.w3.org/ns/activitystreams#Service', href: `${oak.url}/node` },
        { rel: 'self', href: oak.actor },
      ],
    },
    'FEP-d556',
  )
  t.match(await ask(`acct:node@${host}`), { links: [{ rel: 'self', href: `${oak.url}/node` }] })
  t.same(
    (await ask(oak.actor, '&rel=self')).links.map((link: { rel: string }) => link.rel),
    ['self'],
    'rel filter',
  )
  const response = await oak.get(`/.well-known/webfinger?resource=acct:oak@${host}`, '*/*')
  t.match(response.headers.get('content-type'), /^application\/jrd\+json/)
  t.equal((await oak.get('/.well-known/webfinger', '*/*')).status, 400)
  for (const resource of [`acct:nobody@${host}`, 'acct:oak@elsewhere.example', `acct:oak@${host}.evil.test`])
    t.equal((await oak.get(`/.well-known/webfinger?resource=${resource}`, '*/*')).status, 404, resource)
  const xrd = await oak.get('/.well-known/host-meta', '*/*')
  t.match(await xrd.text(), `template="${oak.url}/.well-known/webfinger?resource={uri}"`)
})

t.test('NodeInfo is valid by its schema', async t => {
  const oak = await startNode(t, { handle: 'oak', charter })
  publishPost(oak.ctx, 'One post')
  const { links } = await (await oak.get('/.well-known/nodeinfo', '*/*')).json()
  t.match(links, [
    { rel: /schema\/2\.1$/ },
    { rel: /schema\/2\.0$/ },
    { rel: 'https://www.w3.org/ns/activitystreams#Application', href: `${oak.url}/node` },
  ])
  for (const version of ['2.0', '2.1']) {
    const response = await oak.get(links.find((link: { rel: string }) => link.rel.endsWith(version)).href, '*/*')
    const info = await response.json()
    const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(new URL(`tests/vectors/nodeinfo/${version}.json`, root), 'utf8'))
    const validate = new Ajv({ strict: false }).compile(schema)
    t.ok(validate(info), version, { errors: validate.errors })
    t.match(info, {
      software: { name: 'archipelago' },
      protocols: ['activitypub'],
      usage: { users: { total: 1 }, localPosts: 1 },
      metadata: { nodeName: 'Oak Hollow' },
    })
    t.match(response.headers.get('content-type'), `profile="http://nodeinfo.diaspora.software/ns/schema/${version}#"`)
  }
})
