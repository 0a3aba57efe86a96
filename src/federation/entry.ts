import { createHash, createPrivateKey, createPublicKey } from 'node:crypto'
import { base58 } from '@scure/base'
import canonicalize from 'canonicalize'
import { addressesOf } from '../actions/move.ts'
import { keepOwnEntry } from '../actions/own-entry.ts'
import { vouchedFor } from '../actions/vouch.ts'
import { publicEdition } from '../db/charter.ts'
import { localCommunity } from '../db/community.ts'
import { forgetPrivateKey, keysHandingOver } from '../db/key.ts'
import { type Tx, transact } from '../db/open.ts'
import { type EntryRecord, recordOf } from '../db/record.ts'
import { saveSetting, setting } from '../db/setting.ts'
import type { Edition } from '../domain/charter.ts'
import type { Community } from '../domain/community.ts'
import { type Entry, nextSeq, type SignedEntry, type Succession, searchableCharter } from '../domain/entry.ts'
import { LIMITS } from '../domain/entry-limit.ts'
import { communityIri, nodeIri } from '../domain/iri.ts'
import { charterLiteral } from './activities/community.ts'
import { checkEntry } from './entry-check.ts'
import type { Federation } from './federation.ts'
import { addProof } from './proofs.ts'
import { recoveryKey } from './recovery.ts'
import { exportMultikey, type SigningKey } from './signatures.ts'

type Json = Record<string, unknown>

/** What goes, in this order, until an entry is short enough. `omitted` tells what has gone. */
export const DISPENSABLE = [
  'charter.affiliations',
  'charter.website',
  'vouchesFor',
  'charter.place.street',
  'successions',
  'alsoKnownAs',
] as const

/**
 * Sees to it that the community's own entry says what is so: makes it when there is a charter and the steward agrees to be found, makes
 * it anew when what it says has changed or when it is 60 days old, and ends it by a tombstone when the steward wants it no more. What
 * is right already is not signed again.
 * @returns whether there is a new one
 */
export function publishEntry(federation: Federation): boolean {
  const { ctx } = federation
  return transact(ctx.db, tx => {
    const community = localCommunity(tx)
    const edition = publicEdition(tx)
    if (!community || !edition) return false
    const me = communityIri(ctx.config.publicUrl, community.handle)
    const row = recordOf(tx, me)
    const known = row?.hash ? row : undefined
    const body = community.listed ? entryBody(federation, tx, community, edition) : tombstoneBody(federation, tx, me, known)
    if (!body || !isNeeded(body, known, Number(setting(tx, 'entry.outdo') ?? 0), ctx.now())) return false
    keepOwnEntry(ctx, tx, sign(federation, tx, me, body, known))
    return true
  })
}

function entryBody(federation: Federation, tx: Tx, community: Community, edition: Edition): Json {
  const { ctx } = federation
  const origin = ctx.config.publicUrl
  const me = communityIri(origin, community.handle)
  const { former, successor } = addressesOf(tx)
  const vouches = vouchedFor(tx)
  const charter = {
    ...searchableCharter(edition.charter),
    edition: edition.edition,
    published: seconds(edition.publishedAt),
    digest: charterDigest(edition),
  }
  return fitted({
    type: 'DirectoryEntry',
    id: `${me}/entry`,
    attributedTo: me,
    node: nodeIri(origin),
    preferredUsername: community.handle,
    url: me,
    published: seconds(community.foundedAt),
    discoverable: true,
    indexable: community.listed,
    charter,
    ...speakersOf(federation, tx, me),
    ...(former.length > 0 ? { alsoKnownAs: former.slice(-8) } : {}),
    ...(successor ? { movedTo: successor } : {}),
    ...(vouches.length > 0 ? { vouchesFor: vouches } : {}),
  })
}

function tombstoneBody(federation: Federation, tx: Tx, me: string, known: EntryRecord | undefined): Json | undefined {
  if (!known) return undefined
  const until = known.kind === 'tombstone' ? (JSON.parse(known.text) as { until: string }).until : seconds(known.expiresAt)
  if (Date.parse(until) + LIMITS.tombstoneGrace <= federation.ctx.now().getTime()) return undefined
  const speakers = speakersOf(federation, tx, me)
  return { type: 'Tombstone', formerType: 'DirectoryEntry', id: `${me}/entry`, attributedTo: me, until, ...speakers }
}

