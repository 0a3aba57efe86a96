import { createReadStream, statSync } from 'node:fs'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { dropDeliveries, retryDeliveries } from '../../actions/delivery.ts'
import { leavePeer, namePeer, peerReports } from '../../actions/peer.ts'
import { nodeStatus } from '../../db/node-status.ts'
import { waitingHosts } from '../../db/waiting.ts'
import { Refusal } from '../../domain/refusal.ts'
import { may } from '../../domain/steward.ts'
import { fieldsOf } from '../forms.ts'
import { refusalWords } from '../refusal-words.ts'
import { admin, done, type StewardEdge, sendAdmin, type Visit } from './gate.ts'
import { nodePage } from './pages/node-page.tsx'

const PATH = '/admin/node'
const SHOWN_PEERS = 30
const SHOWN_HOSTS = 100
/** So long a steward waits for a backup; one of a large database goes on afterwards. */
const PATIENCE_MS = 8_000

/** How the node stands: what waits, its disk, its backups, its peers, and what went wrong. */
export function nodeRoutes(app: FastifyInstance, edge: StewardEdge): void {
  const { ctx, reach, machine } = edge
  const { backups } = machine
  const act = 'node' as const

  const show = (reply: FastifyReply, visit: Visit, typed: { peer?: string; fault?: string } = {}) => {
    const page = {
      status: nodeStatus(ctx.db, ctx.config),
      startedAt: machine.startedAt,
      waiting: waitingHosts(ctx.db, SHOWN_HOSTS),
      peers: peerReports(ctx, SHOWN_PEERS).slice(0, SHOWN_PEERS),
      backups: backups.all(),
      making: backups.isMaking(),
      mayDownload: may(visit.steward.role, 'danger'),
      jobs: machine.jobs(),
      troubles: { count: machine.troubles.count(), last: machine.troubles.last().slice(0, 10) },
      typed,
    }
    return sendAdmin(edge, reply, visit, nodePage(page, visit.site.words))
  }

  admin(app, edge, { method: 'GET', path: PATH, act, handler: (_request, reply, visit) => show(reply, visit) })

  admin(app, edge, {
    method: 'POST',
    path: `${PATH}/backup`,
    act,
    handler: async (_request, reply, visit) => {
      const { t } = visit.site.words
      try {
        const made = await Promise.race([backups.make(), patience()])
        const text = made ? t('nodehealth.backupMade', { file: made.file }) : t('nodehealth.backupGoing')
        return done(edge, reply, visit, PATH, text)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return done(edge, reply, visit, PATH, t('nodehealth.backupFailed', { why: refusalWords(visit.site.words, error) }))
      }
    },
  })

  // Whoever has a backup can speak in the name of the node.
  admin<{ Params: { file: string } }>(app, edge, {
    method: 'GET',
    path: `${PATH}/backups/:file`,
    act: 'danger',
    proven: true,
    handler: (request, reply) => {
      const path = backups.path(request.params.file)
      reply.type('application/vnd.sqlite3').header('content-disposition', `attachment; filename="${path.split(/[\\/]/).at(-1)}"`)
      return reply.header('content-length', statSync(path).size).send(createReadStream(path))
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: `${PATH}/retry`,
    act,
    handler: (request, reply, visit) => {
      const { host = '' } = fieldsOf(request.body)
      return attempt(reply, visit, host, () => visit.site.words.t('nodehealth.retried', { host, count: retryDeliveries(ctx, host) }))
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: `${PATH}/drop`,
    act,
    handler: (request, reply, visit) => {
      const { host = '', typed = '' } = fieldsOf(request.body)
      const { t } = visit.site.words
      if (typed.trim().toLowerCase() !== host.toLowerCase()) return done(edge, reply, visit, PATH, t('nodehealth.typeHost', { host }))
      return attempt(reply, visit, host, () => t('nodehealth.droppedAll', { host, count: dropDeliveries(ctx, host) }))
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: `${PATH}/peers`,
    act,
    handler: async (request, reply, visit) => {
      const peer = (fieldsOf(request.body).peer ?? '').trim()
      try {
        const { origin } = namePeer(ctx, await reach.node(peer))
        const undo = { action: `${PATH}/peers/leave`, fields: { peer: origin } }
        return done(edge, reply, visit, PATH, { text: visit.site.words.t('nodehealth.peerAdded', { origin }), undo })
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return show(reply.code(422), visit, { peer, fault: refusalWords(visit.site.words, error) })
      }
    },
  })

  admin(app, edge, {
    method: 'POST',
    path: `${PATH}/peers/leave`,
    act,
    handler: (request, reply, visit) => {
      const { peer = '' } = fieldsOf(request.body)
      const { t } = visit.site.words
      try {
        const { origin } = leavePeer(ctx, peer)
        return done(edge, reply, visit, PATH, {
          text: t('nodehealth.peerLeft', { origin }),
          undo: { action: `${PATH}/peers`, fields: { peer: origin } },
        })
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        return done(edge, reply, visit, PATH, t('nodehealth.noPeer'))
      }
    },
  })

  function attempt(reply: FastifyReply, visit: Visit, host: string, work: () => string): FastifyReply {
    try {
      return done(edge, reply, visit, PATH, work())
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      return done(edge, reply, visit, PATH, visit.site.words.t('nodehealth.nothingFor', { host }))
    }
  }
}

function patience(): Promise<undefined> {
  return new Promise(resolve => setTimeout(resolve, PATIENCE_MS, undefined).unref())
}
