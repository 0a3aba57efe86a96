import { isDeepStrictEqual } from 'node:util'
import type { Context } from '../context.ts'
import { currentEdition, editionOf } from '../db/charter.ts'
import { theCommunity } from '../db/community.ts'
import { type Draft, draftOf, removeDraft, saveDraftRow } from '../db/draft.ts'
import { type Db, type Tx, transact } from '../db/open.ts'
import type { Charter, Edition } from '../domain/charter.ts'
import { merged, type Raw, rawOf } from '../domain/charter-draft.ts'
import { judgeDraft } from '../domain/charter-fault.ts'
import { Refusal } from '../domain/refusal.ts'
import { publishEdition } from './charter.ts'

/** What became of a change: `stale` where the draft was changed elsewhere since, and nothing has been. */
export type Kept = { draft: Draft; stale: boolean }

/** The draft of a steward, or what it would begin with: the edition in force, as version 0. */
export function openDraft(ctx: Pick<Context, 'now'>, db: Db, steward: number): Draft {
  const known = draftOf(db, steward)
  if (known) return known
  const current = currentEdition(db)
  const raw = rawOf(current?.charter ?? {})
  return { steward, base: current?.edition ?? 0, version: 0, raw, before: null, changedAt: ctx.now() }
}

/**
 * Keeps what stands in the form. It need not be a charter yet.
 * @param version of the draft the form was opened with @param change makes the new one of the old one
 * @param great whether the way back is kept
 */
export function changeDraft(ctx: Context, steward: number, version: number, change: (raw: Raw) => Raw, great = false): Kept {
  return transact(ctx.db, tx => {
    const draft = openDraft(ctx, tx, steward)
    const raw = change(draft.raw)
    if (isDeepStrictEqual(raw, draft.raw)) return { draft, stale: false }
    if (draft.version !== version) return { draft, stale: true }
    return { draft: keep(ctx, tx, draft, raw, great ? draft.raw : draft.before), stale: false }
  })
}

/** Puts the draft back to how it was before its last great change; done again it undoes the undoing. */
export function undoDraft(ctx: Context, steward: number): Draft {
  return transact(ctx.db, tx => {
    const draft = draftOf(tx, steward)
    if (!draft?.before) throw new Refusal('missing', 'There is nothing to go back to.')
    return keep(ctx, tx, draft, draft.before, draft.raw)
  })
}

/** Begins again from the edition in force. What was written can still be brought back. */
export function discardDraft(ctx: Context, steward: number): Draft {
  return transact(ctx.db, tx => {
    const draft = openDraft(ctx, tx, steward)
    const current = currentEdition(tx)
    return keep(ctx, tx, { ...draft, base: current?.edition ?? 0 }, rawOf(current?.charter ?? {}), draft.raw)
  })
}

/**
 * Takes what was published since the draft was begun into it. Where both have changed the same field, the draft's stands.
 * @returns the fields taken, and those both have changed
 */
export function mergeDraft(ctx: Context, steward: number): { both: string[]; taken: string[] } {
  return transact(ctx.db, tx => {
    const draft = openDraft(ctx, tx, steward)
    const current = currentEdition(tx)
    if (!current || current.edition === draft.base) return { both: [], taken: [] }
    const base = rawOf(editionOf(tx, draft.base)?.charter ?? {})
    const { raw, both, taken } = merged(base, draft.raw, rawOf(current.charter))
    keep(ctx, tx, { ...draft, base: current.edition }, raw, draft.raw)
    return { both, taken }
  })
}

/**
 * Publishes the draft as the next edition.
 * @throws Refusal 'conflict' where it was changed elsewhere, another edition was published since, or it says nothing new; 'invalid'
 * where it is no charter yet
 */
export function publishDraft(ctx: Context, steward: number, version: number): Edition {
  return transact(ctx.db, tx => {
    theCommunity(tx)
    const draft = openDraft(ctx, tx, steward)
    const current = currentEdition(tx)
    if (draft.version !== version) throw new Refusal('conflict', 'The draft was changed in another window since you looked at it.')
    if (draft.base !== (current?.edition ?? 0))
      throw new Refusal('conflict', `Edition ${current?.edition} was published meanwhile. Take what is new into your draft first.`)
    const edition = publishEdition(ctx, tx, charterIn(draft.raw))
    removeDraft(tx, steward)
    return edition
  })
}

function charterIn(raw: Raw): Charter {
  const judged = judgeDraft(raw)
  if ('charter' in judged) return judged.charter
  throw new Refusal('invalid', 'The draft is no charter yet.')
}

function keep(ctx: Context, tx: Tx, draft: Draft, raw: Raw, before: Raw | null): Draft {
  const kept = { ...draft, raw, before, version: draft.version + 1, changedAt: ctx.now() }
  saveDraftRow(tx, kept)
  return kept
}
