import { createPrivateKey } from 'node:crypto'
import { generateCryptoKeyPair, parseNodeInfo } from '@fedify/fedify'
import {
  Announce,
  Article,
  Block,
  Create,
  Delete,
  Event,
  Follow,
  isActor,
  Like,
  Move,
  Note,
  PUBLIC_COLLECTION,
  Question,
  Tombstone,
  Undo,
  Update,
} from '@fedify/vocab'
import { findPost, newId, now, postObject } from './federation.mjs'
import { postWithEd25519 } from './message-signatures.mjs'

const KINDS = { Note, Article, Event, Question }
const REACTIONS = { Like, Announce, Block }
const RSA = 'RSASSA-PKCS1-v1_5'

/** What the tests can ask of this server. `sign` chooses the kind of signature that it begins with: rfc9421 or cavage. */
export function commands(world, federations) {
  const context = (sign = 'rfc9421') => federations[sign].createContext(new Request(world.origin), world)
  const keysOf = kinds => Promise.all(kinds.map(kind => generateCryptoKeyPair(kind)))
  const actorOf = name => world.actors.get(name) ?? fail(`There is no actor ${name}.`)

  async function ed25519(ctx, as) {
    return (await ctx.getActorKeyPairs(as)).find(({ privateKey }) => privateKey.algorithm.name === 'Ed25519')
  }

  async function toFollowers(as, activity, sign) {
    await context(sign).sendActivity({ identifier: as }, 'followers', activity, { preferSharedInbox: true })
    return activity.id.href
  }

  function write({ as, kind = 'Note', content, name }) {
    const id = crypto.randomUUID()
    const iri = new URL(`/${kind.toLowerCase()}s/${id}`, world.origin)
    const post = { id, iri, author: as, kind: KINDS[kind], content, name, published: now() }
    actorOf(as).posts.set(id, post)
    return post
  }

  function creation(ctx, post) {
    const { author } = post
    const public_ = { to: PUBLIC_COLLECTION, cc: ctx.getFollowersUri(author) }
    return new Create({ id: newId(world, 'create'), actor: ctx.getActorUri(author), object: postObject(ctx, post), ...public_ })
  }

  return {
    async actor({ as, keys = [RSA, 'Ed25519'], charter, secure = false }) {
      const own = { followers: new Map(), following: new Set(), posts: new Map(), aliases: [] }
      world.actors.set(as, { name: as, charter, secure, keys: await keysOf(keys), ...own })
      return context().getActorUri(as).href
    },
    /** Fedify's own look-up never goes to loopback; its strict reading is used alone. */
    nodeInfo: async ({ url }) => parseNodeInfo(await (await fetch(url)).json()),
    /** Finds something elsewhere, by handle or address, as Fedify's programs do. */
    async lookup({ what, sign }) {
      const ctx = context(sign)
      const actor = await ctx.lookupObject(what)
      if (!isActor(actor)) return actor && (await actor.toJsonLd({ format: 'compact', contextLoader: ctx.contextLoader }))
      return await profile(actor, { documentLoader: ctx.documentLoader, contextLoader: ctx.contextLoader })
    },
    async follow({ as, whom, sign }) {
      const ctx = context(sign)
      const actor = await ctx.lookupObject(whom)
      const follow = new Follow({ id: newId(world, 'follow'), actor: ctx.getActorUri(as), object: actor.id, to: actor.id })
      actorOf(as).asked = follow
      await ctx.sendActivity({ identifier: as }, actor, follow)
      return follow.id.href
    },
    async unfollow({ as, whom, sign }) {
      const ctx = context(sign)
      const actor = await ctx.lookupObject(whom)
      const undo = new Undo({ id: newId(world, 'undo'), actor: ctx.getActorUri(as), object: actorOf(as).asked, to: actor.id })
      await ctx.sendActivity({ identifier: as }, actor, undo)
      actorOf(as).following.delete(actor.id.href)
    },
    async post({ sign, ...words }) {
      const post = write(words)
      await toFollowers(words.as, creation(context(sign), post), sign)
      return post.iri.href
    },
    async edit({ iri, content, sign }) {
      const ctx = context(sign)
      const post = found(world, iri)
      Object.assign(post, { content, updated: now() })
      const update = { actor: ctx.getActorUri(post.author), object: postObject(ctx, post), to: PUBLIC_COLLECTION, updated: now() }
      return toFollowers(post.author, new Update({ id: newId(world, 'update'), ...update }), sign)
    },
    async delete({ iri, sign }) {
      const post = found(world, iri)
      post.deleted = true
      const object = new Tombstone({ id: post.iri })
      const actor = context().getActorUri(post.author)
      return toFollowers(post.author, new Delete({ id: newId(world, 'delete'), actor, object, to: PUBLIC_COLLECTION }), sign)
    },
    /** A post that goes to one inbox only. */
    async postTo({ as, content, id, inbox }) {
      const ctx = context()
      const post = write({ as, content })
      await ctx.sendActivity({ identifier: as }, { id: new URL(id), inboxId: new URL(inbox) }, creation(ctx, post))
      return post.iri.href
    },
    /** A post that goes to one inbox by itself, with an Ed25519 signature over the request. */
    async postWithEd25519({ as, to, content }) {
      const ctx = context()
      const pair = await ed25519(ctx, as)
      const document = await creation(ctx, write({ as, content })).toJsonLd({ format: 'compact', contextLoader: ctx.contextLoader })
      const key = createPrivateKey({ key: await crypto.subtle.exportKey('jwk', pair.privateKey), format: 'jwk' })
      return (await postWithEd25519(to, document, pair.multikey.id.href, key)).status
    },
    /** Likes, boosts or blocks something of somebody: as apps do, with what they know of it, or by its address alone. */
    async react({ as, type, object, of, whole = false }) {
      const ctx = context()
      const owner = await ctx.lookupObject(of)
      const about = whole ? await ctx.lookupObject(object) : new URL(object)
      const ids = { id: newId(world, 'reaction'), actor: ctx.getActorUri(as) }
      const reaction = new REACTIONS[type]({ ...ids, object: about, to: owner.id })
      world.reactions.set(ids.id.href, reaction)
      await ctx.sendActivity({ identifier: as }, owner, reaction)
      return ids.id.href
    },
    async undo({ as, id, of }) {
      const ctx = context()
      const undo = new Undo({ id: newId(world, 'undo'), actor: ctx.getActorUri(as), object: world.reactions.get(id) })
      await ctx.sendActivity({ identifier: as }, await ctx.lookupObject(of), undo)
    },
    async rename({ as, name, sign }) {
      actorOf(as).name = name
      const ctx = context(sign)
      const object = await ctx.getActor(as)
      const update = { id: newId(world, 'update'), actor: ctx.getActorUri(as), object, to: PUBLIC_COLLECTION }
      return toFollowers(as, new Update(update), sign)
    },
    async rotate({ as }) {
      const actor = actorOf(as)
      actor.keys = await keysOf(actor.keys.map(({ privateKey }) => privateKey.algorithm.name))
    },
    alias: ({ as, of }) => void actorOf(as).aliases.push(of),
    async move({ as, to, sign }) {
      actorOf(as).movedTo = to
      const actor = context().getActorUri(as)
      const move = new Move({ id: newId(world, 'move'), actor, object: actor, target: new URL(to), to: PUBLIC_COLLECTION })
      return toFollowers(as, move, sign)
    },
    /** The only kind of signature taken from now on; all when none is named. */
    understand({ kind }) {
      world.understands = kind
    },
    state: () => ({
      heard: world.heard.map(it => ({ ...it, listened: world.listened.has(it.id) })),
      sent: world.sent,
      faults: world.faults,
      followers: each(world, actor => [...actor.followers.keys()]),
      following: each(world, actor => [...actor.following]),
    }),
  }
}

