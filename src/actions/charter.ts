import type { Context } from '../context.ts'
import { currentEdition, saveConfirmation, saveEdition } from '../db/charter.ts'
import { theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { type Tx, transact } from '../db/open.ts'
import { type Charter, type Edition, nextEdition } from '../domain/charter.ts'
import { Refusal } from '../domain/refusal.ts'
import { listSelf } from './directory.ts'

/**
 * Publishes a new edition of the charter. Earlier editions stay readable.
 * @throws Refusal when there is no community yet, or the edition says the same as the last one
 */
export function publishCharter(ctx: Context, charter: Charter): Edition {
  return transact(ctx.db, tx => {
    theCommunity(tx)
    return publishEdition(ctx, tx, charter)
  })
}

export function publishEdition(ctx: Context, tx: Tx, charter: Charter): Edition {
  const edition = nextEdition(currentEdition(tx), charter, ctx.now())
  saveEdition(tx, edition)
  listSelf(ctx, tx)
  record(tx, { kind: 'charter.published', subject: String(edition.edition), at: edition.publishedAt })
  return edition
}

/**
 * Says of the edition in force that all of it is still true. Others read the day with it.
 * @throws Refusal when there is no community yet
 */
export function confirmCharter(ctx: Context): { edition: number; at: Date } {
  return transact(ctx.db, tx => {
    theCommunity(tx)
    const current = currentEdition(tx)
    if (!current) throw new Refusal('missing', 'No charter has been published yet.')
    const at = ctx.now()
    saveConfirmation(tx, current.edition, at)
    listSelf(ctx, tx)
    record(tx, { kind: 'charter.confirmed', subject: String(current.edition), at })
    return { edition: current.edition, at }
  })
}
