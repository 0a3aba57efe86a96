import { createHash } from 'node:crypto'
import type { Context } from '../context.ts'
import { dropConfirmationsAbout } from '../db/confirmation.ts'
import { contenderOf, removeContender, saveContender } from '../db/contender.ts'
import { removeEntry, saveEntries } from '../db/directory.ts'
import { wantLook } from '../db/look.ts'
import { type Tx, transact } from '../db/open.ts'
import { amendRecord, dropRecord, type EntryRecord, isDomainFull, isPassedOn, recordByKey, recordOf, saveRecord } from '../db/record.ts'
import { touchTree } from '../db/tree.ts'
import { witnessesOf } from '../db/witness.ts'
import type { DirectoryEntry } from '../domain/directory.ts'
import {
  type Entry,
  type EntryOrigin,
  endOf,
  entryKey,
  forkOf,
  forkParts,
  isShown,
  judge,
  type KnownEntry,
  type SignedEntry,
  type SignedFork,
  signerOf,
  type Tombstone,
  type Verdict,
} from '../domain/entry.ts'
import { LIMITS } from '../domain/entry-limit.ts'
import { registrableDomain } from '../lib/registrable-domain.ts'
import { endRecord, isUnwanted, searchable, sourceOf } from './directory.ts'
import { hasten, timeToLook } from './entry-look.ts'
import { hearOfOurselves, ownActor, recordFrom } from './own-entry.ts'

type Hearing = Pick<Context, 'db' | 'now' | 'config'>
/**
 * What one hearing has in hand. `changed` are the keys whose leaf of the tree must be made anew, `found` is what searches shall find of
 * each actor: both are written at the end, once for all.
 */
type Ear = { tx: Tx; own: string | undefined; now: Date; changed: Buffer[]; found: Map<string, DirectoryEntry | undefined> }

/**
 * Takes what is heard of a community, from wherever: the one way an entry, a tombstone or a fork comes to be known here.
 * @param signed what `checkEntry` or `checkFork` has found to prove itself
 */
export function hearEntry(ctx: Hearing, signed: SignedEntry | SignedFork, from: EntryOrigin): Verdict {
  return hearEntries(ctx, [signed], from)[0]!
}

/** The same for many, in one transaction, with the tree made anew once. */
export function hearEntries(ctx: Hearing, all: readonly (SignedEntry | SignedFork)[], from: EntryOrigin): Verdict[] {
  return transact(ctx.db, tx => {
    const ear = earOf(ctx, tx)
    const verdicts = all.map(signed => {
      if (!('documents' in signed)) return hear(ear, signed, from)
      // Whoever knows the community comes to the same fork from its two halves.
      const [first, second] = signed.documents
      hear(ear, first, from)
      return hear(ear, second, from)
    })
    settle(ear)
    return verdicts
  })
}

function earOf(ctx: Hearing, tx: Tx): Ear {
  return { tx, own: ownActor(ctx, tx), now: ctx.now(), changed: [], found: new Map() }
}

function settle({ tx, changed, found }: Ear): void {
  if (changed.length > 0) touchTree(tx, changed)
  const entries: DirectoryEntry[] = []
  for (const [actor, entry] of found) {
    if (entry) entries.push(entry)
    else removeEntry(tx, actor)
  }
  if (entries.length > 0) saveEntries(tx, entries)
}

function hear(ear: Ear, signed: SignedEntry, from: EntryOrigin): Verdict {
  const { tx, own, now } = ear
  const actor = signed.document.attributedTo
  if (actor === own) return hearOfOurselves(tx, actor, signed)
  if (isUnwanted(tx, actor)) return 'unwanted'
  const known = recordOf(tx, actor)
  const verdict = judge(signed, known && knownOf(known), from === 'origin')
  if (verdict === 'newer') return keep(ear, signed, known, from)
  if (!known) return verdict
  if (verdict === 'same') return hearAgain(ear, known, from)
  if (verdict === 'fork') return fork(ear, known, signed, from)
  if (verdict === 'quarantine') return quarantine(ear, known, signed, from)
  if (verdict === 'contested' && from !== 'origin') hasten(tx, known, from.peer, now)
  if (verdict === 'older' && from === 'origin') amendRecord(tx, actor, { checkAt: null, checks: 0 })
  return verdict
}

