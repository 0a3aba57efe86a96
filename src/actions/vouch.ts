import type { Context } from '../context.ts'
import { localCommunity, theCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { allFollowing } from '../db/following.ts'
import { type Db, transact } from '../db/open.ts'
import { amendRecord, recordOf, recordsIn } from '../db/record.ts'
import { saveSetting, setting } from '../db/setting.ts'
import { type Entry, isShown } from '../domain/entry.ts'
import { LIMITS } from '../domain/entry-limit.ts'
import { communityIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'
import { project } from './directory.ts'

/** The communities ours stands for: it says so in its entry. */
export function vouchedFor(db: Db): string[] {
  return JSON.parse(setting(db, 'vouchesFor') ?? '[]') as string[]
}

/**
 * Says that a community is what it says it is. Those who trust ours will rank it higher.
 * @param actor id of a community in the directory
 * @throws Refusal when it is not known, is our own, or there are 16 already
 */
export function vouchFor(ctx: Context, actor: string): void {
  transact(ctx.db, tx => {
    const { handle } = theCommunity(tx)
    if (actor === communityIri(ctx.config.publicUrl, handle)) throw new Refusal('invalid', 'Nobody can vouch for themselves.')
    if (recordOf(tx, actor)?.kind !== 'entry') throw new Refusal('missing', `${actor} is not in the directory of this node.`)
    const all = vouchedFor(tx)
    if (all.includes(actor)) return
    if (all.length >= LIMITS.vouchesPerEntry)
      throw new Refusal('conflict', `A community can vouch for at most ${LIMITS.vouchesPerEntry} others.`)
    saveSetting(tx, 'vouchesFor', JSON.stringify([...all, actor]))
    record(tx, { kind: 'community.vouched', subject: actor, at: ctx.now() })
  })
  weighVouches(ctx)
}

/** @throws Refusal when our community does not vouch for it */
export function unvouch(ctx: Context, actor: string): void {
  transact(ctx.db, tx => {
    const all = vouchedFor(tx)
    if (!all.includes(actor)) throw new Refusal('missing', `This community does not vouch for ${actor}.`)
    saveSetting(tx, 'vouchesFor', JSON.stringify(all.filter(one => one !== actor)))
    record(tx, { kind: 'community.vouch_withdrawn', subject: actor, at: ctx.now() })
  })
  weighVouches(ctx)
}

/** So many entries are followed from voucher to voucher at most. */
const MOST_REACHED = 20_000

/**
 * Finds anew which entries are vouched for: those our community follows or vouches for, and those that can be reached from them in at
 * most three steps of vouching. Only entries that were checked count, on the way as at its end; what an entry says of itself doesn't.
 * @returns how many entries are told apart now from before
 */
export function weighVouches(ctx: Pick<Context, 'db' | 'config'>): number {
  const reached = reachable(ctx.db, nearest(ctx))
  return transact(ctx.db, tx => {
    const before = new Set(
      recordsIn(tx, 'vouched')
        .filter(({ kind }) => kind === 'entry')
        .map(({ actor }) => actor),
    )
    const changes = [
      ...[...before].filter(actor => !reached.has(actor)).map(actor => [actor, 'confirmed'] as const),
      ...[...reached].filter(actor => !before.has(actor)).map(actor => [actor, 'vouched'] as const),
    ]
    for (const [actor, state] of changes) {
      const known = recordOf(tx, actor)
      if (!known || !isShown(known.state)) continue
      amendRecord(tx, actor, { state })
      project(tx, { ...known, state })
    }
    return changes.length
  })
}

/** Our own community, those it follows and those it vouches for. */
function nearest({ db, config }: Pick<Context, 'db' | 'config'>): string[] {
  const community = localCommunity(db)
  const followed = allFollowing(db).filter(({ state }) => state === 'accepted')
  const own = community ? [communityIri(config.publicUrl, community.handle)] : []
  return [...own, ...followed.map(({ actor }) => actor), ...vouchedFor(db)]
}

function reachable(db: Db, start: readonly string[]): Set<string> {
  const reached = new Set<string>()
  let step = start
  for (let steps = 0; steps <= LIMITS.vouchSteps && step.length > 0; steps++) {
    const next: string[] = []
    for (const actor of step) {
      if (reached.has(actor) || reached.size >= MOST_REACHED) continue
      const record = recordOf(db, actor)
      if (record?.kind !== 'entry' || !isShown(record.state)) continue
      reached.add(actor)
      const { vouchesFor = [] } = JSON.parse(record.text) as Partial<Entry>
      next.push(...vouchesFor)
    }
    step = next
  }
  return reached
}
