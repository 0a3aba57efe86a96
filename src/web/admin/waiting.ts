import type { Context } from '../../context.ts'
import { standingEdition } from '../../db/charter.ts'
import { pendingFollowers } from '../../db/follower.ts'
import { waitingInquiries } from '../../db/inquiry.ts'
import { heldPledges } from '../../db/pledge.ts'
import { isDue } from '../../domain/charter-confirm.ts'
import type { Steward } from '../../domain/steward.ts'
import { may } from '../../domain/steward.ts'
import { AREAS, type AreaName } from './areas.ts'

/** How many things wait for a steward in an area; the navigation says so beside it. */
export type Wait = { area: AreaName; count: number }

/** What waits for whoever has this role. Of nothing nothing is said. */
export function waitsFor({ db, now }: Pick<Context, 'db' | 'now'>, { role }: Pick<Steward, 'role'>): Wait[] {
  const edition = standingEdition(db)
  const all: Wait[] = [
    { area: 'charter', count: edition && isDue(edition, now()) ? 1 : 0 },
    { area: 'people', count: pendingFollowers(db) },
    { area: 'inquiries', count: waitingInquiries(db) },
    { area: 'inquiries', count: heldPledges(db) },
  ]
  return all.filter(({ count, area }) => count > 0 && AREAS.some(({ name, act }) => name === area && may(role, act)))
}
