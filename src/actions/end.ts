import type { Context } from '../context.ts'
import { currentEdition } from '../db/charter.ts'
import { changeCommunity, theCommunity } from '../db/community.ts'
import { compact, endedAt, eraseFiles, eraseRest, forgetPrivateKeys, isAllSent, isErased, saveEnd } from '../db/ended.ts'
import { cursor, latestEvent, record } from '../db/event.ts'
import { transact } from '../db/open.ts'
import { communityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { listSelf } from './directory.ts'

const TOLD_WITHIN_MS = 7 * 24 * 3_600_000

/** The name that has to be typed to end a community: its address. */
export function nameOfEnd({ db, config }: Pick<Context, 'db' | 'config'>): string {
  return `@${theCommunity(db).handle}@${config.host}`
}

/**
 * Ends the community for good: followers are told that it is gone, its entry becomes a tombstone.
 * @param typed its address or its name, so that nobody does this by mistake
 * @throws Refusal when that is not what was typed, or there is no community
 */
export function endCommunity(ctx: Context, typed: string): void {
  transact(ctx.db, tx => {
    const { handle } = theCommunity(tx)
    const same = (name: string | undefined) => name !== undefined && name.trim().toLowerCase() === typed.trim().toLowerCase()
    const address = `${handle}@${ctx.config.host}`
    if (!same(address) && !same(`@${address}`) && !same(currentEdition(tx)?.charter.name))
      throw new Refusal('invalid', `Type the address of the community, @${address}, to end it.`)
    if (endedAt(tx)) throw new Refusal('conflict', 'The community has ended already.')
    const now = ctx.now()
    saveEnd(tx, now)
    changeCommunity(tx, { listed: false })
    listSelf(ctx, tx)
    record(tx, { kind: 'community.ended', subject: communityIri(ctx.config.publicUrl, handle), at: now })
  })
}

/**
 * Once all who should hear of the end are written down, everything else is erased; once they have heard, or seven days later, the keys
 * of the community too. @returns whether there is nothing more to do
 */
export function eraseAfterEnd(ctx: Context): boolean {
  const at = endedAt(ctx.db)
  if (!at) return true
  const { db, config, now } = ctx
  const actor = communityIri(config.publicUrl, theCommunity(db).handle)
  if (!isErased(db)) {
    if (cursor(db, 'outbox') < latestEvent(db)) return false
    transact(db, tx => eraseRest(tx, actor))
    eraseFiles(db)
    compact(db)
  }
  if (!isAllSent(db) && now().getTime() - at.getTime() < TOLD_WITHIN_MS) return false
  transact(db, tx => forgetPrivateKeys(tx, actor))
  return true
}

/** Everything of the community has been taken along as files. */
export function noteExport(ctx: Context, withPrivate: boolean): void {
  transact(ctx.db, tx =>
    record(tx, { kind: 'node.exported', subject: theCommunity(tx).handle, at: ctx.now(), data: { private: withPrivate ? 'yes' : 'no' } }),
  )
}