/** @param surely it takes effect whatever is known: it has waited long enough */
function keep(ear: Ear, signed: SignedEntry, known: EntryRecord | undefined, from: EntryOrigin, surely = false): Verdict {
  const { tx, now, changed } = ear
  const { document } = signed
  const actor = document.attributedTo
  const domain = known?.domain ?? registrableDomain(new URL(actor).host)
  if (!known && isDomainFull(tx, domain) && !sourceOf(tx, actor)) return 'unwanted'
  const trusted = surely || from === 'origin' || Boolean(known?.hash && known.state !== 'heard')
  const record = {
    ...recordFrom(document, trusted, known?.state),
    key: known?.key ?? Buffer.from(entryKey(actor), 'hex'),
    actor,
    domain,
    hash: Buffer.from(signed.hash, 'hex'),
    text: signed.text,
    peer: from === 'origin' ? (known?.peer ?? null) : from.peer,
    heardAt: known?.heardAt ?? now,
    seenAt: from === 'origin' ? now : trusted ? (known?.seenAt ?? null) : null,
    checkAt: trusted ? null : timeToLook(tx, now),
    checks: 0,
  }
  if (record.kind === 'tombstone' && known && known.expiresAt < FAR && known.expiresAt > record.expiresAt)
    record.expiresAt = known.expiresAt
  const id = saveRecord(tx, record)
  if (known) removeContender(tx, actor)
  if (isPassedOn(record) || (known && isPassedOn(known))) changed.push(record.key)
  ear.found.set(actor, searchable(tx, { ...record, id }, undefined, document.type === 'DirectoryEntry' ? document : undefined))
  return 'newer'
}

function hearAgain(ear: Ear, known: EntryRecord, from: EntryOrigin): Verdict {
  const { tx, now } = ear
  if (from === 'origin') {
    removeContender(tx, known.actor)
    if (known.state === 'heard') confirm(ear, known, now)
    else amendRecord(tx, known.actor, { seenAt: now, checkAt: null, checks: 0 })
    return 'same'
  }
  if (known.state === 'heard') hasten(tx, known, from.peer, now)
  return 'same'
}

function confirm(ear: Ear, known: EntryRecord, seenAt: Date | null): void {
  const state = known.kind === 'tombstone' ? ('tombstoned' as const) : ('confirmed' as const)
  const record = { ...known, state, seenAt: seenAt ?? known.seenAt, checkAt: null, checks: 0 }
  const id = saveRecord(ear.tx, record)
  ear.changed.push(known.key)
  ear.found.set(known.actor, searchable(ear.tx, { ...record, id }))
}

function fork({ tx, changed, found }: Ear, known: EntryRecord, signed: SignedEntry, from: EntryOrigin): Verdict {
  const parts = known.kind === 'fork' ? forkParts(known.text) : [{ text: known.text, hash: known.hash!.toString('hex') }]
  const made = forkOf([...parts, signed])
  const hash = Buffer.from(made.hash, 'hex')
  if (known.hash?.equals(hash)) {
    if (from === 'origin') amendRecord(tx, known.actor, { checkAt: null, checks: 0 })
    return 'same'
  }
  const end = endOf(signed.document)
  const expiresAt = end > known.expiresAt ? end : known.expiresAt
  saveRecord(tx, { ...known, kind: 'fork', state: 'forked', hash, text: made.text, expiresAt, checkAt: null })
  found.set(known.actor, undefined)
  changed.push(known.key)
  return 'fork'
}

/** Words by a new key wait, if the origin shows them or the recovery key has signed them. Anybody else's are only a reason to ask. */
function quarantine(ear: Ear, known: EntryRecord, signed: SignedEntry, from: EntryOrigin): Verdict {
  const { tx, now } = ear
  const { actor } = known
  const waiting = contenderOf(tx, actor)
  const recovered = signed.signer === recoveryOf(known)
  const since = waiting?.signer === signed.signer ? waiting.since : now
  const waited = now.getTime() - since.getTime() >= LIMITS.quarantine
  if (from === 'origin' && waiting && waited) return keep(ear, signed, known, from, true)
  if (from === 'origin') amendRecord(tx, actor, { checkAt: null, checks: 0 })
  if (from === 'origin' || (recovered && (!waiting || waiting.signer === signed.signer)))
    saveContender(tx, { actor, text: signed.text, hash: signed.hash, signer: signed.signer, since })
  else if (!recovered) hasten(tx, known, from.peer, now)
  return 'quarantine'
}

