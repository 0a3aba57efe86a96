import { createPublicKey, type KeyObject } from 'node:crypto'
import { hearActor } from '../actions/neighbour.ts'
import { actorKey, actorOf } from '../db/actor.ts'
import type { Actor, ActorKey } from '../domain/actor.ts'
import { readActor } from './activities/actor.ts'
import { type Found, fetchDocument, NotFetched, read } from './document.ts'
import type { Federation } from './federation.ts'
import { DocumentRefusal } from './guard.ts'
import { reference, sameOrigin } from './wire.ts'

const CACHED_KEYS = 5_000
const REFRESHED_HOSTS = 5_000
const REFRESH_AFTER_MS = 5 * 60_000

/** A signature that is well made, but not by whom it says or not by whom it would have to be. */
export class SenderRefusal extends Error {
  override name = 'SenderRefusal'
  readonly code: 'forged' | 'owner'
  constructor(code: SenderRefusal['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** What a signature or a proof can be checked with. Called again with a fresh key where the first may be out of date. */
type Check = (key: KeyObject) => boolean

/** Finds out who signed. */
export type Senders = {
  /**
   * The actor whose key passes the check; the key is confirmed by the actor's own document.
   * @throws SenderRefusal when none does, HostBusy when the key's server can't be asked now, NotFetched when the key is not there
   */
  prove(keyId: string, check: Check): Promise<Actor>
}

export function createSenders(federation: Federation): Senders {
  const { ctx, gate } = federation
  const parsed = new Map<string, KeyObject>()
  const underWay = new Map<string, Promise<void>>()
  const refreshed = new Map<string, number>()

  // Keyed by the PEM itself: a key that was replaced is simply never asked for again.
  function keyObject(pem: string): KeyObject {
    let key = parsed.get(pem)
    if (!key) {
      if (parsed.size >= CACHED_KEYS) parsed.delete(parsed.keys().next().value!)
      key = createPublicKey(pem)
      parsed.set(pem, key)
    }
    return key
  }

  function passes(key: ActorKey | undefined, check: Check): Actor | undefined {
    return key && check(keyObject(key.publicKey)) ? actorOf(ctx.db, key.actor) : undefined
  }

  // Once in five minutes for each server a failure is a reason to ask for its keys again.
  function mayRefresh(host: string): boolean {
    const now = ctx.now().getTime()
    if (now - (refreshed.get(host) ?? Number.NEGATIVE_INFINITY) < REFRESH_AFTER_MS) return false
    refreshed.delete(host)
    if (refreshed.size >= REFRESHED_HOSTS) refreshed.delete(refreshed.keys().next().value!)
    refreshed.set(host, now)
    return true
  }

  // Many deliveries of one unknown actor often arrive at once; its document is fetched once for all of them.
  function learn(keyId: string): Promise<void> {
    let task = underWay.get(keyId)
    if (!task) {
      task = gate(new URL(keyId).host, () => fetchOwner(federation, keyId))
        .catch(error => {
          // A broken document there is a key that cannot be had, not a fault of the document that was sent here.
          throw error instanceof DocumentRefusal ? new NotFetched(`What stands at ${keyId} can't be read: ${error.message}`) : error
        })
        .finally(() => underWay.delete(keyId))
      underWay.set(keyId, task)
    }
    return task
  }

  return {
    async prove(keyId, check) {
      const known = actorKey(ctx.db, keyId)
      if (known) {
        const actor = passes(known, check)
        if (actor) return actor
        // The key may have been changed since; a forger must not be able to make us ask again and again.
        if (!mayRefresh(new URL(keyId).host)) throw forged()
      }
      await learn(keyId)
      const actor = passes(actorKey(ctx.db, keyId), check)
      if (!actor) throw forged()
      return actor
    },
  }
}

const forged = () => new SenderRefusal('forged', 'The signature does not verify.')

/**
 * Fetches a key's owner and believes only the owner's own document. What stands at the key's address may be the actor itself, a key
 * that names its owner, or (GoToSocial) a stub of the actor.
 */
async function fetchOwner(federation: Federation, keyId: string): Promise<void> {
  const { document, at } = await read(federation, keyId)
  const owner = document.id === at ? document : await fetchDocument(federation, ownerOf(document, keyId))
  const actor = readActor(owner, federation.ctx.now()) ?? (await otherOwner(federation, owner, keyId))
  if (!actor?.keys.some(key => key.id === keyId)) throw new NotFetched(`${owner.id} does not list the key ${keyId}.`)
  await federation.commit(() => hearActor(federation.ctx, actor))
}

async function otherOwner(federation: Federation, document: Found, keyId: string) {
  const owner = ownerOf(document, keyId)
  return owner === document.id ? undefined : readActor(await fetchDocument(federation, owner), federation.ctx.now())
}

function ownerOf(document: Found, keyId: string): string {
  const named = [document.owner, document.controller, document.id]
    .flat()
    .map(value => reference.safeParse(value))
    .find(it => it.success)?.data
  if (!named || !sameOrigin(named, keyId)) throw new NotFetched(`The owner of the key ${keyId} does not live where the key does.`)
  return named
}