async function profile(actor, loaders) {
  const attachments = []
  for await (const { name, value } of actor.getAttachments(loaders)) attachments.push({ name: String(name), value: String(value) })
  const featured = []
  const pinned = await actor.getFeatured(loaders)
  if (pinned) for await (const item of pinned.getItems(loaders)) featured.push({ id: item.id.href, content: String(item.content) })
  const outbox = await actor.getOutbox(loaders)
  const followers = await actor.getFollowers(loaders)
  const keys = []
  for await (const key of actor.getPublicKeys(loaders)) keys.push(key.id.href)
  for await (const key of actor.getAssertionMethods(loaders)) keys.push(key.id.href)
  return {
    id: actor.id.href,
    type: actor.constructor.name,
    handle: actor.preferredUsername,
    name: String(actor.name),
    summary: String(actor.summary),
    attachments,
    featured,
    keys,
    movedTo: actor.successorId?.href,
    posts: outbox?.totalItems,
    followers: followers?.totalItems,
  }
}

function found(world, iri) {
  return findPost(world, iri.split('/').at(-1)) ?? fail(`There is no post ${iri}.`)
}

function each(world, of) {
  return Object.fromEntries([...world.actors].map(([name, actor]) => [name, of(actor)]))
}

function fail(message) {
  throw new Error(message)
}