function speakersOf({ keyring, ctx }: Federation, tx: Tx, me: string): Json {
  const own = keyring.publicKeys(me).filter(key => key.algorithm === 'ed25519')
  const assertionMethod = own.map(({ id, key }) => ({ id, type: 'Multikey', controller: me, publicKeyMultibase: exportMultikey(key) }))
  const successions = handOver(
    tx,
    me,
    assertionMethod.map(key => key.publicKeyMultibase),
    ctx.now(),
  )
  const recovery = recoveryKey(tx, me, ctx.now())
  return { assertionMethod, recovery: recovery.id, ...(successions.length > 0 ? { successions } : {}) }
}

/** Lets retired keys sign, as the last thing they do, that the new ones follow them. They are told of as long as somebody may need it. */
function handOver(tx: Tx, me: string, next: readonly string[], now: Date): Succession[] {
  const told = JSON.parse(setting(tx, 'entry.successions') ?? '[]') as Succession[]
  const retired = keysHandingOver(tx, me)
  const made = retired.map(({ id, privateKey }) => {
    const key = createPrivateKey(privateKey)
    const previous = exportMultikey(createPublicKey(key))
    const body = { type: 'KeySuccession', attributedTo: me, previous, next, created: seconds(now) }
    forgetPrivateKey(tx, id)
    return addProof(body, { id: `did:key:${previous}#${previous}`, algorithm: 'ed25519', privateKey: key }, now) as unknown as Succession
  })
  const kept = [...told, ...made].filter(one => Date.parse(one.created) + LIMITS.lease > now.getTime()).slice(-LIMITS.successions)
  if (made.length > 0 || kept.length < told.length) saveSetting(tx, 'entry.successions', JSON.stringify(kept))
  return kept
}

/** SHA-256 of the charter as the actor shows it, in canonical form, as `digestMultibase` (multihash, base58btc). */
function charterDigest(edition: Edition): string {
  const hash = createHash('sha256')
    .update(canonicalize(charterLiteral(edition)) ?? '')
    .digest()
  return `z${base58.encode(Buffer.concat([Uint8Array.of(0x12, 0x20), hash]))}`
}

// The proof and the numbers that are still to come take their room too.
const ROOM_FOR_PROOF = 700

function fitted(body: Json): Json {
  const omitted: string[] = []
  let shorter = body
  for (const path of DISPENSABLE) {
    if (Buffer.byteLength(canonicalize(shorter) ?? '') <= LIMITS.entrySize - ROOM_FOR_PROOF) break
    const rest = without(shorter, path.split('.'))
    if (!rest) continue
    omitted.push(path)
    shorter = { ...rest, omitted: [...omitted] }
  }
  return shorter
}

function without(body: Json, [name, ...deeper]: readonly string[]): Json | undefined {
  if (!name || body[name] === undefined) return undefined
  if (deeper.length === 0) {
    const { [name]: _, ...rest } = body
    return rest
  }
  const inner = without(body[name] as Json, deeper)
  return inner && { ...body, [name]: inner }
}

function isNeeded(body: Json, known: EntryRecord | undefined, outdo: number, now: Date): boolean {
  if (!known || known.seq <= outdo) return true
  const { proof: _, seq: __, updated, expires: ___, deleted: ____, ...said } = JSON.parse(known.text) as Json & Partial<Entry>
  if (canonicalize(said) !== canonicalize(body)) return true
  return typeof updated === 'string' && Date.parse(updated) + LIMITS.renewal <= now.getTime()
}

function sign(federation: Federation, tx: Tx, me: string, body: Json, known: EntryRecord | undefined): SignedEntry {
  const now = federation.ctx.now()
  const times =
    body.type === 'Tombstone'
      ? { deleted: seconds(now) }
      : { updated: seconds(now), expires: seconds(new Date(now.getTime() + LIMITS.lease)) }
  const last = Math.max(known?.seq ?? recordOf(tx, me)?.seq ?? 0, Number(setting(tx, 'entry.outdo') ?? 0))
  const recovering = recoveringKey(tx, me, now)
  const key = recovering ?? federation.keyring.signingKey(me, 'ed25519')
  // What others would refuse is not published either.
  return checkEntry(addProof({ ...body, seq: nextSeq(last, now), ...times }, key, now), now)
}

/** The recovery key, while it is to speak for a community whose other keys were lost. */
function recoveringKey(tx: Tx, me: string, now: Date): SigningKey | undefined {
  if (setting(tx, 'entry.recovering') !== 'yes') return undefined
  const { id, privateKey } = recoveryKey(tx, me, now)
  return privateKey
    ? { id: `${id}#${id.slice('did:key:'.length)}`, algorithm: 'ed25519', privateKey: createPrivateKey(privateKey) }
    : undefined
}

const seconds = (time: Date) => `${time.toISOString().slice(0, 19)}Z`
