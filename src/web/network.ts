import type { FastifyInstance } from 'fastify'
import { peerReports } from '../actions/peer.ts'
import { peerCount } from '../db/peer.ts'
import { recordCounts } from '../db/record.ts'
import { treeRoot } from '../db/tree.ts'
import { type Edge, sendPage } from './edge.ts'
import { networkPage } from './pages/network-page.tsx'

const SHOWN = 50

/** How this node's directory comes about: from whom, and how much of it was checked. Nothing of it is secret. */
export function networkRoutes(app: FastifyInstance, { ctx, site }: Edge): void {
  app.get('/network', (request, reply) => {
    const figures = { counts: recordCounts(ctx.db), peers: peerCount(ctx.db), root: treeRoot(ctx.db).toString('hex') }
    const here = site(request)
    const reports = peerReports(ctx, SHOWN).slice(0, SHOWN)
    return sendPage(reply, here, networkPage({ ...figures, reports, now: ctx.now(), words: here.words }))
  })
}
