import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import { publishPost } from '../../src/actions/post.ts'
import { addRelay } from '../../src/actions/relay.ts'
import { transact } from '../../src/db/open.ts'
import { addPost } from '../../src/db/post.ts'
import { PLAIN, type Post } from '../../src/domain/post.ts'
import { Refusal } from '../../src/domain/refusal.ts'
import { lookUp } from '../../src/federation/lookup.ts'
import { vector } from '../helpers/root.ts'
import type { Hostile } from './harness.ts'

type Json = Record<string, unknown>
/** Puts an address where the node might go to it. */
type Place = (at: string) => Promise<unknown>

/** The authority of the one server here that speaks https (node.test), for what is asked over nothing else. */
export const AUTHORITY: string = vector('tls/certificate.pem')

/** Everywhere that an address can stand, by name. `post` is one of N's own. */
export async function placesOfAddresses(t: Test, { node, evil, deliver }: Hostile, post: Post): Promise<Record<string, Place>> {
  const jrd: Json = {}
  const secure = createServer({ key: vector('tls/key.pem'), cert: AUTHORITY }, (_request, response) => {
    response.setHeader('content-type', 'application/jrd+json')
    response.end(JSON.stringify(jrd))
  })
  await new Promise<void>(resolve => secure.listen(0, '127.0.0.1', resolve))
  t.teardown(() => secure.close())
  const { port: securePort } = secure.address() as AddressInfo
  const says = (document: Json) => deliver(evil, document)
  const creates = (more: Json) => says(evil.activity('Create', evil.note('words', { cc: [node.actor], ...more })))
  let count = 0
  /** An actor of evil.test with something in its document, which then follows, so that it is written to. */
  const newcomer = async (more: Json) => {
    const name = `newcomer${count++}`
    const me = `${evil.origin}/users/${name}`
    evil.serve(`/users/${name}`, { body: evil.actor(name, undefined, more) })
    return deliver(evil, { ...evil.activity('Follow', node.actor), actor: me }, { key: { ...evil.key, id: `${me}#main-key` } })
  }
  const serving = (body: Json) => {
    const path = `/served/${count++}`
    evil.serve(path, { body: { '@context': 'https://www.w3.org/ns/activitystreams', ...body } })
    return evil.origin + path
  }
  return {
    keyId: at => deliver(evil, { ...evil.activity('Follow', node.actor), actor: at }, { key: { ...evil.key, id: `${at}#main-key` } }),
    'the owner of a key': async at => {
      const id = serving({})
      evil.serve(new URL(id).pathname, {
        body: { id, type: 'Key', owner: at, publicKeyPem: (evil.actor('x').publicKey as Json).publicKeyPem },
      })
      return deliver(evil, evil.activity('Follow', node.actor), { key: { ...evil.key, id } })
    },
    actor: at => deliver(evil, { ...evil.activity('Follow', node.actor), actor: at }),
    'the key of a proof': at =>
      says({
        ...evil.activity('Create', evil.note('x')),
        actor: at,
        proof: {
          type: 'DataIntegrityProof',
          cryptosuite: 'eddsa-jcs-2022',
          proofPurpose: 'assertionMethod',
          verificationMethod: `${at}#key`,
          proofValue: `z${'1'.repeat(88)}`,
        },
      }),
    object: async at => {
      for (const type of [
        'Create',
        'Update',
        'Delete',
        'Announce',
        'Like',
        'Follow',
        'Accept',
        'Reject',
        'Undo',
        'Block',
        'Flag',
        'Add',
        'Remove',
        'Move',
        'QuoteRequest',
      ]) {
        await says(evil.activity(type, at))
        await says(evil.activity(type, { id: at, type: 'Note', attributedTo: at }))
        await says(evil.activity(type, post.iri, { target: at, instrument: at, origin: at, result: at }))
      }
    },
    'the id of an object that was named': async at => {
      const id = serving({ id: at, type: 'Note', attributedTo: evil.me, content: 'x' })
      await says(evil.activity('Create', id))
      await says(evil.activity('Update', id))
    },
    inbox: at => newcomer({ inbox: at }),
    sharedInbox: at => newcomer({ endpoints: { sharedInbox: at } }),
    'WebFinger, asked there': at => lookUp(node.federation, `@x@${new URL(at).host}`).catch(() => {}),
    'WebFinger, told there': async at => {
      Object.assign(jrd, {
        subject: `acct:x@node.test:${securePort}`,
        links: [
          { rel: 'self', type: 'application/activity+json', href: at },
          { rel: 'http://ostatus.org/schema/1.0/subscribe', template: `${at}{uri}` },
        ],
      })
      await lookUp(node.federation, `@x@node.test:${securePort}`).catch(() => {})
    },
    'a lookup': at => lookUp(node.federation, at).catch(() => {}),
    'the id that a lookup finds': at => lookUp(node.federation, serving({ ...evil.actor('x'), id: at })).catch(() => {}),
    NodeInfo: async at =>
      evil.serve('/.well-known/nodeinfo', {
        type: 'application/json',
        body: { links: [{ rel: 'http://nodeinfo.diaspora.software/ns/schema/2.1', href: at }] },
      }),
    avatar: at => newcomer({ icon: { type: 'Image', url: at }, image: { type: 'Image', url: at } }),
    'other properties of an actor': at =>
      newcomer({
        url: at,
        outbox: at,
        followers: at,
        following: at,
        featured: at,
        movedTo: at,
        alsoKnownAs: [at],
        endpoints: { sharedInbox: `${evil.origin}/inbox`, proxyUrl: at, oauthTokenEndpoint: at },
      }),
    attachment: at =>
      creates({
        attachment: [
          { type: 'Image', url: at },
          { type: 'Document', href: at },
          { type: 'Link', href: at },
        ],
        icon: at,
        image: at,
      }),
    'link preview': at => creates({ content: `<p><a href="${at}">look</a> <img src="${at}"></p>`, url: at, preview: at }),
    '@context': async at => {
      await says({ ...evil.activity('Create', evil.note('x')), '@context': ['https://www.w3.org/ns/activitystreams', at] })
      await deliver(
        evil,
        { ...evil.activity('Create', evil.note('x')), '@context': at },
        { key: { ...evil.key, id: `${evil.origin}/nobody` } },
      )
      await newcomer({ '@context': ['https://www.w3.org/ns/activitystreams', at] })
    },
    'a mention': at =>
      creates({
        tag: [
          { type: 'Mention', href: at, name: '@x' },
          { type: 'Emoji', id: at, icon: { url: at } },
          { type: 'Hashtag', href: at },
        ],
      }),
    'Move target': at => says(evil.activity('Move', evil.me, { target: at })),
    'ancestors and replies': at =>
      creates({
        inReplyTo: at,
        context: at,
        conversation: at,
        replies: { id: at, type: 'Collection', first: { type: 'CollectionPage', next: at, partOf: at, items: [at] } },
      }),
    'replies at an address of its own': at =>
      creates({
        inReplyTo: post.iri,
        replies: serving({ id: `${evil.origin}/served/${count}`, type: 'Collection', first: at, items: [at] }),
      }),
    'a parent that has a parent inside': at => {
      const id = `${evil.origin}/served/${count}`
      return creates({
        inReplyTo: serving({
          id,
          type: 'Note',
          attributedTo: evil.me,
          content: 'x',
          inReplyTo: at,
          to: ['https://www.w3.org/ns/activitystreams#Public'],
        }),
      })
    },
    'a quoted post': at =>
      creates({ quote: at, quoteUrl: at, quoteUri: at, _misskey_quote: at, quoteAuthorization: at, interactingObject: at }),
    Announce: at => says(evil.activity('Announce', { id: at, type: 'Create', actor: at, object: { id: at, type: 'Note' } })),
    followers_synchronization: at =>
      deliver(evil, evil.activity('Create', evil.note('x')), {
        headers: { 'collection-synchronization': `collectionId="${evil.me}/followers", url="${at}", digest="${'0'.repeat(64)}"` },
      }),
    featured: async at => {
      await says(evil.activity('Add', at, { target: `${evil.me}/featured` }))
      await says(evil.activity('Update', evil.actor('mallory', undefined, { featured: at, featuredTags: at })))
    },
    'a relay': async at => {
      try {
        addRelay(node.ctx, at)
      } catch (error) {
        // That it is not taken at all is as good.
        if (!(error instanceof Refusal)) throw error
      }
      publishPost(node.ctx, 'to a relay')
    },
    headers: at =>
      deliver(evil, evil.activity('Create', evil.note('x')), {
        headers: { referer: at, origin: at, link: `<${at}>; rel="x"`, location: at },
      }),
    'rows in the database': async at => {
      const { $client } = node.ctx.db
      const id = `${evil.origin}/users/row${count++}`
      $client
        .prepare(
          "insert into actors (id, type, handle, host, name, summary, url, inbox, fetched_at) values (?, 'Person', 'a', 'evil.test', 'a', '', ?, ?, 1)",
        )
        .run(id, id, at)
      $client.prepare("insert into followers (actor, follow_id, state, since) values (?, ?, 'accepted', 1)").run(id, id)
      $client.prepare('insert into errands (actor, object, due_at) values (?, ?, 1)').run(evil.me, at)
      transact(node.ctx.db, tx =>
        addPost(tx, { ...PLAIN, ...post, iri: `${evil.origin}/reply${count++}`, local: false, author: evil.me, inReplyTo: at }),
      )
      publishPost(node.ctx, 'to all of them')
    },
  }
}
