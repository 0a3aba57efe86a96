import type { Context } from '../../context.ts'
import { contenderOf } from '../../db/contender.ts'
import { peerById } from '../../db/peer.ts'
import { recordOf } from '../../db/record.ts'
import type { DirectoryEntry } from '../../domain/directory.ts'
import { LIMITS } from '../../domain/entry-limit.ts'

/** How an entry came here, and what is to be thought of it. */
export type Standing = {
  /** When this node first heard what it shows, and from which node; `peer` is an origin, and absent where its own node said it. */
  heardAt?: Date | undefined
  peer?: string | undefined
  /** When this node last read it where it comes from. */
  seenAt?: Date | undefined
  /** When its community signed it; absent where nobody did. */
  signedAt?: Date | undefined
  expiresAt?: Date | undefined
  /** Where its own node should have renewed it by now: since when it has not. */
  lateSince?: Date | undefined
  /** Since when its server has shown keys that its old ones have not signed for. */
  keysChangedAt?: Date | undefined
}

export function standingOf({ db, now }: Pick<Context, 'db' | 'now'>, entry: DirectoryEntry): Standing {
  const { actor, expiresAt, source, state, verifiedAt } = entry
  const record = recordOf(db, actor)
  const signedAt = expiresAt ? new Date(expiresAt.getTime() - LIMITS.lease) : undefined
  const isLate = signedAt && source !== 'self' && now().getTime() - signedAt.getTime() > LIMITS.notRenewed
  // What came from a peer was not read at its origin, however lately it came.
  const wasRead = record ? record.peer === null && state !== 'heard' : state !== 'heard'
  return {
    heardAt: record?.heardAt,
    peer: record?.peer == null ? undefined : peerById(db, record.peer)?.origin,
    seenAt: record?.seenAt ?? (wasRead ? verifiedAt : undefined),
    signedAt,
    expiresAt: expiresAt ?? undefined,
    lateSince: isLate ? signedAt : undefined,
    keysChangedAt: contenderOf(db, actor)?.since,
  }
}
