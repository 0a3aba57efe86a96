import type { Context } from '../context.ts'
import { localCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import type { Db, Tx } from '../db/open.ts'
import { type EntryRecord, recordOf, saveRecord } from '../db/record.ts'
import { saveSetting, setting } from '../db/setting.ts'
import { touchTree } from '../db/tree.ts'
import { type Entry, type EntryState, endOf, entryKey, type SignedEntry, type Tombstone, type Verdict } from '../domain/entry.ts'
import { LIMITS } from '../domain/entry-limit.ts'
import { communityIri } from '../domain/iri.ts'
import { registrableDomain } from '../lib/registrable-domain.ts'
import { listSelf } from './directory.ts'

type Home = Pick<Context, 'db' | 'now' | 'config'>

/** Keeps what our own community has just signed. Only this node ever changes it. */
export function keepOwnEntry(ctx: Home, tx: Tx, { document, hash, text }: SignedEntry): void {
  const now = ctx.now()
  const actor = document.attributedTo
  const { id: _, ...known } = recordOf(tx, actor) ?? {}
  const row = { ...recordFrom(document, true, 'vouched'), key: Buffer.from(entryKey(actor), 'hex'), actor, text }
  const domain = registrableDomain(new URL(actor).host)
  const times = { heardAt: now, ...known, seenAt: now, checkAt: null, checks: 0 }
  saveRecord(tx, { ...times, ...row, domain, hash: Buffer.from(hash, 'hex'), peer: null })
  touchTree(tx, [row.key])
  listSelf(ctx, tx)
  record(tx, { kind: 'entry.published', subject: hash, at: now })
}

/**
 * Nobody tells us what our own community says. But if somebody has words of ours that we know nothing of, this node was restored from an
 * older copy: its next entry must outdo them.
 */
export function hearOfOurselves(tx: Tx, actor: string, { document, speakers, hash }: SignedEntry): Verdict {
  const known = recordOf(tx, actor)
  if (known?.hash?.toString('hex') === hash) return 'same'
  const ours = known && speakers.some(key => known.keys.includes(key))
  if (ours && document.seq >= known.seq && document.seq > Number(setting(tx, 'entry.outdo') ?? 0))
    saveSetting(tx, 'entry.outdo', String(document.seq))
  return 'unwanted'
}

/** What of a record follows from the document itself. @param trusted a key that may speak for its community has signed it */
export function recordFrom(
  document: Entry | Tombstone,
  trusted: boolean,
  before: EntryState | undefined,
): Pick<EntryRecord, 'kind' | 'state' | 'seq' | 'keys' | 'recovery' | 'updatedAt' | 'expiresAt'> {
  const tombstone = document.type === 'Tombstone'
  const standing = tombstone ? 'tombstoned' : before === 'vouched' ? 'vouched' : 'confirmed'
  return {
    kind: tombstone ? 'tombstone' : 'entry',
    state: trusted ? standing : 'heard',
    seq: document.seq,
    keys: document.assertionMethod.map(key => key.publicKeyMultibase),
    recovery: document.recovery ?? null,
    updatedAt: new Date(tombstone ? document.deleted : document.updated),
    expiresAt: new Date(endOf(document).getTime() + (tombstone ? LIMITS.tombstoneGrace : 0)),
  }
}

/** The id of our own community. */
export function ownActor({ config }: Pick<Context, 'config'>, db: Db): string | undefined {
  const community = localCommunity(db)
  return community && communityIri(config.publicUrl, community.handle)
}
