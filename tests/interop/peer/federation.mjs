import { createFederation, MemoryKvStore } from '@fedify/fedify'
import {
  Accept,
  Activity,
  Article,
  Endpoints,
  Event,
  Follow,
  isActor,
  Note,
  Person,
  PUBLIC_COLLECTION,
  Question,
  Tombstone,
  Undo,
} from '@fedify/vocab'
import { Temporal } from '@js-temporal/polyfill'

/** One Fedify for each kind of signature it can begin with, over the same actors and posts. */
export function createFederations(world) {
  return {
    rfc9421: create(world, 'rfc9421'),
    cavage: create(world, 'draft-cavage-http-signatures-12'),
  }
}

function create(world, firstKnock) {
  const federation = createFederation({ kv: new MemoryKvStore(), allowPrivateAddress: true, firstKnock })
  actors(federation, world)
  inbox(federation, world)
  for (const [name, kind] of Object.entries({ Note, Article, Event, Question }))
    federation.setObjectDispatcher(kind, `/${name.toLowerCase()}s/{id}`, (ctx, { id }) => shown(ctx, world, id, kind))
  return federation
}

function actors(federation, world) {
  federation
    .setActorDispatcher('/users/{identifier}', async (ctx, name) => {
      const actor = world.actors.get(name)
      if (!actor) return null
      const pairs = await ctx.getActorKeyPairs(name)
      return new Person({
        id: ctx.getActorUri(name),
        preferredUsername: name,
        name: actor.name,
        summary: `<p>${actor.name} lives on a Fedify server.</p>`,
        url: ctx.getActorUri(name),
        inbox: ctx.getInboxUri(name),
        outbox: ctx.getOutboxUri(name),
        followers: ctx.getFollowersUri(name),
        endpoints: new Endpoints({ sharedInbox: ctx.getInboxUri() }),
        publicKey: pairs[0].cryptographicKey,
        assertionMethods: pairs.map(pair => pair.multikey),
        aliases: actor.aliases.map(alias => new URL(alias)),
        successor: actor.movedTo ? new URL(actor.movedTo) : null,
      })
    })
    .setKeyPairsDispatcher((_ctx, name) => world.actors.get(name)?.keys ?? [])
    // Some show themselves only to who says who they are.
    .authorize(async (ctx, name) => !world.actors.get(name)?.secure || (await ctx.getSignedKeyOwner()) !== null)
  federation
    .setFollowersDispatcher('/users/{identifier}/followers', (_ctx, name) => ({
      items: [...(world.actors.get(name)?.followers.values() ?? [])],
    }))
    .setCounter((_ctx, name) => world.actors.get(name)?.followers.size ?? 0)
  federation.setOutboxDispatcher('/users/{identifier}/outbox', () => ({ items: [] }))
}

/** Fedify calls these only for what it has verified. */
function inbox(federation, world) {
  federation
    .setInboxListeners('/users/{identifier}/inbox', '/inbox')
    .on(Follow, async (ctx, follow) => {
      noted(world, follow)
      const target = ctx.parseUri(follow.objectId)
      const follower = await follow.getActor(ctx)
      const actor = target?.type === 'actor' ? world.actors.get(target.identifier) : undefined
      if (!actor || !isActor(follower)) return
      actor.followers.set(follower.id.href, {
        id: follower.id,
        inboxId: follower.inboxId,
        endpoints: follower.endpoints?.sharedInbox ? { sharedInbox: follower.endpoints.sharedInbox } : null,
      })
      const accept = new Accept({ id: newId(world, 'accept'), actor: follow.objectId, object: follow, to: follower.id })
      await ctx.sendActivity({ identifier: target.identifier }, follower, accept)
    })
    .on(Accept, (_ctx, accept) => {
      noted(world, accept)
      for (const actor of world.actors.values())
        if (actor.asked?.id.href === accept.objectId?.href) actor.following.add(accept.actorId.href)
    })
    .on(Undo, async (ctx, undo) => {
      noted(world, undo)
      const follow = await undo.getObject(ctx)
      const mine = follow instanceof Follow ? ctx.parseUri(follow.objectId) : null
      if (mine?.type === 'actor') world.actors.get(mine.identifier)?.followers.delete(undo.actorId.href)
    })
    .on(Activity, (_ctx, activity) => noted(world, activity))
    .onError((_ctx, error) => void world.faults.push(String(error?.stack ?? error)))
}

function noted(world, activity) {
  world.listened.add(activity.id?.href)
}

function shown(ctx, world, id, kind) {
  const post = findPost(world, id)
  if (!post || post.kind !== kind) return null
  return post.deleted ? new Tombstone({ id: post.iri }) : postObject(ctx, post)
}

export function findPost(world, id) {
  return [...world.actors.values()].map(actor => actor.posts.get(id)).find(Boolean)
}

export function postObject(ctx, { iri, author, kind, content, name, published, updated }) {
  return new kind({
    id: iri,
    attribution: ctx.getActorUri(author),
    to: PUBLIC_COLLECTION,
    cc: ctx.getFollowersUri(author),
    content,
    name,
    mediaType: 'text/html',
    published,
    updated,
    url: iri,
  })
}

export function newId(world, what) {
  return new URL(`/${what}/${crypto.randomUUID()}`, world.origin)
}

export const now = () => Temporal.Now.instant()
