import type { Context } from '../context.ts'
import { actorOf } from '../db/actor.ts'
import { isBlocked, severityOf } from '../db/block.ts'
import { standingEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { entryOf, removeEntry, saveEntry } from '../db/directory.ts'
import { followerOf } from '../db/follower.ts'
import { followingOf } from '../db/following.ts'
import type { Db, Tx } from '../db/open.ts'
import { dropRecord, type EntryRecord, isPassedOn, recordOf, recordsWithin, saveRecord } from '../db/record.ts'
import { touchTree } from '../db/tree.ts'
import type { Actor } from '../domain/actor.ts'
import { domainOf, withParents } from '../domain/block.ts'
import { type Charter, charterFromWire, publicCharter } from '../domain/charter.ts'
import type { DirectoryEntry, EntrySource } from '../domain/directory.ts'
import { type Entry, entryKey } from '../domain/entry.ts'
import { NEVER } from '../domain/entry-limit.ts'
import { communityIri } from '../domain/iri.ts'
import { registrableDomain } from '../lib/registrable-domain.ts'

/** Puts the community into its own node's directory, or takes it out, as its steward wants. Others hear of it by its signed entry. */
export function listSelf({ config, now }: Pick<Context, 'config' | 'now'>, tx: Tx): void {
  const community = localCommunity(tx)
  const current = standingEdition(tx)
  if (!community || !current) return
  const actor = communityIri(config.publicUrl, community.handle)
  if (!community.listed) {
    removeEntry(tx, actor)
    return
  }
  const { edition, publishedAt, charter } = current
  const record = recordOf(tx, actor)
  const standing = { state: 'vouched', expiresAt: record?.expiresAt ?? null, record: record?.id ?? 0 } as const
  const place = { actor, url: actor, host: config.host, handle: community.handle }
  saveEntry(tx, { ...place, ...standing, charter: publicCharter(charter), edition, publishedAt, verifiedAt: now(), source: 'self' })
}

/**
 * Brings an actor's standing in the directory in line with what its origin has just said, or with a new tie to it: it follows, is
 * followed, or was looked up. One that shows no charter any more, or does not want to be found, leaves. Its signed entry, if it has
 * one, was heard before (`hearEntry`); one without stands here unsigned, and is passed on to nobody.
 */
export function listActor(tx: Tx, id: string, wanted?: 'lookup'): void {
  const actor = actorOf(tx, id)
  const record = recordOf(tx, id)
  if (!actor?.charter || isUnwanted(tx, id)) {
    endRecord(tx, id)
    return
  }
  if (record?.hash) {
    if (record.kind === 'entry') project(tx, record, wanted)
    return
  }
  if (!(sourceOf(tx, id) ?? wanted)) return
  const unsigned = unsignedRecord(actor, record)
  project(tx, { ...unsigned, id: saveRecord(tx, unsigned) }, wanted)
}

/** What a search finds follows the record: shown, or gone. */
export function project(tx: Tx, record: EntryRecord, wanted?: 'lookup'): void {
  const entry = searchable(tx, record, wanted)
  if (entry) saveEntry(tx, entry)
  else removeEntry(tx, record.actor)
}

/** A record as a search finds it; undefined where it is not to be found. @param document of the record, where the caller has it already */
export function searchable(tx: Tx, record: EntryRecord, wanted?: 'lookup', document?: Entry): DirectoryEntry | undefined {
  const { actor, kind, state } = record
  if (kind !== 'entry' || state === 'expired') return undefined
  const entry = document ?? (JSON.parse(record.text) as Entry)
  const charter = fullest(entry, actorOf(tx, actor))
  return (
    charter && {
      actor,
      url: entry.url,
      host: new URL(actor).host,
      handle: entry.preferredUsername,
      charter,
      edition: entry.charter.edition,
      publishedAt: new Date(entry.charter.published),
      verifiedAt: latest(record.seenAt, record.updatedAt),
      // One that is known already by a closer tie keeps it (`saveEntry`).
      source: tieTo(tx, actor) ?? wanted ?? 'network',
      state,
      expiresAt: record.hash ? record.expiresAt : null,
      record: record.id,
    }
  )
}

/** Its origin says that it is not to be found any more, without a tombstone: what others still pass on of it must not bring it back. */
export function endRecord(tx: Tx, actor: string): void {
  removeEntry(tx, actor)
  const record = recordOf(tx, actor)
  if (!record || record.kind === 'tombstone') return
  if (record.hash) saveRecord(tx, { ...record, kind: 'tombstone', state: 'expired', hash: null, text: '', checkAt: null })
  else dropRecord(tx, actor)
  if (isPassedOn(record)) touchTree(tx, [record.key])
}

/** Nothing of it is kept: the steward wants nothing of it here. */
export function forgetRecord(tx: Tx, actor: string): void {
  removeEntry(tx, actor)
  const record = recordOf(tx, actor)
  if (!record) return
  dropRecord(tx, actor)
  if (isPassedOn(record)) touchTree(tx, [record.key])
}

/** The same for everybody of a domain and its subdomains. */
export function forgetRecordsAt(tx: Tx, domain: string): void {
  for (const { actor } of recordsWithin(tx, registrableDomain(domain)))
    if (withParents(domainOf(new URL(actor).host)).includes(domain)) forgetRecord(tx, actor)
}

/** Whether the steward has blocked the actor, or blocked or limited its server. */
export function isUnwanted(db: Db, actor: string): boolean {
  return severityOf(db, new URL(actor).host) !== undefined || isBlocked(db, actor)
}

export function sourceOf(db: Db, actor: string): EntrySource | undefined {
  return tieTo(db, actor) ?? entryOf(db, actor)?.source
}

function tieTo(db: Db, actor: string): EntrySource | undefined {
  if (followingOf(db, actor)) return 'follow'
  return followerOf(db, actor) && 'follower'
}

// The whole charter where the actor itself has shown it, and else what its entry tells of it.
function fullest(entry: Entry, actor: Actor | undefined): Charter | undefined {
  const whole = actor?.charter
  return whole && whole.edition >= entry.charter.edition ? whole.charter : charterFromWire(entry.charter)
}

// In the form of an entry, so that readers need to know only one.
function unsignedRecord({ id, url, handle, charter, fetchedAt }: Actor, known: EntryRecord | undefined): Omit<EntryRecord, 'id'> {
  const { edition, published, charter: words } = charter!
  const entry = { type: 'DirectoryEntry', attributedTo: id, preferredUsername: handle, url, charter: { ...words, edition, published } }
  return {
    key: Buffer.from(entryKey(id), 'hex'),
    actor: id,
    domain: registrableDomain(new URL(id).host),
    kind: 'entry',
    state: 'confirmed',
    seq: known?.seq ?? 0,
    hash: null,
    text: JSON.stringify(entry),
    keys: [],
    recovery: null,
    peer: null,
    heardAt: known?.heardAt ?? fetchedAt,
    updatedAt: new Date(published),
    expiresAt: NEVER,
    seenAt: fetchedAt,
    checkAt: null,
    checks: 0,
  }
}

function latest(one: Date | null, other: Date): Date {
  return one && one > other ? one : other
}
