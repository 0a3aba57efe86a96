import { generateKeyPairSync } from 'node:crypto'

const AS = 'https://www.w3.org/ns/activitystreams'
const PUBLIC = `${AS}#Public`

/** The fediverse of a bench: so many actors on so many hosts of loopback, as they can be told to another process. */
export type World = {
  hosts: string[]
  port: number
  /** Shared among the actors: making a key takes longer than anything that is measured. */
  keys: { publicKey: string; privateKey: string }[]
}
export type Peer = { id: string; host: string; keyId: string; name: string; key: World['keys'][number] }

export function makeWorld({ hosts, port, keys }: { hosts: number; port: number; keys: number }): World {
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const
  const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const
  return {
    port,
    hosts: Array.from({ length: hosts }, (_, n) => `127.0.${1 + Math.floor(n / 250)}.${1 + (n % 250)}`),
    keys: Array.from({ length: keys }, () => generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding })),
  }
}

/** The actor of that number; neighbours live on different hosts. */
export function peer({ hosts, port, keys }: World, number: number): Peer {
  const host = `${hosts[number % hosts.length]}:${port}`
  const id = `http://${host}/users/a${number}`
  return { id, host, name: `a${number}`, keyId: `${id}#main-key`, key: keys[number % keys.length]! }
}

/** An actor as Mastodon describes one, without what no server reads. */
export function actorDocument({ id, host, name, keyId, key }: Peer): object {
  return {
    '@context': [
      AS,
      'https://w3id.org/security/v1',
      {
        manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
        toot: 'http://joinmastodon.org/ns#',
        featured: { '@id': 'toot:featured', '@type': '@id' },
        alsoKnownAs: { '@id': 'as:alsoKnownAs', '@type': '@id' },
        schema: 'http://schema.org#',
        PropertyValue: 'schema:PropertyValue',
        value: 'schema:value',
        discoverable: 'toot:discoverable',
        suspended: 'toot:suspended',
      },
    ],
    id,
    type: 'Person',
    following: `${id}/following`,
    followers: `${id}/followers`,
    inbox: `${id}/inbox`,
    outbox: `${id}/outbox`,
    featured: `${id}/collections/featured`,
    preferredUsername: name,
    name: `Neighbour ${name}`,
    summary: '<p>Grows beans, writes about beans.</p>',
    url: `http://${host}/@${name}`,
    manuallyApprovesFollowers: false,
    discoverable: true,
    published: '2022-11-05T00:00:00Z',
    alsoKnownAs: [],
    publicKey: { id: keyId, owner: id, publicKeyPem: key.publicKey },
    tag: [],
    attachment: [{ type: 'PropertyValue', name: 'Garden', value: 'Half a hectare' }],
    endpoints: { sharedInbox: `http://${host}/inbox` },
  }
}

export function followDocument({ id }: Peer, number: string, target: string): object {
  return { '@context': AS, id: `${id}#follows/${number}`, type: 'Follow', actor: id, object: target }
}

/** A public post as Mastodon 4.4 sends it, about 2.7 kB. */
export function createDocument({ id, host, name }: Peer, number: string, now: Date): object {
  const note = `${id}/statuses/${number}`
  const published = `${now.toISOString().slice(0, 19)}Z`
  const audience = { to: [PUBLIC], cc: [`${id}/followers`] }
  const empty = (collection: string) => ({ id: `${note}/${collection}`, type: 'Collection', totalItems: 0 })
  const words = `<p>The beans are up, all ${number} of them. Come on Saturday with a spade, a hat and something to eat that can be shared. <a href="http://${host}/tags/beans" class="mention hashtag" rel="tag">#<span>beans</span></a></p>`
  const replies = `${note}/replies`
  return {
    '@context': [
      AS,
      {
        ostatus: 'http://ostatus.org#',
        atomUri: 'ostatus:atomUri',
        inReplyToAtomUri: 'ostatus:inReplyToAtomUri',
        conversation: 'ostatus:conversation',
        sensitive: 'as:sensitive',
        toot: 'http://joinmastodon.org/ns#',
        votersCount: 'toot:votersCount',
        Hashtag: 'as:Hashtag',
        gts: 'https://gotosocial.org/ns#',
        interactionPolicy: { '@id': 'gts:interactionPolicy', '@type': '@id' },
        canQuote: { '@id': 'gts:canQuote', '@type': '@id' },
        automaticApproval: { '@id': 'gts:automaticApproval', '@type': '@id' },
        manualApproval: { '@id': 'gts:manualApproval', '@type': '@id' },
      },
    ],
    id: `${note}/activity`,
    type: 'Create',
    actor: id,
    published,
    ...audience,
    object: {
      id: note,
      type: 'Note',
      summary: null,
      inReplyTo: null,
      published,
      url: `http://${host}/@${name}/${number}`,
      attributedTo: id,
      ...audience,
      sensitive: false,
      atomUri: note,
      inReplyToAtomUri: null,
      conversation: `tag:${host},${published.slice(0, 10)}:objectId=${number}:objectType=Conversation`,
      interactionPolicy: { canQuote: { automaticApproval: [PUBLIC] } },
      content: words,
      contentMap: { en: words },
      attachment: [],
      tag: [{ type: 'Hashtag', href: `http://${host}/tags/beans`, name: '#beans' }],
      replies: {
        id: replies,
        type: 'Collection',
        first: { type: 'CollectionPage', next: `${replies}?only_other_accounts=true&page=true`, partOf: replies, items: [] },
      },
      likes: empty('likes'),
      shares: empty('shares'),
    },
  }
}
