import { createHash } from 'node:crypto'
import { z } from 'zod'
import { canonical } from '../lib/canonical.ts'
import { type Charter, publicCharter } from './charter.ts'
import { LIMITS } from './entry-limit.ts'

/**
 * How sure this node is of an entry. `heard`: it proves itself, and nothing more is known. `confirmed`: its origin was asked, by this
 * node or by three it trusts. `vouched`: confirmed, and communities near to ours stand for it. The others are not shown.
 */
export const ENTRY_STATES = ['vouched', 'confirmed', 'heard', 'forked', 'tombstoned', 'expired'] as const
export type EntryState = (typeof ENTRY_STATES)[number]
/** What a search shows unless asked for more. */
export const isShown = (state: EntryState) => state === 'vouched' || state === 'confirmed'
/** What this node has checked, and therefore passes on and counts in its tree. */
export const isChecked = (state: EntryState) => state !== 'heard' && state !== 'expired'

const address = z.string().max(2048).refine(isAddress, 'is not an address')
const stamp = z.iso.datetime()
const multikey = z.string().regex(/^z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/)
const Key = z.looseObject({ id: address, type: z.literal('Multikey'), controller: address, publicKeyMultibase: multikey })

/** A key hands over to its successors (eddsa-jcs-2022 by `previous`), so that who knows only the old one believes the new ones. */
export const Succession = z.looseObject({
  type: z.literal('KeySuccession'),
  attributedTo: address,
  previous: multikey,
  next: z.array(multikey).min(1).max(4),
  created: stamp,
})
export type Succession = z.infer<typeof Succession>

const common = {
  attributedTo: address,
  seq: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  assertionMethod: z.array(Key).min(1).max(4),
  recovery: z
    .string()
    .regex(/^did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}$/)
    .optional(),
  successions: z.array(Succession).max(LIMITS.successions).optional(),
  proof: z.looseObject({ verificationMethod: z.string().max(2048) }),
}

/** The entry of a community: plain JSON, in canonical form (RFC 8785) at most 8 kB, with an eddsa-jcs-2022 proof. FEDERATION.md explains each field. */
export const Entry = z.looseObject({
  type: z.literal('DirectoryEntry'),
  id: address,
  ...common,
  node: address,
  preferredUsername: z
    .string()
    .max(128)
    .regex(/^[\p{L}\p{N}_]+([.-]+[\p{L}\p{N}_]+)*$/u),
  url: address,
  published: stamp,
  updated: stamp,
  expires: stamp,
  discoverable: z.literal(true),
  indexable: z.boolean(),
  charter: z.looseObject({ edition: z.number().int().min(1).max(1_000_000), published: stamp, digest: z.string().max(100) }),
  alsoKnownAs: z.array(address).max(8).optional(),
  movedTo: address.optional(),
  vouchesFor: z.array(address).max(LIMITS.vouchesPerEntry).optional(),
  /** What was left out because the entry would have been too long. */
  omitted: z.array(z.string().max(100)).max(20).optional(),
})
export type Entry = z.infer<typeof Entry>

/** The end of an entry: its community wants to be found no longer. `until` is when the entry it ends would have expired. */
export const Tombstone = z.looseObject({
  type: z.literal('Tombstone'),
  formerType: z.literal('DirectoryEntry'),
  id: address,
  ...common,
  deleted: stamp,
  until: stamp,
})
export type Tombstone = z.infer<typeof Tombstone>

/** An entry or a tombstone whose proof was verified with a key that it lists itself, or with its recovery key. */
export type SignedEntry = {
  /** In canonical form, as it is stored, hashed and passed on. */
  text: string
  /** SHA-256 of `text`, hex. */
  hash: string
  document: Entry | Tombstone
  /** Multibase of the key the proof was made with. */
  signer: string
  /** The signer, and the older keys that handed over to it. */
  speakers: readonly string[]
}

/** Two different words of one community under one number, both proven: it holds until a higher number. The one with the lower hash is first. */
export type SignedFork = { text: string; hash: string; documents: readonly [SignedEntry, SignedEntry] }

/** Where an entry was heard: at its origin (read there, or sent by the community as its actor), or from a peer, by its number. */
export type EntryOrigin = 'origin' | { peer: number }

/** What is already known of the same community. */
export type KnownEntry = {
  seq: number
  /** Null where nobody signed it. */
  hash: string | null
  kind: 'entry' | 'tombstone' | 'fork'
  state: EntryState
  /** Whether this node has seen it at its origin itself. */
  seen: boolean
  /** Keys that may speak for it, as multibase. Once confirmed they are pinned. */
  keys: readonly string[]
  recovery: string | null
}

