import type { Asked, Json, Manners } from './peer.ts'

// How servers of other software behave where it matters to us, as their code has it (GoToSocial 0.20, snac2 2.38, the WordPress plugin
// 4.0, Mastodon 4.7, Misskey 2025.4).

const AS = 'https://www.w3.org/ns/activitystreams'
const LD_JSON = `application/ld+json; profile="${AS}"`
const TERMS = {
  toot: 'http://joinmastodon.org/ns#',
  discoverable: 'toot:discoverable',
  featured: { '@id': 'toot:featured', '@type': '@id' },
  manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
}

/** Signed GETs only, but for its keys, each of which is a stub of its actor at an address of its own; strict about types. */
export const gotosocial: Manners = {
  actor: origin => `${origin}/users/zork`,
  keyId: actor => `${actor}/main-key`,
  inbox: '/users/zork/inbox',
  type: LD_JSON,
  algorithm: 'hs2019',
  covers: ['(request-target)', 'host', 'date', 'digest'],
  profile: actor => ({
    '@context': ['https://gotosocial.org/ns', 'https://w3id.org/security/v1', AS, TERMS],
    ...{ type: 'Person', preferredUsername: 'zork', name: 'zork', summary: '<p>hey</p>', tag: [], discoverable: true },
    ...{ hidesToPublicFromUnauthedWeb: false, hidesCcPublicFromUnauthedWeb: false, manuallyApprovesFollowers: false },
    ...{ outbox: `${actor}/outbox`, followers: `${actor}/followers`, following: `${actor}/following` },
    ...{ featured: `${actor}/collections/featured`, url: actor.replace('/users/', '/@') },
  }),
  judge({ method, path, headers, fault }) {
    if (method === 'POST' && !isActivityType(headers['content-type'])) return 406
    if (method === 'GET' && !/application\/(activity|ld)\+json/.test(String(headers.accept))) return 406
    return fault && !path.endsWith('/main-key') ? 401 : undefined
  },
  serve({ path }, { id, type, preferredUsername, publicKey }) {
    if (!path.endsWith('/main-key')) return undefined
    return { '@context': ['https://w3id.org/security/v1', AS], id, type, preferredUsername, publicKey }
  },
}

function isActivityType(type = ''): boolean {
  const parts = type
    .toLowerCase()
    .split(';')
    .map(part => part.trim())
    .filter(part => part !== 'charset=utf-8')
  if (parts.length === 1) return parts[0] === 'application/activity+json'
  return parts.length === 2 && parts[0] === 'application/ld+json' && [`profile=${AS}`, `profile="${AS}"`].includes(parts[1]!)
}

/** Says 202 to everything, and looks at the signature afterwards. */
export const snac: Manners = {
  actor: origin => `${origin}/susie`,
  keyId: actor => `${actor}#main-key`,
  inbox: '/susie/inbox',
  sharedInbox: '/shared-inbox',
  algorithm: 'rsa-sha256',
  covers: ['(request-target)', 'host', 'digest', 'date'],
  profile: actor => ({
    '@context': [AS, 'https://w3id.org/security/v1'],
    ...{ type: 'Person', url: actor, name: 'Susie', preferredUsername: 'susie', published: '2023-01-01T00:00:00Z', summary: '', tag: [] },
    ...{ outbox: `${actor}/outbox`, followers: `${actor}/followers`, following: `${actor}/following` },
    icon: { type: 'Image', mediaType: 'image/png', url: `${actor}/susie.png` },
  }),
  judge: ({ method }) => (method === 'POST' ? 202 : undefined),
}

/** Everything has a query string. */
export const wordpress: Manners = {
  actor: origin => `${origin}/?author=1`,
  keyId: actor => `${actor}#main-key`,
  inbox: '/wp-json/activitypub/1.0/actors/1/inbox',
  sharedInbox: '/wp-json/activitypub/1.0/inbox',
  algorithm: 'rsa-sha256',
  covers: ['(request-target)', 'host', 'date', 'digest'],
  profile: actor => ({
    '@context': [AS, 'https://w3id.org/security/v1', 'https://purl.archive.org/socialweb/webfinger', TERMS],
    ...{ type: 'Person', preferredUsername: 'ada', name: 'Ada', summary: '', url: actor.replace('?author=1', 'author/ada/') },
    ...{ outbox: `${new URL(actor).origin}/wp-json/activitypub/1.0/actors/1/outbox`, discoverable: true, indexable: true },
    ...{ webfinger: `ada@${new URL(actor).host}`, published: '2020-01-01T00:00:00Z', manuallyApprovesFollowers: false },
  }),
  judge: ({ method, fault }) => (method === 'POST' && fault ? 401 : undefined),
}

