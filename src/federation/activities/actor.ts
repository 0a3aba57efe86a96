import { z } from 'zod'
import { forgetActor, hearActor } from '../../actions/neighbour.ts'
import type { Context } from '../../context.ts'
import { addErrand } from '../../db/errand.ts'
import { transact } from '../../db/open.ts'
import type { Actor, ActorKey, ActorNews } from '../../domain/actor.ts'
import { charterFromWire, publicCharter } from '../../domain/charter.ts'
import type { Normalised } from '../engine.ts'
import { readEntry } from '../entry-read.ts'
import { exportKey, importMultikey, importPublicKey } from '../signatures.ts'
import { address, html, instant, line, many, one, reference, sameOrigin } from '../wire.ts'

const ACTOR_TYPES = ['Organization', 'Group', 'Person', 'Service', 'Application']
const HANDLE = /^[\p{L}\p{N}_]+([.-]+[\p{L}\p{N}_]+)*$/u

const Key = z.looseObject({ id: address, owner: one(reference), publicKeyPem: one(z.string().max(16_384)) })
const Multikey = z.looseObject({
  id: address,
  type: z.literal('Multikey'),
  controller: one(reference),
  publicKeyMultibase: one(z.string().max(8192)),
})

const ActorDocument = z.looseObject({
  id: address,
  type: z.enum(ACTOR_TYPES),
  preferredUsername: one(z.string().max(128).regex(HANDLE)),
  name: one(line(200)),
  summary: one(html),
  url: many(reference, 8),
  inbox: one(reference),
  outbox: one(reference),
  followers: one(reference),
  featured: one(reference),
  endpoints: one(z.looseObject({ sharedInbox: one(reference) })),
  icon: one(z.looseObject({ url: one(reference) })),
  alsoKnownAs: many(reference, 256),
  publicKey: many(Key, 10),
  assertionMethod: many(Multikey, 10),
  published: one(instant),
  updated: one(instant),
  discoverable: one(z.boolean()),
  charter: one(z.looseObject({ edition: z.number().int().min(1).max(1_000_000), published: instant })),
  entry: one(z.looseObject({})),
})

/**
 * Reads an actor document that is known to come from the origin of its id.
 * @param document normalised @returns undefined when it is no actor, or lacks what every server needs of one
 */
export function readActor(document: Normalised, now: Date): ActorNews | undefined {
  const parsed = ActorDocument.safeParse(document)
  if (!parsed.success) return undefined
  const it = parsed.data
  const near = (url: string | undefined) => (url && sameOrigin(url, it.id) ? url : undefined)
  const inbox = near(it.inbox)
  if (!inbox || !it.preferredUsername) return undefined
  const actor: Actor = {
    id: it.id,
    type: it.type,
    handle: it.preferredUsername,
    host: new URL(it.id).host,
    name: it.name || it.preferredUsername,
    summary: it.summary ?? '',
    url: it.url.map(near).find(Boolean) ?? it.id,
    inbox,
    sharedInbox: near(it.endpoints?.sharedInbox) ?? null,
    outbox: near(it.outbox) ?? null,
    followers: near(it.followers) ?? null,
    featured: near(it.featured) ?? null,
    icon: it.icon?.url ?? null,
    charter: readCharter(it, now),
    fetchedAt: now,
    goneAt: null,
  }
  const entry = readEntry(it.entry, it.id, multikeysOf(it), now)
  return { actor, keys: readKeys(it), ...(entry ? { entry } : {}) }
}

/** Ed25519 keys the actor lists as its own, as multibase. */
function multikeysOf({ id, assertionMethod }: z.infer<typeof ActorDocument>): string[] {
  return assertionMethod.filter(key => key.controller === id).flatMap(key => key.publicKeyMultibase ?? [])
}

// A key counts only if it names its actor as owner and lives where the actor lives.
function readKeys({ id, publicKey, assertionMethod }: z.infer<typeof ActorDocument>): ActorKey[] {
  const rsa = publicKey.filter(key => key.owner === id).map(key => ({ id: key.id, read: () => importPublicKey(key.publicKeyPem ?? '') }))
  const multi = assertionMethod
    .filter(key => key.controller === id)
    .map(key => ({ id: key.id, read: () => importMultikey(key.publicKeyMultibase ?? '') }))
  return [...rsa, ...multi]
    .filter(key => sameOrigin(key.id, id))
    .flatMap(({ id: keyId, read }) => {
      try {
        const { algorithm, key } = read()
        return [{ id: keyId, actor: id, algorithm, publicKey: exportKey(key) }]
      } catch {
        // A weak or broken key is as good as none: what it signs will not verify.
        return []
      }
    })
}

function readCharter({ charter: wire, discoverable }: z.infer<typeof ActorDocument>, now: Date): Actor['charter'] {
  if (!wire || discoverable !== true) return null
  const charter = charterFromWire(wire)
  // What a careless node says too finely is not kept.
  if (!charter || wire.published.getTime() > now.getTime() + 10 * 60_000) return null
  return { edition: wire.edition, published: wire.published.toISOString(), charter: publicCharter(charter) }
}

/** Whether an actor's own document says that it used to be `former` (FEP-7628). */
export function wasOnce(document: Normalised, former: string): boolean {
  const parsed = ActorDocument.safeParse(document)
  return parsed.success && parsed.data.alsoKnownAs.includes(former)
}

/** An actor says that it has changed. It signed this itself, and the document it shows is its own. */
export function onUpdateActor(ctx: Context, sender: Actor, object: Normalised): boolean {
  if (object.id !== sender.id) return false
  const news = readActor(object, ctx.now())
  if (!news) return false
  hearActor(ctx, news)
  return true
}

/** An actor says only that it has changed, as WordPress does: its document is fetched. */
export function readAgain(ctx: Context, { id }: Actor): undefined {
  transact(ctx.db, tx => addErrand(tx, id, id, ctx.now()))
}

/** An actor says goodbye. */
export function onDeleteActor(ctx: Context, sender: Actor): void {
  forgetActor(ctx, sender.id)
}
