import type { FastifyInstance } from 'fastify'
import { skippedSteps } from '../../actions/first-run.ts'
import { standingEdition } from '../../db/charter.ts'
import { figures } from '../../db/figures.ts'
import { pendingFollowers } from '../../db/follower.ts'
import { followingCount } from '../../db/following.ts'
import { waitingInquiries } from '../../db/inquiry.ts'
import { peerCount } from '../../db/peer.ts'
import { heldPledges } from '../../db/pledge.ts'
import { allReports } from '../../db/report.ts'
import { isDue } from '../../domain/charter-confirm.ts'
import { admin, type StewardEdge, sendAdmin } from './gate.ts'
import { overviewPage } from './pages/overview-page.tsx'

/** Where a steward begins: what waits to be looked at. */
export function overviewRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx } = edge
  admin(app, edge, {
    method: 'GET',
    path: '/admin',
    act: 'home',
    handler: (_request, reply, visit) => {
      const { db } = ctx
      const current = standingEdition(db)
      const state = {
        due: current !== undefined && isDue(current, ctx.now()),
        inquiries: waitingInquiries(db),
        pledges: heldPledges(db),
        requests: pendingFollowers(db),
        reports: allReports(db).length,
        failingHosts: figures(db).failingHosts,
        alone: peerCount(db) + followingCount(db) === 0 && !skippedSteps(ctx).includes('peers'),
      }
      return sendAdmin(edge, reply, visit, overviewPage(visit, state, edge.routes))
    },
  })
}