/** In its secure mode: nothing is shown to the unsigned. Signs the content type too. */
export const mastodon: Manners = {
  actor: origin => `${origin}/users/ana`,
  keyId: actor => `${actor}#main-key`,
  inbox: '/users/ana/inbox',
  sharedInbox: '/inbox',
  algorithm: 'rsa-sha256',
  covers: ['host', 'date', 'digest', 'content-type', '(request-target)'],
  profile: actor => ({
    '@context': [AS, 'https://w3id.org/security/v1', { ...TERMS, schema: 'http://schema.org#', PropertyValue: 'schema:PropertyValue' }],
    ...{ type: 'Person', preferredUsername: 'ana', name: 'Ana', summary: '', url: actor.replace('/users/', '/@'), tag: [], attachment: [] },
    ...{ outbox: `${actor}/outbox`, followers: `${actor}/followers`, following: `${actor}/following`, discoverable: true },
    ...{ featured: `${actor}/collections/featured`, manuallyApprovesFollowers: false, published: '2024-01-01T00:00:00Z' },
  }),
  judge: ({ fault }) => (fault ? 401 : undefined),
}

/** One digest, of SHA-256, and the four headers it knows. */
export const misskey: Manners = {
  actor: origin => `${origin}/users/9abcdef`,
  keyId: actor => `${actor}#main-key`,
  inbox: '/users/9abcdef/inbox',
  sharedInbox: '/inbox',
  algorithm: 'rsa-sha256',
  covers: ['(request-target)', 'date', 'host', 'digest'],
  profile: actor => ({
    '@context': misskeyContext,
    ...{
      type: 'Person',
      preferredUsername: 'mi',
      name: 'Mi',
      summary: null,
      _misskey_summary: null,
      url: actor.replace('/users/9abcdef', '/@mi'),
    },
    ...{
      outbox: `${actor}/outbox`,
      followers: `${actor}/followers`,
      following: `${actor}/following`,
      featured: `${actor}/collections/featured`,
    },
    ...{ icon: null, image: null, tag: [], manuallyApprovesFollowers: false, discoverable: true, isCat: true, attachment: [] },
  }),
  judge(asked) {
    if (asked.method !== 'POST') return undefined
    return asked.fault || !strict(asked) ? 401 : undefined
  },
}

function strict({ headers, body }: Asked): boolean {
  const [algorithm] = String(headers.digest).split('=')
  const { type } = JSON.parse(body.toString()) as Json
  return algorithm?.toUpperCase() === 'SHA-256' && typeof type === 'string'
}

export const misskeyContext = [
  AS,
  'https://w3id.org/security/v1',
  {
    ...{ Key: 'sec:Key', manuallyApprovesFollowers: 'as:manuallyApprovesFollowers', sensitive: 'as:sensitive', Hashtag: 'as:Hashtag' },
    ...{ quoteUrl: 'as:quoteUrl', toot: 'http://joinmastodon.org/ns#', Emoji: 'toot:Emoji', featured: 'toot:featured' },
    ...{ discoverable: 'toot:discoverable', schema: 'http://schema.org#', PropertyValue: 'schema:PropertyValue', value: 'schema:value' },
    ...{ misskey: 'https://misskey-hub.net/ns#', _misskey_content: 'misskey:_misskey_content', _misskey_quote: 'misskey:_misskey_quote' },
    ...{
      _misskey_summary: 'misskey:_misskey_summary',
      freeText: { '@id': 'misskey:freeText', '@type': 'schema:text' },
      isCat: 'misskey:isCat',
    },
    vcard: 'http://www.w3.org/2006/vcard/ns#',
  },
]