/** Words signed by the recovery key have waited for seven days, and nobody has contradicted. */
export function acceptRecovered(ctx: Hearing, signed: SignedEntry): void {
  transact(ctx.db, tx => {
    const ear = earOf(ctx, tx)
    const known = recordOf(tx, signed.document.attributedTo)
    if (known) keep(ear, signed, known, { peer: known.peer ?? 0 }, true)
    settle(ear)
  })
}

/** This node has looked at the origin itself (`seen`), or believes those who did. */
export function entryConfirmed(ctx: Hearing, actor: string, seen: boolean): void {
  transact(ctx.db, tx => {
    const known = recordOf(tx, actor)
    if (known?.state !== 'heard') return
    const ear = earOf(ctx, tx)
    confirm(ear, known, seen ? ear.now : null)
    settle(ear)
  })
}

/**
 * What was heard of a community could not be found at its origin: `denied` (something else stands there), `gone` (nothing does),
 * `away` (it does not answer).
 * @returns the peer whose word it was, if nothing is left of it
 */
export function entryUnconfirmed(ctx: Hearing, actor: string, why: 'denied' | 'gone' | 'away'): number | null {
  return transact(ctx.db, tx => {
    const known = recordOf(tx, actor)
    if (!known) return null
    const checks = known.checks + 1
    const believed = known.kind === 'entry' && known.hash !== null && isShown(known.state) && !known.seenAt
    if (known.state !== 'heard' && !(believed && why !== 'away')) {
      // Only its own end, or its lease, ends what was once seen there. What waited to be believed waits no longer.
      if (why !== 'away' && contenderOf(tx, actor)?.signer !== recoveryOf(known)) removeContender(tx, actor)
      const again = why === 'away' && checks < LIMITS.checkAttempts
      amendRecord(tx, actor, { checkAt: again ? later(ctx.now(), checks) : null, checks })
      return null
    }
    if (why === 'away' && checks < LIMITS.checkAttempts) {
      amendRecord(tx, actor, { checkAt: later(ctx.now(), checks), checks })
      return null
    }
    removeEntry(tx, actor)
    dropRecord(tx, actor)
    // Three have said that they saw it, and it isn't so.
    if (believed) dropConfirmationsAbout(tx, known.key)
    if (isPassedOn(known)) touchTree(tx, [known.key])
    return known.peer
  })
}

/** The community's own server says that it is no more. */
export function entryEnded(ctx: Hearing, actor: string): void {
  transact(ctx.db, tx => endRecord(tx, actor))
}

/**
 * Confirms an entry by what others have seen at its origin: so many signed confirmations of its key, by nodes of as many registrable
 * domains that count here (`countsAsWitness`), none of them its own. Some are looked at all the same.
 * @returns whether it is confirmed now
 */
export function confirmByWitnesses(tx: Tx, key: Buffer, now: Date): boolean {
  const known = recordByKey(tx, key)
  if (known?.state !== 'heard' || !known.hash) return false
  const signer = signerOf(JSON.parse(known.text) as Entry | Tombstone)
  if (!signer || witnessesOf(tx, key, signerDigest(signer), known.domain, now) < LIMITS.confirmations) return false
  const ear: Ear = { tx, own: undefined, now, changed: [], found: new Map() }
  if (Math.random() < LIMITS.ownChecks) wantLook(tx, key, timeToLook(tx, now))
  confirm(ear, known, null)
  settle(ear)
  return true
}

/** How a confirmation names a key: the first 16 bytes of SHA-256 over its multibase form. */
export function signerDigest(multibase: string): Buffer {
  return createHash('sha256').update(multibase).digest().subarray(0, 16)
}

function knownOf({ seq, hash, kind, state, seenAt, keys, recovery }: EntryRecord): KnownEntry {
  return { seq, hash: hash?.toString('hex') ?? null, kind, state, seen: seenAt !== null, keys, recovery }
}

const FAR = new Date(8_000_000_000_000_000)
const later = (now: Date, checks: number) => new Date(now.getTime() + LIMITS.checkAgain * 2 ** (checks - 1) * (1 + Math.random() / 2))
const recoveryOf = ({ recovery }: EntryRecord) => recovery?.slice('did:key:'.length)
