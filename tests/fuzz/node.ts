import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { pino } from 'pino'
import { foundCommunity } from '../../src/actions/community.ts'
import { followActor, followAnswered } from '../../src/actions/following.ts'
import { hearActor } from '../../src/actions/neighbour.ts'
import { foundNode } from '../../src/actions/node.ts'
import { type App, buildApp } from '../../src/app.ts'
import { readConfig } from '../../src/config.ts'
import type { Context } from '../../src/context.ts'
import { actorKey, actorOf } from '../../src/db/actor.ts'
import { followingOf } from '../../src/db/following.ts'
import { openDatabase } from '../../src/db/open.ts'
import { communityIri } from '../../src/domain/iri.ts'
import { FetchRefusal } from '../../src/federation/fetch.ts'
import { exportKey, type SigningKey, signCavage } from '../../src/federation/signatures.ts'
import { aCharter } from '../helpers/charters.ts'

/** A whole node in this process that can reach nobody, and one foreign actor it knows and follows. */
export type FuzzNode = {
  ctx: Context
  app: App
  origin: string
  actor: string
  friend: { id: string; origin: string; key: SigningKey; publicKey: KeyObject }
  /** POSTs to the shared inbox. */
  post(body: Buffer, headers: Record<string, string>): Promise<number>
  get(path: string): Promise<number>
  signed(body: Buffer): Promise<Record<string, string>>
  /** Makes friends again: it may have said that it is gone, or has another key. */
  befriend(): void
}

export async function startFuzzNode(): Promise<FuzzNode> {
  const config = readConfig({ PUBLIC_URL: 'https://oak.example', LOG_LEVEL: 'silent' })
  const nowhere = () => Promise.reject(new FetchRefusal('address', 'Nobody can be reached while fuzzing.'))
  const ctx: Context = {
    config,
    db: openDatabase(':memory:'),
    now: () => new Date(),
    fetch: { get: nowhere, post: nowhere, close: () => Promise.resolve() },
    log: pino({ level: 'silent' }),
  }
  foundNode(ctx)
  foundCommunity(ctx, aCharter(), 'oak')
  const app = buildApp(ctx)
  await app.server.ready()
  const actor = communityIri(config.publicUrl, 'oak')
  const { friend, befriend } = friendship(ctx)
  const inbox = new URL('/inbox', config.publicUrl)
  return {
    ...{ ctx, app, actor, friend, befriend, origin: config.publicUrl },
    post: async (body, headers) => {
      const all = { 'content-type': 'application/activity+json', host: config.host, ...headers }
      return (await app.server.inject({ method: 'POST', url: inbox.pathname, headers: all, payload: body })).statusCode
    },
    get: async path => (await app.server.inject({ method: 'GET', url: path, headers: { host: config.host } })).statusCode,
    signed: body => signCavage({ method: 'POST', url: inbox, body }, friend.key, ctx.now()),
  }
}

/** An actor as its own server has just described it, followed by the community. */
function friendship(ctx: Context) {
  const origin = 'https://elm.example'
  const id = `${origin}/users/elm`
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const key: SigningKey = { id: `${id}#main-key`, algorithm: 'rsa', privateKey }
  const pem = exportKey(publicKey)
  const befriend = () => {
    const standing = actorKey(ctx.db, key.id)?.publicKey === pem && followingOf(ctx.db, id)?.state === 'accepted'
    if (standing && !actorOf(ctx.db, id)?.goneAt) return
    hearActor(ctx, {
      actor: {
        ...{ id, type: 'Person', handle: 'elm', host: 'elm.example', name: 'Elm', summary: '', url: id, inbox: `${id}/inbox` },
        ...{
          sharedInbox: null,
          outbox: null,
          followers: null,
          featured: null,
          icon: null,
          charter: null,
          fetchedAt: ctx.now(),
          goneAt: null,
        },
      },
      keys: [{ id: key.id, actor: id, algorithm: 'rsa', publicKey: pem }],
    })
    followAnswered(ctx, id, followActor(ctx, id).followId, 'accepted')
  }
  befriend()
  return { friend: { id, origin, publicKey, key }, befriend }
}
