import type { Charter } from './charter.ts'
import type { SignedEntry } from './entry.ts'

/** An actor of another server, as its own origin describes it. Names and HTML are already bounded; HTML is sanitised. */
export type Actor = {
  id: string
  type: string
  handle: string
  host: string
  name: string
  summary: string
  url: string
  inbox: string
  sharedInbox: string | null
  outbox: string | null
  followers: string | null
  featured: string | null
  icon: string | null
  /** Its charter as it publishes it, if it has one and wants to be found. `published` is ISO 8601. */
  charter: { edition: number; published: string; charter: Charter } | null
  fetchedAt: Date
  goneAt: Date | null
}

export type ActorKey = { id: string; actor: string; algorithm: 'rsa' | 'ed25519'; publicKey: string }

/** An actor and its keys, as its origin has just described them, and its entry if it shows one signed with one of them. */
export type ActorNews = { actor: Actor; keys: ActorKey[]; entry?: SignedEntry }

/** `@handle@host`, as people write it. */
export function handleOf(actor: { handle: string; host: string }): string {
  return `@${actor.handle}@${actor.host}`
}