export type Verdict =
  /** It takes the place of what is known. */
  | 'newer'
  | 'same'
  | 'older'
  /** Two different words under one number: neither is shown until a higher number decides. */
  | 'fork'
  /** By a key that was not known to be its community's: it waits, and the origin is asked. */
  | 'quarantine'
  /** Two claims on a community whose origin this node has not seen itself, or against one nobody signed: the origin is asked. */
  | 'contested'
  /** Not to be kept here: its server or actor is blocked or limited, its domain has its share, or it is our own. */
  | 'unwanted'

/**
 * The authority over entries, for everything that is heard of them, from wherever.
 * @param fromOrigin whether the origin itself has just said so (it was fetched there, or came signed by the community)
 */
export function judge(signed: SignedEntry, known: KnownEntry | undefined, fromOrigin: boolean): Verdict {
  if (!known) return 'newer'
  const { seq } = signed.document
  if (signed.hash === known.hash) return 'same'
  if (known.hash === null && known.kind === 'tombstone') return seq > known.seq ? 'newer' : 'older'
  const unchecked = known.hash === null || known.state === 'heard'
  if (unchecked && fromOrigin) return 'newer'
  if (known.hash === null) return 'contested'
  const pinned = signed.speakers.some(key => known.keys.includes(key))
  // What only others have seen gives way to what this node sees there: they may have lied together.
  if (!known.seen && !pinned && fromOrigin) return 'newer'
  if (!known.seen && !pinned && known.recovery !== `did:key:${signed.signer}`) return 'contested'
  if (unchecked && (!pinned || seq === known.seq)) return 'contested'
  if (seq < known.seq) return 'older'
  if (!pinned) return 'quarantine'
  return seq === known.seq ? 'fork' : 'newer'
}

/**
 * The record of a fork: of all that is known under one number the two with the lowest hashes, so that every node comes to the same,
 * whatever it heard first.
 */
export function forkOf(documents: readonly Pick<SignedEntry, 'text' | 'hash'>[]): Pick<SignedFork, 'text' | 'hash'> {
  const distinct = [...new Map(documents.map(one => [one.hash, one])).values()].sort((a, b) => (a.hash < b.hash ? -1 : 1))
  const [a, b] = distinct
  if (!a || !b) throw new Error('One document makes no fork.')
  const text = `{"documents":[${a.text},${b.text}],"type":"Fork"}`
  return { text, hash: createHash('sha256').update(text).digest('hex') }
}

/** The two sides of the record of a fork. */
export function forkParts(text: string): Pick<SignedEntry, 'text' | 'hash'>[] {
  const { documents } = JSON.parse(text) as { documents: unknown[] }
  return documents.map(document => {
    const part = canonical(document)!
    return { text: part, hash: createHash('sha256').update(part).digest('hex') }
  })
}

/** Multibase of the key that the proof names, of those the document lists; undefined where it names another. */
export function signerOf({ assertionMethod, recovery, proof }: Entry | Tombstone): string | undefined {
  const method = proof.verificationMethod
  const key = assertionMethod.find(({ id }) => id === method)
  if (key) return key.publicKeyMultibase
  const own = recovery?.slice('did:key:'.length)
  return recovery && (method === recovery || method === `${recovery}#${own}`) ? own : undefined
}

/** When it ceases to be good: an entry, what a tombstone has ended. */
export function endOf(document: Entry | Tombstone): Date {
  return new Date(document.type === 'DirectoryEntry' ? document.expires : document.until)
}

/** The name of a community in the tree and the feed: SHA-256 of its actor's id, hex. */
export function entryKey(actor: string): string {
  return createHash('sha256').update(actor).digest('hex')
}

/** What of a charter an entry carries: everything that is chosen, counted or short. Long texts stay in the charter itself. */
export function searchableCharter(charter: Charter): Charter {
  const { membershipProcess: _, visitorProcess: __, contact: ___, affiliations, ...rest } = publicCharter(charter)
  return {
    ...rest,
    ...(affiliations ? { affiliations: affiliations.slice(0, 10).map(({ name }) => ({ name })) } : {}),
    agreements: [],
  }
}

/** The next number of an entry. It follows the clock too, so that a node restored from an old backup does not repeat itself. */
export function nextSeq(last: number, now: Date): number {
  return Math.max(last + 1, Math.floor(now.getTime() / 1000))
}

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && !username && !password
}
